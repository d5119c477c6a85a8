"""Decisions on the wire."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from bihuan.comply.facade import Reason
from bihuan.decide.catalogue.schemas import Kind, Topic
from bihuan.decide.decisions.repository import Decision
from bihuan.decide.decisions.rules import Answer, Fate
from bihuan.decide.decisions.service import Made, Replayed, known_of

SlotCode = Annotated[str, Field(min_length=1, max_length=80)]
Who = Annotated[str, Field(min_length=1, max_length=200)]


class ContextIn(BaseModel):
    """What the page is about; decides nothing about who may be offered what."""

    topics: Annotated[list[Topic], Field(max_length=20)] = []
    step: Annotated[str, Field(max_length=60)] | None = Field(None, description="opening step the customer is at")


class DecideIn(BaseModel):
    """Which slots to fill, for whom. A customer token speaks for its own customer and needs neither id."""

    slots: Annotated[list[SlotCode], Field(min_length=1, max_length=20)]
    user_id: Who | None = None
    anonymous_id: Who | None = None
    context: ContextIn = ContextIn()

    def topics(self) -> list[str]:
        """What the page is about, as topics."""
        step = [f"opening:{self.context.step}"] if self.context.step else []
        return [*self.context.topics, *step]


class ReasonOut(BaseModel):
    """A stable code, and its sentence in both languages."""

    code: str
    zh: str
    en: str

    @classmethod
    def all(cls, reasons: Sequence[Reason]) -> list[Self]:
        """Of each."""
        return [cls.model_validate(vars(reason)) for reason in reasons]


class ShownItem(BaseModel):
    """One item to show, and why it is shown."""

    item: str
    version: int
    kind: Kind
    name_zh: str
    name_en: str
    text_zh: str
    text_en: str
    link: str
    image: str
    product_kind: str | None
    risk_level: int | None
    term_days: int | None
    minimum: Decimal | None
    currency: str
    topics: list[str] = Field(description="what it is about; a click that carries them teaches what he cares for")
    reasons: list[ReasonOut]

    @classmethod
    def of(cls, one: Fate) -> Self:
        """From a winner."""
        names = cls.model_fields.keys() - {"item", "reasons"}
        plain = {name: getattr(one.item, name) for name in names}
        return cls(item=one.item.code, reasons=ReasonOut.all(one.reasons), **plain)


class SlotAnswer(BaseModel):
    """How one slot is filled; empty when nothing lawful was left and the slot has no default."""

    slot: str
    layout: Literal["banner", "cards", "grid", "list"]
    by_default: bool = Field(description="nothing fitted: unpersonal content that offers nothing")
    items: list[ShownItem]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """From the rules' answer."""
        items = [ShownItem.of(one) for one in answer.winners]
        return cls(slot=answer.slot.code, layout=answer.slot.layout, by_default=answer.by_default, items=items)


class DecideOut(BaseModel):
    """The answer; `decision_id` is what staff look its evidence up by, and what clicks should carry."""

    decision_id: UUID
    decided_at: datetime
    personalised: bool
    slots: list[SlotAnswer]
    unknown_slots: list[str] = Field(description="slots asked for that do not exist")

    @classmethod
    def of(cls, made: Made) -> Self:
        """From a decision just made."""
        return cls(
            decision_id=made.decision.id,
            decided_at=made.decision.decided_at,
            personalised=made.decision.personalised,
            slots=[SlotAnswer.of(answer) for answer in made.answers],
            unknown_slots=list(made.unknown),
        )


class WinnerOut(BaseModel):
    """One item that was shown, as the evidence has it."""

    item: str
    version: int
    score: float
    reasons: list[str] = Field(description="codes of reasons")


class SlotEvidence(BaseModel):
    """How a slot was filled, as the evidence has it."""

    slot: str
    by_default: bool
    winners: list[WinnerOut]
    fell: dict[str, int] = Field(description="how many candidates fell, by the first rule that felled them")


class DecisionOut(BaseModel):
    """One decision in a list."""

    id: UUID
    customer_id: UUID | None
    customer: str = Field(description="masked name; empty where none is known")
    asked_by: str
    decided_at: datetime
    personalised: bool
    slots: list[SlotEvidence]

    @classmethod
    def of(cls, decision: Decision, customer: str) -> Self:
        """From the evidence, and whom it is about."""
        plain = {name: getattr(decision, name) for name in cls.model_fields.keys() - {"slots", "customer"}}
        slots = [SlotEvidence.model_validate(answer) for answer in decision.answers]
        return cls(slots=slots, customer=customer, **plain)


class DecisionPage(BaseModel):
    """One page of decisions, the latest first."""

    items: list[DecisionOut]
    next: str | None = None


class KnownOut(BaseModel):
    """What was known of the customer when it was decided. `level` is 1 to 5 for C1 to C5."""

    level: int | None = None
    lowest_category: bool = False
    source: str = "none"
    valid_until: str | None = None
    term: str | None = None
    kinds: list[str] = []
    goals: list[str] = []
    interests: dict[str, float]
    asked_topics: list[str]
    degraded: bool = Field(description="his data could not be read, so he was treated as unknown")


class FateOut(BaseModel):
    """What became of one candidate, computed again from the evidence."""

    item: str
    version: int
    name_zh: str
    name_en: str
    kind: Kind
    risk_level: int | None
    shown: bool
    score: float
    rules: list[ReasonOut] = Field(description="why it fell; empty for one that might be shown")
    reasons: list[ReasonOut]


class SlotReplay(BaseModel):
    """One slot made again: every candidate's fate, and what would be shown today."""

    slot: str
    by_default: bool
    fates: list[FateOut]
    today: list[str] | None = Field(description="items that would be shown today; null: the slot is gone")

    @classmethod
    def of(cls, answer: Answer, today: Answer | None) -> Self:
        """From the replayed answer and today's."""
        shown = {one.item.code for one in answer.winners}
        fates = sorted(answer.fates, key=lambda one: (bool(one.rules), -one.score, one.item.code))
        return cls(
            slot=answer.slot.code,
            by_default=answer.by_default,
            fates=[_fate(one, shown) for one in fates],
            today=None if today is None else [one.item.code for one in today.winners],
        )


def _fate(one: Fate, shown: set[str]) -> FateOut:
    names = ("version", "name_zh", "name_en", "kind", "risk_level")
    return FateOut(
        item=one.item.code,
        shown=one.item.code in shown,
        score=one.score,
        rules=ReasonOut.all(one.rules),
        reasons=ReasonOut.all(one.reasons),
        **{name: getattr(one.item, name) for name in names},
    )


class DecisionDetail(DecisionOut):
    """One decision with everything it was made of, made again."""

    revision: int = Field(description="of the catalogue")
    ranking: int = Field(description="version of the score's weights")
    known: KnownOut
    replay: list[SlotReplay]
    reproduced: bool = Field(description="the evidence gives the same answers again")
    same_today: bool = Field(description="what is known today would give the same items")

    @classmethod
    def replayed(cls, found: Replayed, customer: str) -> Self:
        """From a replay, and whom it is about."""
        decision, known = found.decision, known_of(found.decision)
        investor = decision.known.get("investor") or {}
        facts = {name: investor[name] for name in KnownOut.model_fields.keys() & investor.keys()}
        today = {answer.slot.code: answer for answer in found.today}
        return cls(
            **DecisionOut.of(decision, customer).model_dump(),
            revision=decision.revision,
            ranking=decision.ranking,
            known=KnownOut(
                **facts,
                interests=dict(known.interests),
                asked_topics=list(known.asked_topics),
                degraded=known.degraded,
            ),
            replay=[SlotReplay.of(answer, today.get(answer.slot.code)) for answer in found.answers],
            reproduced=found.reproduced,
            same_today=found.same_today,
        )
