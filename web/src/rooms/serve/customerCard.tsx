import { Link } from "react-router";
import { type Answer, useMay, useRead } from "../../api";
import { cities, useTexts, useWords } from "../../language";
import { to } from "../../paths";
import {
  BranchName,
  CustomerLink,
  Empty,
  Facts,
  Forbidden,
  Money,
  Pill,
  Reading,
  RelativeTime,
  StaffName,
  StepName,
  useShelfNames,
} from "../../ui";
import css from "./serve.module.css";
import { texts } from "./texts";
import { channels, openingStates } from "./words";

type Customer = Answer<"/api/v1/customers/{customer_id}", "get">;
type Relation = Customer["relations"][number];

const ORDER = ["service", "acquisition", "contract"] as const;

/** The relations in force, service first. */
export function inForce(relations: readonly Relation[]): Relation[] {
  const place = (relation: Relation) => (ORDER as readonly string[]).indexOf(relation.kind);
  return relations
    .filter((relation) => relation.valid_to === null)
    .sort((one, other) => place(one) - place(other));
}

/** The customer beside whatever is being done for him: who he is, whose he is, what he opens and holds. */
export function CustomerCard({ id, openings = true }: { id: string | null; openings?: boolean }) {
  const t = useTexts(texts);
  const may = useMay("customer:read");
  // Whoever helps a customer of another branch does not see his profile: asked first, so that nothing fails.
  const seen = useRead("/api/v1/customers", { query: { customer: id } }, { when: may && id !== null });
  const known = seen.data?.items[0]?.id;
  const read = useRead(
    "/api/v1/customers/{customer_id}",
    { path: { customer_id: known ?? "" } },
    { when: known !== undefined },
  );
  if (!may) return null;
  if (id === null) return <Empty what={t.unknownCustomer} advice={t.unknownCustomerAdvice} />;
  if (seen.data && known === undefined) return <Forbidden advice={t.elsewhere} />;
  if (known === undefined)
    return (
      <Reading of={seen} shape="detail">
        {() => null}
      </Reading>
    );
  return (
    <Reading of={read} shape="detail">
      {(customer) => (
        <div className={css.stack}>
          <Profile of={customer} />
          <Relations of={inForce(customer.relations)} />
          {openings && <Openings of={customer.id} />}
          <Holdings of={customer} />
          <Link to={to.customer(customer.id)}>{t.fullPage} →</Link>
        </div>
      )}
    </Reading>
  );
}

function Profile({ of }: { of: Customer }) {
  const t = useTexts(texts);
  const channel = useWords(channels);
  const city = useWords(cities);
  return (
    <section>
      <h3 className={css.part}>
        <CustomerLink id={of.id} name={of.name_masked || of.phone_masked} />{" "}
        {of.tier && <Pill>{of.tier}</Pill>}
      </h3>
      <Facts
        of={[
          [t.phone, of.phone_masked || "—"],
          [t.branch, <BranchName key="branch" id={of.branch_id} />],
          [t.channel, channel(of.channel)],
          [t.city, city(of.city)],
          [t.lastSeen, <RelativeTime key="seen" at={of.last_seen} />],
        ]}
      />
    </section>
  );
}

function Relations({ of }: { of: readonly Relation[] }) {
  const t = useTexts(texts);
  const names: Readonly<Record<string, string>> = {
    acquisition: t.acquisition,
    service: t.service,
    contract: t.contract,
  };
  return (
    <section>
      <h3 className={css.part}>{t.relations}</h3>
      {of.length === 0 ? (
        <p className={css.quiet}>{t.noRelations}</p>
      ) : (
        <Facts
          of={of.map((relation) => [
            names[relation.kind] ?? relation.kind,
            <span key={relation.kind}>
              <BranchName id={relation.branch_id} />
              {relation.staff_id && (
                <>
                  {" · "}
                  <StaffName id={relation.staff_id} />
                </>
              )}
            </span>,
          ])}
        />
      )}
    </section>
  );
}

function Openings({ of }: { of: string }) {
  const t = useTexts(texts);
  const state = useWords(openingStates);
  const may = useMay("opening:read");
  const states = ["under_way", "sent_back", "submitted", "opened", "abandoned", "ineligible"] as const;
  const read = useRead("/api/v1/openings", { query: { customer: of, state: [...states] } }, { when: may });
  const found = read.data?.items ?? [];
  if (found.length === 0) return null;
  return (
    <section>
      <h3 className={css.part}>{t.openings}</h3>
      <ul className={css.lines}>
        {found.map((opening) => (
          <li key={opening.id}>
            <Link to={to.openings({ open: opening.id })}>
              {opening.step ? <StepName code={opening.step} /> : state(opening.state)}
            </Link>
            <Pill tone={opening.state === "sent_back" ? "warn" : "neutral"}>{state(opening.state)}</Pill>
            <span className={css.push}>
              <RelativeTime at={opening.last_fact_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const MOST = 4;

function Holdings({ of }: { of: Customer }) {
  const t = useTexts(texts);
  const names = useShelfNames();
  if (of.holdings.length === 0) return null;
  return (
    <section>
      <h3 className={css.part}>{t.holdings}</h3>
      <ul className={css.lines}>
        {of.holdings.slice(0, MOST).map((holding) => (
          <li key={holding.account_id + holding.product}>
            <span>{names.item(holding.product)}</span>
            <span className={css.push}>
              <Money yuan={holding.value} />
            </span>
          </li>
        ))}
      </ul>
      {of.holdings.length > MOST && <p className={css.quiet}>+{of.holdings.length - MOST}</p>}
    </section>
  );
}
