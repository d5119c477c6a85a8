import { useAsked, Page } from "../../../ui";
import { useTexts } from "../../../language";
import css from "../comply.module.css";
import { texts } from "../texts";
import { Question } from "./question";
import { Verdict } from "./verdict";
import { Waits } from "./waits";

/** The compliance desk: what waits, and the suitability gate to be asked by hand. */
export default function SuitabilityPage() {
  const t = useTexts(texts);
  const [customer] = useAsked("suitability", "customer");
  const [item] = useAsked("suitability", "item");
  return (
    <Page title={t.deskTitle} about={t.deskAbout}>
      <Waits />
      <div className={css.ask}>
        <Question />
        <Verdict customer={customer} item={item} />
      </div>
    </Page>
  );
}
