import { dictionary } from "../../language";

export const texts = dictionary({
  title: { zh: "客户手里的 App", en: "The app in the customer's hand" },
  about: {
    zh: "换一位客户，App 就换一副样子：每个位置都由决策引擎现场决定，点 ⓘ 能看到理由。您在手机上做的每一步，员工页面都会实时看到。",
    en: "Another customer, another app: every place is decided live, and ⓘ tells the reasons. Whatever you do on a phone the staff pages show at once.",
  },
  off: { zh: "这里没有演示", en: "There is no demo here" },
  offAdvice: {
    zh: "只有用 make demo 启动的系统才有演示手机。",
    en: "Only a product started with `make demo` has the demo phone.",
  },
  staffPages: { zh: "员工工作台", en: "Staff pages" },
  person: { zh: "客户", en: "Customer" },
  twoPhones: { zh: "并排两部手机", en: "Two phones side by side" },
  clockSpeed: { zh: "演示时钟", en: "Demo clock" },
  times: { zh: (n: number) => `${n} 倍速`, en: (n: number) => `${n}×` },
  phoneOf: { zh: (who: string) => `${who}的手机`, en: (who: string) => `Phone: ${who}` },
  elder: { zh: "大字版", en: "Large type" },
  standard: { zh: "标准版", en: "Standard" },
  startOver: { zh: "换一位新客户", en: "Start as somebody new" },
  back: { zh: "返回", en: "Back" },
  close: { zh: "关闭", en: "Close" },

  // Tabs of the phone
  home: { zh: "首页", en: "Home" },
  holdings: { zh: "资产", en: "Assets" },
  opening: { zh: "开户", en: "Open" },
  inbox: { zh: "消息", en: "Inbox" },
  chat: { zh: "客服", en: "Help" },
  tabs: { zh: "App 导航", en: "App navigation" },
  unread: { zh: (n: number) => `${n} 条未读`, en: (n: number) => `${n} unread` },

  // Home
  hello: { zh: (name: string) => `您好，${name}`, en: (name: string) => `Hello, ${name}` },
  helloVisitor: { zh: "欢迎", en: "Welcome" },
  search: { zh: "搜索产品与功能", en: "Search products and functions" },
  why: { zh: "为什么看到这个", en: "Why do I see this?" },
  whyThese: { zh: "为什么是这些功能", en: "Why these functions" },
  whyTitle: { zh: "为什么给您看这个", en: "Why you see this" },
  personal: {
    zh: "依据您同意使用的信息现场决定。",
    en: "Decided just now, from the data you agreed to.",
  },
  notPersonal: {
    zh: "没有使用您的个人信息：所有未登录或未同意的客户看到的都一样。",
    en: "No personal data was used: everybody who has not agreed sees the same.",
  },
  byDefault: { zh: "默认内容：没有合适的可展示", en: "Default content: nothing fitted" },
  decision: { zh: "决策编号", en: "Decision" },
  decidedAt: { zh: "决定时间", en: "Decided at" },
  products: { zh: "适合您的产品", en: "Products that suit you" },
  reading: { zh: "资讯", en: "Reading" },
  openNow: { zh: "3 分钟开户", en: "Open an account" },
  openNowText: { zh: "准备好身份证和银行卡", en: "Have your ID and bank card at hand" },
  goOn: { zh: "继续开户", en: "Go on opening" },
  goOnText: { zh: (step: string) => `停在：${step}`, en: (step: string) => `You stopped at: ${step}` },
  callPerson: { zh: "找人帮忙", en: "Talk to a person" },
  callPersonText: { zh: "说出来，马上有人答复", en: "Ask, and somebody answers at once" },
  risk: {
    zh: (level: string) => `您的风险等级 ${level}`,
    en: (level: string) => `Your risk level: ${level}`,
  },
  riskNone: { zh: "尚未风险测评", en: "Risk not assessed" },
  riskExpired: { zh: "风险测评已过期", en: "Risk assessment expired" },
  lowest: { zh: "最低类别", en: "lowest category" },

  // Items and products
  term: { zh: (days: number) => `${days} 天`, en: (days: number) => `${days} days` },
  anyDay: { zh: "随时可赎回", en: "any day" },
  minimum: { zh: (yuan: string) => `${yuan} 起`, en: (yuan: string) => `from ${yuan}` },
  buy: { zh: "申购", en: "Buy" },
  orderTaken: { zh: "可以购买", en: "You may buy it" },
  orderTakenText: {
    zh: "适当性检查通过。演示到这里为止，不会真的下单。",
    en: "It suits you. The demo ends here: nothing is bought.",
  },
  orderWarned: { zh: "超出您的风险等级", en: "Above your risk level" },
  orderWarnedText: {
    zh: "系统不会主动推荐；您坚持购买时，须先阅读并签署特别风险警示书。",
    en: "It is never recommended to you. To go on you would first read and sign a special risk warning.",
  },
  orderRefused: { zh: "不能为您办理", en: "This cannot be sold to you" },
  orderRefusedText: {
    zh: "即使您主动要求，法规也不允许向最低类别的投资者销售更高风险的产品。",
    en: "Even at your own request the law forbids selling it to you.",
  },
  notHere: {
    zh: "这个功能属于券商自己的 App，演示里没有做出来；您点它的这一下已被记录，会影响之后看到的内容。",
    en: "This function is the firm's own and not part of the demo. That you touched it was tracked, and changes what you see next.",
  },
  searchEmpty: { zh: "没有找到", en: "Nothing found" },
  searchNote: {
    zh: "搜索是您自己的提问，所以不分是否适合都会列出；购买时再检查。",
    en: "A search is your own question, so everything is listed; suitability is checked when you buy.",
  },

  unknownItem: { zh: "没有这个内容", en: "There is no such item" },
  unknownItemText: {
    zh: "它可能已经下架。首页和搜索里是现在有的。",
    en: "It may have been withdrawn. The home page and the search show what there is.",
  },
  toHome: { zh: "回首页", en: "To the home page" },
  connectionLost: {
    zh: (since: string) => `连接已断开（${since}），正在重连；期间的消息会补上。`,
    en: (since: string) => `Connection lost at ${since}. It is tried again; what you miss will follow.`,
  },

  // Holdings
  total: { zh: "持仓市值", en: "Value of holdings" },
  asOf: { zh: (day: string) => `截至 ${day}`, en: (day: string) => `as of ${day}` },
  matures: { zh: (days: number) => `${days} 天后到期`, en: (days: number) => `matures in ${days} days` },
  maturesToday: { zh: "今天到期", en: "matures today" },
  matured: { zh: "已到期", en: "matured" },
  maturing: { zh: "即将到期", en: "Maturing soon" },
  maturingText: {
    zh: "到期后资金会回到账户。想继续理财，可以看看首页适合您的产品，或问问您的客户经理。",
    en: "The money returns to your account. The home page shows what suits you, or ask your advisor.",
  },
  askAdvisor: { zh: "问客户经理", en: "Ask my advisor" },
  noHoldings: { zh: "还没有持仓", en: "You hold nothing yet" },
  myAdvisor: { zh: "我的客户经理", en: "My advisor" },
  registration: {
    zh: (number: string) => `执业编号 ${number}`,
    en: (number: string) => `Registration ${number}`,
  },
  unregistered: { zh: "客户服务人员", en: "Client service" },

  // Inbox
  noMessages: { zh: "没有消息", en: "No messages" },
  noMessagesText: { zh: "服务通知会出现在这里。", en: "Service messages appear here." },
  goToStep: { zh: "回到这一步", en: "Back to this step" },

  // Chat
  chatHello: {
    zh: "您好，有什么可以帮您？常见问题我马上回答，其余的请同事来答。",
    en: "Hello, how can I help? I answer common questions at once and ask a colleague for the rest.",
  },
  chatField: { zh: "输入问题", en: "Your question" },
  send: { zh: "发送", en: "Send" },
  assistant: { zh: "智能助手", en: "Assistant" },
  askPerson: { zh: "转人工", en: "Ask a person" },
  searching: { zh: "正在为您寻找同事…", en: "Looking for a colleague…" },
  owed: {
    zh: "同事都在忙。我们记下了您的问题，会尽快回电。",
    en: "Everybody is busy. Your question is noted and you will be called back.",
  },
  served: { zh: (name: string) => `${name} 为您服务`, en: (name: string) => `${name} is with you` },
  ended: {
    zh: "会话已结束，再次留言会重新开始。",
    en: "The conversation has ended. A new message opens it again.",
  },
  endChat: { zh: "结束会话", en: "End" },
  rate: { zh: "请评价这次服务", en: "How was it?" },
  rated: { zh: "谢谢您的评价", en: "Thank you" },
  wroteYou: { zh: (name: string) => `${name} 给您发来消息`, en: (name: string) => `${name} wrote to you` },
  common: { zh: "大家常问", en: "Often asked" },
  question1: { zh: "佣金多少？", en: "How much is the commission?" },
  question2: { zh: "收不到验证码怎么办？", en: "I never get the verification code" },
  question3: { zh: "协议太长了，都要看吗？", en: "Do I have to read all the agreements?" },
});
