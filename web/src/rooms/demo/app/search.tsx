import { Input, Skeleton } from "antd";
import { useState } from "react";
import { useCustomerRead } from "../../../api";
import { useLanguage, useTexts } from "../../../language";
import { ErrorState } from "../../../ui";
import css from "../demo.module.css";
import { texts } from "../texts";
import { ScreenBody, ScreenHead } from "./chrome";
import { usePhoneContext } from "./holder";

/** What the customer looks for himself: everything is listed, suitable or not. */
export function SearchScreen() {
  const t = useTexts(texts);
  const language = useLanguage();
  const { holder, go } = usePhoneContext();
  const [typed, setTyped] = useState("");
  const shelf = useCustomerRead(holder.api, "/api/v1/demo/products");
  const found = (shelf.data?.items ?? []).filter((item) =>
    [item.name_zh, item.name_en, item.text_zh, item.text_en]
      .join(" ")
      .toLowerCase()
      .includes(typed.trim().toLowerCase()),
  );
  const open = (item: string) => {
    if (typed.trim()) holder.tracker.track("Search Done", { query: typed.trim() });
    go(`item:${item}`);
  };
  return (
    <>
      <ScreenHead title={t.search} />
      <ScreenBody title={t.search}>
        <div className={css.stack}>
          <Input
            allowClear
            aria-label={t.search}
            placeholder={t.search}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          {shelf.data ? (
            <p className={css.quiet}>{found.length === 0 ? t.searchEmpty : t.searchNote}</p>
          ) : shelf.error ? (
            <ErrorState problem={shelf.error} retry={() => void shelf.refetch()} />
          ) : (
            <Skeleton active />
          )}
          <ul className={css.rows}>
            {found.map((item) => (
              <li key={item.item}>
                <button type="button" onClick={() => open(item.item)}>
                  <span>
                    <strong>{language === "en" ? item.name_en : item.name_zh}</strong>
                    <small>{language === "en" ? item.text_en : item.text_zh}</small>
                  </span>
                  {item.risk_level !== null && <em className={css.riskMark}>R{item.risk_level}</em>}
                </button>
              </li>
            ))}
          </ul>
        </div>
      </ScreenBody>
    </>
  );
}
