import { Select } from "antd";
import { useWrite } from "../../../api";
import { useTexts } from "../../../language";
import { ProblemLine, usePersonName, useTell } from "../../../ui";
import { usePresence } from "../presence/usePresence";
import css from "../serve.module.css";
import { texts } from "../texts";
import { helpers, type Rescue } from "./rows";

const STALE = ["/api/v1/rescues", "/api/v1/openings"];

/** For a manager: gives a stuck applicant to one of his people, from the desk or from whoever has him. */
export function Assign({ id, rescue }: { id: string; rescue: Rescue }) {
  const t = useTexts(texts);
  const tell = useTell();
  const person = usePersonName();
  const { colleagues, loading } = usePresence();
  const assigning = useWrite("post", "/api/v1/openings/{opening_id}/assign", { refreshes: STALE });
  const assign = async (staff_id: string) => {
    const done = await assigning.run({ path: { opening_id: id }, body: { staff_id } });
    if (done !== "failed") tell.done(t.assigned);
  };
  const label = rescue.state === "taken" ? t.reassign : t.assign;
  return (
    <div className={css.stack}>
      <Select<string>
        aria-label={label}
        placeholder={label}
        value={null}
        loading={loading || assigning.pending}
        notFoundContent={loading ? t.looking : t.nobodyOnDuty}
        showSearch={{ optionFilterProp: "label" }}
        onChange={(staff) => void assign(staff)}
        options={helpers(colleagues.values(), rescue).map((one) => ({
          value: one.staff_id,
          label: person(one.staff_id, one.name) ?? t.somebody,
        }))}
      />
      <ProblemLine problem={assigning.problem}>
        {assigning.problem?.code === "capacity" ? t.colleagueBusy : undefined}
      </ProblemLine>
    </div>
  );
}
