import { dictionary } from "./dictionary";

/** The families of tags, as src/bihuan/understand/tags/catalogue names them. */
export const tagFamilies = dictionary({
  identity: { zh: "身份与背景", en: "Identity and background" },
  suitability: { zh: "适当性与合规", en: "Suitability and compliance" },
  assets: { zh: "资产状况", en: "Assets" },
  flows: { zh: "资金流向", en: "Fund flows" },
  trading: { zh: "交易行为", en: "Trading behaviour" },
  result: { zh: "收益特征", en: "Results" },
  value: { zh: "价值与阶段", en: "Value and stage" },
  digital: { zh: "数字行为与服务", en: "Digital behaviour and service" },
});

/** Who may see a tag, and for what it may be used. */
export const sensitivities = dictionary({
  open: { zh: "公开", en: "Open" },
  personal: { zh: "个人信息", en: "Personal" },
  restricted: { zh: "受限", en: "Restricted" },
  aml: { zh: "反洗钱专用", en: "AML only" },
});

/** Values that the catalogue of tags leaves to the firm's data. */
export const tagValueWords = dictionary({
  staff_qr: { zh: "员工二维码", en: "Staff QR code" },
  search: { zh: "搜索", en: "Search" },
  branch: { zh: "营业部", en: "Branch" },
  advertisement: { zh: "广告投放", en: "Advertisement" },
  referral: { zh: "客户推荐", en: "Referral" },
  social: { zh: "社交媒体", en: "Social media" },
});

/** What a holding is. */
export const holdingKinds = dictionary({
  share: { zh: "股票", en: "Share" },
  cash_management: { zh: "现金管理", en: "Cash management" },
  fund: { zh: "基金", en: "Fund" },
  bond: { zh: "债券", en: "Bond" },
  structured_note: { zh: "收益凭证", en: "Structured note" },
  private_plan: { zh: "私募", en: "Private plan" },
  repo: { zh: "逆回购", en: "Repo" },
});
