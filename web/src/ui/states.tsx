import {
  CloudOutlined,
  InboxOutlined,
  LockOutlined,
  SearchOutlined,
  WarningOutlined,
} from "@ant-design/icons";
import { Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { Problem, type Read } from "../api";
import { format, type Language, useLanguage, useTexts } from "../language";
import { inChinese } from "./problems";
import { texts } from "./texts";
import css from "./ui.module.css";

interface StateProps {
  mark: ReactNode;
  what: string;
  advice?: ReactNode;
  action?: ReactNode;
  id?: string;
}

function State({ mark, what, advice, action, id }: StateProps) {
  return (
    <div className={css.state}>
      <span className={css.stateMark} aria-hidden>
        {mark}
      </span>
      <p className={css.stateWhat}>{what}</p>
      {advice && <p className={css.stateAdvice}>{advice}</p>}
      {id && <p className={css.stateId}>{id}</p>}
      {action && <div className={css.stateAction}>{action}</div>}
    </div>
  );
}

/** Nothing is here yet: what would be, and the first step towards it. */
export function Empty({ what, advice, action }: { what: string; advice?: ReactNode; action?: ReactNode }) {
  return <State mark={<InboxOutlined />} what={what} advice={advice} action={action} />;
}

/** May not be seen by this person, and who can grant it; `advice` comes before that. */
export function Forbidden({ advice, who }: { advice?: ReactNode; who?: string }) {
  const t = useTexts(texts);
  const grant = t.forbiddenAdvice(who ?? t.grantors);
  return (
    <State
      mark={<LockOutlined />}
      what={t.forbidden}
      advice={
        <>
          {advice}
          {advice && <br />}
          {grant}
        </>
      }
    />
  );
}

/** What happened, what to do, the id to quote. */
export function ErrorState({ problem, retry }: { problem: Problem; retry?: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (problem.status === 403) return <Forbidden />;
  const again = retry && <Button onClick={retry}>{t.retry}</Button>;
  if (problem.status === 0)
    return <State mark={<CloudOutlined />} what={t.offline} advice={t.offlineAdvice} action={again} />;
  if (problem.status === 404)
    return <State mark={<SearchOutlined />} what={t.notFound} advice={t.notFoundAdvice} />;
  return (
    <State
      mark={<WarningOutlined />}
      what={t.failed}
      advice={explained(problem, t, language)}
      action={again}
      id={problem.id && t.quote(problem.id)}
    />
  );
}

type Said = { busy: string; serverFault: string; offlineAdvice: string };

function explained(problem: Problem, t: Said, language: Language): string {
  if (problem.status === 0) return t.offlineAdvice;
  if (problem.status === 429) return t.busy;
  if (problem.status >= 500 && problem.status !== 503) return t.serverFault;
  return (language === "zh" && inChinese(problem)) || problem.detail || t.serverFault;
}

/** A problem in one line, for a form or a message beside a button. */
export function useExplained(): (problem: Problem) => string {
  const t = useTexts(texts);
  const language = useLanguage();
  return (problem) => explained(problem, t, language);
}

/** One value of a read, where a figure stands: its place while it comes, and where it fails what to do. */
export function ReadingValue<T>({ of, children }: Pick<ReadingProps<T>, "of" | "children">) {
  const t = useTexts(texts);
  const explain = useExplained();
  const again = (
    <Button size="small" type="link" onClick={() => void of.refetch()}>
      {t.retry}
    </Button>
  );
  if (of.data === undefined && of.error === null)
    return (
      <span role="status" aria-label={t.loading}>
        <Skeleton.Node active style={{ width: 48, height: 20, borderRadius: 4 }} />
      </span>
    );
  return (
    <>
      {of.data !== undefined && children(of.data)}
      {of.error && (
        <span role="status" className={css.failedValue}>
          {of.data === undefined
            ? `${t.failed}${t.colon}${explain(of.error)}`
            : t.staleSince(format.exact(new Date(of.dataUpdatedAt)))}{" "}
          {of.error.id && <span className={css.stateId}>{t.quote(of.error.id)}</span>}
          {again}
        </span>
      )}
    </>
  );
}

/** What is shown is older than it should be. */
export function Stale({ at, retry }: { at: Date; retry?: () => void }) {
  const t = useTexts(texts);
  return (
    <div className={css.banner} role="status">
      {t.staleSince(format.exact(at))}
      {retry && (
        <Button size="small" type="link" onClick={retry}>
          {t.retry}
        </Button>
      )}
    </div>
  );
}

export type Shape = "table" | "cards" | "detail" | "chart";

/** A skeleton in the layout of what is coming. */
export function Loading({ shape = "table" }: { shape?: Shape }) {
  const t = useTexts(texts);
  const bar = (width: string, key: number, height = 14) => (
    <Skeleton.Node key={key} active style={{ width, height, borderRadius: 4 }} />
  );
  const body: Record<Shape, ReactNode> = {
    table: (
      <div style={{ display: "grid", gap: 22, padding: 16 }}>
        {Array.from({ length: 8 }, (_, row) => (
          <div key={row} style={{ display: "grid", gridTemplateColumns: "2fr 1fr 1fr 1fr", gap: 24 }}>
            {["72%", "54%", "60%", "38%"].map((width, cell) => bar(width, cell))}
          </div>
        ))}
      </div>
    ),
    cards: (
      <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(180px, 1fr))", gap: 12 }}>
        {Array.from({ length: 4 }, (_, card) => (
          <div key={card} className={css.card} style={{ display: "grid", gap: 12, padding: 16 }}>
            {[bar("40%", 0, 12), bar("64%", 1, 24), bar("50%", 2, 12)]}
          </div>
        ))}
      </div>
    ),
    detail: <Skeleton active paragraph={{ rows: 7 }} style={{ padding: 16 }} />,
    chart: (
      <div style={{ display: "grid", gap: 14, padding: 16 }}>
        {["100%", "82%", "64%", "51%", "47%", "30%"].map((width, row) => bar(width, row, 22))}
      </div>
    ),
  };
  return (
    <div role="status" aria-label={t.loading}>
      {body[shape]}
    </div>
  );
}

export interface ReadingProps<T> {
  of: Read<T>;
  shape?: Shape;
  /** Shown instead of `children` when `isEmpty` says so. */
  empty?: ReactNode;
  isEmpty?: (data: T) => boolean;
  children: (data: T) => ReactNode;
}

const noItems = (data: unknown): boolean =>
  Array.isArray(data)
    ? data.length === 0
    : Array.isArray((data as { items?: unknown } | null)?.items) &&
      (data as { items: unknown[] }).items.length === 0;

/** Every state of a read in one place: loading, error, forbidden, empty, stale, and the data. */
export function Reading<T>({ of, shape, empty, isEmpty = noItems, children }: ReadingProps<T>) {
  const again = () => void of.refetch();
  if (of.data === undefined)
    return of.error instanceof Problem ? (
      <ErrorState problem={of.error} retry={again} />
    ) : (
      <Loading shape={shape} />
    );
  return (
    <>
      {of.error && <Stale at={new Date(of.dataUpdatedAt)} retry={again} />}
      {empty && isEmpty(of.data) ? empty : children(of.data)}
    </>
  );
}
