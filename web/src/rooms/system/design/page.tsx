import { Button, Input, Segmented, Select, Switch } from "antd";
import { useMemo, useState } from "react";
import { useTexts } from "../../../language";
import { serverNow } from "../../../live";
import {
  Card,
  Choice,
  DataTable,
  DetailDrawer,
  Effect,
  Empty,
  Facts,
  Figure,
  Figures,
  Forbidden,
  Funnel,
  Lines,
  Loading,
  Money,
  Page,
  Percent,
  Pill,
  RelativeTime,
  Ring,
  Search,
  Stale,
  Tabs,
  useOpen,
  useShortcuts,
  useTell,
} from "../../../ui";
import { texts } from "../texts";
import { sampleColumns, sampleRows, sampleStages } from "./samples";

/** One example of each shared piece, so that a page's author can look before building. */
export default function DesignPage() {
  const t = useTexts(texts);
  const tell = useTell();
  return (
    <Page
      title={t.title}
      about={t.about}
      live="live"
      primary={
        <Button type="primary" onClick={() => tell.undoable(t.tell, () => undefined)}>
          {t.primary}
        </Button>
      }
      actions={[{ key: "again", label: t.again, run: () => tell.done(t.tell) }]}
      filters={
        <>
          <Choice
            name="branch"
            label={t.branch}
            options={["深圳益田路", "广州天河北", "上海陆家嘴"].map((name) => ({ value: name, label: name }))}
          />
          <Choice
            name="period"
            label={t.period}
            required
            options={[
              { value: "today", label: t.today },
              { value: "week", label: t.week },
            ]}
          />
          <Search label={t.find} />
        </>
      }
    >
      <Loop />
      <Card title={t.figures}>
        <Strip />
      </Card>
      <Pictures />
      <Rows />
      <Says />
      <States />
    </Page>
  );
}

function Loop() {
  const t = useTexts(texts);
  return (
    <Card title={t.ring}>
      <Ring
        label={t.ringLabel}
        stages={sampleStages(t)}
        middle={
          <>
            <div style={{ fontSize: 12, color: "var(--muted)" }}>{t.openedToday}</div>
            <div style={{ fontSize: 40, fontWeight: 600, lineHeight: 1.15, letterSpacing: "-0.02em" }}>
              371
            </div>
            <div style={{ fontSize: 12, color: "var(--faint)" }}>{t.plan}</div>
            <div style={{ marginTop: 12, fontSize: 12, color: "var(--muted)" }}>{t.netNew}</div>
            <div style={{ fontSize: 18, fontWeight: 600 }}>
              <Money yuan={38_400_000} />
            </div>
            <div style={{ fontSize: 12, color: "var(--faint)" }}>{t.asOf}</div>
          </>
        }
      />
    </Card>
  );
}

function Strip() {
  const t = useTexts(texts);
  const against = t.sameDay;
  return (
    <Figures>
      <Figure
        label={t.wait}
        value="42 s"
        change={{ text: "8 s", direction: "down", against }}
        trend={[61, 58, 66, 52, 49, 51, 42]}
      />
      <Figure
        label={t.satisfied}
        value={<Percent part={1842} whole={1878} />}
        change={{ text: "0.3", direction: "up", against }}
        trend={[96, 97, 96.5, 97.2, 97.8, 97.7, 98.1]}
      />
      <Figure
        label={t.perHour}
        value="1.8"
        change={{ text: "12%", direction: "up", against }}
        trend={[1.2, 1.3, 1.5, 1.4, 1.6, 1.6, 1.8]}
      />
      <Figure
        label={t.cost}
        value={<Money yuan={312} />}
        change={{ text: "3%", direction: "down", against }}
        trend={[340, 338, 331, 322, 325, 319, 312]}
      />
    </Figures>
  );
}

const opened = [4, 9, 22, 31, 28, 19, 14, 17, 24, 26, 21, 12];
const openedBefore = [3, 7, 15, 24, 29, 22, 15, 14, 19, 24, 20, 13];
const hours = opened.map(
  (_, index) => `${String(9 + Math.floor(index / 2)).padStart(2, "0")}:${index % 2 ? "30" : "00"}`,
);

function Pictures() {
  const t = useTexts(texts);
  const lines = useMemo(
    () => [
      { name: t.today, values: opened },
      { name: t.lastWeek, values: openedBefore, quiet: true },
    ],
    [t],
  );
  const step = (key: string, name: string, customers: number, medianSeconds: number | null) => ({
    key,
    name,
    customers,
    medianSeconds,
  });
  return (
    <>
      <Card>
        <Funnel
          message={t.funnelSays}
          onStep={() => undefined}
          steps={[
            step("phone", t.phone, 9161, null),
            step("id", t.identity, 8730, 95),
            step("risk", t.risk, 8204, 160),
            step("bank", t.bank, 7418, 240),
            step("video", t.video, 5904, 1260),
            step("opened", t.opened, 5610, 5400),
          ]}
        />
      </Card>
      <Card>
        <Effect
          message={t.effectSays}
          control={{ name: t.noOutreach, part: 412, whole: 812 }}
          arms={[
            { key: "message", name: t.message, part: 430, whole: 806, lift: 0.026, low: -0.022, high: 0.075 },
            { key: "person", name: t.person, part: 502, whole: 809, lift: 0.113, low: 0.08, high: 0.142 },
          ]}
        />
      </Card>
      <Card>
        <Lines message={t.linesSay} at={hours} lines={lines} />
      </Card>
    </>
  );
}

function Rows() {
  const t = useTexts(texts);
  const tell = useTell();
  const [open, setOpen] = useOpen();
  const [keys, setKeys] = useState<string[]>([]);
  const rows = useMemo(() => sampleRows(t, serverNow()), [t]);
  const columns = sampleColumns(t, () => tell.done(t.tell));
  useShortcuts([
    {
      key: "j",
      does: t.next,
      run: () => setOpen(String(open === null ? 0 : Math.min(239, Number(open) + 1))),
    },
  ]);
  return (
    <>
      <Tabs
        label={t.views}
        items={[
          { key: "all", label: t.allTab, count: 240 },
          { key: "waiting", label: t.waiting, count: 80 },
          { key: "back", label: t.sentBack, count: 80 },
        ]}
      />
      <DataTable
        name="design"
        label={t.table}
        rows={rows}
        rowKey={(row) => row.id}
        columns={columns}
        sortedBy="-stuck"
        onOpen={setOpen}
        current={open}
        height="420px"
        selection={{ keys, onChange: setKeys, actions: <Button size="small">{t.take}</Button> }}
        empty={<Empty what={t.noRows} />}
        card={(row) => (
          <div style={{ display: "flex", justifyContent: "space-between", gap: 12 }}>
            <span>
              <b style={{ fontWeight: 600 }}>{row.name}</b> · {row.step}
              <br />
              <RelativeTime at={row.since} />
            </span>
            <Pill tone="warn">{t[row.state]}</Pill>
          </div>
        )}
      />
      <DetailDrawer title={t.details} footer={<Button type="primary">{t.take}</Button>}>
        {(id) => {
          const row = rows.find((each) => each.id === id);
          return (
            row && (
              <Facts
                of={[
                  [t.customer, row.name],
                  [t.step, row.step],
                  [t.stuck, <RelativeTime key="at" at={row.since} />],
                  [t.assets, <Money key="assets" yuan={row.assets} />],
                ]}
              />
            )
          );
        }}
      </DetailDrawer>
    </>
  );
}

function Says() {
  const t = useTexts(texts);
  const tell = useTell();
  return (
    <Card title={t.tone}>
      <div style={{ display: "flex", flexWrap: "wrap", gap: 8, alignItems: "center" }}>
        <Pill>{t.allTab}</Pill>
        <Pill tone="accent">{t.taken}</Pill>
        <Pill tone="warn" dot>
          {t.waiting}
        </Pill>
        <Pill tone="danger" dot>
          {t.sentBack}
        </Pill>
        <Pill tone="good">{t.opened}</Pill>
        <Button>{t.again}</Button>
        <Button
          danger
          onClick={() =>
            void tell
              .ask({ title: t.ask, consequence: t.askWhat, action: t.askDo, danger: true })
              .then((yes) => yes && tell.done(t.askDo))
          }
        >
          {t.askDo}
        </Button>
        <Input aria-label={t.find} placeholder={t.find} style={{ width: 180 }} />
        <Select
          aria-label={t.branch}
          defaultValue="a"
          options={[{ value: "a", label: t.allTab }]}
          style={{ width: 120 }}
        />
        <Segmented aria-label={t.period} options={[t.today, t.week]} />
        <Switch aria-label={t.waiting} defaultChecked />
      </div>
    </Card>
  );
}

function States() {
  const t = useTexts(texts);
  return (
    <Card title={t.states}>
      <Stale at={new Date("2026-03-02T02:31:00Z")} retry={() => undefined} />
      <Empty what={t.emptyWhat} advice={t.emptyAdvice} action={<Button type="primary">{t.emptyDo}</Button>} />
      <Forbidden />
      <Loading />
    </Card>
  );
}
