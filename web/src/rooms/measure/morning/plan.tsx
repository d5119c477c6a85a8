import { InputNumber, Modal } from "antd";
import { useId, useState } from "react";
import { useRead, useWrite } from "../../../api";
import { useTexts } from "../../../language";
import { serverNow } from "../../../live";
import { BranchName, exchangeDay, ProblemLine, useTell } from "../../../ui";
import css from "../measure.module.css";
import { texts } from "../texts";

/** What the branch is to open this month. */
export function PlanDialog({ branch, close }: { branch: string; close: () => void }) {
  const t = useTexts(texts);
  const tell = useTell();
  const id = useId();
  const [month] = useState(() => exchangeDay(serverNow()));
  const known = useRead("/api/v1/plans", { query: { month } }).data?.items;
  const before = known?.find((plan) => plan.branch_id === branch)?.accounts;
  const [accounts, setAccounts] = useState<number | null>(null);
  const save = useWrite("put", "/api/v1/branches/{branch_id}/plan", {
    refreshes: ["/api/v1/morning", "/api/v1/plans", "/api/v1/cockpit"],
  });
  const value = accounts ?? before ?? null;
  const run = async () => {
    if (value === null) return;
    const answer = await save.run({ path: { branch_id: branch }, body: { month, accounts: value } });
    if (answer === "failed") return;
    tell.done(t.planSaved);
    close();
  };
  return (
    <Modal
      open
      title={
        <>
          {t.setPlan} · <BranchName id={branch} />
        </>
      }
      okText={t.save}
      cancelText={t.cancel}
      okButtonProps={{ disabled: value === null }}
      confirmLoading={save.pending}
      onOk={() => void run()}
      onCancel={close}
    >
      <label htmlFor={id} className={css.label}>
        {t.planLabel}
      </label>
      <InputNumber
        id={id}
        min={0}
        max={1_000_000}
        precision={0}
        style={{ width: "100%" }}
        value={value}
        onChange={setAccounts}
      />
      <p className={css.faint}>{t.planWhat}</p>
      <ProblemLine problem={save.problem} />
    </Modal>
  );
}
