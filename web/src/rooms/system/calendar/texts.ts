import { dictionary } from "../../../language";

export const texts = dictionary({
  title: { zh: "交易所哪些天休市？", en: "On which days is the exchange closed?" },
  about: {
    zh: "到期日、时限与统计都按这张表数交易日：周一至周五，除去公告的休市。",
    en: "Due dates, clocks and figures count trading days by this table: weekdays, less the closures announced.",
  },
  year: { zh: "年份", en: "Year" },
  announced: { zh: "已公告", en: "Announced" },
  provisional: { zh: "暂按工作日推算", en: "Provisional" },
  provisionalAdvice: {
    zh: "交易所还没有公告，或尚未录入；周一至周五都先当作交易日。",
    en: "Not announced, or not entered yet; for now every weekday counts as a trading day.",
  },
  status: { zh: "状态", en: "Status" },
  tradingDays: { zh: "交易日", en: "Trading days" },
  ofDays: { zh: (n: string) => `全年 ${n} 天中`, en: (n: string) => `of ${n} days` },
  knownUntil: { zh: "日历已知至", en: "Table reaches to" },
  nothingKnown: { zh: "尚无", en: "nothing yet" },
  closures: { zh: "休市", en: "Closures" },
  none: { zh: "没有录入休市", en: "No closures entered" },
  noneAdvice: {
    zh: "公告发布后（通常在上一年末），由合规录入。",
    en: "Compliance enters them once announced, usually late in the year before.",
  },
  from: { zh: "首日", en: "First day" },
  to: { zh: "末日", en: "Last day" },
  name: { zh: "名称", en: "Name" },
  weekdays: { zh: "休市的工作日", en: "Weekdays closed" },
  warnSoon: {
    zh: (until: string, year: string) => `日历只到 ${until}，${year} 年还没有录入；此后的交易日只是推算。`,
    en: (until: string, year: string) =>
      `The table ends on ${until} and ${year} is not entered; trading days after that are only a guess.`,
  },
  setNext: { zh: (year: string) => `录入 ${year} 年`, en: (year: string) => `Enter ${year}` },
  set: { zh: (year: string) => `录入 ${year} 年休市`, en: (year: string) => `Enter closures of ${year}` },
  change: { zh: (year: string) => `修改 ${year} 年休市`, en: (year: string) => `Change closures of ${year}` },
  formAbout: {
    zh: "每段写首日与末日，两天都算。周末本来就不交易，补班的周末也一样。",
    en: "Each closure has a first and a last day, both included. Weekends never trade, even where offices work.",
  },
  row: { zh: (n: number) => `第 ${n} 段`, en: (n: number) => `Closure ${n}` },
  add: { zh: "加一段", en: "Add a closure" },
  remove: { zh: (n: number) => `去掉第 ${n} 段`, en: (n: number) => `Remove closure ${n}` },
  source: { zh: "依据（交易所公告）", en: "Source (the exchange's notice)" },
  sourceHint: { zh: "例如：上交所 2026 年休市安排通知", en: "For example: SSE notice on closures of 2026" },
  sourceMissing: { zh: "请写明依据，至少 3 个字", en: "Name the source, at least 3 letters" },
  wouldTrade: {
    zh: (n: string) => `按此全年 ${n} 个交易日`,
    en: (n: string) => `${n} trading days this way`,
  },
  save: { zh: "保存", en: "Save" },
  cancel: { zh: "取消", en: "Cancel" },
  saved: { zh: "已保存，各处很快生效", en: "Saved; it takes effect everywhere within a minute" },
  faultDates: { zh: "请填首日和末日", en: "Fill in both days" },
  faultYear: {
    zh: (year: string) => `须在 ${year} 年内`,
    en: (year: string) => `Both days lie within ${year}`,
  },
  faultOrder: { zh: "末日不能早于首日", en: "The last day is before the first" },
  faultLong: { zh: "一段最多 31 天", en: "At most 31 days" },
  faultOverlap: { zh: "与另一段重叠", en: "Overlaps another closure" },
  faultPast: {
    zh: (day: string) => `${day} 已经过去，不能再改`,
    en: (day: string) => `${day} is over and stays as it was`,
  },
});
