import { dictionary } from "../../language";

export const texts = dictionary({
  title: { zh: "我们对客户了解多少？新鲜吗？", en: "What do we know of our customers, and how fresh is it?" },
  about: {
    zh: "每个标签一行：覆盖是数据范围内有数据的客户占比；没有数据就写无数据，从不当作 0。",
    en: "One row for each tag. Coverage is the share of customers in your data scope of whom it is known; unknown is never 0.",
  },
  find: { zh: "标签名称、含义或代码", en: "Name, meaning or code" },
  family: { zh: "标签族", en: "Family" },
  kind: { zh: "种类", en: "Kind" },
  state: { zh: "数据", en: "Data" },
  known: { zh: "有数据", en: "Known" },
  unknown: { zh: "无数据", en: "No data" },
  movedNow: { zh: "上次刷新有变化", en: "Moved by the last refresh" },
  tag: { zh: "标签", en: "Tag" },
  coverage: { zh: "覆盖", en: "Coverage" },
  moved: { zh: "变化", en: "Moved" },
  movedNote: {
    zh: "上次刷新改变了多少客户（全公司）",
    en: "Customers the last refresh changed it for, in the whole firm",
  },
  sensitivity: { zh: "敏感度", en: "Sensitivity" },
  uses: { zh: "可用于", en: "May be used to" },
  ofCustomers: {
    zh: (part: string, whole: string) => `${whole} 位客户中有数据的 ${part} 位`,
    en: (part: string, whole: string) => `known of ${part} out of ${whole} customers`,
  },
  wouldNeed: {
    zh: (what: string) => `需要公司提供：${what}`,
    en: (what: string) => `The firm would send: ${what}`,
  },
  fields: { zh: (names: string) => `（字段 ${names}）`, en: (names: string) => ` (fields ${names})` },
  joiner: { zh: "、", en: ", " },
  tagsIn: { zh: (n: string) => `${n} 个标签`, en: (n: string) => `${n} tags` },
  noneFound: { zh: "没有符合条件的标签", en: "No tag fits" },
  noneFoundAdvice: { zh: "去掉一个条件再看。", en: "Take one of the filters away." },
  empty: { zh: "标签还没有算过", en: "Tags have not been computed yet" },
  emptyAdvice: {
    zh: "先导入客户或接入事件，再刷新一次；下面是已定义的标签。",
    en: "Import customers or send events, then refresh once. Below is what the catalogue defines.",
  },
  emptyNotYou: {
    zh: "每小时自动刷新一次；总部运营或工程师可以立即刷新。",
    en: "They are refreshed every hour; operations or an engineer can do it now.",
  },

  customers: { zh: "客户数", en: "Customers" },
  inScope: { zh: "数据范围内", en: "within your data scope" },
  withData: { zh: "有数据的标签", en: "Tags with data" },
  ofTags: { zh: (n: string) => `共 ${n} 个`, en: (n: string) => `of ${n}` },
  asOf: { zh: "数据截至", en: "As of" },
  asOfNote: { zh: "现在读到的版本", en: "the version read now" },
  last: { zh: "上次刷新", en: "Last refresh" },
  whole: { zh: "全部重算", en: "Everybody anew" },
  delta: { zh: "只算有变化的", en: "Only what changed" },
  running: { zh: "正在计算", en: "Running" },
  done: { zh: "已完成", en: "Done" },
  failed: { zh: "失败", en: "Failed" },
  took: {
    zh: (seconds: string, customers: string) => `${seconds} 秒，${customers} 位客户`,
    en: (seconds: string, customers: string) => `${seconds} s, ${customers} customers`,
  },
  failedSays: {
    zh: "上次刷新失败，现在读到的仍是上一个完好的版本。",
    en: "The last refresh failed. What is read here is still the last good version.",
  },
  never: { zh: "从未", en: "never" },
  refresh: { zh: "立即刷新", en: "Refresh now" },
  asked: { zh: "已安排刷新，完成后本页自动更新", en: "Refresh asked for; this page follows it" },
  askedBefore: { zh: "已有一次刷新在排队", en: "A refresh is waiting already" },
  waiting: { zh: "已安排，等待开始", en: "Asked for, about to begin" },

  oneTitle: {
    zh: (name: string) => `${name}：客户怎样分布？`,
    en: (name: string) => `${name}: how are customers spread?`,
  },
  oneCoverage: { zh: "覆盖", en: "Coverage" },
  oneMoved: { zh: "上次刷新改变", en: "Moved by last refresh" },
  wholeFirm: { zh: "位客户，全公司", en: "customers, whole firm" },
  definition: { zh: "定义", en: "Definition" },
  code: { zh: "代码", en: "Code" },
  type: { zh: "类型", en: "Type" },
  inputs: { zh: "输入", en: "Inputs" },
  refreshed: { zh: "刷新", en: "Refresh" },
  life: { zh: "有效期", en: "Life" },
  days: { zh: (n: string) => `${n} 天`, en: (n: string) => `${n} days` },
  noEnd: { zh: "不过期", en: "no end" },
  owner: { zh: "负责模块", en: "Owner" },
  neverPrice: { zh: "从不用于定价", en: "never to price" },
  formula: { zh: "公式", en: "Formula" },
  params: { zh: "参数", en: "Parameters" },
  spreadTop: {
    zh: (name: string, n: string, share: string) => `最多的是“${name}”：${n} 位，占有数据客户的 ${share}`,
    en: (name: string, n: string, share: string) => `Most are "${name}": ${n}, ${share} of those known`,
  },
  spreadFlag: {
    zh: (n: string, share: string) => `${n} 位客户为“是”，占有数据客户的 ${share}`,
    en: (n: string, share: string) => `Yes for ${n} customers, ${share} of those known`,
  },
  spreadMiddle: {
    zh: (low: string, high: string, mid: string) => `一半的客户在 ${low} 与 ${high} 之间，中位数 ${mid}`,
    en: (low: string, high: string, mid: string) =>
      `Half of the customers lie between ${low} and ${high}; median ${mid}`,
  },
  spreadSame: {
    zh: (value: string) => `几乎所有客户都是 ${value}`,
    en: (value: string) => `Nearly everybody has ${value}`,
  },
  spreadMost: {
    zh: (value: string) => `一半以上的客户是 ${value}`,
    en: (value: string) => `More than half have ${value}`,
  },
  clause: { zh: "；", en: "; " },
  spreadNote: {
    zh: (known: string, whole: string) => `数据范围内 ${whole} 位客户，其中 ${known} 位有数据`,
    en: (known: string, whole: string) => `${whole} customers in your data scope, known of ${known}`,
  },
  manyEach: { zh: "一位客户可有多个取值", en: "a customer may have several values" },
  byMonth: { zh: "按月", en: "by month" },
  pressHint: { zh: "点一个取值，看有它的客户", en: "press a value to see who has it" },
  percentile: { zh: (n: string) => `${n}% 分位`, en: (n: string) => `${n}th percentile` },
  median: { zh: "中位数", en: "Median" },
  noData: { zh: "没有一位客户有这项数据", en: "Nothing is known of anybody" },
  notComputed: { zh: "刷新标签后才能看到分布", en: "The spread shows after the first refresh" },
  trendFlag: {
    zh: (now: string, before: string, day: string) => `现在 ${now} 位为“是”，${day} 时 ${before} 位`,
    en: (now: string, before: string, day: string) => `Yes for ${now} now, ${before} on ${day}`,
  },
  trendTop: {
    zh: (name: string, now: string, before: string, day: string) =>
      `“${name}”现在 ${now} 位，${day} 时 ${before} 位`,
    en: (name: string, now: string, before: string, day: string) =>
      `"${name}": ${now} now, ${before} on ${day}`,
  },
  trendNote: { zh: "全公司，近 90 天中算过的日子", en: "whole firm, days computed of the last 90" },
  trendTitle: { zh: "每天的变化", en: "By day" },
  trendLater: {
    zh: "每次全部重算记下当天；从第二天起画成线。",
    en: "Each day's counts are kept; the line shows from the second day on.",
  },
  trendNever: {
    zh: "数字、日期与多值标签不记逐日分布。",
    en: "Numbers, dates and sets keep no counts by day.",
  },
  sample: { zh: "其中几位客户", en: "Some of the customers" },
  sampleWith: {
    zh: (value: string) => `取值为“${value}”的几位客户`,
    en: (value: string) => `Some customers with "${value}"`,
  },
  showAll: { zh: "不限取值", en: "Any value" },
  nobody: { zh: "数据范围内没有这样的客户", en: "Nobody in your data scope" },
});

export const kinds = dictionary({
  fact: { zh: "事实", en: "Fact" },
  rule: { zh: "规则", en: "Rule" },
  statistic: { zh: "统计", en: "Statistic" },
  model: { zh: "模型", en: "Model" },
  manual: { zh: "人工", en: "By hand" },
});

export const types = dictionary({
  flag: { zh: "是否", en: "Yes or no" },
  level: { zh: "分级", en: "Level" },
  number: { zh: "数值", en: "Number" },
  date: { zh: "日期", en: "Date" },
  set: { zh: "多值", en: "Set" },
});

export const uses = dictionary({
  serve: { zh: "服务", en: "serve" },
  market: { zh: "营销", en: "market" },
});

export const rhythms = dictionary({
  live: { zh: "实时", en: "live" },
  hourly: { zh: "每小时", en: "hourly" },
  daily: { zh: "每日；有新事件时每小时", en: "daily; hourly after new events" },
});

export const owners = dictionary({
  customers: { zh: "客户", en: "Customers" },
  comply: { zh: "合规", en: "Compliance" },
  understand: { zh: "洞察", en: "Understand" },
});

/** What a firm sends so that tags know something, by the catalogue's `inputs`. */
export const inputs = dictionary({
  profile: { zh: "客户档案（导入或 identify）", en: "customer profile (import or identify)" },
  accounts: { zh: "账户", en: "accounts" },
  holdings: { zh: "持仓", en: "holdings" },
  trades: { zh: "成交", en: "trades" },
  flows: { zh: "资金进出", en: "fund flows" },
  orders: { zh: "委托", en: "orders" },
  "conditional orders": { zh: "条件单", en: "conditional orders" },
  "IPO orders": { zh: "新股申购", en: "orders for new shares" },
  assessments: { zh: "风险测评", en: "risk assessments" },
  investors: { zh: "投资者类别与权限", en: "investor class and permissions" },
  consent: { zh: "同意与拒绝", en: "consents and refusals" },
  openings: { zh: "开户步骤", en: "opening steps" },
  "opening:account:opened": { zh: "开户完成事实", en: "accounts opened here" },
  relations: { zh: "客户关系", en: "customer relations" },
  logins: { zh: "登录", en: "sign-ins" },
  "app use": { zh: "App 使用事件", en: "app use" },
  screens: { zh: "页面浏览", en: "screens viewed" },
  news: { zh: "资讯阅读", en: "news read" },
  ratings: { zh: "满意度评分", en: "ratings" },
  model: { zh: "模型分数（导入）", en: "model scores (import)" },
});
