import { dictionary } from "../../../language";

export const texts = dictionary({
  title: { zh: "系统运行正常吗？", en: "Is everything running?" },
  about: {
    zh: "引擎、实时连接与待处理事项，每五秒更新。工程师的监控指标在 /metrics。",
    en: "Engines, the live connection and what waits for an engineer, every five seconds. Prometheus reads /metrics.",
  },
  engines: { zh: "引擎", en: "Engines" },
  server: { zh: "服务器", en: "Server" },
  postgres: { zh: "PostgreSQL（交易与日志）", en: "PostgreSQL (log and state)" },
  clickhouse: { zh: "ClickHouse（分析）", en: "ClickHouse (analytics)" },
  live: { zh: "实时连接", en: "Live connection" },
  ok: { zh: "正常", en: "running" },
  down: { zh: "没有响应", en: "does not answer" },
  unknown: { zh: "无从得知", en: "nobody can tell" },
  asking: { zh: "正在询问", en: "asking" },
  connecting: { zh: "正在连接", en: "connecting" },
  pausedSince: { zh: (at: string) => `${at} 起中断`, en: (at: string) => `paused since ${at}` },
  adviceDown: {
    zh: "监管进程会自动重启停掉的引擎。若一分钟后仍无响应，请到服务器上查看 bihuan up 的日志。",
    en: "The supervisor restarts an engine that died. If it stays away for a minute, look at the log of `bihuan up`.",
  },
  quarantine: { zh: "隔离区消息", en: "Messages in quarantine" },
  poison: { zh: "处理失败的事件", en: "Entries set aside" },
  imports: { zh: "进行中的导入", en: "Imports under way" },
  lastEvent: { zh: "最近一条事件", en: "Latest event" },
  noEvent: { zh: "还没有事件", en: "none yet" },
  clock: { zh: "时钟", en: "Clock" },
  productTime: { zh: "系统时间（交易所时区）", en: "Product time (exchange)" },
  speed: { zh: "时钟倍速", en: "Speed of the clock" },
  realTime: { zh: "与真实时间一致", en: "real time" },
  times: { zh: (n: string) => `${n} 倍（演示）`, en: (n: string) => `${n} times (demo)` },
});
