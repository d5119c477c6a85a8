import { dictionary } from "../../language";

/** Why an attempt at a step failed, or a review sent it back, as the applicant reads it. */
export const reasons = dictionary({
  code_not_received: { zh: "收不到验证码", en: "no code received" },
  blurred: { zh: "照片模糊", en: "the photo is blurred" },
  expired: { zh: "证件已过期", en: "the ID card has expired" },
  light: { zh: "光线不足", en: "it is too dark" },
  glasses: { zh: "请摘下眼镜", en: "please take off your glasses" },
  card_not_class_one: { zh: "不是一类银行卡", en: "the card is no class I card" },
  other_broker_bound: { zh: "银行卡已绑其他券商", en: "the card is bound to another broker" },
  bank_maintenance: { zh: "银行系统维护", en: "the bank is under maintenance" },
  weak_password: { zh: "密码过于简单", en: "the password is too simple" },
  network: { zh: "网络中断", en: "the connection broke" },
  id_unclear: { zh: "证件照片不清晰", en: "the ID photo is unclear" },
  video_unclear: { zh: "视频不清晰", en: "the video is unclear" },
});
