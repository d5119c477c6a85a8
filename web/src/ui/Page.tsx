import { EllipsisOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { type ReactNode, useEffect } from "react";
import { useTexts } from "../language";
import type { TopicState } from "../live";
import { LivePill } from "./LivePill";
import { texts } from "./texts";
import css from "./ui.module.css";

export interface PageProps {
  /** The question this page answers: "Who is stuck while opening an account?" */
  title: string;
  /** One sentence for somebody who sees it for the first time. */
  about?: ReactNode;
  /** The one primary action, a `<Button type="primary">`. */
  primary?: ReactNode;
  /** All other actions, behind one button. */
  actions?: readonly { key: string; label: string; run: () => void; danger?: boolean }[];
  /** `Choice`s and `Search`, read as a sentence. */
  filters?: ReactNode;
  /** State of the topic behind a live page: shows "live", or since when it is paused. */
  live?: TopicState;
  children: ReactNode;
}

/** The frame of every page. */
export function Page({ title, about, primary, actions = [], filters, live, children }: PageProps) {
  const t = useTexts(texts);
  useEffect(() => {
    document.title = `${title} · Bihuan`;
  }, [title]);
  return (
    <div className={css.page}>
      <header className={css.pageHead}>
        <div className={css.pageTitles}>
          <h1 className={css.pageTitle}>
            {title}
            {live && <LivePill state={live} />}
          </h1>
          {about && <p className={css.pageAbout}>{about}</p>}
        </div>
        {(primary || actions.length > 0) && (
          <div className={css.pageActions}>
            {primary}
            {actions.length > 0 && (
              <Dropdown
                trigger={["click"]}
                menu={{
                  items: actions.map(({ key, label, danger }) => ({ key, label, danger })),
                  onClick: ({ key }) => actions.find((each) => each.key === key)?.run(),
                }}
              >
                <Button aria-label={t.moreActions} icon={<EllipsisOutlined />} />
              </Dropdown>
            )}
          </div>
        )}
      </header>
      {filters && <div className={css.filters}>{filters}</div>}
      {children}
    </div>
  );
}

/** A titled box on a page. */
export function Card({
  title,
  extra,
  children,
}: {
  title?: ReactNode;
  extra?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={css.card}>
      {(title || extra) && (
        <div className={css.cardHead}>
          <h2 className={css.cardTitle}>{title}</h2>
          {extra}
        </div>
      )}
      <div className={css.cardBody}>{children}</div>
    </section>
  );
}

/** Term and value pairs of one thing, for drawers and customer pages. */
export function Facts({ of }: { of: readonly (readonly [term: string, value: ReactNode])[] }) {
  return (
    <dl className={css.facts}>
      {of.map(([term, value]) => (
        <div key={term} style={{ display: "contents" }}>
          <dt>{term}</dt>
          <dd>{value ?? "—"}</dd>
        </div>
      ))}
    </dl>
  );
}
