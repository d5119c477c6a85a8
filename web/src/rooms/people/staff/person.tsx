import { Button, Modal } from "antd";
import { useState } from "react";
import { type Input, useMay, useRead, useStaff, useWrite } from "../../../api";
import { useLanguage, useTexts } from "../../../language";
import { Copyable, Facts, Pill, ProblemLine, type StaffMember, useBranchName, useTell } from "../../../ui";
import css from "../people.module.css";
import { texts } from "../texts";
import { PersonForm } from "./form";
import { Roles } from "./people";

type Edit = Input<"/api/v1/staff/{staff_id}", "patch">["body"];

const STALE = { refreshes: ["/api/v1/staff"] };

/** One person: posts, place, data scope; and what an administrator may do. */
export function Person({ of }: { of: StaffMember }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const branch = useBranchName();
  const mayEdit = useMay("people:admin");
  const [editing, setEditing] = useState(false);
  const regions = useRead("/api/v1/regions").data?.items ?? [];
  const region = regions.find((each) => each.id === of.region_id);
  if (editing) return <PersonForm of={of} done={() => setEditing(false)} />;
  const seen = of.branch_ids;
  const sees = seen === null ? t.seesAll : seen.length === 0 ? t.seesNone : t.seesSome(seen.length);
  return (
    <div className={css.stack}>
      <Facts
        of={[
          [t.name, of.name_en ? `${of.name} · ${of.name_en}` : of.name],
          [t.login, <code key="l">{of.login}</code>],
          [t.role, <Roles key="r" of={of.roles} />],
          [t.branch, of.branch_id ? branch(of.branch_id) : t.headquarters],
          ...(region ? ([[t.region, language === "en" ? region.name_en : region.name]] as const) : []),
          [t.sees, seen && seen.length > 0 && seen.length <= 6 ? seen.map(branch).join("、") : sees],
          [t.registration, of.registration_number],
          [t.licensed, of.licensed ? t.yes : t.no],
          [t.staffCode, of.staff_code],
          [t.state, of.active ? t.active : <Pill key="s">{t.left}</Pill>],
        ]}
      />
      {mayEdit && <Administration of={of} edit={() => setEditing(true)} />}
    </div>
  );
}

function Administration({ of, edit }: { of: StaffMember; edit: () => void }) {
  const t = useTexts(texts);
  const tell = useTell();
  const me = useStaff();
  const [password, setPassword] = useState<string>();
  const give = useWrite("post", "/api/v1/staff/{staff_id}/password");
  const change = useWrite("patch", "/api/v1/staff/{staff_id}", STALE);
  const path = { staff_id: of.id };
  const reset = async () => {
    const sure = await tell.ask({
      title: t.passwordTitle,
      consequence: t.passwordWhat(of.name),
      action: t.givePassword,
    });
    if (!sure) return;
    const answer = await give.run({ path });
    if (answer !== "failed") setPassword(answer.password);
  };
  const turn = async () => {
    const sure =
      !of.active ||
      (await tell.ask({
        title: t.deactivateTitle,
        consequence: t.deactivateWhat(of.name),
        action: t.deactivate,
        danger: true,
      }));
    const body = { active: !of.active } as Edit; // what is left out stays
    if (sure && (await change.run({ path, body })) !== "failed") tell.done(t.saved);
  };
  return (
    <div>
      <ProblemLine problem={give.problem ?? change.problem} />
      <div className={css.buttons}>
        {of.id !== me.id && (
          <Button danger={of.active} loading={change.pending} onClick={() => void turn()}>
            {of.active ? t.deactivate : t.activate}
          </Button>
        )}
        <Button loading={give.pending} onClick={() => void reset()}>
          {t.givePassword}
        </Button>
        <Button type="primary" onClick={edit}>
          {t.edit}
        </Button>
      </div>
      <Modal
        open={password !== undefined}
        title={t.passwordMade}
        closable={false}
        footer={
          <Button type="primary" onClick={() => setPassword(undefined)}>
            {t.close}
          </Button>
        }
      >
        <Copyable text={password ?? ""} label={t.passwordMade} />
        <p className={css.quiet} style={{ marginTop: 8 }}>
          {t.passwordAdvice}
        </p>
      </Modal>
    </div>
  );
}
