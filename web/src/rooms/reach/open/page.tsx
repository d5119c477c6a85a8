import { Button } from "antd";
import { useEffect } from "react";
import { Link } from "react-router";
import { useRead } from "../../../api";
import { useTexts } from "../../../language";
import { Empty, Reading } from "../../../ui";
import css from "../reach.module.css";
import { texts } from "../texts";

/**
 * Where the link of a message ends when the firm has not said where its own app answers (BIHUAN_APP_URL): the customer
 * is told where he can go on, and in a demo is led to the demo phone.
 */
export default function GoOn() {
  const t = useTexts(texts);
  const stage = useRead("/api/v1/demo/stage");
  useEffect(() => {
    document.title = `${t.goOnTitle} · Bihuan`;
  }, [t.goOnTitle]);
  return (
    <main id="main" className={css.alone}>
      <h1>{t.goOnTitle}</h1>
      <Reading of={stage} shape="cards">
        {(data) => (
          <Empty
            what={t.goOnWhat}
            advice={t.goOnAdvice}
            action={
              data.on ? (
                <Link to="/demo/app?as=opening">
                  <Button type="primary">{t.goOnDemo}</Button>
                </Link>
              ) : undefined
            }
          />
        )}
      </Reading>
    </main>
  );
}
