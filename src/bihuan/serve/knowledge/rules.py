"""What the bot must leave to people, and how near a question comes to approved knowledge. Pure.

Concrete buy, sell or timing advice is a registered investment advisor's to give (证券投资顾问业务暂行规定); the bot
answers rules, products and how-to only.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

ADVICE, COMPLAINT, PERSON, PERSONAL = "advice", "complaint", "person", "personal"

_ADVICE = (
    # 买/卖/持有 as a question about a decision, not about how the function works
    r"(?:能|可以|可不可以|该|应该|要不要|该不该|适合|值得|值不值得|现在|还能|还可以|建议|敢)(?:不能|不可以)?[^,。;!?]{0,6}(?:买入|卖出|加仓|减仓|补仓|清仓|建仓|抄底|追高|追涨|止损|止盈|割肉|上车|满仓|重仓|拿着|拿住|拿吗)",
    r"(?:加仓|减仓|补仓|清仓|建仓|抄底|追高|割肉|止损|上车)(?:吗|么|呢|吧|好|合适|时机|点位|了没)",
    r"(?:能|该|可以|应该|要不要|该不该|值得|适合|建议)(?:不能|不可以)?(?:再)?(?:买|卖|抛|跑|入手|持有)(?:吗|么|呢|吧|不|了|掉|点|哪|什么|这|那|些|\d|$|[^\w])",
    r"(?:买|卖|投|配置)(?:点|些)?(?:什么|哪)(?:个|只|支|些|种|类)?(?:股|票|基金|产品|板块|行业|理财|债|好|赚|合适)?",
    r"(?:哪|什么)(?:个|只|支|些|种)?(?:股票?|基金|板块|行业|理财|产品)(?:会|能|比较|值得|可以|最|好|涨|赚|有潜力|推荐)",
    r"(?:推荐|荐)(?:一|几|点|下|个|只|支|些)*[^,。;!?]{0,4}(?:股|票|基金|板块|产品|理财|标的|牛)",
    r"(?:股|票|基金|大盘|行情|后市|指数|板块|它|明天|下周|今天|年底)[^,。;!?]{0,8}(?:会|能|还)?(?:涨|跌|反弹|回调|走势|见底|见顶|怎么看|怎么走|如何看)(?!跌幅|停|幅|跌停)",
    r"(?:会不会|还会|能不能)(?:再)?(?:涨|跌)",
    r"目标价|牛股|黑马|涨停(?:股|板战)|内幕|内部消息|庄家|几个点能|保本|稳赚|翻倍",
    r"(?:\D|^)(?:60[0-9]|68[89]|00[0-3]|30[01]|8[3478][0-9]|92[0-9])\d{3}(?:\D|$)",
    r"(?:怎么|如何)看待?(?:茅台|宁德|比亚迪|平安|招商|格力|五粮液|中芯|新能源|半导体|白酒|医药|军工|券商股|银行股)",
    r"(?:茅台|宁德时代|比亚迪|五粮液|中芯国际|新能源|半导体|白酒|医药|军工)[^,。;!?]{0,8}(?:买|卖|涨|跌|拿|怎么样|怎么看|如何|行不行|好不好)",
    r"(?:什么时候|几时|何时|多少钱|什么价)(?:该|能|可以)?(?:买|卖|抛|出手)(?!不|了.*到账)",
)
_ADVICE_EN = (
    r"\b(?:should|shall|can|could|may|would)\s+(?:i|we|you)\s+(?:\w+\s+){0,3}(?:buy|sell|hold|short|dump|exit|invest\s+in|get\s+into|add\s+to|cut)\b(?!\s+(?:on|at|during|after|before)\s+(?:the\s+)?(?:weekends?|holidays?|hours|today))",
    r"\b(?:is|are)\s+(?:it|this|that|now|these|they|\w+)\s+(?:\w+\s+){0,4}(?:worth\s+(?:buying|it)|a\s+(?:good|bad|strong|safe)\s+(?:time|buy|stock|investment|moment|fund)|good\s+time|undervalued|overvalued|a\s+buy|a\s+sell)\b",
    r"\b(?:which|what)\s+(?:\w+\s+){0,2}(?:stocks?|shares?|funds?|sectors?|etfs?|products?)\s+(?:\w+\s+){0,3}(?:buy|sell|pick|choose|invest|best|good|rise|go\s+up|recommend|will)\b",
    r"\b(?:recommend|suggest|tip|tips|pick)\w*\b[^.?!]{0,25}\b(?:stocks?|shares?|funds?|investments?|sectors?|products?)\b",
    r"\b(?:stock|share)\s+(?:tips?|picks?)\b",
    r"\b(?:will|would|can|could)\s+(?:\w+\s+){1,4}(?:go\s+(?:up|down)|rise|fall|rally|crash|rebound|recover|double)\b",
    r"\b(?:target\s+price|price\s+target|price\s+forecast|inside\s+information|insider\s+tip|guaranteed\s+(?:profit|return)|bottom\s+fishing|market\s+outlook)\b",
    r"\bwhat\s+(?:should|shall|to|do)\s+(?:i\s+)?(?:buy|sell|invest)\b",
    r"\bwhat\s+(?:do|does|would)\s+you\s+(?:think|recommend|suggest)\b",
    r"\bwhere\s+(?:should|shall|to)\s+(?:i\s+)?(?:invest|put\s+my\s+money)\b",
)
_COMPLAINT = (
    r"投诉|举报|维权|骗|赔偿|律师|证监会|12386|曝光|欺诈|态度(?:太|很|真)?(?:差|恶劣)",
    r"\b(?:complain\w*|complaint|lawyer|sue|fraud|scam|compensat\w*|regulator|cheated)\b",
)
_PERSON = (
    r"转?人工(?!客服时间|客服几点|时间|智能)|真人|转(?:接)?(?:客服|顾问|人)|(?:找|叫|联系|要|跟)(?:个|一个|一位)?(?:人|顾问|客户经理|经理|客服)(?:说|聊|谈|帮|来|$)|活人|不要机器人",
    r"\b(?:human|real\s+person|an?\s+(?:person|agent|advisor|adviser|representative)|(?:speak|talk)\s+(?:to|with)\s+(?:some|a\b|an\b|my))|^\s*person\s*[.!]?\s*$",
)
_PERSONAL = (
    r"我的?(?:账户|账号|持仓|股票|基金|资金|钱|余额|订单|委托|佣金|费率|申请)[^,。;!?]{0,6}(?:还有|剩|为什么(?:少|没|不见|被)|少了|不见了|不对|被扣|被冻结|亏)",
    r"\bmy\s+(?:\w+\s+)?(?:balance|money|funds?|holdings?|shares?|order|application)\s+(?:is|are|was|were|has|have)\s+(?:\w+\s+)?(?:missing|gone|wrong|frozen|lost|disappeared|deducted)\b",
)


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_GATES = (
    (PERSON, _compiled(_PERSON)),
    (COMPLAINT, _compiled(_COMPLAINT)),
    (ADVICE, _compiled((*_ADVICE, *_ADVICE_EN))),
    (PERSONAL, _compiled(_PERSONAL)),
)


def plain(text: str) -> str:
    """The text as rules and search read it: folded, lower case, invisible characters gone, blanks single.

    >>> plain("  佣金\\u200b多少？ ")
    '佣金多少?'
    """
    folded = unicodedata.normalize("NFKC", text).replace("。", ".").casefold()
    kept = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", kept).strip()


# Questions about a rule of the market, which look like questions about a decision.
_RULE = _compiled(
    (
        r"(?:当天|当日|今天)(?:刚)?买(?:入|进)?的?(?:股票|票)?(?:当天|当日|今天)?(?:能|可以|可不可以|能不能)卖",
        r"(?:can|may)\s+(?:i|we)\s+(?:already\s+)?sell\s+[^.?!]{0,20}(?:bought|purchased|on)\s+(?:today|the\s+same\s+day)",
    )
)


def seeks_advice(text: str) -> bool:
    """Whether advice is asked for, whatever else is: it needs a registered advisor also beside a complaint.

    >>> seeks_advice("转人工，这只股票能买吗"), seeks_advice("佣金多少")
    (True, False)
    """
    return _gates_of(text)[ADVICE]


def left_to_people(text: str) -> str | None:
    """Why the bot must not answer: `advice`, `complaint`, `person` (was asked for) or `personal`; None when it may.

    >>> left_to_people("这只股票能买吗")
    'advice'
    >>> left_to_people("should I sell my shares now?")
    'advice'
    >>> left_to_people("佣金多少") is None
    True
    """
    return next((reason for reason, found in _gates_of(text).items() if found), None)


def _gates_of(text: str) -> dict[str, bool]:
    """Every reason to leave a question to people, the weightiest first, and whether it applies."""
    seen = plain(text)
    squeezed = re.sub(r"(?<=[一-鿿])[\s\W_]+(?=[一-鿿])", "", seen)
    found = {
        reason: any(pattern.search(seen) or pattern.search(squeezed) for pattern in patterns)
        for reason, patterns in _GATES
    }
    if any(pattern.fullmatch(seen.rstrip("?!. 吗么呢")) for pattern in _RULE):
        found[ADVICE] = False
    return found


def language_of(text: str) -> str:
    """The language to answer in: `zh` when there is any Chinese character, else `en`."""
    return "zh" if any("一" <= c <= "鿿" for c in text) else "en"


@dataclass(frozen=True)
class Hit:
    """A phrasing near a question; `score` is the cosine between them, 0 to 1."""

    entry_id: object
    phrasing: str
    score: float


def is_valid(valid_from: date | None, valid_to: date | None, today: date) -> bool:
    """Whether an entry may be used on this day; both ends belong to it."""
    return (valid_from is None or valid_from <= today) and (valid_to is None or today <= valid_to)


def best(hits: Sequence[Hit], threshold: float) -> Hit | None:
    """The hit that may be answered with: the nearest, if it is near enough.

    >>> best([Hit(1, "a", 0.4), Hit(2, "b", 0.7)], 0.5).entry_id
    2
    """
    top = max(hits, key=lambda hit: hit.score, default=None)
    return top if top is not None and top.score >= threshold else None
