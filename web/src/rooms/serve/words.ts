import { dictionary } from "../../language";

/** Words for the codes that the server sends. */

export const channels = dictionary({
  advertisement: { zh: "广告投放", en: "Advertisement" },
  search: { zh: "搜索", en: "Search" },
  social: { zh: "社交媒体", en: "Social media" },
  referral: { zh: "客户推荐", en: "Referral" },
  staff_qr: { zh: "员工二维码", en: "Staff QR code" },
  branch: { zh: "营业部现场", en: "Branch" },
});

/** Why an attempt at a step failed, or a review sent it back. */
export const reasons = dictionary({
  code_not_received: { zh: "收不到验证码", en: "no code received" },
  no_permission: { zh: "未授权权限", en: "permission missing" },
  client_already: { zh: "已是本公司客户", en: "a customer already" },
  blurred: { zh: "证件照片模糊", en: "ID photo blurred" },
  expired: { zh: "证件已过期", en: "ID card expired" },
  no_id_at_hand: { zh: "身边没有证件", en: "no ID at hand" },
  under_age: { zh: "未满 18 岁", en: "under 18" },
  over_age: { zh: "超过线上开户年龄", en: "above the age for remote opening" },
  light: { zh: "光线不足", en: "too dark" },
  glasses: { zh: "请摘下眼镜", en: "glasses on" },
  camera_permission: { zh: "摄像头未授权", en: "no camera permission" },
  card_not_class_one: { zh: "不是一类银行卡", en: "not a class I card" },
  bank_message: { zh: "银行返回错误", en: "refused by the bank" },
  other_broker_bound: { zh: "银行卡已绑其他券商", en: "card bound to another broker" },
  bank_maintenance: { zh: "银行系统维护", en: "bank under maintenance" },
  weak_password: { zh: "密码过于简单", en: "password too simple" },
  network: { zh: "网络中断", en: "network lost" },
  queue: { zh: "排队太久", en: "queue too long" },
  id_unclear: { zh: "证件照片不清晰", en: "ID photo unclear" },
  video_unclear: { zh: "视频不清晰", en: "video unclear" },
  profile_unclear: { zh: "个人资料需补充", en: "personal data incomplete" },
  face_unclear: { zh: "人脸照片不清晰", en: "face photo unclear" },
  bank_unclear: { zh: "银行信息不符", en: "bank data do not match" },
});

export const outcomes = dictionary({
  resumed: { zh: "已继续办理", en: "Went on" },
  no_answer: { zh: "未接通", en: "No answer" },
  not_interested: { zh: "暂不想开户", en: "Not interested" },
  needs_branch: { zh: "需到营业部办理", en: "Has to come to the branch" },
  ineligible: { zh: "不符合开户条件", en: "May not open one" },
  other: { zh: "其他", en: "Other" },
  late: { zh: "开户后才联系", en: "Opened before" },
  abandoned: { zh: "已放弃", en: "Given up" },
});
export const chosenOutcomes = [
  "resumed",
  "no_answer",
  "not_interested",
  "needs_branch",
  "ineligible",
  "other",
] as const;

export const openingStates = dictionary({
  under_way: { zh: "开户中", en: "Under way" },
  sent_back: { zh: "被退回", en: "Sent back" },
  submitted: { zh: "审核中", en: "In review" },
  opened: { zh: "已开户", en: "Opened" },
  abandoned: { zh: "已放弃", en: "Given up" },
  ineligible: { zh: "不符合条件", en: "Not eligible" },
});

export const contactRefusals = dictionary({
  "no-consent": { zh: "客户没有同意这种联系方式", en: "he has not consented to this channel" },
  "quiet-hours": { zh: "现在是免打扰时段", en: "these are quiet hours" },
  "no-trading-day": { zh: "今天不是交易日", en: "today is no trading day" },
  "cap-day": { zh: "今天已联系过足够多次", en: "he has been contacted often enough today" },
  "cap-week": { zh: "本周已联系过足够多次", en: "he has been contacted often enough this week" },
  duplicate: { zh: "刚刚已经联系过", en: "he was contacted a moment ago" },
});

export const enquiryStates = dictionary({
  bot: { zh: "助手已答复", en: "Answered by the assistant" },
  waiting: { zh: "等待抢单", en: "Waiting" },
  callback_owed: { zh: "欠回电", en: "Call-back owed" },
  claimed: { zh: "进行中", en: "Under way" },
  closed: { zh: "已结束", en: "Closed" },
});

export const closings = dictionary({
  answered: { zh: "已解答", en: "Answered" },
  no_reply: { zh: "客户未再回复", en: "No reply" },
  called_back: { zh: "已回电", en: "Called back" },
  withdrawn: { zh: "客户撤回", en: "Withdrawn" },
  idle: { zh: "长时间无回复", en: "Idle" },
});
export const chosenClosings = ["answered", "no_reply", "called_back"] as const;

export const topics = dictionary({
  opening: { zh: "开户", en: "Account opening" },
  other: { zh: "其他", en: "Other" },
  advice: { zh: "投资建议", en: "Advice" },
  complaint: { zh: "投诉", en: "Complaint" },
  person: { zh: "要找人", en: "Asks for a person" },
  personal: { zh: "个人账户", en: "Own account" },
  below_threshold: { zh: "没有相近的条目", en: "nothing near enough" },
  found: { zh: "有相近的条目", en: "found" },
  commission: { zh: "佣金", en: "Commission" },
  fees: { zh: "税费", en: "Fees and taxes" },
  opening_fee: { zh: "开户费用", en: "Cost of opening" },
  opening_steps: { zh: "开户步骤", en: "Opening steps" },
  verification_code: { zh: "验证码", en: "Verification code" },
  phone_changed: { zh: "更换手机号", en: "New phone number" },
  id_upload: { zh: "证件上传", en: "ID upload" },
  face_check: { zh: "人脸识别", en: "Face check" },
  risk_questionnaire: { zh: "风险测评", en: "Risk questionnaire" },
  bank_binding: { zh: "绑定银行卡", en: "Bank binding" },
  transfer_in: { zh: "转入资金", en: "Money in" },
  transfer_out: { zh: "转出资金", en: "Money out" },
  ipo_payment: { zh: "中签缴款", en: "Paying for lots" },
  ipo_subscribe: { zh: "新股申购", en: "New shares" },
  forgotten_password: { zh: "忘记密码", en: "Forgotten password" },
  password_rules: { zh: "密码规则", en: "Password rules" },
  account_number: { zh: "资金账号", en: "Account number" },
  video_witness: { zh: "视频见证", en: "Video witness" },
  callback_questions: { zh: "开户回访", en: "Follow-up questions" },
  review_time: { zh: "审核时间", en: "Time of review" },
  age: { zh: "年龄要求", en: "Age" },
  several_accounts: { zh: "多账户", en: "Several accounts" },
  hours: { zh: "交易时间", en: "Trading hours" },
  service_hours: { zh: "服务时间", en: "Service hours" },
  permissions: { zh: "权限开通", en: "Permissions" },
  cancel_account: { zh: "销户", en: "Closing an account" },
  order_types: { zh: "委托方式", en: "Order types" },
});
