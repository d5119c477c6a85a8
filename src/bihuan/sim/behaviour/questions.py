"""What people ask, in many wordings, and what is said back to them.

Three kinds: common questions that approved knowledge can answer, personal ones that need a person, and prohibited
ones (advice on what to buy) that only a registered advisor may take up with a customer who signed for it.
Everyday wordings of Chinese retail investors, written for this simulator; nobody's question is copied.
"""

from dataclasses import dataclass

import numpy as np

COMMON, PERSONAL, PROHIBITED = "common", "personal", "prohibited"


@dataclass(frozen=True)
class Topic:
    """One subject: how often existing customers raise it, how it is put, and what an advisor answers."""

    code: str
    kind: str
    weight: float
    zh: tuple[str, ...]
    en: tuple[str, ...]
    answer_zh: str
    answer_en: str


T = Topic
TOPICS: tuple[Topic, ...] = (
    T("commission", COMMON, 12,
      ("佣金多少", "你们手续费怎么收", "股票佣金是万几", "开户佣金是多少", "买卖一次要多少钱手续费", "佣金率能看到吗",
       "交易费用有哪些"),
      ("What is the commission?", "How much are the trading fees?"),
      "佣金率在App“我的-费用”里可以看到，另有印花税和过户费，按交易所公布的标准收取。",
      "You can see your rate under Me - Fees; stamp duty and transfer fee come on top as published."),
    T("sms_code", COMMON, 7,
      ("收不到验证码", "验证码一直没来", "短信验证码收不到怎么办", "点了获取验证码没反应", "手机收不到你们的短信"),
      ("I never get the verification code", "No SMS code arrives"),
      "请先看看是否被手机拦截，或者换到信号好的地方一分钟后再点一次获取。也可以选语音验证码。",
      "Please check the blocked messages, wait a minute and request it again, or choose the voice code."),
    T("transfer_money", COMMON, 12,
      ("转不进钱", "银证转账失败", "银行卡的钱转不到证券账户",
       "为什么入金不成功", "转账提示失败", "资金转入一直处理中"),
      ("I cannot transfer money in", "My bank transfer failed"),
      "银证转账在交易日9:00-16:00可用。请确认银行卡是一类户，并在银行侧完成签约。",
      "Transfers work on trading days from 9:00 to 16:00; the card must be a class I account bound at the bank."),
    T("ipo_pay", COMMON, 9,
      ("中签缴款", "新股中签了什么时候交钱", "中签后怎么缴款", "中签缴款截止几点", "打新中了钱不够怎么办"),
      ("I won an IPO lot, when do I pay?", "IPO payment deadline?"),
      "中签日16:00前账户里留足可用资金即可，系统自动扣款；不足的部分视为放弃。",
      "Keep enough cash in the account by 16:00 on the allotment day; it is debited automatically."),
    T("password", COMMON, 11,
      ("忘记密码", "交易密码忘了怎么重置", "登录密码不记得了", "密码输错被锁了", "资金密码怎么改"),
      ("I forgot my password", "How do I reset the trading password?"),
      "在登录页点“忘记密码”，用身份证和人脸验证后可以自己重置。",
      "Tap Forgot password on the sign-in page; you can reset it with your ID and a face check."),
    T("trading_hours", COMMON, 5,
      ("几点开盘", "今天交易时间是几点到几点", "中午能交易吗", "节假日休市吗"),
      ("What are the trading hours?", "Is the market open today?"),
      "交易日9:30-11:30、13:00-15:00连续竞价，9:15-9:25集合竞价。",
      "Continuous trading runs 9:30-11:30 and 13:00-15:00 on trading days, the auction 9:15-9:25."),
    T("risk_test", COMMON, 6,
      ("风险测评过期了怎么办", "怎么重新做风险测评", "测评在哪里做", "为什么买基金要我做测评"),
      ("My risk assessment has expired", "Where is the risk questionnaire?"),
      "在“我的-风险测评”可以重新填写，请按自己的真实情况选。",
      "You can retake it under Me - Risk assessment; please answer for your own situation."),
    T("withdraw", COMMON, 7,
      ("卖了股票钱什么时候能取", "怎么把钱转到银行卡", "资金可用不可取是什么意思", "取现要几天"),
      ("When can I withdraw after selling?", "How do I move cash to my bank card?"),
      "当日卖出的资金当日可用，下一个交易日可取。",
      "Money from a sale can be used the same day and withdrawn on the next trading day."),
    T("board", COMMON, 5,
      ("科创板怎么开通", "创业板权限要什么条件", "港股通怎么开", "北交所开通条件"),
      ("How do I get STAR market permission?", "What does Stock Connect require?"),
      "在“业务办理-权限开通”里会列出条件和您目前是否满足。",
      "Services - Permissions lists the conditions and whether you meet them now."),
    T("id_photo", COMMON, 2,
      ("身份证拍了几次都不通过", "证件照片总是模糊", "身份证上传失败", "身份证快过期了能开户吗"),
      ("My ID photo is rejected", "The ID upload keeps failing"),
      "请把证件放在深色桌面上，避开反光，四个角都拍进去。过期的证件需要先换领。",
      "Put the card on a dark table without glare, all four corners visible. An expired card must be renewed first."),
    T("face", COMMON, 1,
      ("人脸识别通不过", "摄像头打不开", "刷脸一直失败"),
      ("The face check fails", "The camera does not start"),
      "请在设置里允许使用相机，光线均匀，摘下眼镜再试。",
      "Please allow the camera in the settings, find even light, take off your glasses and try again."),
    T("bank_bind", COMMON, 3,
      ("绑定银行卡失败", "三方存管签约不上", "银行卡提示不是一类卡", "说我已经绑了别的券商怎么办"),
      ("Binding the bank card fails", "The bank says another broker is bound"),
      "请换一张一类卡，或在银行App里先解除原来的存管签约。银行夜间维护时请稍后再试。",
      "Use a class I card, or release the earlier binding in the bank's app; at night banks may be in maintenance."),
    T("video", COMMON, 2,
      ("视频见证要等多久", "视频排队好久", "视频见证断了怎么办", "视频几点可以做"),
      ("How long is the video queue?", "The video call dropped"),
      "视频见证在交易时间办理，断线后点“继续”会优先接入。请用稳定的网络，在安静的地方进行。",
      "Video witnessing runs in trading hours; after a break tap Continue and you go to the front of the queue."),
    T("opening_form", COMMON, 2,
      ("资料要填这么多吗", "职业这栏怎么填", "税收居民身份选什么", "协议太长了要都看吗"),
      ("What do I put as occupation?", "Why so many fields?"),
      "带星号的是监管要求必填的，请按实际情况填写，我可以告诉您每一栏在问什么。",
      "Fields with a star are required by law; please fill them in truthfully, I can tell you what each one asks."),
    T("questionnaire", COMMON, 1,
      ("问卷的题看不懂", "风险问卷应该怎么选", "测评结果太低怎么办", "第五题选什么能买股票"),
      ("Which answer do I pick in the questionnaire?", "I do not understand question five"),
      "我可以解释页面怎么操作、词是什么意思，但每一题都要您按自己的情况选，我不能提示答案。",
      "I can explain the page and what the words mean, but each answer must be your own; I may not suggest any."),
    T("review", COMMON, 2,
      ("审核要多久", "开户提交了什么时候有结果", "为什么被退回"),
      ("How long is the review?", "Why was my application sent back?"),
      "一般几分钟到几个小时，退回的话App里会写明哪一步要补。",
      "Usually minutes to a few hours; if one step comes back the app says which."),
    T("fee_change", PERSONAL, 6,
      ("我的佣金能不能调低一点", "别家给我的费率更优惠，你们能调吗", "老客户佣金可以商量吗"),
      ("Can you lower my commission?",),
      "我先看一下您现在的费率，调整要走审批，我帮您提交并跟进。",
      "Let me look at your present rate; a change needs approval, I will file it and follow up."),
    T("account_state", PERSONAL, 5,
      ("我的账户为什么被限制了", "身份证更新了怎么还是显示过期", "名字里有生僻字开不了户", "手机号换了怎么改"),
      ("Why is my account restricted?", "I changed my phone number, how do I update it?"),
      "我核对一下您账户的状态，请稍等，需要补的材料我列给您。",
      "I am checking the state of your account; I will list what is needed."),
    T("complaint", PERSONAL, 3,
      ("昨天下单一直失败，我要投诉", "客服电话打了三次没人接", "你们系统卡了导致我没卖掉，谁负责"),
      ("I want to complain about a failed order",),
      "很抱歉给您带来不便，我已经记录，会请主管今天内给您回电。",
      "I am sorry for the trouble; I have recorded it and a supervisor will call you today."),
    T("my_advisor", PERSONAL, 5,
      ("帮我找一下我的客户经理", "我想和真人说话", "转人工", "能给我打个电话吗"),
      ("I want to talk to a person", "Please connect me to my advisor"),
      "我就是营业部的工作人员，您请说。",
      "I work at your branch, please go ahead."),
    T("maturity", PERSONAL, 5,
      ("我那个收益凭证快到期了怎么办", "理财到期后钱去哪了", "到期了可以续吗"),
      ("My note matures soon, what happens then?",),
      "到期资金当天回到账户，续不续由您决定，我把到期日和金额发给您核对。",
      "The money returns to your account on the day; whether to renew is up to you."),
    T("estate", PERSONAL, 1,
      ("家人过世了账户怎么继承", "离婚股票怎么过户"),
      ("How is an account inherited?",),
      "请节哀。这类业务要到营业部办理，我把需要的文件清单发给您。",
      "My condolences. This is done at the branch; I will send you the list of documents."),
    T("which_stock", PROHIBITED, 5,
      ("推荐一只股票", "现在买哪只好", "明天大盘会涨吗", "手里的股票要不要割肉", "安信食品能买吗", "有没有内幕消息"),
      ("Which stock should I buy?", "Will the market rise tomorrow?"),
      "具体买卖建议只能由投资顾问向签约客户提供，我可以把公开的公告和研究资料发给您参考。",
      "Advice on what to buy is given by registered advisors to signed clients only; I can send you public material."),
)  # fmt: skip
BY_CODE = {topic.code: topic for topic in TOPICS}

# What somebody who is stuck for a reason asks about, where it is not the general form question.
ABOUT_REASON = {
    "code_not_received": "sms_code",
    "fee_question": "commission",
    "transfer_in": "account_state",
    "which_branch": "my_advisor",
    "blurred": "id_photo",
    "no_id_at_hand": "id_photo",
    "expired": "id_photo",
    "too_many_fields": "opening_form",
    "light": "face",
    "glasses": "face",
    "camera_permission": "face",
    "level_too_low": "questionnaire",
    "unsure_of_question": "questionnaire",
    "too_long": "opening_form",
    "card_not_class_one": "bank_bind",
    "bank_message": "bank_bind",
    "other_broker_bound": "bank_bind",
    "bank_maintenance": "bank_bind",
    "weak_password": "password",
    "queue": "video",
    "network": "video",
    "no_quiet_place": "video",
    "client_already": "account_state",
    "under_age": "account_state",
    "over_age": "account_state",
}
_BEFORE_ZH = ("", "", "", "请问", "你好，", "在吗？", "麻烦问下，")
_AFTER_ZH = ("", "", "？", "？", "呢", "啊", "，急", "，谢谢")
_BEFORE_EN = ("", "", "Hi, ", "Hello. ")

STILL_STUCK_ZH = ("还是不行", "试了一遍没用", "没看懂，能再说一下吗", "转人工")
STILL_STUCK_EN = ("Still not working", "Could you explain again?", "A person please")
THANKS_ZH = ("好的谢谢", "明白了", "可以了，谢谢", "好，我试试")
THANKS_EN = ("Thank you", "Got it", "Works now, thanks")
# Said while calling or writing to somebody who is stuck: about the screen, never about the answers.
RESCUE_ZH = (
    "您好，我是营业部的客户经理，看到您的开户停在这一步，需要我帮您看看页面怎么操作吗？点下面的链接可以直接回到这一步。"
)
RESCUE_EN = "Hello, I am with your branch. I see your application stopped at this step; may I help with the page?"


@dataclass(frozen=True)
class Question:
    """One question as it is typed."""

    topic: Topic
    text: str
    english: bool


def topic_for(reason: str, rng: np.random.Generator) -> Topic:
    """What somebody stuck for this reason asks about; now and then something quite different."""
    if rng.random() < 0.08:
        return existing_topic(rng)
    return BY_CODE[ABOUT_REASON.get(reason, "opening_form")]


def existing_topic(rng: np.random.Generator) -> Topic:
    """What a customer raises, by weight."""
    weights = np.array([topic.weight for topic in TOPICS])
    return TOPICS[int(rng.choice(len(TOPICS), p=weights / weights.sum()))]


def phrase(topic: Topic, english: bool, rng: np.random.Generator) -> Question:
    """Put the question in one of its many wordings.

    >>> phrase(BY_CODE["commission"], False, np.random.default_rng(3)).english
    False
    """
    if english:
        text = str(rng.choice(_BEFORE_EN)) + str(rng.choice(topic.en))
        return Question(topic, text, True)
    text = str(rng.choice(topic.zh))
    return Question(topic, str(rng.choice(_BEFORE_ZH)) + text + str(rng.choice(_AFTER_ZH)), False)
