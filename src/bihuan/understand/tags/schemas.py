"""Tags on the wire."""

from datetime import date, datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from bihuan.understand.tags.rules import Tag


class LevelOut(BaseModel):
    """One value a tag takes, in both languages."""

    code: str
    zh: str
    en: str


class TagOut(BaseModel):
    """A tag as the catalogue defines it, and of how many customers it is known."""

    code: str
    number: int
    family: str
    zh: str
    en: str
    means_zh: str
    means_en: str
    kind: Literal["fact", "rule", "statistic", "model", "manual"]
    type: Literal["flag", "level", "number", "date", "set"]
    inputs: list[str]
    formula: str = Field(description="an expression over the customer's frame; `:x` are the parameters")
    params: dict[str, float]
    refresh: str
    life_days: int
    sensitivity: Literal["open", "personal", "restricted", "aml"]
    uses: list[str]
    owner: str
    levels: list[LevelOut]
    known: int | None = Field(description="customers within your data scope of whom it is known; null before a refresh")

    @classmethod
    def of(cls, tag: Tag, known: int | None) -> Self:
        """From the catalogue."""
        plain = {name: getattr(tag, name) for name in cls.model_fields if hasattr(tag, name) and name != "levels"}
        levels = [LevelOut(code=level.code, zh=level.zh, en=level.en) for level in tag.levels]
        return cls(**plain, formula=tag.sql, levels=levels, known=known)


class FamilyOut(BaseModel):
    """A family of tags."""

    code: str
    zh: str
    en: str
    tags: list[TagOut]


class RunOut(BaseModel):
    """One refresh, what it cost and whose tags it moved."""

    kind: Literal["whole", "delta"]
    state: Literal["running", "done", "failed"]
    began_at: datetime
    ended_at: datetime | None
    seconds: float | None
    customers: int | None
    error: str | None


class TagsOut(BaseModel):
    """The catalogue, and how fresh what is read of it is."""

    families: list[FamilyOut]
    customers: int | None = Field(description="customers within your data scope; null before the first refresh")
    as_of: datetime | None = Field(description="the time that readers see; null before the first refresh")
    last: RunOut | None
    moved: dict[str, int] = Field(description="tag -> customers of whom the last refresh changed it, in the whole firm")


class ValueOut(BaseModel):
    """How many customers have a value; a `value` of null: not known."""

    value: str | None
    customers: int


class DayOut(BaseModel):
    """How many customers of the whole firm had a value on a day."""

    day: date
    value: str | None
    customers: int


class SampleOut(BaseModel):
    """A customer who has the tag."""

    customer_id: UUID
    customer: str = Field(description="masked name")
    branch_id: UUID | None


class TagPageOut(BaseModel):
    """Everything about one tag, within your data scope."""

    tag: TagOut
    customers: int | None
    as_of: datetime | None
    spread: list[ValueOut]
    quantiles: list[float] | None = Field(description="of a number: 5, 25, 50, 75 and 95 per cent")
    trend: list[DayOut]
    moved: int | None = Field(description="customers of whom the last refresh changed it, in the whole firm")
    sample: list[SampleOut]


class CustomerTagOut(BaseModel):
    """One tag of one customer."""

    code: str
    family: str
    zh: str
    en: str
    means_zh: str
    means_en: str
    type: str
    sensitivity: str
    value: Any = Field(description="null: no data")
    shown_zh: str | None
    shown_en: str | None


class CustomerTagsOut(BaseModel):
    """A customer's tags; none before he is counted."""

    items: list[CustomerTagOut]
    as_of: datetime | None
    next: None = None


class RefreshIn(BaseModel):
    """Whether to compute everybody anew, or only whom anything happened to."""

    whole: bool = False


class RefreshOut(BaseModel):
    """Whether a refresh was asked for; false: one is waiting already."""

    asked: bool
