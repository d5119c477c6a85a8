import { Button } from "antd";
import { Link } from "react-router";
import { useMay, useRead } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { to } from "../../../paths";
import {
  CustomerLink,
  Empty,
  Facts,
  Json,
  Pill,
  Reading,
  RelativeTime,
  useOpen,
  useAsked,
} from "../../../ui";
import { texts } from "../texts";
import { delay, type Event, type Seen } from "./rows";

/** One event with its message; a row of the live topic fetches the message it lacks. */
export function EventDetails({ seq, seen }: { seq: number; seen: Seen | undefined }) {
  const t = useTexts(texts);
  const query = { name: seen?.name, source: seen?.source, limit: 100 };
  const read = useRead("/api/v1/events/recent", { query }, { when: seen?.body === undefined });
  if (seen?.body !== undefined) return <Details of={seen as Event} />;
  return (
    <Reading
      of={read}
      shape="detail"
      isEmpty={(rows) => !rows.some((row) => row.seq === seq)}
      empty={<Empty what={t.eventGone} />}
    >
      {(rows) => {
        const found = rows.find((row) => row.seq === seq);
        return found && <Details of={found} />;
      }}
    </Reading>
  );
}

function Details({ of }: { of: Event }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const mayFunnel = useMay("measure:analyse");
  const [, setName] = useAsked("events", "name");
  const [, setOpen] = useOpen();
  return (
    <div style={{ display: "grid", gap: 16 }}>
      <Facts
        of={[
          [
            t.source,
            <span key="s">
              <Pill>{of.source}</Pill> {of.trusted ? t.trusted : t.untrusted}
            </span>,
          ],
          [t.happened, <RelativeTime key="o" at={of.occurred_at} />],
          [t.arrived, <RelativeTime key="r" at={of.received_at} />],
          [t.delay, format.duration(delay(of), language)],
          [t.customer, <CustomerLink key="c" id={of.customer_id} name={of.user_id ?? t.visitor} />],
          [t.userId, of.user_id],
          [t.anonymousId, of.anonymous_id],
          [t.messageId, of.message_id],
        ]}
      />
      <div style={{ display: "flex", gap: 12 }}>
        <Button
          size="small"
          onClick={() => {
            setOpen(null);
            setName(of.name);
          }}
        >
          {t.seenOnly}
        </Button>
        {mayFunnel && <Link to={to.funnel({ steps: of.name })}>{t.funnelOf}</Link>}
      </div>
      <Json of={of.body} label={t.message} height={480} />
    </div>
  );
}
