import type { Problem } from "../api";

/**
 * The server's refusals in Chinese, by code: what happened and what to do next. The server says it in English; a code
 * that is missing here is said as the server says it.
 */
const chinese: Readonly<Record<string, string>> = {
  "approval-decided": "这件事已经有人处理过了。",
  "approval-pending": "这件事已在等待复核，请先撤回原来的申请。",
  capacity: "您同时接待的人数已满，请先结束一位。",
  claimed: "有同事先一步接手了。",
  contacted: "您已联系过客户，请直接登记结果。",
  "dispute-decided": "这起争议已经裁定。",
  "disputed-before": "您的营业部已就这笔归属提出过争议，每笔只能提一次。",
  "enquiry-closed": "这段对话已经结束。",
  "enquiry-moved": "对话刚刚有变化，请重新发送。",
  "entry-reversed": "这笔归属已被冲回。",
  "experiment-version": "刚刚有人改过，请刷新后再改。",
  "held-out": "这位客户在对照组，不主动联系；客户来问时照常服务。",
  "item-exists": "这个代码已经存在，请修改原有的那一项。",
  "item-version": "刚刚有人改过，请刷新后再改。",
  "key-name": "另一类密钥已用了这个名称，请换一个。",
  "key-revoked": "这把密钥已经吊销。",
  "knowledge-not-approved": "只有已批准的条目可以停用。",
  "knowledge-advice": "智能应答不得给出买卖建议，请留给人来答。",
  "knowledge-dates": "截止日须晚于起始日。",
  licence: "客户问的是投资建议，只有登记的投资顾问可以回答。",
  "off-duty": "请选择在岗的同事。",
  "moved-on": "刚刚有变化，请再看一眼。",
  "not-taken": "请先接手这份申请。",
  "not-contacted": "请先联系客户，或把申请放回。",
  "not-held": "这段会话已不在原来的人手里，请再看一眼。",
  "not-asked": "客户还没有说过话，请直接结束会话。",
  "not-online": "请选择在线的同事。",
  "not-answered": "得到答复之后才能评价。",
  held: "这段会话本来就在他手里。",
  transfer: "同事和营业部只能选一个。",
  rescue: "这份申请没有卡住，或不在您的数据范围内。",
  elsewhere: "请在其他电脑上用演示启动时打印的密码登录。",
  clock: "产品时钟不能倒退。",
  assumption: "请从假设清单里选择。",
  phrase: "这个用语已在监测，或少于两个字。",
  poison: "这条事件已经处理过了。",
  quarantine: "这条消息已经处理过了。",
  taken: "已被占用或有人先一步，请换一个再试。",
  "template-name": "这个名称已用于其他场合、语言或渠道，请换一个。",
  "template-open": "这个名称还有一个未完成的版本，请先处理它。",
  "template-state": "模板状态刚刚变化，请刷新后再试。",
  "template-submitted": "正在等待复核，请先撤回。",
  "under-way": "上一次操作还在进行，请稍候。",
  "never-offered": "这个咨询没有派给您。",
  "not-author": "只有提出人可以撤回；您可以选择不予批准。",
  "not-owner": "只有接待的客户经理可以这样做。",
  "offer-ended": "派给您的时间已过。",
  origin: "请从本系统的页面操作。",
  "own-proposal": "须由提出人以外的人处理。",
  "own-roles": "不能修改自己的岗位、营业部或资格，请由另一位运营操作。",
  permission: "您的岗位不能这样做，请向总部运营申请。",
  scope: "不在您的数据范围内。",
  csrf: "登录已过期，请刷新页面后重试。",
  branch: "请选择一个营业部。",
  "unknown-place": "请选择存在的营业部和区域。",
  staff: "岗位组合不允许：见证审核岗不得兼任营销岗，客户经理须有营业部，区域经理须有区域。",
  request: "有内容不符合要求，请检查标出的字段。",
  text: "请去掉无法识别的字符。",
  value: "数字或日期超出范围。",
  window: "窗口期请写数字加单位，如 90m、24h、30d。",
  steps: "请选择 1 至 16 个步骤。",
  policy: "取值不在允许范围内。",
  "credit-entry": "没有这笔归属，或不在您的数据范围内。",
  final: "只有首次归属可以提争议；更正与协助不可以。",
  reversed: "这笔归属已被冲回，请看更正后的分录。",
  "not-a-loser": "只有主张落选的营业部可以提出争议。",
  "too-late": "这笔归属的争议期已过。",
  "own-branch": "裁判不得属于任何一方，请由区域经理或总部运营裁定。",
  "outside-scope": "须由同时负责双方营业部的人裁定，请交总部运营。",
  item: "货架内容不完整：产品须有 R1–R5 风险等级，并填写中英文名称；销售起止与年龄上下限须成立。",
  key: "密钥的类型与权限不匹配。",
  "experiment-arms": "各组比例须合计为 100%。",
  rulebook: "规则不完整：每类主张只能出现一次，并以就近营业部收尾。",
  "template-text": "正文的变量不对：只能用 {link} 和 {step}，且必须含 {link}。",
  database: "数据库暂时没有响应，请稍后重试。",
  archive: "分析引擎暂时没有响应，请稍后重试。",
  clickhouse: "分析引擎暂时没有响应，请稍后重试。",
};

/** A refusal in Chinese, or undefined where only the server's words will do. */
export function inChinese(problem: Pick<Problem, "code" | "body" | "detail">): string | undefined {
  const { code, body, detail } = problem;
  if (code === "wording") {
    const phrases = Array.isArray(body.phrases) ? body.phrases.map(String) : [];
    return phrases.length > 0
      ? `含有不得使用的说法：${phrases.join("、")}。请改写。`
      : "含有不得使用的说法，请改写。";
  }
  // What is wrong with a message is said in the words of its format, which engineers read.
  if (code === "still-wrong") return `仍不能通过：${detail}`;
  return Object.hasOwn(chinese, code) ? chinese[code] : undefined;
}
