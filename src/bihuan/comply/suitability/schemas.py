"""Suitability on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from bihuan.comply.suitability.repository import Assessment
from bihuan.comply.suitability.rules import MAJORITY, Investor, Product, Reason, Verdict, level_of

Level = Annotated[str, Field(pattern="^[Rr]?[1-5]$", description="risk rating, R1 to R5")]


class ProductQuery(BaseModel):
    """A product as the gate sees it; what is left out is unknown, and counts against the offer."""

    customer: Annotated[UUID, Query(description="the customer it would be offered to")]
    risk: Level | None = None
    term: Literal["short", "medium", "long"] | None = None
    kind: Literal["cash", "fixed_income", "mixed", "equity", "derivatives", "other"] | None = None
    goal: Literal["preserve", "income", "growth", "speculation"] | None = None
    permission: Literal["star", "chinext", "hk_connect", "bse", "neeq", "options", "margin"] | None = None
    qualified_only: bool = False
    professional_only: bool = False
    min_age: Annotated[int, Field(ge=0, le=120)] = MAJORITY
    max_age: Annotated[int, Field(ge=0, le=120)] | None = None

    def product(self) -> Product:
        """As the gate takes it."""
        described = self.model_dump(exclude={"customer", "risk"})
        return Product(risk=level_of(self.risk), **described)


class ReasonOut(BaseModel):
    """Why not, as a code and in both languages."""

    code: str
    zh: str
    en: str

    @classmethod
    def of(cls, reason: Reason) -> Self:
        """As the wire carries it."""
        return cls(code=reason.code, zh=reason.zh, en=reason.en)


class InvestorOut(BaseModel):
    """What the gate knows of a customer. `level` is C1 to C5, or null."""

    customer_id: UUID
    level: str | None
    lowest_category: bool
    source: str
    valid_until: date | None
    state: Literal["valid", "expiring", "expired", "none"]
    term: str | None
    kinds: list[str]
    goals: list[str]
    investor_class: str
    protected: bool
    qualified: bool
    permissions: list[str]

    @classmethod
    def of(cls, customer_id: UUID, investor: Investor, today: date) -> Self:
        """As the wire carries it."""
        return cls(
            customer_id=customer_id,
            level=f"C{investor.level}" if investor.level else None,
            lowest_category=investor.lowest_category,
            source=investor.source,
            valid_until=investor.valid_until,
            state=investor.state(today),
            term=investor.term,
            kinds=sorted(investor.kinds),
            goals=sorted(investor.goals),
            investor_class=investor.investor_class,
            protected=investor.protected,
            qualified=investor.qualified,
            permissions=sorted(investor.permissions),
        )


class VerdictOut(BaseModel):
    """`allowed`: when he asks by himself. `proactive_allowed`: unasked."""

    allowed: bool
    proactive_allowed: bool
    refusals: list[ReasonOut]
    warnings: list[ReasonOut]

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        """As the wire carries it."""
        return cls(
            allowed=verdict.allowed,
            proactive_allowed=verdict.proactive_allowed,
            refusals=[ReasonOut.of(reason) for reason in verdict.refusals],
            warnings=[ReasonOut.of(reason) for reason in verdict.warnings],
        )


class SuitabilityOut(BaseModel):
    """The verdict, and what it was found from."""

    investor: InvestorOut
    verdict: VerdictOut


class AssessmentOut(BaseModel):
    """One result of a questionnaire."""

    assessed_at: datetime
    source: str
    level: str
    lowest_category: bool
    term: str | None
    kinds: list[str] | None
    goals: list[str] | None
    valid_until: date

    @classmethod
    def of(cls, kept: Assessment) -> Self:
        """As the wire carries it."""
        shown = {name: value for name, value in vars(kept).items() if name in cls.model_fields}
        return cls(**{**shown, "level": f"C{kept.level}"})


class AssessmentList(BaseModel):
    """The assessment in force, and all there were, newest first."""

    investor: InvestorOut
    items: list[AssessmentOut]
    next: None = None
