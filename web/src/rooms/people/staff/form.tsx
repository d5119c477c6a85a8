import { Button, Form, Input, Select, Switch } from "antd";
import { type Input as InputOf, useRead, useWrite } from "../../../api";
import { type Role, roleNames, roles, useLanguage, useTexts } from "../../../language";
import { ProblemLine, type StaffMember, useBranches, useOpen, useTell } from "../../../ui";
import css from "../people.module.css";
import { texts } from "../texts";

type Given = InputOf<"/api/v1/staff", "post">["body"];
type Edit = InputOf<"/api/v1/staff/{staff_id}", "patch">["body"];

function filledOf(of: StaffMember): Given {
  const { login, name, name_en, branch_id, region_id, registration_number, licensed, staff_code } = of;
  const held = of.roles as Role[];
  return {
    login,
    name,
    name_en,
    roles: held,
    branch_id,
    region_id,
    registration_number,
    licensed,
    staff_code,
  };
}

/** Fields that were emptied are said to be empty, not left out. */
function sent(filled: Given): Given {
  return {
    ...filled,
    name_en: filled.name_en ?? "",
    branch_id: filled.branch_id || null,
    region_id: filled.region_id || null,
    registration_number: filled.registration_number || null,
    staff_code: filled.staff_code || null,
  };
}

function edited(body: Given): Edit {
  const fields = Object.entries(body).filter(([name]) => name !== "login");
  return Object.fromEntries(fields) as unknown as Edit;
}

/** A new person, or another word about one. */
export function PersonForm({ of, done }: { of?: StaffMember; done?: () => void }) {
  const t = useTexts(texts);
  const tell = useTell();
  const [, setOpen] = useOpen();
  const stale = { refreshes: ["/api/v1/staff"] };
  const add = useWrite("post", "/api/v1/staff", stale);
  const change = useWrite("patch", "/api/v1/staff/{staff_id}", stale);
  const save = async (filled: Given) => {
    const body = sent(filled);
    if (of === undefined) {
      const answer = await add.run({ body });
      if (answer === "failed") return;
      tell.done(t.added);
      setOpen(answer.id);
      return;
    }
    // What is left out stays, which the made type of the call does not say.
    const answer = await change.run({ path: { staff_id: of.id }, body: edited(body) });
    if (answer === "failed") return;
    tell.done(t.saved);
    done?.();
  };
  const pending = add.pending || change.pending;
  return (
    <Form
      layout="vertical"
      className={css.form}
      initialValues={of ? filledOf(of) : { roles: ["advisor"], licensed: false, name_en: "" }}
      onFinish={(filled: Given) => void save({ ...filled, login: of?.login ?? filled.login })}
    >
      <Fields known={of !== undefined} />
      <ProblemLine problem={add.problem ?? change.problem} />
      <div className={css.buttons}>
        <Button onClick={() => (of ? done?.() : setOpen(null))}>{t.cancel}</Button>
        <Button type="primary" htmlType="submit" loading={pending}>
          {of ? t.save : t.add}
        </Button>
      </div>
    </Form>
  );
}

function Fields({ known }: { known: boolean }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const names = useTexts(roleNames);
  const branches = useBranches();
  const regions = useRead("/api/v1/regions").data?.items;
  const named = (each: { id: string; name: string; name_en: string }) => ({
    value: each.id,
    label: (language === "en" && each.name_en) || each.name,
  });
  const needed = [{ required: true, whitespace: true, message: t.required }];
  return (
    <div className={css.fields}>
      {!known && (
        <Form.Item
          name="login"
          label={t.login}
          rules={[
            { required: true, message: t.required },
            { pattern: /^[A-Za-z0-9][A-Za-z0-9._@-]{1,79}$/, message: t.badLogin },
          ]}
        >
          <Input autoCapitalize="none" autoComplete="off" />
        </Form.Item>
      )}
      <Form.Item name="name" label={t.name} rules={needed}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="name_en" label={t.nameEn}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item
        name="roles"
        label={t.role}
        className={css.wide}
        rules={[{ required: true, message: t.required }]}
      >
        <Select mode="multiple" options={roles.map((role) => ({ value: role, label: names[role] }))} />
      </Form.Item>
      <Form.Item name="branch_id" label={t.branch}>
        <Select allowClear placeholder={t.headquarters} options={branches.map(named)} />
      </Form.Item>
      <Form.Item name="region_id" label={t.region}>
        <Select allowClear placeholder="—" options={regions?.map(named)} loading={!regions} />
      </Form.Item>
      <Form.Item name="registration_number" label={t.registration}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item
        name="staff_code"
        label={t.staffCode}
        rules={[{ pattern: /^[A-Za-z0-9._-]{1,40}$/, message: t.badCode }]}
      >
        <Input />
      </Form.Item>
      <Form.Item name="licensed" label={t.licensed} valuePropName="checked">
        <Switch />
      </Form.Item>
    </div>
  );
}
