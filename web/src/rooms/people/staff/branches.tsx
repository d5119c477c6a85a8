import { Button, Form, Input, InputNumber, Select, Switch } from "antd";
import { type Input as InputOf, useMay, useRead, useWrite } from "../../../api";
import { cities, useLanguage, useTexts, useWords } from "../../../language";
import {
  type Branch,
  type Column,
  Count,
  DataTable,
  DetailDrawer,
  Empty,
  Facts,
  Pill,
  ProblemLine,
  Reading,
  useOpen,
  useTell,
} from "../../../ui";
import css from "../people.module.css";
import { texts } from "../texts";

type Given = InputOf<"/api/v1/branches", "post">["body"];
type Filled = Given & { active: boolean };

const clock = (time: string) => time.slice(0, 5);

/** Regions to choose from, and what one is called; undefined while they are read. */
function useRegions() {
  const language = useLanguage();
  const regions = useRead("/api/v1/regions").data?.items;
  const options = regions?.map((each) => ({
    value: each.id,
    label: (language === "en" && each.name_en) || each.name,
  }));
  const name = (id: string) =>
    options === undefined ? "…" : (options.find((each) => each.value === id)?.label ?? "—");
  return { options, name };
}

function useColumns(): Column<Branch>[] {
  const t = useTexts(texts);
  const language = useLanguage();
  const regions = useRegions();
  const city = useWords(cities);
  const name = (row: Branch) => (language === "en" && row.name_en) || row.name;
  const region = (row: Branch) => regions.name(row.region_id);
  const hours = (row: Branch) => `${clock(row.opens_at)}–${clock(row.closes_at)}`;
  return [
    { id: "name", title: t.branch, cell: name, sort: name },
    { id: "code", title: t.code, cell: (row) => <code>{row.code}</code>, sort: (row) => row.code },
    { id: "city", title: t.city, cell: (row) => city(row.city), sort: (row) => city(row.city) },
    { id: "region", title: t.region, cell: region, sort: region },
    { id: "hours", title: t.hours, cell: hours, text: hours },
    {
      id: "capacity",
      title: t.capacity,
      number: true,
      cell: (row) => <Count value={row.monthly_capacity} />,
      sort: (row) => row.monthly_capacity,
    },
    {
      id: "state",
      title: t.state,
      cell: (row) => (row.active ? t.open : <Pill>{t.closed}</Pill>),
      sort: (row) => Number(row.active),
    },
  ];
}

/** The branches within the data scope. */
export function Branches() {
  const t = useTexts(texts);
  const mayEdit = useMay("people:admin");
  const [open, setOpen] = useOpen();
  const read = useRead("/api/v1/branches");
  const columns = useColumns();
  const nothing = <Empty what={t.branchesEmpty} advice={t.branchesEmptyAdvice} />;
  const opened = read.data?.items.find((branch) => branch.id === open);
  return (
    <>
      <Reading of={read} empty={nothing}>
        {({ items }) => (
          <DataTable
            name="branches"
            label={t.branches}
            rows={items}
            rowKey={(row) => row.id}
            columns={columns}
            current={open}
            onOpen={setOpen}
            empty={nothing}
          />
        )}
      </Reading>
      <DetailDrawer title={open === "+" ? t.newBranch : (opened?.name ?? t.branch)} wide>
        {(id) => {
          if (id === "+") return <BranchForm />;
          if (opened === undefined) return null;
          return mayEdit ? <BranchForm key={id} of={opened} /> : <BranchFacts of={opened} />;
        }}
      </DetailDrawer>
    </>
  );
}

function BranchFacts({ of }: { of: Branch }) {
  const t = useTexts(texts);
  const city = useWords(cities);
  const region = useRegions().name(of.region_id);
  return (
    <Facts
      of={[
        [t.branch, of.name_en ? `${of.name} · ${of.name_en}` : of.name],
        [t.code, <code key="c">{of.code}</code>],
        [t.city, city(of.city)],
        [t.region, region],
        [t.hours, `${clock(of.opens_at)}–${clock(of.closes_at)}`],
        [t.capacity, <Count key="n" value={of.monthly_capacity} />],
        [t.state, of.active ? t.open : t.closed],
      ]}
    />
  );
}

function filledOf(of: Branch): Filled {
  const { name, name_en, code, city, region_id, latitude, longitude, monthly_capacity, active } = of;
  const hours = { opens_at: clock(of.opens_at), closes_at: clock(of.closes_at) };
  return { name, name_en, code, city, region_id, latitude, longitude, monthly_capacity, active, ...hours };
}

const START = { opens_at: "09:00", closes_at: "17:00", monthly_capacity: 500, active: true };

function BranchForm({ of }: { of?: Branch }) {
  const t = useTexts(texts);
  const tell = useTell();
  const [, setOpen] = useOpen();
  const stale = { refreshes: ["/api/v1/branches"] };
  const add = useWrite("post", "/api/v1/branches", stale);
  const change = useWrite("patch", "/api/v1/branches/{branch_id}", stale);
  const save = async ({ active, code, ...rest }: Filled) => {
    const fields = { ...rest, name_en: rest.name_en ?? "", city: rest.city ?? "" };
    const answer = of
      ? await change.run({ path: { branch_id: of.id }, body: { ...fields, active } })
      : await add.run({ body: { ...fields, code } });
    if (answer === "failed") return;
    tell.done(t.saved);
    setOpen(null);
  };
  return (
    <Form
      layout="vertical"
      className={css.form}
      initialValues={of ? filledOf(of) : START}
      onFinish={(filled: Filled) => void save(filled)}
    >
      <BranchFields known={of !== undefined} />
      <ProblemLine problem={add.problem ?? change.problem} />
      <div className={css.buttons}>
        <Button onClick={() => setOpen(null)}>{t.cancel}</Button>
        <Button type="primary" htmlType="submit" loading={add.pending || change.pending}>
          {of ? t.save : t.add}
        </Button>
      </div>
    </Form>
  );
}

function BranchFields({ known }: { known: boolean }) {
  const t = useTexts(texts);
  const regions = useRegions();
  const needed = [{ required: true, message: t.required }];
  const place = (most: number) => (
    <InputNumber min={-most} max={most} step={0.001} style={{ width: "100%" }} />
  );
  return (
    <div className={css.fields}>
      <Form.Item
        name="code"
        label={t.code}
        rules={[...needed, { pattern: /^[A-Za-z0-9._-]{1,40}$/, message: t.badCode }]}
      >
        <Input disabled={known} />
      </Form.Item>
      <Form.Item name="region_id" label={t.region} rules={needed}>
        <Select options={regions.options} loading={regions.options === undefined} />
      </Form.Item>
      <Form.Item name="name" label={t.branch} rules={needed}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="name_en" label={t.nameEn}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="city" label={t.city}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="monthly_capacity" label={t.capacity} extra={t.capacityHelp}>
        <InputNumber min={0} max={1_000_000} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="opens_at" label={t.opensAt} rules={needed}>
        <Input type="time" />
      </Form.Item>
      <Form.Item name="closes_at" label={t.closesAt} rules={needed}>
        <Input type="time" />
      </Form.Item>
      <Form.Item name="latitude" label={t.latitude}>
        {place(90)}
      </Form.Item>
      <Form.Item name="longitude" label={t.longitude}>
        {place(180)}
      </Form.Item>
      {known && (
        <Form.Item name="active" label={t.open} valuePropName="checked">
          <Switch />
        </Form.Item>
      )}
    </div>
  );
}
