import { Fragment } from "react";
import { Link } from "react-router";
import { useProbe, useRead } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { serverSpeed, useLiveStatus, useServerTime } from "../../../live";
import { to } from "../../../paths";
import { Card, Count, Facts, Figure, Figures, Page, Pill, ReadingValue, RelativeTime } from "../../../ui";
import { texts } from "./texts";

interface Ready {
  ready: boolean;
  postgres: boolean;
  clickhouse: boolean;
}

const EVERY = 5000;

/** Engines, live connection, and what waits for an engineer. */
export default function HealthPage() {
  const t = useTexts(texts);
  return (
    <Page title={t.title} about={t.about}>
      <Waits />
      <Card title={t.engines}>
        <Engines />
      </Card>
      <Card title={t.clock}>
        <Clock />
      </Card>
    </Page>
  );
}

function Works({ it }: { it: boolean | undefined }) {
  const t = useTexts(texts);
  if (it === undefined) return <Pill>{t.asking}</Pill>;
  return (
    <Pill tone={it ? "good" : "danger"} dot>
      {it ? t.ok : t.down}
    </Pill>
  );
}

function Engines() {
  const t = useTexts(texts);
  const ready = useProbe<Ready>("/readyz", EVERY);
  const status = useLiveStatus();
  // Of its engines nobody can tell while the server itself is silent.
  const engine = (it: boolean | undefined) => (ready === null ? <Pill>{t.unknown}</Pill> : <Works it={it} />);
  const down = ready === null || (ready !== undefined && !ready.ready);
  const live =
    status.state === "live" ? (
      <Works it />
    ) : (
      <Pill tone="warn" dot>
        {status.since ? t.pausedSince(format.clock(status.since)) : t.connecting}
      </Pill>
    );
  return (
    <>
      <Facts
        of={[
          [t.server, <Works key="s" it={ready === undefined ? undefined : ready !== null} />],
          [t.postgres, <Fragment key="p">{engine(ready?.postgres)}</Fragment>],
          [t.clickhouse, <Fragment key="c">{engine(ready?.clickhouse)}</Fragment>],
          [t.live, live],
        ]}
      />
      {down && <p style={{ marginTop: 12, color: "var(--danger)" }}>{t.adviceDown}</p>}
    </>
  );
}

function Waits() {
  const t = useTexts(texts);
  const every = { every: EVERY };
  const quarantine = useRead("/api/v1/quarantine/counts", undefined, every);
  const poison = useRead("/api/v1/poison", { query: { limit: 500 } }, every);
  const imports = useRead("/api/v1/imports", { query: { limit: 100 } }, every);
  const events = useRead("/api/v1/events/recent", { query: { limit: 1 } }, every);
  return (
    <Figures>
      <Figure
        label={t.quarantine}
        value={
          <ReadingValue of={quarantine}>
            {(counts) => (
              <Link to={to.quarantine()}>
                <Count value={counts.reduce((sum, each) => sum + each.count, 0)} />
              </Link>
            )}
          </ReadingValue>
        }
      />
      <Figure
        label={t.poison}
        value={
          <ReadingValue of={poison}>
            {({ items }) => (
              <Link to={to.poison()}>
                <Count value={items.length} />
              </Link>
            )}
          </ReadingValue>
        }
      />
      <Figure
        label={t.imports}
        value={
          <ReadingValue of={imports}>
            {(all) => (
              <Link to={to.imports()}>
                <Count value={all.filter((each) => each.finished_at === null).length} />
              </Link>
            )}
          </ReadingValue>
        }
      />
      <Figure
        label={t.lastEvent}
        value={
          <ReadingValue of={events}>
            {([event]) => (
              <Link to={to.events()}>{event ? <RelativeTime at={event.received_at} /> : t.noEvent}</Link>
            )}
          </ReadingValue>
        }
        under={events.data?.[0]?.name}
      />
    </Figures>
  );
}

function Clock() {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useServerTime((at) => format.exact(at));
  const speed = serverSpeed();
  return (
    <Facts
      of={[
        [t.productTime, now],
        [t.speed, speed === 1 ? t.realTime : t.times(format.decimal(speed, language, 0))],
      ]}
    />
  );
}
