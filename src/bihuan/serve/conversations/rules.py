"""What staff may not write where a customer must answer by himself. Pure.

At the risk questionnaire, the agreements and the online call-back staff explain the screens, never the answers:
supplying answers is punished (domain: conduct rules of account opening).
"""

import re
import unicodedata
from collections.abc import Collection

_OPTION = (
    r"(?:[A-Ha-h](?![A-Za-z])|[①-⑧]|[甲乙丙丁戊]|第[一二三四五六1-6](?:个|项|条|种)?|[1-6](?:号|项)"
    r"|(?:最后|最前|上面|下面|中间|前面|后面)(?:那|的|一)*(?:个|项))"
)
_PICK = r"(?:选择?|勾选?|点选?|填|答|打勾|应该是|答案[是为:]?|就是)"

_ZH = (
    rf"第?\s*[一二三四五六七八九十0-9]+\s*(?:题|道)[^。;!?]{{0,8}}?(?:{_PICK}\s*)?[A-Ha-h①-⑧](?![A-Za-z])",
    rf"{_PICK}\s*(?:了|上|成|的是|为|是|[:])?\s*{_OPTION}",
    rf"(?:都|全部?|一律|统统)\s*{_PICK}\s*(?:是|否|能|不能|可以|同意|{_OPTION})",
    r"答案\s*(?:是|为|[:])\s*\S",
    r"[0-9]+\s*[:.、)]\s*[A-H](?![A-Za-z])",
    r"(?:(?<![A-Za-z])[A-H](?![A-Za-z])[,、\s]*){4,}",
    r"(?-i:(?<![A-Za-z])[A-H]{5,}(?![A-Za-z]))",
    rf"(?:回答|就说|就答|回复|{_PICK})\s*[\"“'「]?"
    r"(?:是的?|否|不是|没有|有|(?:是|都)?(?:知道|清楚|了解|本人|自愿|能承受|不能承受)的?)(?=$|[^\w]|就|就行)",
    r"(?:收入|资产|经验|年限|损失|亏损|金额)[^。;!?]{0,8}(?:选|填|写|勾)(?:高|大|多|长|低|小|少|短|到|最)",
    r"(?:选|填|写)\s*(?:高一点|低一点|最高|最低|激进|保守|稳健|积极|谨慎|进取)",
    r"(?:这样|才能|就能|可以)[^。;!?]{0,6}(?:评到|评为|测到|测成|拿到|达到|变成)\s*C?[1-5一二三四五]?",
)
_EN = (
    r"\b(?:choose|pick|select|tick|click|check|put|mark|enter|answer|go with|say)\s+(?:on\s+)?(?:the\s+)?"
    r"(?:answer\s+|option\s+|box\s+|number\s+|letter\s+)?[\"'(]?[a-h1-6]\b",
    r"\b(?:choose|pick|select|tick|click|check|go with)\s+(?:the\s+)?(?:first|second|third|fourth|fifth|last|top|bottom"
    r"|middle|highest|lowest|aggressive|conservative|balanced|moderate)\b",
    r"\b(?:question|q)\s*#?\s*[0-9]+\s*(?:is|should be|:|-|=|,)?\s*(?:answer\s*)?[\"'(]?[a-h]\b",
    r"\b(?:the\s+)?(?:right|correct)?\s*answers?\s+(?:is|are|to\s+\S+\s+is|should be)\b",
    r"\b(?:just\s+)?(?:answer|say|reply|choose|select|tick|pick)\s+[\"']?(?:yes|no|agree|all)\b",
    r"\b[0-9]+\s*[:.)=-]\s*[a-h]\b",
    r"\bto\s+(?:get|reach|be rated)\s+(?:a\s+)?c[1-5]\b",
)
_PATTERNS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (*_ZH, *_EN))


def plain(text: str) -> str:
    """The text as patterns read it: full-width forms folded, invisible characters and repeated blanks gone."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", " ", "".join(c for c in folded if unicodedata.category(c) != "Cf")).strip()


def supplied_answer(text: str) -> str | None:
    """The words that give an answer away, or None.

    >>> supplied_answer("第3题选B就行")
    '第3题选B'
    >>> supplied_answer("please choose answer C")
    'choose answer C'
    >>> supplied_answer("这一页是风险测评,请按您的真实情况回答。") is None
    True
    """
    seen = plain(text)
    for pattern in _PATTERNS:
        found = pattern.search(seen)
        if found:
            return found.group(0).strip()
    return None


def refused_phrase(text: str, step: str | None, hidden_steps: Collection[str]) -> str | None:
    """What staff may not say to an applicant who stands at `step`; None when they may."""
    return supplied_answer(text) if step in hidden_steps else None
