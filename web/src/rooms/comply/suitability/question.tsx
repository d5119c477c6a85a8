import { Segmented, Select, Switch } from "antd";
import { useEffect, useId, useState } from "react";
import { useRead } from "../../../api";
import { suitabilityWords, useLanguage, useTexts, useWords } from "../../../language";
import { Card, useAsked, useExplained, useUrlState } from "../../../ui";
import css from "../comply.module.css";
import { texts } from "../texts";

const CHOICES = {
  term: ["short", "medium", "long"],
  kind: ["cash", "fixed_income", "mixed", "equity", "derivatives", "other"],
  goal: ["preserve", "income", "growth", "speculation"],
  permission: ["star", "chinext", "hk_connect", "bse", "neeq", "options", "margin"],
} as const;

/** Which customer, which product: kept in the URL, so that a question can be sent to a colleague. */
export function Question() {
  const t = useTexts(texts);
  const [by, setBy] = useAsked("suitability", "by");
  const [, setItem] = useAsked("suitability", "item");
  const id = useId();
  return (
    <Card title={t.product}>
      <div className={css.fields}>
        <label htmlFor={`${id}c`}>{t.customer}</label>
        <CustomerField id={`${id}c`} />
        <span />
        <Segmented<"catalogue" | "hand">
          aria-label={t.product}
          value={by}
          options={[
            { value: "catalogue", label: t.fromCatalogue },
            { value: "hand", label: t.byHand },
          ]}
          onChange={(value) => {
            setBy(value);
            if (value === "hand") setItem(null);
          }}
        />
        {by === "hand" ? <ByHand id={id} /> : <FromCatalogue id={id} />}
      </div>
    </Card>
  );
}

/** A customer by his whole number, phone or name. */
function CustomerField({ id }: { id: string }) {
  const t = useTexts(texts);
  const explain = useExplained();
  const [customer, setCustomer] = useAsked("suitability", "customer");
  const [typed, setTyped] = useState("");
  const [q, setQ] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), 300);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useRead("/api/v1/customers", { query: { q, limit: 10 } }, { when: q.length >= 2 });
  const chosen = useRead(
    "/api/v1/customers/{customer_id}",
    { path: { customer_id: customer } },
    { when: customer !== "" },
  ).data;
  const named = (each: {
    id: string;
    name_masked: string;
    phone_masked: string;
    user_id: string | null;
  }) => ({
    value: each.id,
    label: [each.name_masked, each.phone_masked, each.user_id].filter(Boolean).join(" · "),
  });
  const options = (q.length >= 2 ? (found.data?.items ?? []) : []).map(named);
  if (chosen && !options.some((option) => option.value === chosen.id)) options.unshift(named(chosen));
  return (
    <Select
      id={id}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear
      placeholder={t.findCustomer}
      value={customer || undefined}
      options={options}
      loading={found.isFetching}
      notFoundContent={
        q.length < 2
          ? t.typeMore
          : found.isFetching
            ? t.searching
            : found.error
              ? explain(found.error)
              : t.noneFound
      }
      onChange={(value: string | undefined) => setCustomer(value ?? null)}
    />
  );
}

function FromCatalogue({ id }: { id: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const explain = useExplained();
  const [item, setItem] = useAsked("suitability", "item");
  const products = useRead("/api/v1/catalogue", { query: { kind: "product", limit: 500 } });
  return (
    <>
      <label htmlFor={`${id}p`}>{t.product}</label>
      <Select
        id={`${id}p`}
        showSearch={{ optionFilterProp: "label" }}
        allowClear
        value={item || undefined}
        loading={products.isPending}
        notFoundContent={
          products.isPending ? t.searching : products.error ? explain(products.error) : undefined
        }
        options={products.data?.items.map((product) => ({
          value: product.code,
          label: `${language === "en" ? product.name_en : product.name_zh} · R${product.risk_level ?? "?"}`,
        }))}
        onChange={(value: string | undefined) => setItem(value ?? null)}
      />
    </>
  );
}

function ByHand({ id }: { id: string }) {
  const t = useTexts(texts);
  const [qualified, setQualified] = useAsked("suitability", "qualified");
  return (
    <>
      <Described id={id} name="risk" label={t.risk} options={["R1", "R2", "R3", "R4", "R5"]} />
      <Described id={id} name="term" label={t.term} options={CHOICES.term} />
      <Described id={id} name="kind" label={t.kind} options={CHOICES.kind} />
      <Described id={id} name="goal" label={t.goal} options={CHOICES.goal} />
      <Described id={id} name="permission" label={t.permission} options={CHOICES.permission} any={t.none} />
      <label htmlFor={`${id}q`}>{t.qualified}</label>
      <span>
        <Switch
          id={`${id}q`}
          checked={qualified === "1"}
          onChange={(checked) => setQualified(checked ? "1" : null)}
        />
      </span>
    </>
  );
}

function Described(props: {
  id: string;
  name: string;
  label: string;
  options: readonly string[];
  any?: string;
}) {
  const t = useTexts(texts);
  const word = useWords(suitabilityWords);
  const [value, set] = useUrlState(props.name);
  return (
    <>
      <label htmlFor={props.id + props.name}>{props.label}</label>
      <Select
        id={props.id + props.name}
        value={value}
        options={[
          { value: "", label: props.any ?? t.unknown },
          ...props.options.map((option) => ({ value: option, label: word(option) })),
        ]}
        onChange={(chosen) => set(chosen)}
      />
    </>
  );
}
