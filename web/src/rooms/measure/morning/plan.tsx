import { InputNumber, Modal } from "antd";
import { useId, useState } from "react";
import { useRead, useWrite } from "../../../api";
import { useTexts } from "../../../language";
import { serverNow } from "../../../live";
import { BranchName, exchangeDay, ProblemLine, useTell } from "../../../ui";
import css from "../measure.module.css";
import { texts } from "../texts";

/** What the branch is to bring this month: accounts opened, and net new assets where they are planned. */
export function PlanDialog({ branch, close }: { branch: string; close: () => void }) {
  const t = useTexts(texts);
  const tell = useTell();
  const id = useId();
  const [month] = useState(() => exchangeDay(serverNow()));
  const read = useRead("/api/v1/plans", { query: { month } });
  const before = read.data?.items.find((plan) => plan.branch_id === branch);
  const [accounts, setAccounts] = useState<number | null>(null);
  const [assets, setAssets] = useState<number | null>();
  const save = useWrite("put", "/api/v1/branches/{branch_id}/plan", {
    refreshes: ["/api/v1/morning", "/api/v1/plans", "/api/v1/cockpit"],
  });
  const value = accounts ?? before?.accounts ?? null;
  const net = assets === undefined ? (before?.net_assets ?? null) : assets;
  const run = async () => {
    if (value === null) return;
    const answer = await save.run({
      path: { branch_id: branch },
      body: { month, accounts: value, net_assets: net },
    });
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
        disabled={read.isPending}
        style={{ width: "100%" }}
        value={value}
        onChange={setAccounts}
      />
      <label htmlFor={`${id}n`} className={css.label}>
        {t.planAssets}
      </label>
      <InputNumber
        id={`${id}n`}
        min={-1e13}
        max={1e13}
        precision={0}
        disabled={read.isPending}
        style={{ width: "100%" }}
        value={net}
        onChange={setAssets}
      />
      <p className={css.faint}>{t.planWhat}</p>
      <ProblemLine problem={save.problem ?? read.error ?? undefined} />
    </Modal>
  );
}
