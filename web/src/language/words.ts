import { dictionary } from "./dictionary";

/** Words that several rooms use for the codes of the server. */

/** What a customer may be contacted or known for. */
export const purposes = dictionary({
  marketing: { zh: "营销", en: "Marketing" },
  personalisation: { zh: "个性化推荐", en: "Personalisation" },
  service: { zh: "服务通知", en: "Service" },
});

export const contactChannels = dictionary({
  all: { zh: "全部渠道", en: "All channels" },
  sms: { zh: "短信", en: "Text message" },
  inbox: { zh: "站内信", en: "Inbox" },
  push: { zh: "推送", en: "Push" },
  call: { zh: "电话", en: "Call" },
  chat: { zh: "在线聊天", en: "Chat" },
});

/** Suitability: assessments, terms, kinds, goals, trading permissions. */
export const suitabilityWords = dictionary({
  valid: { zh: "有效", en: "Valid" },
  expiring: { zh: "即将过期", en: "Expires soon" },
  expired: { zh: "已过期", en: "Expired" },
  none: { zh: "未测评", en: "Not assessed" },
  assessed: { zh: "客户测评", en: "By questionnaire" },
  predicted: { zh: "模型预估", en: "Predicted" },
  ordinary: { zh: "普通投资者", en: "Ordinary" },
  professional: { zh: "专业投资者", en: "Professional" },
  short: { zh: "短期", en: "Short" },
  medium: { zh: "中期", en: "Medium" },
  long: { zh: "长期", en: "Long" },
  cash: { zh: "现金类", en: "Cash" },
  fixed_income: { zh: "固定收益类", en: "Fixed income" },
  mixed: { zh: "混合类", en: "Mixed" },
  equity: { zh: "权益类", en: "Equity" },
  derivatives: { zh: "衍生品类", en: "Derivatives" },
  other: { zh: "其他", en: "Other" },
  preserve: { zh: "保值", en: "Preserve" },
  income: { zh: "稳健收益", en: "Income" },
  growth: { zh: "增长", en: "Growth" },
  speculation: { zh: "高收益", en: "Speculation" },
  star: { zh: "科创板", en: "STAR Market" },
  chinext: { zh: "创业板", en: "ChiNext" },
  hk_connect: { zh: "港股通", en: "HK Connect" },
  bse: { zh: "北交所", en: "Beijing exchange" },
  neeq: { zh: "新三板", en: "NEEQ" },
  options: { zh: "期权", en: "Options" },
  margin: { zh: "融资融券", en: "Margin" },
});
