import { dictionary } from "../../language";

export const texts = dictionary({
  title: { zh: "我们了解客户多少？", en: "What do we know of our customers?" },
  about: {
    zh: "标签目录：每个标签的定义、覆盖与新鲜度。没有数据的标签写“无数据”，从不写 0。",
    en: "The catalogue of tags: what each means, of how many it is known, how fresh it is. What nobody knows says so, and is never 0.",
  },
  refresh: { zh: "立即刷新", en: "Refresh now" },
  refreshWhole: { zh: "全部重算", en: "Compute everybody anew" },
  asked: {
    zh: "已安排，刷新完成前看到的是上一个版本",
    en: "Asked for. Until it is done you see the last version",
  },
  waiting: { zh: "已有一次刷新在等待", en: "A refresh is waiting already" },
  asOf: { zh: "截至", en: "As of" },
  customers: { zh: "客户", en: "Customers" },
  last: { zh: "上次刷新", en: "Last refresh" },
  whole: { zh: "全量", en: "everybody" },
  delta: { zh: "增量", en: "changes only" },
  running: { zh: "进行中", en: "running" },
  failed: { zh: "失败，仍为上一个版本", en: "failed; the version before is still read" },
  took: {
    zh: (n: string, s: string) => `${n} 位，${s} 秒`,
    en: (n: string, s: string) => `${n} customers in ${s} s`,
  },
  family: { zh: "标签族", en: "Family" },
  tag: { zh: "标签", en: "Tag" },
  means: { zh: "含义", en: "Meaning" },
  coverage: { zh: "覆盖", en: "Coverage" },
  noData: { zh: "无数据", en: "no data" },
  moved: { zh: "上次变动", en: "Moved last" },
  type: { zh: "类型", en: "Type" },
  sensitivity: { zh: "敏感度", en: "Sensitivity" },
  search: { zh: "标签名称或含义", en: "Name or meaning" },
  empty: { zh: "没有符合条件的标签", en: "No tag fits" },
  never: { zh: "标签还没有算过", en: "Tags were never computed" },
  neverAdvice: {
    zh: "导入客户或事件后刷新一次，之后每小时自动更新。",
    en: "Import customers or events and refresh once; after that it runs every hour.",
  },
  oneTitle: { zh: (name: string) => `标签：${name}`, en: (name: string) => `Tag: ${name}` },
  formula: { zh: "公式", en: "Formula" },
  params: { zh: "参数", en: "Parameters" },
  inputs: { zh: "数据来源", en: "Inputs" },
  life: { zh: "有效期", en: "Life" },
  days: {
    zh: (n: number) => (n === 0 ? "一直有效" : `${n} 天`),
    en: (n: number) => (n === 0 ? "for good" : `${n} days`),
  },
  uses: { zh: "可用于", en: "May be used to" },
  owner: { zh: "归口", en: "Owner" },
  spread: { zh: "取值分布", en: "Values" },
  value: { zh: "取值", en: "Value" },
  share: { zh: "占比", en: "Share" },
  quantiles: { zh: "分位数", en: "Quantiles" },
  sample: { zh: "部分客户", en: "Some customers" },
  sampleOf: {
    zh: (value: string) => `部分客户：${value}`,
    en: (value: string) => `Some customers: ${value}`,
  },
  nobody: { zh: "数据范围内没有客户有这个标签", en: "Nobody within your data scope has it" },
  trendSays: {
    zh: (value: string) => `“${value}”的人数`,
    en: (value: string) => `Customers with “${value}”`,
  },
  trendNote: { zh: "全公司，近 90 天", en: "whole firm, last 90 days" },
  yes: { zh: "是", en: "Yes" },
  no: { zh: "否", en: "No" },
});

export const sensitivities = dictionary({
  open: { zh: "公开", en: "Open" },
  personal: { zh: "个人", en: "Personal" },
  restricted: { zh: "受限", en: "Restricted" },
  aml: { zh: "反洗钱", en: "AML" },
});

export const types = dictionary({
  flag: { zh: "是否", en: "Flag" },
  level: { zh: "等级", en: "Level" },
  number: { zh: "数值", en: "Number" },
  date: { zh: "日期", en: "Date" },
  set: { zh: "集合", en: "Set" },
});

export const uses = dictionary({
  serve: { zh: "服务", en: "Serve" },
  market: { zh: "营销", en: "Market" },
});
