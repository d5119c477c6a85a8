import { dictionary } from "../language";

export const texts = dictionary({
  retry: { zh: "重试", en: "Try again" },
  loading: { zh: "正在读取", en: "Loading" },
  failed: { zh: "没有读到", en: "This could not be read" },
  offline: { zh: "连不上服务器", en: "The server cannot be reached" },
  offlineAdvice: {
    zh: "请检查网络；恢复后点“重试”，已填写的内容不会丢失。",
    en: "Check the network, then try again. Nothing you entered is lost.",
  },
  quote: {
    zh: (id: string) => `向工程师报告时请附编号 ${id}`,
    en: (id: string) => `Quote ${id} to an engineer`,
  },
  notFound: { zh: "没有找到", en: "Not found" },
  notFoundAdvice: {
    zh: "它可能已被移走，或不在您的数据范围内。",
    en: "It may be gone, or outside the data you may see.",
  },
  busy: { zh: "操作太频繁，请稍等片刻再试。", en: "Too many tries. Wait a moment, then try again." },
  serverFault: {
    zh: "服务器出错，已记录。请重试；若再次出现，请把编号交给工程师。",
    en: "The server failed and has noted it. Try again; if it stays, give the id to an engineer.",
  },
  forbidden: { zh: "您没有查看权限", en: "You may not see this" },
  forbiddenAdvice: {
    zh: (who: string) => `可以向${who}申请权限。`,
    en: (who: string) => `${who} can grant access.`,
  },
  grantors: { zh: "营业部经理或总部运营", en: "Your branch manager or headquarters operations" },
  staleSince: {
    zh: (when: string) => `显示的是 ${when} 的内容，更新失败`,
    en: (when: string) => `As of ${when}; refreshing failed`,
  },
  pausedSince: {
    zh: (when: string) => `实时连接中断（${when} 起），正在重连；期间的变化会在恢复后补上`,
    en: (when: string) => `Live updates paused since ${when}. Reconnecting; what is missed will be filled in`,
  },
  live: { zh: "实时", en: "Live" },
  close: { zh: "关闭", en: "Close" },
  all: { zh: "全部", en: "All" },
  any: { zh: "不限", en: "Any" },
  clear: { zh: (name: string) => `清除：${name}`, en: (name: string) => `Clear ${name}` },
  columns: { zh: "列", en: "Columns" },
  exportCsv: { zh: "导出", en: "Export" },
  rows: { zh: (n: string) => `${n} 条`, en: (n: string) => `${n} rows` },
  selected: { zh: (n: string) => `已选 ${n} 条`, en: (n: string) => `${n} selected` },
  selectRow: { zh: "选择此行", en: "Select row" },
  selectAll: { zh: "选择全部", en: "Select all" },
  loadMore: { zh: "读取更多", en: "Load more" },
  moreActions: { zh: "更多操作", en: "More actions" },
  ofWhole: {
    zh: (part: string, whole: string) => `${whole} 中的 ${part}`,
    en: (part: string, whole: string) => `${part} of ${whole}`,
  },
  shortcuts: { zh: "键盘快捷键", en: "Keyboard shortcuts" },
  cancel: { zh: "取消", en: "Cancel" },
  undo: { zh: "撤销", en: "Undo" },
  stepConversion: { zh: "本步", en: "Step" },
  totalConversion: { zh: "累计", en: "Total" },
  medianTime: { zh: "中位用时", en: "Median time" },
  customers: { zh: "客户数", en: "Customers" },
  step: { zh: "步骤", en: "Step" },
  lost: { zh: (n: string) => `流失 ${n}`, en: (n: string) => `${n} lost` },
  control: { zh: "对照", en: "control" },
  difference: { zh: "与对照相差（百分点，95% 区间）", en: "Against control, points (95% interval)" },
  rate: { zh: "比率", en: "Rate" },
  interval: {
    zh: (point: string, low: string, high: string) => `${point}（${low} 至 ${high}）`,
    en: (point: string, low: string, high: string) => `${point} (${low} to ${high})`,
  },
  showTable: { zh: "看数据", en: "Data" },
  showChart: { zh: "看图", en: "Chart" },
  trend: {
    zh: (from: string, till: string, low: string, high: string) =>
      `由 ${from} 到 ${till}，最低 ${low}，最高 ${high}`,
    en: (from: string, till: string, low: string, high: string) =>
      `from ${from} to ${till}, lowest ${low}, highest ${high}`,
  },
});
