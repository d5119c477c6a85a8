import { dictionary } from "../../language";

export const texts = dictionary({
  cockpitTitle: {
    zh: "闭环转得怎么样，哪里在漏？",
    en: "How well does the loop turn, and where does it leak?",
  },
  cockpitAbout: {
    zh: (day: string) => `今天至今，与 ${day} 同一时刻相比。点任一环节进入对应页面。`,
    en: (day: string) => `Today until now, beside ${day} until the same time. Click a stage to go there.`,
  },
  ringLabel: {
    zh: "闭环八个环节与各自今天的数字",
    en: "The eight stages of the loop, each with its figure of today",
  },
  netAssets: { zh: "净新增资产", en: "Net new assets" },
  netAssetsOn: {
    zh: (day: string) => `净新增资产（${day} 清算）`,
    en: (day: string) => `Net new assets, settled ${day}`,
  },
  noSettlement: { zh: "还没有导入资金流水", en: "no fund flows imported yet" },
  inAndOut: {
    zh: (inflow: string, outflow: string) => `转入 ${inflow}，转出 ${outflow}`,
    en: (inflow: string, outflow: string) => `${inflow} in, ${outflow} out`,
  },
  onDay: { zh: (day: string) => `${day} 全天`, en: (day: string) => `all of ${day}` },
  kOfN: { zh: (k: string, n: string) => `${k}／${n}`, en: (k: string, n: string) => `${k} of ${n}` },
  nOnly: { zh: (n: string) => `n = ${n}`, en: (n: string) => `n = ${n}` },
  interval95: {
    zh: (low: string, high: string) => `95% 区间 ${low} 至 ${high}`,
    en: (low: string, high: string) => `95% ${low} to ${high}`,
  },
  openedToday: { zh: "今日开户", en: "Accounts opened today" },
  ofPlan: { zh: (plan: string) => `计划 ${plan}`, en: (plan: string) => `Plan ${plan}` },
  noPlan: { zh: "未设计划", en: "no plan set" },
  against: {
    zh: (day: string) => `与 ${day} 同一时刻相比`,
    en: (day: string) => `against ${day}, same time`,
  },
  sameDay: { zh: (n: string) => `同期 ${n}`, en: (n: string) => `${n} then` },
  experience: { zh: "体验", en: "Experience" },
  efficiency: { zh: "效率", en: "Efficiency" },
  cost: { zh: "成本", en: "Cost" },
  strip: { zh: "体验、效率与成本", en: "Experience, efficiency and cost" },
  nothingMeasured: { zh: "今天还没有", en: "none yet today" },
  needs: { zh: "现在需要人处理", en: "What needs a person now" },
  needsNone: { zh: "没有事情在等人", en: "Nothing waits for a person" },
  needsNoneAdvice: {
    zh: "有客户卡住、等待超时或出现争议时，会立刻出现在这里。",
    en: "Whoever gets stuck or waits too long shows here at once.",
  },
  oldest: { zh: "最久已等", en: "longest" },
  stuckOpenings: { zh: "人卡在开户途中，还没人领取", en: "stuck while opening, taken by nobody" },
  waitingEnquiries: { zh: "位客户等人工已超过承诺时间", en: "wait for a person beyond the promise" },
  promisesAtRisk: {
    zh: "位客户快等到承诺时间，还没人接",
    en: "wait for a person, and the promised time is running out",
  },
  lanesBehind: {
    zh: "条处理通道停住了：事件没人处理",
    en: "lanes stand still: nothing reacts to what happens",
  },
  brokenExperiments: { zh: "个实验分组比例异常", en: "experiments with arms out of proportion" },
  toHealth: { zh: "看系统", en: "System health" },
  toExperiments: { zh: "看实验", en: "Experiments" },
  owedCallbacks: { zh: "个回电还欠着客户", en: "call-backs owed" },
  openDisputes: { zh: "起归属争议待裁定", en: "credit disputes to judge" },
  poisonEntries: { zh: "条事件处理失败", en: "entries set aside" },
  toDesk: { zh: "去挽回台", en: "Opening desk" },
  toEnquiries: { zh: "去接待", en: "Enquiries" },
  toDisputes: { zh: "去裁定", en: "Judge" },
  toPoison: { zh: "去处理", en: "Repair" },
  leakQuarantined: {
    zh: (why: string, part: string) => `隔离 ${part} 条：${why}`,
    en: (why: string, part: string) => `${part} quarantined: ${why}`,
  },
  leakStuck: {
    zh: (step: string, part: string) => `${part} 人卡在${step}`,
    en: (step: string, part: string) => `${part} stuck at ${step}`,
  },
  leakEmpty: {
    zh: (slot: string, part: string) => `${slot} 留空 ${part}`,
    en: (slot: string, part: string) => `${slot}: ${part} empty`,
  },
  leakRefused: {
    zh: (why: string, part: string) => `拦截 ${part} 条：${why}`,
    en: (why: string, part: string) => `${part} held back: ${why}`,
  },
  leakMissed: {
    zh: (part: string) => `${part} 人等待超过承诺`,
    en: (part: string) => `${part} waited beyond the promise`,
  },
  leakDisputed: {
    zh: (part: string) => `争议待裁 ${part} 户（近 30 天）`,
    en: (part: string) => `${part} in dispute, of 30 days`,
  },
  leakSample: {
    zh: (part: string) => `样本 ${part}，尚早`,
    en: (part: string) => `sample ${part}, too early`,
  },
  leakRatio: { zh: "分组比例异常", en: "arms out of proportion" },
  points: { zh: (n: string) => `${n} 个百分点`, en: (n: string) => `${n} points` },
  minutes: { zh: (n: string) => `${n} 分钟`, en: (n: string) => `${n} min` },
  stars: { zh: (n: string) => `${n} 星`, en: (n: string) => `${n} / 5` },
  perHour: { zh: (n: string) => `${n} 户`, en: (n: string) => `${n}` },

  morningTitle: { zh: "昨天做得怎样，今天先做什么？", en: "How was yesterday, and what comes first today?" },
  morningAbout: {
    zh: (from: string) => `上一交易日（${from}）的成绩，以及此刻在等您营业部的事。`,
    en: (from: string) => `The last trading day (${from}), and what waits in your branch right now.`,
  },
  branch: { zh: "营业部", en: "Branch" },
  credited: { zh: "开户归属", en: "Accounts credited" },
  plan: { zh: "计划", en: "Plan" },
  searching: { zh: "正在查找…", en: "Looking…" },
  noEvent: { zh: "没有这样的事件", en: "No such event" },
  noBranch: { zh: "没有可看的营业部", en: "There is no branch to look at" },
  noBranchAdd: {
    zh: "先添加一个营业部，这里会显示它的成绩和待办。",
    en: "Add a branch first: what it does, and what waits in it, is told here.",
  },
  noBranchAsk: {
    zh: "您的数据范围内没有营业部，请总部运营为您指定。",
    en: "No branch is in your data scope. Ask headquarters operations to give you one.",
  },
  toBranches: { zh: "去添加营业部", en: "Add a branch" },
  ranking: { zh: "排名", en: "Rank" },
  noRank: { zh: "没有开户，不排名", en: "nothing opened, so no rank" },
  rank: {
    zh: (n: number, of: number) => `${of} 个营业部中第 ${n}`,
    en: (n: number, of: number) => `${n} of ${of} branches`,
  },
  assists: { zh: "挽回协助", en: "Assists" },
  satisfaction: { zh: "满意度", en: "Satisfied" },
  promises: { zh: "超时应答", en: "Promises missed" },
  rated: { zh: (n: string) => `${n} 人评价`, en: (n: string) => `${n} rated` },
  askedPerson: { zh: (n: string) => `转人工 ${n} 次`, en: (n: string) => `of ${n} who asked` },
  nobodyRated: { zh: "没有人评价", en: "nobody rated" },
  nobodyAsked: { zh: "没有人转人工", en: "nobody asked" },
  now: { zh: "此刻在等", en: "Waiting now" },
  whereStuck: { zh: "卡在哪一步", en: "Where they are stuck" },
  underWay: { zh: (n: string) => `办理中 ${n} 人`, en: (n: string) => `${n} under way` },
  nobodyStuck: { zh: "现在没有人卡住", en: "Nobody is stuck now" },
  setPlan: { zh: "设定本月计划", en: "Set this month's plan" },
  planLabel: { zh: "本月计划开户数", en: "Accounts to open this month" },
  planAssets: {
    zh: "本月计划净新增资产（元，可留空）",
    en: "Net new assets this month, in yuan (may stay empty)",
  },
  planWhat: {
    zh: "每个交易日的计划按当月交易日平摊。",
    en: "Each trading day's plan is its part of the month's.",
  },
  save: { zh: "保存", en: "Save" },
  cancel: { zh: "取消", en: "Cancel" },
  planSaved: { zh: "本月计划已保存", en: "The month's plan is set" },
  take: { zh: "去领取", en: "Take them" },
  answer: { zh: "去接待", en: "Answer" },
  call: { zh: "去回电", en: "Call back" },
  see: { zh: "去看", en: "See" },
  rescuesWait: { zh: "份断点申请待领取", en: "Rescues nobody has taken" },
  enquiriesWait: { zh: "咨询等待超时", en: "Enquiries beyond the promise" },
  callbacksWait: { zh: "欠客户的回电", en: "Call-backs owed" },
  approvalsWait: { zh: "项提案等您复核", en: "Proposals for you to decide" },
  decide: { zh: "去复核", en: "Decide" },
  disputesWait: { zh: "归属争议", en: "Credit disputes" },

  funnelTitle: {
    zh: "客户走到哪一步，流失在哪里？",
    en: "How far do customers come, and where are they lost?",
  },
  funnelAbout: {
    zh: "按顺序完成才算到达；从首步起在窗口期内完成。访客登录后与客户计为同一人。",
    en: "Steps count in order, within the window from the first. A visitor who signs in later is one customer.",
  },
  steps: { zh: "步骤", en: "Steps" },
  addStep: { zh: "添加步骤", en: "Add a step" },
  stepName: { zh: (n: number) => `第 ${n} 步`, en: (n: number) => `Step ${n}` },
  chooseEvent: { zh: "搜索事件", en: "Search events" },
  removeStep: { zh: (name: string) => `移除 ${name}`, en: (name: string) => `Remove ${name}` },
  moveUp: { zh: (name: string) => `上移 ${name}`, en: (name: string) => `Move ${name} up` },
  moveDown: { zh: (name: string) => `下移 ${name}`, en: (name: string) => `Move ${name} down` },
  window: { zh: "窗口期", en: "Window" },
  by: { zh: "细分", en: "Break down by" },
  noBy: { zh: "不细分", en: "nothing" },
  examples: { zh: "常用漏斗", en: "Usual funnels" },
  openingFunnel: { zh: "远程开户全程", en: "Remote opening, whole" },
  firstDeposit: { zh: "开户到首笔交易", en: "Account to first trade" },
  chooseSteps: { zh: "先选至少两个步骤", en: "Choose two steps at least" },
  chooseStepsAdvice: {
    zh: "从左侧搜索事件名，按客户经历的先后添加；或从常用漏斗开始。",
    en: "Search event names on the left and add them in order, or begin with one of the usual funnels.",
  },
  nobodyCame: { zh: "这段时间没有客户走到第一步", en: "Nobody took the first step in this period" },
  nobodyCameAdvice: {
    zh: "换一个时间段，或检查首步的事件名。",
    en: "Choose another period, or check the first event.",
  },
  says: {
    zh: (rate: string, step: string) => `每 100 位客户有 ${rate} 位到达末步，流失最多的一步是“${step}”`,
    en: (rate: string, step: string) => `${rate} of 100 customers come to the end; “${step}” loses the most`,
  },
  saysAll: { zh: "所有客户都到达了末步", en: "All customers came to the end" },
  events: { zh: (n: string) => `${n} 条`, en: (n: string) => `${n} events` },
  note: {
    zh: (n: string, window: string) => `首步客户 ${n} 位，窗口期 ${window}`,
    en: (n: string, window: string) => `${n} customers at the first step, window ${window}`,
  },
  breakdown: { zh: (by: string) => `按 ${by} 细分`, en: (by: string) => `Broken down by ${by}` },
  noValue: { zh: "（未带此属性）", en: "(without it)" },
  otherValues: { zh: "其他", en: "other values" },
  value: { zh: "取值", en: "Value" },
  customer: { zh: "客户", en: "Customer" },
  visitor: { zh: "访客", en: "Visitor" },
  beganAt: { zh: "首步时间", en: "First step" },
  lastStep: { zh: "末步时间", en: "Last step" },
  whichCustomers: { zh: "哪些客户", en: "Which customers" },
  cameThisFar: { zh: "到达这一步", en: "Came this far" },
  lostBefore: { zh: "在这一步之前流失", en: "Lost before it" },
  nobodyBehind: { zh: "没有这样的客户", en: "There are no such customers" },
  noSuchBar: {
    zh: "这个漏斗没有这一步，请关闭后重新点选",
    en: "This funnel has no such step. Close and click again",
  },
  firstStep: { zh: "首步客户", en: "First step" },
  command: { zh: "同样的查询，在命令行", en: "The same on the command line" },
  copyCommand: { zh: "漏斗命令", en: "Funnel command" },

  experimentsTitle: { zh: "哪些做法经过了验证？", en: "What have we put to the test?" },
  experimentsAbout: {
    zh: "客户随机分组，按分组意向分析：无论是否联系上都计入，才知道做法本身有没有用。",
    en: "Customers are assigned at random and counted by assignment, reached or not: only so does it show what a thing is worth.",
  },
  experiment: { zh: "实验", en: "Experiment" },
  question: { zh: "问题", en: "Question" },
  state: { zh: "状态", en: "State" },
  arms: { zh: "分组", en: "Arms" },
  assigned: { zh: "已分组", en: "Assigned" },
  fromInstallation: { zh: "自安装起", en: "from the installation" },
  started: { zh: "开始", en: "Started" },
  experimentsEmpty: { zh: "还没有实验", en: "No experiments yet" },
  experimentsEmptyAdvice: {
    zh: "实验随各环节的功能一起提供。",
    en: "Experiments come with the rooms that run them.",
  },
  headline: { zh: "主要结论", en: "The headline" },
  tooEarly: {
    zh: (need: string, have: string) => `还下不了结论：每组至少需要 ${need} 个样本，最少的一组有 ${have} 个`,
    en: (need: string, have: string) => `Too early to say: each arm needs ${need}, the smallest has ${have}`,
  },
  tooEarlyEvents: {
    zh: "还下不了结论：样本够了，但成功或失败的人数还太少",
    en: "Too early to say: too few have opened, or too few have not",
  },
  better: {
    zh: (arm: string, other: string, n: string, low: string, high: string) =>
      `“${arm}”比“${other}”的完成率高 ${n} 个百分点，95% 区间 ${low} 至 ${high}`,
    en: (arm: string, other: string, n: string, low: string, high: string) =>
      `${arm} completes ${n} points more than ${other}, 95% between ${low} and ${high}`,
  },
  worse: {
    zh: (arm: string, other: string, n: string, low: string, high: string) =>
      `“${arm}”比“${other}”的完成率低 ${n} 个百分点，95% 区间 ${low} 至 ${high}`,
    en: (arm: string, other: string, n: string, low: string, high: string) =>
      `${arm} completes ${n} points less than ${other}, 95% between ${low} and ${high}`,
  },
  noDifference: {
    zh: (arm: string, other: string, low: string, high: string) =>
      `还看不出“${arm}”与“${other}”的差别，95% 区间 ${low} 至 ${high}，包含 0`,
    en: (arm: string, other: string, low: string, high: string) =>
      `No difference between ${arm} and ${other} yet, 95% between ${low} and ${high}`,
  },
  broken: {
    zh: "分组比例异常，结果不可信：请先查清分组过程",
    en: "The arms are out of proportion, so the result cannot be trusted: look into the assignment first",
  },
  effectNote: {
    zh: "完成率之差（百分点）与 95% 置信序列，按分组意向：无论看多少次都成立，结论以它为准",
    en: "Difference of completion in points with its 95% confidence sequence, by assignment: it holds however often one looks, and makes the verdict",
  },
  singleLook: {
    zh: (low: string, high: string, p: string) =>
      `若只在预定样本量时看一次：95% 区间 ${low} 至 ${high}（Newcombe），p = ${p}。反复查看时它会过早报喜，不用于下结论。`,
    en: (low: string, high: string, p: string) =>
      `For a single look at a size fixed beforehand: 95% between ${low} and ${high} (Newcombe), p = ${p}. Looked at again and again it cheers too soon, so no verdict is read from it.`,
  },
  within: {
    zh: (horizon: string, waiting: string) =>
      `断点后 ${horizon} 内开户才算，只计观察期已满的申请；另有 ${waiting} 份未满。`,
    en: (horizon: string, waiting: string) =>
      `Opened within ${horizon} of the stall, of those whose ${horizon} are over; ${waiting} more are not there yet.`,
  },
  immediate: { zh: "到此刻为止（含观察期未满者）", en: "So far, everybody" },
  immediateAbout: {
    zh: "刚卡住的申请此处都算“未开户”，所以完成率会随时间上升。仅供提前了解，不用于下结论。",
    en: "Who got stuck a moment ago counts as not opened here, so the shares still rise. A glance ahead, and no verdict.",
  },
  againstControl: { zh: "与不触达的对照组相比", en: "Against no outreach" },
  arm: { zh: "实验组", en: "Arm" },
  n: { zh: "样本", en: "n" },
  opened: { zh: "已开户", en: "Opened" },
  completion: { zh: "完成率", en: "Completion" },
  interval: { zh: "95% 区间", en: "95% interval" },
  resumed: { zh: "恢复办理", en: "Resumed" },
  reached: { zh: "及时联系上", en: "Reached in time" },
  byPerson: { zh: "由人联系上", en: "By a person" },
  stillOpen: { zh: "结果未知", en: "Outcome awaited" },
  toReach: { zh: "联系上用时中位数（联系上的）", en: "Median to reach, of those reached" },
  toResume: { zh: "恢复用时中位数（恢复的）", en: "Median to resume, of those who did" },
  sampleRatio: { zh: "分组比例检查", en: "Sample ratio" },
  ratioFine: {
    zh: (p: string) => `各组人数与设定比例相符（p = ${p}）`,
    en: (p: string) => `The arms are as large as they should be (p = ${p})`,
  },
  ratioAlarm: {
    zh: (p: string) => `各组人数明显偏离设定比例（p = ${p}），分组可能有误`,
    en: (p: string) => `The arms are far from their shares (p = ${p}); the assignment may be wrong`,
  },
  ratioNone: { zh: "还没有样本", en: "nobody assigned yet" },
  expected: { zh: "应有", en: "Expected" },
  observed: { zh: "实有", en: "Observed" },
  asOf: { zh: "截至", en: "As of" },
  versionOf: { zh: (n: number) => `第 ${n} 版`, en: (n: number) => `version ${n}` },
  versions: { zh: "历次设定", en: "Versions" },
  pause: { zh: "暂停实验", en: "Pause" },
  resume: { zh: "恢复实验", en: "Resume" },
  pauseTitle: { zh: "暂停这个实验？", en: "Pause this experiment?" },
  resumeTitle: { zh: "恢复这个实验？", en: "Resume this experiment?" },
  pauseAbout: {
    zh: (arm: string) => `新卡住的客户不再分组，一律按“${arm}”处理；已分组的不变。`,
    en: (arm: string) =>
      `Whoever gets stuck from now on is treated as “${arm}” and not assigned. Those assigned stay.`,
  },
  resumeAbout: {
    zh: "新卡住的客户重新开始随机分组。",
    en: "Whoever gets stuck from now on is assigned again.",
  },
  reason: { zh: "事由（记入审计）", en: "Reason (kept in the audit trail)" },
  changed: { zh: "已更改", en: "Changed" },
  definition: { zh: "如何计算", en: "How it is counted" },
});

export const arms = dictionary({
  control: { zh: "不触达", en: "No outreach" },
  message: { zh: "仅消息", en: "Message only" },
  person: { zh: "先由人联系", en: "A person first" },
});

export const experimentStates = dictionary({
  running: { zh: "进行中", en: "Running" },
  paused: { zh: "已暂停", en: "Paused" },
  ended: { zh: "已结束", en: "Ended" },
});

export const refusals = dictionary({
  "no-consent": { zh: "未同意", en: "no consent" },
  "quiet-hours": { zh: "免打扰", en: "quiet hours" },
  "no-trading-day": { zh: "非交易日", en: "no trading day" },
  "cap-day": { zh: "当日上限", en: "daily cap" },
  "cap-week": { zh: "每周上限", en: "weekly cap" },
  duplicate: { zh: "重复", en: "duplicate" },
  "no-template": { zh: "无可用模板", en: "no template" },
  "no-phone": { zh: "无手机号", en: "no phone" },
  wording: { zh: "禁用语", en: "wording" },
});

export const quarantineReasons = dictionary({
  json: { zh: "非 JSON", en: "not JSON" },
  shape: { zh: "结构不对", en: "wrong shape" },
  nobody: { zh: "无客户标识", en: "names nobody" },
  type: { zh: "类型未知", en: "unknown type" },
  size: { zh: "过大", en: "too large" },
  name: { zh: "事件名不对", en: "event name" },
  "message-id": { zh: "消息编号", en: "message id" },
  untrusted: { zh: "来源无权", en: "untrusted source" },
  nesting: { zh: "嵌套过深", en: "nesting" },
  unwritable: { zh: "无法写入", en: "unwritable" },
});
