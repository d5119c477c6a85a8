"""Which items fill a slot for whom, and why: pure, so that a decision can be replayed from what it was made of.

Score = interest * I + popularity * P + editors * E, with the weights of the ranking in force: I is how much the
customer cares for the item's topics (1 for the one he cares for most), P how often it is clicked (1 for the most
clicked), E the editors' weight. Equal scores are ordered by code. Whatever offers something passes the suitability
gate as an unasked offer; where the gate is in doubt it says no.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bihuan.comply.facade import Investor, Reason, match
from bihuan.decide.catalogue.rules import Item, Slot
from bihuan.kit.time import EXCHANGE

REASONS: Mapping[str, Reason] = MappingProxyType(
    {
        code: Reason(code, zh, en)
        for code, zh, en in (
            # why not
            ("inactive", "已停用", "It has been switched off"),
            ("other-kind", "该位置不展示此类内容", "The slot does not show this kind of item"),
            ("other-topic", "与该位置的主题不符", "The slot is about other topics"),
            ("not-on-sale", "不在销售期内", "It is not on sale at this time"),
            ("not-personalised", "未使用个人信息，因此不推荐产品", "No personal data is used, so nothing is offered"),
            ("shown-elsewhere", "同一页面已展示", "It is shown elsewhere on the same page"),
            ("outranked", "排序靠后", "Others ranked higher"),
            # why
            ("suits", "符合您的风险承受能力、期限、品种和目标", "It suits your risk level, term, kinds and goals"),
            ("interest", "与您近期关注的内容相关", "It is about what you looked at lately"),
            ("step", "与您正在办理的步骤有关", "It is about the step you are at"),
            ("popular", "近期关注的人较多", "Many looked at it lately"),
            ("editors", "编辑推荐", "Our editors picked it"),
            ("default", "默认内容，不依据个人信息", "Shown by default, without regard to the person"),
        )
    }
)


@dataclass(frozen=True)
class Ranking:
    """The weights of the score, as of one version."""

    version: int
    interest: float
    popularity: float
    editors: float


@dataclass(frozen=True)
class Known:
    """All that a decision depended on besides the catalogue. `interests` are shares, 1 for the strongest topic.

    `asked_topics` is what the page is about (the step somebody is at), told by the app with the call. `degraded` says
    that the customer's data could not be read: he was treated as unknown.
    """

    decided_at: datetime
    investor: Investor | None = None
    personalised: bool = False
    high_risk_from: int = 5
    interests: Mapping[str, float] = field(default_factory=dict)
    asked_topics: Collection[str] = ()
    degraded: bool = False


@dataclass(frozen=True)
class Fate:
    """What became of one candidate: `rules` say why it fell, none of them for an eligible one."""

    item: Item
    rules: tuple[Reason, ...] = ()
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()

    @property
    def eligible(self) -> bool:
        """Whether it may be shown."""
        return not self.rules


@dataclass(frozen=True)
class Answer:
    """How a slot was filled. `fell` counts candidates by the first rule that felled them; `fates` holds all."""

    slot: Slot
    winners: tuple[Fate, ...]
    by_default: bool
    fell: Mapping[str, int]
    fates: tuple[Fate, ...]


def refusals(items: Sequence[Item], known: Known) -> dict[str, tuple[Reason, ...]]:
    """Why the suitability gate refuses each item that offers something; what it lets through is not among them."""
    today = known.decided_at.astimezone(EXCHANGE).date()
    investor = known.investor or Investor()
    verdicts = {i.code: match(investor, i.product(), today, known.high_risk_from) for i in items if i.offers}
    return {code: verdict.reasons for code, verdict in verdicts.items() if not verdict.proactive_allowed}


def fate(
    item: Item,
    slot: Slot,
    known: Known,
    refused: Mapping[str, tuple[Reason, ...]],
    popularity: Mapping[str, float],
    ranking: Ranking,
) -> Fate:
    """Whether an item may be shown in a slot to this customer, and how it scores if so."""
    rules = _fell_by(item, slot, known) or refused.get(item.code, ())
    if rules:
        return Fate(item, rules)
    interest = max((known.interests.get(topic, 0.0) for topic in item.topics), default=0.0) * known.personalised
    asked = bool(set(item.topics) & set(known.asked_topics))
    popular = popularity.get(item.code, 0.0)
    score = ranking.interest * max(interest, asked) + ranking.popularity * popular + ranking.editors * item.weight
    codes = [
        *(["suits"] if item.offers else []),
        *(["step"] if asked else []),
        *(["interest"] if interest > 0 else []),
        *(["popular"] if popular >= 0.5 else []),
    ]
    return Fate(item, (), round(score, 9), tuple(REASONS[code] for code in codes or ["editors"]))


def _fell_by(item: Item, slot: Slot, known: Known) -> tuple[Reason, ...]:
    checks = (
        ("inactive", not item.active),
        ("other-kind", item.kind not in slot.kinds),
        ("other-topic", bool(slot.topics) and not set(item.topics) & set(slot.topics)),
        ("not-on-sale", not item.on_sale(known.decided_at)),
        ("not-personalised", item.offers and not known.personalised),
    )
    return tuple(REASONS[code] for code, fell in checks if fell)


def fill(
    slots: Sequence[Slot], items: Sequence[Item], known: Known, popularity: Mapping[str, float], ranking: Ranking
) -> list[Answer]:
    """Fill slots in the order asked. What one slot shows, the next does not show again, functions excepted."""
    refused, shown = refusals(items, known), set[str]()
    answers = []
    for slot in slots:
        fates = [fate(item, slot, known, refused, popularity, ranking) for item in items]
        fates = [_elsewhere(one, shown) for one in fates]
        answer = _chosen(slot, fates, items)
        shown |= {one.item.code for one in answer.winners if one.item.kind != "function"}
        answers.append(answer)
    return answers


def _elsewhere(one: Fate, shown: Collection[str]) -> Fate:
    return Fate(one.item, (REASONS["shown-elsewhere"],)) if one.eligible and one.item.code in shown else one


def _chosen(slot: Slot, fates: Sequence[Fate], items: Sequence[Item]) -> Answer:
    ranked = sorted((one for one in fates if one.eligible), key=lambda one: (-one.score, one.item.code))
    winners, rest = ranked[: slot.capacity], ranked[slot.capacity :]
    fell = Counter(one.rules[0].code for one in fates if not one.eligible)
    if rest:
        fell["outranked"] = len(rest)
    if winners:
        return Answer(slot, tuple(winners), False, dict(sorted(fell.items())), tuple(fates))
    fallback = [item for item in items if item.code == slot.default_item and item.active and not item.offers]
    default = tuple(Fate(item, (), 0.0, (REASONS["default"],)) for item in fallback)
    return Answer(slot, default, True, dict(sorted(fell.items())), tuple(fates))
