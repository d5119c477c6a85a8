import { Button, Skeleton } from "antd";
import { useEffect, useState } from "react";
import { type Answer, customerWrite, Problem, useCustomerRead } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { Empty, ErrorState, ProblemLine } from "../../../ui";
import css from "../demo.module.css";
import { texts } from "../texts";
import { ScreenBody, ScreenHead } from "./chrome";
import { usePhoneContext } from "./holder";
import { HOME_SLOTS, type Item, useDecided } from "./slots";

type Order = Answer<"/api/v1/demo/orders", "post">;
type Shelved = Answer<"/api/v1/demo/products", "get">["items"][number];

/** One item, reached from a slot or from the search. */
export function ItemScreen({ code }: { code: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { holder, go } = usePhoneContext();
  const { tracker } = holder;
  const shelf = useCustomerRead(holder.api, "/api/v1/demo/products");
  const slots = useDecided(HOME_SLOTS);
  const shown = slots.decided?.slots.flatMap((slot) => slot.items).find((item) => item.item === code);
  const product = shelf.data?.items.find((item) => item.item === code);
  const found = product ?? shown;
  const topics = shown?.topics.join() ?? "";
  // What it is is known once both have answered; it was looked at once.
  const seen = shelf.data && slots.decided && found ? (product ? "Product Viewed" : "News Read") : undefined;
  useEffect(() => {
    if (seen === undefined) return;
    tracker.track(seen, { item: code, ...(topics && { topics: topics.split(",") }) });
  }, [tracker, code, seen, topics]);
  const problem = shelf.error ?? slots.problem;
  const retry = () => {
    if (shelf.error) void shelf.refetch();
    if (slots.problem) slots.again();
  };
  const name = found ? (language === "en" ? found.name_en : found.name_zh) : "";
  return (
    <>
      <ScreenHead title={name} back={product ? "search" : "home"} />
      <ScreenBody title={name}>
        {product ? (
          <Product of={product} />
        ) : shown ? (
          <Article of={shown} />
        ) : problem ? (
          <ErrorState problem={problem} retry={retry} />
        ) : shelf.data && slots.decided ? (
          <Empty
            what={t.unknownItem}
            advice={t.unknownItemText}
            action={<Button onClick={() => go("home")}>{t.toHome}</Button>}
          />
        ) : (
          <Skeleton active />
        )}
      </ScreenBody>
    </>
  );
}

function Article({ of }: { of: Item }) {
  const t = useTexts(texts);
  const language = useLanguage();
  return (
    <div className={css.stack}>
      <p className={css.lead}>{language === "en" ? of.text_en : of.text_zh}</p>
      {of.kind === "function" && <p className={css.quiet}>{t.notHere}</p>}
    </div>
  );
}

/** A product, and the button that asks for it: the gate answers as it would in a real order. */
function Product({ of }: { of: Shelved }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { holder } = usePhoneContext();
  const [order, setOrder] = useState<Order>();
  const [problem, setProblem] = useState<Problem>();
  const [pending, setPending] = useState(false);
  const ask = async () => {
    if (holder.api === undefined) return;
    setPending(true);
    setProblem(undefined);
    try {
      const answer = await customerWrite(holder.api, "post", "/api/v1/demo/orders", {
        body: { item: of.item },
      });
      setOrder(answer);
      const refused = answer.refusals.map((reason) => reason.code);
      holder.tracker.track(answer.allowed ? "Order Allowed" : "Order Refused", {
        item: of.item,
        reasons: refused,
      });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setPending(false);
    }
  };
  return (
    <div className={css.stack}>
      <p className={css.lead}>{language === "en" ? of.text_en : of.text_zh}</p>
      <p className={css.facts}>
        {of.risk_level !== null && <em className={css.riskMark}>R{of.risk_level}</em>}
        {of.term_days ? t.term(of.term_days) : t.anyDay}
        {of.minimum !== null && ` · ${t.minimum(format.money(Number(of.minimum), language))}`}
      </p>
      <Button type="primary" size="large" block loading={pending} onClick={() => void ask()}>
        {t.buy}
      </Button>
      <ProblemLine problem={problem} />
      {order && <Verdict of={order} />}
    </div>
  );
}

function Verdict({ of }: { of: Order }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const [title, text, reasons, tone] = !of.allowed
    ? ([t.orderRefused, t.orderRefusedText, of.refusals, "refused"] as const)
    : of.warnings.length > 0
      ? ([t.orderWarned, t.orderWarnedText, of.warnings, "warned"] as const)
      : ([t.orderTaken, t.orderTakenText, [], "taken"] as const);
  return (
    <div className={css.verdict} data-tone={tone} role="alert">
      <strong>{title}</strong>
      <ul className={css.reasons}>
        {reasons.map((reason) => (
          <li key={reason.code}>{language === "en" ? reason.en : reason.zh}</li>
        ))}
      </ul>
      <p>{text}</p>
    </div>
  );
}
