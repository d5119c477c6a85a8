import { dictionary } from "../../../language";

export const texts = dictionary({
  tour: { zh: "导览", en: "Tour" },
  name: { zh: "演示导览", en: "Tour of the demo" },
  about: {
    zh: "五分钟看闭环转一圈。每一步都是真的：打勾的依据是系统发布的事实。",
    en: "The loop in five minutes. All of it is real: a step is ticked off by what the product publishes.",
  },
  seats: { zh: "演示账号，一键进入", en: "Demo accounts, one click" },
  fold: { zh: "收起", en: "Fold" },
  unfold: { zh: "展开导览", en: "Unfold the tour" },
  end: { zh: "结束导览", en: "End the tour" },
  again: { zh: "重来一次", en: "Once more" },
  next: { zh: "下一个故事", en: "Next story" },
  play: { zh: "让它发生", en: "Let it happen" },
  playRest: { zh: "让客户走完", en: "Let him finish" },
  waiting: { zh: "等系统作出反应…", en: "The product is at it…" },
  go: { zh: "去看", en: "Show me" },
  goAs: { zh: (name: string) => `以 ${name} 的身份前往`, en: (name: string) => `Go there as ${name}` },
  inNewWindow: { zh: "在新窗口打开", en: "In a new window" },
  seen: { zh: "看到了", en: "Seen" },
  ended: { zh: "这个故事讲完了。", en: "This story has ended." },
  isDone: { zh: "已完成", en: "done" },
  isOn: { zh: "现在", en: "now" },
  missing: {
    zh: "没有模拟客户，这个故事讲不了。",
    en: "Without simulated customers this story cannot be told.",
  },
});
