"""The suitability gate: may this investor be offered this product.

《证券期货投资者适当性管理办法》 art. 18-22: an ordinary investor is offered nothing above his level, nor against the
term, kind and goal he named; of the lowest category he is refused it even when he asks; else, when he asks by
himself, he is warned in writing and may go on. What is not known counts against the offer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal
from uuid import UUID

TERMS = ("short", "medium", "long")
KINDS = ("cash", "fixed_income", "mixed", "equity", "derivatives", "other")
GOALS = ("preserve", "income", "growth", "speculation")
PERMISSIONS = ("star", "chinext", "hk_connect", "bse", "neeq", "options", "margin")
NO = frozenset({"false", "no", "n", "f", "0", "否", "不是"})  # how systems write that something is not so
EXPIRING = timedelta(days=30)  # before its end; customers are reminded from then on
MAJORITY = 18  # remote opening and every product here; a firm's own limits are the product's min_age


def term_of_days(days: int) -> str:
    """The term of a product by its days; 0 is one that can be sold any day.

    >>> term_of_days(0), term_of_days(365), term_of_days(366), term_of_days(2000)
    ('short', 'short', 'medium', 'long')
    """
    return "short" if days <= 365 else "medium" if days <= 1826 else "long"


def level_of(given: object) -> int | None:
    """A level or rating as systems write it; None for anything that is not one of the five.

    >>> level_of("C3"), level_of("r5"), level_of(2), level_of("4"), level_of("C9"), level_of(True)
    (3, 5, 2, 4, None, None)
    """
    text = given.strip().upper() if isinstance(given, str) else str(given)
    digits = text[1:] if text[:1] in ("C", "R") else text
    return int(digits) if digits in ("1", "2", "3", "4", "5") else None


def lowest_of(given: object) -> bool:
    """Whether a system says that a customer is of the lowest category. Only a plain no, or silence, means that he is
    not: what cannot be read counts against the offer.

    >>> lowest_of(None), lowest_of(False), lowest_of("no"), lowest_of("true"), lowest_of(1), lowest_of("perhaps")
    (False, False, False, True, True, True)
    """
    if isinstance(given, str):
        return given.strip().casefold() not in NO
    return given is not None and given != 0  # False is 0


@dataclass(frozen=True)
class Investor:
    """What is known of a customer. None and empty mean unknown; `level` is 1..5 for C1..C5.

    `term` is the longest he accepts, `kinds` and `goals` what he named in the questionnaire.
    """

    customer_id: UUID | None = None
    level: int | None = None
    lowest_category: bool = False
    source: str = "none"
    valid_until: date | None = None
    term: str | None = None
    kinds: frozenset[str] = frozenset()
    goals: frozenset[str] = frozenset()
    investor_class: str = "ordinary"
    protected: bool = False
    qualified: bool = False
    permissions: frozenset[str] = frozenset()
    birth_year: int | None = None

    def state(self, today: date) -> Literal["valid", "expiring", "expired", "none"]:
        """Where the assessment stands; a model's guess is none."""
        if self.source != "assessed" or self.valid_until is None:
            return "none"
        if self.valid_until < today:
            return "expired"
        return "expiring" if self.valid_until - today <= EXPIRING else "valid"


@dataclass(frozen=True)
class Product:
    """What is offered; `risk` is 1..5 for R1..R5, `term` short (under a year), medium (to five) or long."""

    risk: int | None
    term: str | None
    kind: str | None
    goal: str | None
    permission: str | None = None
    qualified_only: bool = False
    professional_only: bool = False
    min_age: int = MAJORITY
    max_age: int | None = None


@dataclass(frozen=True)
class Reason:
    """A stable code, and its sentence in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Verdict:
    """`allowed`: may go on when he asks by himself; `proactive_allowed`: may be offered unasked.

    `refusals` say why not at all, `warnings` why not unasked and what he must be told and sign first.
    """

    allowed: bool
    proactive_allowed: bool
    warnings: tuple[Reason, ...] = ()
    refusals: tuple[Reason, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All of them, the heaviest first."""
        return self.refusals + self.warnings


REASONS: Mapping[str, Reason] = MappingProxyType(
    {
        code: Reason(code, zh, en)
        for code, zh, en in (
            ("product-unrated", "产品没有风险等级", "The product has no risk rating"),
            ("permission-missing", "客户未开通所需权限", "The customer lacks the trading permission it needs"),
            ("not-qualified", "仅限合格投资者", "For qualified investors only"),
            ("not-professional", "仅限专业投资者", "For professional investors only"),
            ("too-young", "客户年龄不足或未知", "The customer is too young, or his age is not known"),
            ("never-assessed", "客户没有风险测评", "The customer has no risk assessment"),
            (
                "assessment-predicted",
                "风险等级为模型推测，不能作为依据",
                "The level is a model's guess, which is no ground",
            ),
            ("assessment-expired", "风险测评已过期", "The risk assessment has expired"),
            (
                "lowest-category",
                "最低风险类别客户不得购买高于R1的产品",
                "The lowest category may have nothing above R1",
            ),
            ("above-level", "产品风险高于客户承受能力", "The product is riskier than the customer's level"),
            ("term-mismatch", "产品期限长于客户可接受期限", "The product runs longer than the customer accepts"),
            ("term-unknown", "期限是否匹配未知", "Whether the term fits is not known"),
            ("kind-mismatch", "产品品种不在客户意向之内", "Not a kind of product the customer named"),
            ("kind-unknown", "品种是否匹配未知", "Whether the kind fits is not known"),
            ("goal-mismatch", "产品不符合客户投资目标", "The product does not serve the customer's goal"),
            ("goal-unknown", "投资目标是否匹配未知", "Whether the goal fits is not known"),
            (
                "too-old",
                "客户年龄超出产品适合范围或未知",
                "The customer is older than the product is meant for, or his age is not known",
            ),
            (
                "high-risk",
                "高风险产品：需追加了解信息、给予更多考虑时间并加强回访",
                "High risk: know more of him, give him more time, call back more often",
            ),
        )
    }
)

# These ask for more care, and alone do not forbid an offer.
CARE = frozenset({"high-risk"})


def match(investor: Investor, product: Product, today: date, high_risk_from: int = 5) -> Verdict:
    """The verdict on one product for one investor; `today` is the date on the exchange.

    >>> cautious = Investor(level=2, source="assessed", valid_until=date(2026, 12, 31), term="long",
    ...                     kinds=frozenset({"equity"}), goals=frozenset({"growth"}), birth_year=1980)
    >>> verdict = match(cautious, Product(risk=4, term="medium", kind="equity", goal="growth"), date(2026, 3, 10))
    >>> verdict.allowed, verdict.proactive_allowed, [reason.code for reason in verdict.warnings]
    (True, False, ['above-level'])
    """
    refusals = _hard(investor, product, today)
    warnings: list[str] = []
    if investor.investor_class != "professional" or investor.protected:
        refusals += _standing(investor, today) or _lowest(investor, product)
        warnings += _fit(investor, product)
        if product.risk is not None and product.risk >= high_risk_from:
            warnings.append("high-risk")
    warnings += _age_above(investor, product, today)
    return Verdict(
        allowed=not refusals,
        proactive_allowed=not refusals and not set(warnings) - CARE,
        warnings=tuple(REASONS[code] for code in warnings),
        refusals=tuple(REASONS[code] for code in refusals),
    )


def _hard(investor: Investor, product: Product, today: date) -> list[str]:
    """What no wish of the customer overcomes, whatever class he is of."""
    found = []
    if product.risk not in range(1, 6):
        found.append("product-unrated")
    if product.permission is not None and product.permission not in investor.permissions:
        found.append("permission-missing")
    if product.qualified_only and not investor.qualified:
        found.append("not-qualified")
    if product.professional_only and investor.investor_class != "professional":
        found.append("not-professional")
    # The birthday of this year may be still to come. Who could open an account is of age.
    age = MAJORITY if investor.birth_year is None else today.year - investor.birth_year - 1
    if age < product.min_age:
        found.append("too-young")
    return found


def _standing(investor: Investor, today: date) -> list[str]:
    """Whether there is an assessment to stand on."""
    if investor.level not in range(1, 6) or investor.source not in ("assessed", "predicted"):
        return ["never-assessed"]
    if investor.source == "predicted":
        return ["assessment-predicted"]
    if investor.valid_until is None or investor.valid_until < today:
        return ["assessment-expired"]
    return []


def _lowest(investor: Investor, product: Product) -> list[str]:
    return ["lowest-category"] if investor.lowest_category and (product.risk or 9) > 1 else []


def _fit(investor: Investor, product: Product) -> list[str]:
    """Risk, term, kind and goal: four verdicts, each silent when it fits."""
    found = []
    if product.risk is not None and product.risk > (investor.level or 0):
        found.append("above-level")
    if product.term not in TERMS or investor.term not in TERMS:
        found.append("term-unknown")
    elif TERMS.index(product.term) > TERMS.index(investor.term):
        found.append("term-mismatch")
    found += _among("kind", product.kind, investor.kinds)
    found += _among("goal", product.goal, investor.goals)
    return found


def _among(dimension: str, wanted: str | None, named: frozenset[str]) -> list[str]:
    if wanted is None or not named:
        return [f"{dimension}-unknown"]
    return [] if wanted in named else [f"{dimension}-mismatch"]


def _age_above(investor: Investor, product: Product, today: date) -> list[str]:
    if product.max_age is None:
        return []
    known = investor.birth_year is not None and today.year - investor.birth_year <= product.max_age
    return [] if known else ["too-old"]
