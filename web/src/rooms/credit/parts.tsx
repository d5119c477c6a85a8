import type { ReactNode } from "react";
import type { Answer } from "../../api";
import { creditRules, format, useLanguage, useTexts, useWords } from "../../language";
import { Pill, RelativeTime, usePersonName } from "../../ui";
import css from "./credit.module.css";
import { texts, whys } from "./texts";

export type Entry = Answer<"/api/v1/credits", "get">["items"][number];
export type Holder = Entry["holders"][number];
export type Lost = Entry["lost"][number];

type Party = Pick<Holder, "branch_name" | "branch_name_en" | "staff_id" | "staff_name">;

/** Branch and person of a part of an entry, in the language in force. */
export function useParty(): (party: Party) => string {
  const language = useLanguage();
  const person = usePersonName();
  return ({ branch_name, branch_name_en, staff_id, staff_name }) => {
    const branch = (language === "en" && branch_name_en) || branch_name;
    const name = person(staff_id, staff_name);
    return name ? `${branch} · ${name}` : branch;
  };
}

export function useHolders(): (entry: Pick<Entry, "holders">) => string {
  const party = useParty();
  const t = useTexts(texts);
  return ({ holders }) => holders.map(party).join(t.joiner);
}

/** Whose it is, each with his share. */
export function Holders({ of }: { of: readonly Holder[] }) {
  const language = useLanguage();
  const party = useParty();
  return (
    <ul className={css.list}>
      {of.map((holder) => (
        <li key={`${holder.branch_id}/${holder.staff_id}`} className={css.between}>
          <b>{party(holder)}</b>
          <span className={css.number}>{format.percent(Number(holder.share), 1, language, 0)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The claims an entry did not take, each with why. */
export function LostClaims({ of }: { of: readonly Lost[] }) {
  const t = useTexts(texts);
  const claim = useWords(creditRules);
  const why = useWords(whys);
  const party = useParty();
  if (of.length === 0) return <p className={css.quiet}>{t.noLosers}</p>;
  return (
    <ul className={css.list}>
      {of.map((lost) => (
        <li key={lost.claim_id}>
          <div className={css.between}>
            <b>{party(lost)}</b>
            <RelativeTime at={lost.at} />
          </div>
          <div className={css.quiet}>
            {claim(lost.kind)} — {why(lost.why)} {lost.late && <Pill>{t.heardLate}</Pill>}
          </div>
        </li>
      ))}
    </ul>
  );
}

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.part}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
