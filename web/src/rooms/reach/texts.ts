import { dictionary } from "../../language";

export const texts = dictionary({
  goOnTitle: { zh: "继续开户", en: "Go on with your application" },
  goOnWhat: { zh: "请在证券 App 中继续", en: "Go on in the firm's app" },
  goOnAdvice: {
    zh: "用开始办理时的手机打开 App，进入“开户”，会回到您停下的那一步，已填的内容都在。",
    en: "Open the app on the phone you began with and choose account opening: it leads to the step where you stopped, with all you filled in.",
  },
  goOnDemo: { zh: "打开演示手机", en: "Open the demo phone" },
  deliveriesTitle: { zh: "发出去的消息到了吗？", en: "Did our messages arrive?" },
  deliveriesAbout: {
    zh: "每条消息发出前都已核对授权、免打扰、频次与模板审批。断点页能看到没有发出的以及原因。",
    en: "Consent, quiet hours, caps and the template's approval were asked before each left. Stalls show what was not sent, and why.",
  },
  views: { zh: "视图", en: "Views" },
  messages: { zh: "消息", en: "Messages" },
  stalls: { zh: "断点处置", en: "Stalls" },
  state: { zh: "状态", en: "State" },
  channel: { zh: "渠道", en: "Channel" },
  customer: { zh: "客户", en: "Customer" },
  message: { zh: "内容", en: "Message" },
  template: { zh: "模板", en: "Template" },
  step: { zh: "卡住步骤", en: "Stuck at" },
  arm: { zh: "实验组", en: "Arm" },
  created: { zh: "生成", en: "Made" },
  sent: { zh: "发出", en: "Sent" },
  delivered: { zh: "送达", en: "Arrived" },
  failed: { zh: "失败", en: "Failed" },
  attempts: { zh: "尝试次数", en: "Tries" },
  reason: { zh: "原因", en: "Reason" },
  to: { zh: "发往", en: "To" },
  link: { zh: "链接", en: "Link" },
  opening: { zh: "开户申请", en: "Application" },
  branch: { zh: "营业部", en: "Branch" },
  occasion: { zh: "触发时机", en: "Occasion" },
  purpose: { zh: "用途", en: "Purpose" },
  version: { zh: (n: number) => `第 ${n} 版`, en: (n: number) => `version ${n}` },
  delivery: { zh: "消息详情", en: "Message" },
  stall: { zh: "断点详情", en: "Stall" },
  asSent: { zh: "客户看到的内容", en: "As the customer sees it" },
  deliveriesEmpty: { zh: "还没有发过消息", en: "No message has gone out yet" },
  deliveriesEmptyAdvice: {
    zh: "客户开户卡住、又没有人及时领取时，会用已审批的模板发出提醒。",
    en: "When somebody is stuck and nobody takes him in time, a message goes out from an approved template.",
  },
  seeTemplates: { zh: "看消息模板", en: "See the templates" },
  noneFit: { zh: "没有符合条件的记录", en: "Nothing fits these filters" },
  stallsEmpty: { zh: "还没有人卡在开户途中", en: "Nobody has got stuck yet" },
  stuckAt: { zh: "卡住", en: "Stuck" },
  due: { zh: "将于", en: "Due" },
  settled: { zh: "了结", en: "Settled" },

  templatesTitle: { zh: "可以对客户发哪些话？", en: "What may we write to customers?" },
  templatesAbout: {
    zh: "只有经他人复核、且在有效期内的模板才会发出。撰写时即时提示禁用语。",
    en: "Only templates a second person approved, within their time, are ever sent. Forbidden phrases show as you write.",
  },
  newTemplate: { zh: "新建模板", en: "New template" },
  name: { zh: "名称", en: "Name" },
  title: { zh: "标题", en: "Title" },
  body: { zh: "正文", en: "Text" },
  language: { zh: "语言", en: "Language" },
  chinese: { zh: "中文", en: "Chinese" },
  english: { zh: "英语", en: "English" },
  status: { zh: "审批", en: "Approval" },
  validTo: { zh: "有效期至", en: "Valid until" },
  validFrom: { zh: "生效", en: "Valid from" },
  everyStep: { zh: "所有步骤", en: "every step" },
  templatesEmpty: { zh: "还没有模板", en: "No templates yet" },
  templatesEmptyAdvice: {
    zh: "先写一个草稿，再提交他人复核。",
    en: "Write a draft, then hand it to a second person.",
  },
  templateTitle: { zh: "消息模板", en: "Template" },
  author: { zh: "撰写", en: "Author" },
  approver: { zh: "复核", en: "Approved by" },
  supplied: { zh: "产品自带", en: "supplied with the product" },
  submitted: { zh: "提交", en: "Submitted" },
  decided: { zh: "复核时间", en: "Decided" },
  comment: { zh: "复核意见", en: "Comment" },
  submit: { zh: "提交复核", en: "Submit" },
  withdraw: { zh: "撤回", en: "Withdraw" },
  edit: { zh: "修改", en: "Edit" },
  editNext: { zh: "修改为新版本", en: "Edit as a new version" },
  submittedNow: { zh: "已提交，等待他人复核", en: "Submitted; a second person decides" },
  withdrawn: { zh: "已撤回为草稿", en: "Withdrawn; it is a draft again" },
  saveDraft: { zh: "保存草稿", en: "Save the draft" },
  saved: { zh: "草稿已保存", en: "The draft is saved" },
  cancel: { zh: "取消", en: "Cancel" },
  versions: { zh: "历史版本", en: "Versions" },
  nameHelp: {
    zh: "小写字母、数字、点、横线；同名即下一版",
    en: "Lower case, digits, dots, dashes; a known name makes its next version",
  },
  bodyHelp: {
    zh: "必须含 {link}（回到原步骤的链接），可用 {step}（步骤名）",
    en: "Must hold {link}, which leads back to the step; may hold {step}, its name",
  },
  insert: { zh: (what: string) => `插入 ${what}`, en: (what: string) => `Insert ${what}` },
  preview: { zh: "预览", en: "Preview" },
  letters: {
    zh: (n: number, parts: number) => `${n} 字，短信约 ${parts} 条`,
    en: (n: number, parts: number) =>
      `${n} letters, about ${parts} text ${parts === 1 ? "message" : "messages"}`,
  },
  required: { zh: "必填", en: "Fill this in" },
  missingLink: { zh: "正文须含 {link}", en: "The text must hold {link}" },
  badName: { zh: "只能用小写字母、数字、点和横线", en: "Use lower case, digits, dots and dashes" },
  endsBefore: { zh: "失效须晚于生效", en: "The end must come after the beginning" },
  expiresSoon: { zh: "即将到期", en: "Expires soon" },
  sampleStep: { zh: "身份证上传", en: "ID upload" },
});

export const deliveryStates = dictionary({
  queued: { zh: "排队", en: "Queued" },
  sending: { zh: "发送中", en: "Sending" },
  sent: { zh: "已发出", en: "Sent" },
  delivered: { zh: "已送达", en: "Arrived" },
  failed: { zh: "失败", en: "Failed" },
  refused: { zh: "未发（合规拦截）", en: "Held back" },
});

export const momentStates = dictionary({
  held: { zh: "对照组，不触达", en: "Control, not contacted" },
  waiting: { zh: "等待客户经理领取", en: "Waits for an advisor" },
  due: { zh: "即将发送", en: "About to be sent" },
  deferred: { zh: "免打扰，顺延", en: "Put off, quiet hours" },
  taken: { zh: "客户经理已领取", en: "Taken by an advisor" },
  resumed: { zh: "客户自己继续了", en: "Resumed by himself" },
  refused: { zh: "未发（合规拦截）", en: "Held back" },
  messaged: { zh: "已发消息", en: "Messaged" },
});

export const arms = dictionary({
  control: { zh: "对照组", en: "Control" },
  message: { zh: "仅消息", en: "Message only" },
  person: { zh: "先由人联系", en: "Person first" },
});

export const occasions = dictionary({
  "opening-stuck": { zh: "开户卡住", en: "Stuck opening" },
  "opening-returned": { zh: "开户被驳回", en: "Sent back" },
});

export const templateStates = dictionary({
  draft: { zh: "草稿", en: "Draft" },
  submitted: { zh: "待复核", en: "Waits for approval" },
  approved: { zh: "已批准", en: "Approved" },
  rejected: { zh: "未通过", en: "Rejected" },
  expired: { zh: "已过期", en: "Expired" },
});

export const refusals = dictionary({
  "no-consent": { zh: "客户未同意该渠道", en: "No consent for this channel" },
  "quiet-hours": { zh: "免打扰时段", en: "Quiet hours" },
  "no-trading-day": { zh: "非交易日", en: "Not a trading day" },
  "cap-day": { zh: "当日触达已达上限", en: "Daily cap reached" },
  "cap-week": { zh: "近七天触达已达上限", en: "Weekly cap reached" },
  duplicate: { zh: "同一时刻已发过", en: "Sent for this moment already" },
  "no-template": { zh: "没有可用的已审批模板", en: "No approved template" },
  "no-phone": { zh: "没有手机号", en: "No phone number" },
  wording: { zh: "含禁用语", en: "Forbidden wording" },
});
