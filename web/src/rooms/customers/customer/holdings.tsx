import { useTexts, useWords } from "../../../language";
import { Card, Count, Empty, Money, Pill, useShelfNames } from "../../../ui";
import css from "../customers.module.css";
import { accountKinds, holdingKinds, texts } from "../texts";
import type { Customer } from "./page";

/** His accounts at the counter, and what stands in them. */
export function Holdings({ of }: { of: Customer }) {
  const t = useTexts(texts);
  const kind = useWords(accountKinds);
  if (of.accounts.length === 0 && of.holdings.length === 0)
    return (
      <Card>
        <Empty what={t.noAccounts} advice={t.noAccountsAdvice} />
      </Card>
    );
  return (
    <div className={css.stack}>
      <Card title={t.account}>
        <div className={css.scroll}>
          <table className={css.plain}>
            <thead>
              <tr>
                <th scope="col">{t.account}</th>
                <th scope="col">{t.kind}</th>
                <th scope="col">{t.status}</th>
                <th scope="col">{t.openedOn}</th>
              </tr>
            </thead>
            <tbody>
              {of.accounts.map((account) => (
                <tr key={account.account_id}>
                  <td>{account.account_id}</td>
                  <td>{kind(account.kind)}</td>
                  <td>
                    <Pill tone={account.status === "frozen" ? "warn" : "neutral"}>
                      {kind(account.status)}
                    </Pill>
                  </td>
                  <td>{account.opened_on ?? "—"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
      <Card title={t.holdings}>
        {of.holdings.length === 0 ? <Empty what={t.noHoldings} /> : <Positions of={of.holdings} />}
      </Card>
    </div>
  );
}

function Positions({ of }: { of: Customer["holdings"] }) {
  const t = useTexts(texts);
  const kind = useWords(holdingKinds);
  const names = useShelfNames();
  const sorted = [...of].sort((one, other) => Number(other.value) - Number(one.value));
  return (
    <div className={css.scroll}>
      <table className={css.plain}>
        <thead>
          <tr>
            <th scope="col">{t.product}</th>
            <th scope="col">{t.kind}</th>
            <th scope="col" className={css.number}>
              {t.quantity}
            </th>
            <th scope="col" className={css.number}>
              {t.value}
            </th>
            <th scope="col">{t.matures}</th>
            <th scope="col">{t.asOf}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((holding) => (
            <tr key={`${holding.account_id}/${holding.product}`}>
              <td title={holding.product}>{names.item(holding.product)}</td>
              <td>{kind(holding.kind)}</td>
              <td className={css.number}>
                <Count value={Number(holding.quantity)} />
              </td>
              <td className={css.number}>
                <Money yuan={holding.value} />
              </td>
              <td>{holding.matures_on ?? "—"}</td>
              <td className={css.quiet}>{holding.as_of}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
