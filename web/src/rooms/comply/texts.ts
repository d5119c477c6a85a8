import { dictionary } from "../../language";

export const texts = dictionary({
  deskTitle: { zh: "这位客户可以推荐这个产品吗？", en: "May this product be offered to this customer?" },
  deskAbout: {
    zh: "与系统推荐时用的是同一道适当性关口：C1–C5 对 R1–R5，测评过期或信息不全一律不推荐。",
    en: "The very gate the system uses: C1–C5 against R1–R5. An expired assessment or an unknown counts as no.",
  },
  waits: { zh: "待我处理", en: "What waits for me" },
  pendingApprovals: { zh: "待复核", en: "Approvals waiting" },
  expiring: { zh: "30 天内到期的模板", en: "Templates that end within 30 days" },
  heldBack: { zh: "最近被拦截的触达", en: "Messages held back lately" },
  openDisputes: { zh: "待裁定的争议", en: "Disputes open" },
  atLeast: { zh: (n: string) => `${n}+`, en: (n: string) => `${n}+` },
  customer: { zh: "客户", en: "Customer" },
  findCustomer: { zh: "完整客户号、手机或姓名", en: "Whole number, phone or name" },
  product: { zh: "产品", en: "Product" },
  fromCatalogue: { zh: "从货架选择", en: "From the catalogue" },
  byHand: { zh: "手工描述产品", en: "Describe a product" },
  noneFound: { zh: "没有找到，须完整输入", en: "Nobody found; write it whole" },
  searching: { zh: "正在查找…", en: "Looking…" },
  typeMore: { zh: "输入后查找", en: "Type to search" },
  risk: { zh: "风险等级", en: "Risk" },
  term: { zh: "期限", en: "Term" },
  kind: { zh: "投资品种", en: "Kind" },
  goal: { zh: "投资目标", en: "Goal" },
  permission: { zh: "所需权限", en: "Permission" },
  none: { zh: "不需要", en: "none" },
  qualified: { zh: "仅合格投资者", en: "Qualified investors only" },
  unknown: { zh: "未知", en: "unknown" },
  chooseFirst: { zh: "先选客户，再选产品", en: "Choose a customer and a product" },
  chooseAdvice: {
    zh: "结果会写明每一条不符的理由，可直接向客户解释。",
    en: "The answer names every reason, in words that can be said to the customer.",
  },
  may: { zh: "可以主动推荐", en: "May be offered unasked" },
  mayAsked: {
    zh: "客户主动提出时可以办理，不得主动推荐",
    en: "Only when the customer asks; never offered unasked",
  },
  mayNot: { zh: "不得推荐，也不得销售", en: "May be neither offered nor sold" },
  because: { zh: "理由", en: "Because" },
  careful: { zh: "须提示", en: "Say so" },
  gateKnows: { zh: "关口所知", en: "What the gate knows" },
  level: { zh: "风险等级", en: "Risk level" },
  noLevel: { zh: "未测评", en: "Not assessed" },
  assessment: { zh: "测评", en: "Assessment" },
  validUntil: { zh: "有效期至", en: "Valid until" },
  lowest: { zh: "最低风险承受类别", en: "Lowest category" },
  terms: { zh: "可接受期限", en: "Term" },
  kinds: { zh: "可接受品种", en: "Kinds" },
  goals: { zh: "目标", en: "Goals" },
  investorClass: { zh: "投资者类别", en: "Investor class" },
  permissions: { zh: "已开权限", en: "Permissions" },
  yes: { zh: "是", en: "Yes" },
  no: { zh: "否", en: "No" },
  joiner: { zh: "、", en: ", " },

  policyTitle: {
    zh: "合规参数设成了多少，依据是什么？",
    en: "Which numbers did compliance set, and on whose word?",
  },
  policyAbout: {
    zh: "免打扰、触达上限、测评有效期等参数，每项都注明依据。修改即时生效并记入审计。",
    en: "Quiet hours, caps, the life of an assessment: each with its source. A change counts at once and is audited.",
  },
  groupRisk: { zh: "风险测评", en: "Assessments" },
  groupQuiet: { zh: "免打扰", en: "Quiet hours" },
  groupCap: { zh: "触达上限", en: "Caps on contacts" },
  groupConsent: { zh: "授权", en: "Consent" },
  value: { zh: "取值", en: "Value" },
  source: { zh: "依据", en: "Source" },
  changedBy: { zh: "修改", en: "Changed" },
  never: { zh: "从未修改", en: "never changed" },
  change: { zh: "修改", en: "Change" },
  changeTitle: { zh: (what: string) => `修改：${what}`, en: (what: string) => `Change: ${what}` },
  sourceLabel: { zh: "依据（法规条款、会议纪要等）", en: "Source (rule, minutes of a meeting)" },
  save: { zh: "保存", en: "Save" },
  cancel: { zh: "取消", en: "Cancel" },
  changed: { zh: "已修改，立即生效", en: "Changed; it counts from now on" },
  daysUnit: { zh: (n: string) => `${n} 天`, en: (n: string) => `${n} days` },
  timesUnit: { zh: (n: string) => `${n} 次`, en: (n: string) => (n === "1" ? "1 contact" : `${n} contacts`) },
  fromRisk: { zh: (n: string) => `R${n} 及以上`, en: (n: string) => `R${n} and above` },
  on: { zh: "是", en: "yes" },
  off: { zh: "否", en: "no" },

  wordingTitle: { zh: "哪些话不能对客户说？", en: "What must not be said to customers?" },
  wordingAbout: {
    zh: "模板、知识与对话在发出前都会核对。繁简、全半角、拆字与插符号的写法一并识别。",
    en: "Templates, knowledge and conversations are checked before they leave. Variants of writing are recognised.",
  },
  tryTitle: { zh: "试一试", en: "Try a text" },
  tryLabel: { zh: "要检查的文字", en: "Text to check" },
  trySample: {
    zh: "本产品稳赚不赔，现在不买就晚了。",
    en: "A sure win, guaranteed return. Buy before it is too late.",
  },
  addPhrase: { zh: "新增用语", en: "Add a phrase" },
  phrase: { zh: "用语", en: "Phrase" },
  severity: { zh: "处置", en: "Severity" },
  category: { zh: "类别", en: "Category" },
  context: { zh: "场景", en: "Where" },
  unless: { zh: "例外（含该词但不算）", en: "Except within" },
  why: { zh: "理由", en: "Reason" },
  whyEn: { zh: "理由（英文）", en: "Reason in English" },
  state: { zh: "状态", en: "State" },
  watched: { zh: "监测中", en: "Watched" },
  notWatched: { zh: "已停用", en: "Off" },
  stopWatching: { zh: "停用", en: "Stop watching" },
  watchAgain: { zh: "恢复监测", en: "Watch again" },
  phrasesEmpty: { zh: "没有符合条件的用语", en: "No phrase fits these filters" },
  phraseTitle: { zh: "用语", en: "Phrase" },
  newPhrase: { zh: "新增用语", en: "New phrase" },
  required: { zh: "必填", en: "Fill this in" },
  add: { zh: "新增", en: "Add" },
  added: { zh: "已开始监测", en: "It is watched from now on" },
  unlessHelp: { zh: "回车添加，如“无风险利率”", en: "Enter adds one, such as “risk free rate”" },
});

export const policyNames = dictionary({
  "risk.valid_for_days": { zh: "测评有效期", en: "An assessment is valid for" },
  "risk.longest_days": { zh: "测评最长有效期", en: "At the longest" },
  "risk.high_risk_from": { zh: "高风险产品起点", en: "High risk begins at" },
  "quiet.start": { zh: "免打扰开始", en: "Quiet from" },
  "quiet.end": { zh: "免打扰结束", en: "Quiet until" },
  "quiet.channels": { zh: "适用渠道", en: "On these channels" },
  "quiet.purposes": { zh: "适用用途", en: "For these purposes" },
  "quiet.marketing_on_trading_days_only": { zh: "营销仅限交易日", en: "Marketing on trading days only" },
  "cap.day.marketing": { zh: "营销，每日", en: "Marketing, a day" },
  "cap.week.marketing": { zh: "营销，每七天", en: "Marketing, seven days" },
  "cap.day.service": { zh: "服务，每日", en: "Service, a day" },
  "cap.week.service": { zh: "服务，每七天", en: "Service, seven days" },
  "consent.personalisation": { zh: "默认允许个性化推荐", en: "Personalised unless refused" },
});

/** On whose word the values stand that the product comes with; a change brings its own. */
export const policySources = dictionary({
  "risk.valid_for_days": {
    zh: "行业通行做法；2010 年规定要求至少每两年一次。",
    en: "Common practice; the rule of 2010 asks for at least every two years.",
  },
  "risk.longest_days": {
    zh: "证监会 2010 年规定：至少每两年重新测评。",
    en: "CSRC rule of 2010: assessed again at least every two years.",
  },
  "risk.high_risk_from": {
    zh: "《适当性管理办法》第 20 条：高风险产品须特别注意，R5。",
    en: "Suitability Measures art. 20: high-risk products need extra care; R5.",
  },
  "quiet.start": {
    zh: "产品默认：晚上九点后不打扰。",
    en: "Bihuan's default: no noise after nine in the evening.",
  },
  "quiet.end": {
    zh: "产品默认：早上八点前不打扰。",
    en: "Bihuan's default: no noise before eight in the morning.",
  },
  "quiet.channels": {
    zh: "会响铃的渠道；站内信等客户自己打开。",
    en: "Channels that make a noise; the inbox waits to be opened.",
  },
  "quiet.purposes": {
    zh: "产品默认：任何用途都不吵醒客户。",
    en: "Bihuan's default: nobody is woken for any purpose.",
  },
  "quiet.marketing_on_trading_days_only": {
    zh: "公司可以规定周末和节假日不营销。",
    en: "A firm may keep marketing off weekends and holidays.",
  },
  "cap.day.marketing": {
    zh: "产品默认：每天各渠道合计的营销联系上限。",
    en: "Bihuan's default: contacts a day, over all channels, beyond which no more is sold.",
  },
  "cap.week.marketing": { zh: "产品默认，按七天合计。", en: "Bihuan's default, over seven days." },
  "cap.day.service": {
    zh: "产品默认：每天各渠道、各用途合计的联系上限。",
    en: "Bihuan's default: contacts a day, over all channels and purposes.",
  },
  "cap.week.service": { zh: "产品默认，按七天合计。", en: "Bihuan's default, over seven days." },
  "consent.personalisation": {
    zh: "《个人信息保护法》第 24 条：可随时拒绝个性化，一键即可。",
    en: "PIPL art. 24: personalised unless refused; refusing is one tap.",
  },
});

export const severities = dictionary({
  block: { zh: "不得使用", en: "Never" },
  ask: { zh: "须他人确认", en: "A second person agrees" },
  warn: { zh: "提示撰写者", en: "Its author is told" },
});

export const categories = dictionary({
  promise: { zh: "承诺收益", en: "Promises" },
  inside: { zh: "内部消息", en: "Inside information" },
  lure: { zh: "诱导", en: "Lures" },
  pressure: { zh: "催促施压", en: "Pressure" },
  advice: { zh: "投资建议", en: "Advice" },
  answers: { zh: "代答问卷", en: "Answers to the questionnaire" },
});

export const contexts = dictionary({
  any: { zh: "任何场景", en: "Anywhere" },
  questionnaire: { zh: "问卷与协议", en: "Questionnaire and agreements" },
});
