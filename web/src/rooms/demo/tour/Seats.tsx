import { Button } from "antd";
import { useState } from "react";
import { Problem, takeSeat, useRead } from "../../../api";
import { type Role, roleNames, useLanguage, useTexts } from "../../../language";
import { ProblemLine } from "../../../ui";
import { texts } from "./texts";
import { TourButton } from "./Tour";
import css from "./tour.module.css";

/** The posts worth a look, in the order of the loop's users. */
const ROLES: readonly Role[] = [
  "operator",
  "region_manager",
  "branch_manager",
  "advisor",
  "supervisor",
  "compliance",
  "engineer",
];

/** On the demo's sign-in page: be somebody with one click. Nothing outside the demo. */
export function Seats() {
  const t = useTexts(texts);
  const roles = useTexts(roleNames);
  const language = useLanguage();
  const stage = useRead("/api/v1/demo/stage").data;
  const on = stage?.on === true;
  const accounts = useRead("/api/v1/demo/accounts", undefined, { when: on }).data?.items ?? [];
  const [problem, setProblem] = useState<Problem>();
  if (!on) return null;
  const { advisor, manager, judge, compliance } = stage.seats ?? {};
  const seats = [advisor, manager, judge, compliance].map((seat) => seat?.login);
  const found = ROLES.flatMap((role) => {
    const those = accounts.filter((account) => account.roles.includes(role));
    const one = those.find((account) => seats.includes(account.login)) ?? those[0];
    return one ? [{ role, ...one }] : [];
  });
  const be = async (login: string) => {
    try {
      await takeSeat(login);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  return (
    <section className={css.seats} aria-label={t.seats}>
      <div className={css.seatsHead}>
        <h2>{t.seats}</h2>
        <TourButton />
      </div>
      <ul>
        {found.map((each) => (
          <li key={each.role}>
            <Button block onClick={() => void be(each.login)}>
              <strong>{roles[each.role]}</strong>{" "}
              <span className={css.seatName}>
                {(language === "en" ? each.name_en : each.name) || each.name}
                {each.branch && ` · ${language === "en" ? (each.branch_en ?? each.branch) : each.branch}`}
              </span>
            </Button>
          </li>
        ))}
      </ul>
      <ProblemLine problem={problem} />
    </section>
  );
}
