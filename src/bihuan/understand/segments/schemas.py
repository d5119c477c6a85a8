"""Segments on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from bihuan.understand.segments.repository import Segment

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
RuleJson = Annotated[
    dict[str, Any],
    Field(
        description='all | any | not over {"tag", "op", "value"}, {"did", "op", "value", "within_days", "sum", "where"}'
        ', {"first", "then", "within_hours", "happened", "within_days"} and {"segment"}; see docs/segments.md',
        examples=[{"all": [{"tag": "stage", "op": "in", "value": ["valid", "growing"]}, {"did": "App Opened"}]}],
    ),
]


class SegmentIn(BaseModel):
    """A segment to make."""

    name_zh: Name
    name_en: Name
    about: Annotated[str, Field(max_length=500)] = ""
    rule: RuleJson


class SegmentEdit(SegmentIn):
    """Its next version; `version` is the one that was read."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class SegmentOut(BaseModel):
    """A segment as it stands. `members` are of the whole firm and of the last good evaluation."""

    id: UUID
    name_zh: str
    name_en: str
    about: str
    rule: dict[str, Any]
    reads_zh: str = Field(description="the rule as a sentence")
    reads_en: str
    version: int
    edited_by: UUID
    edited_at: datetime
    members: int | None
    evaluated_at: datetime | None
    seconds: float | None
    error: str | None = Field(description="why the last evaluation failed; members are of the one before")

    @classmethod
    def of(cls, segment: Segment, reads: tuple[str, str]) -> Self:
        """From the row."""
        plain = {name: getattr(segment, name) for name in cls.model_fields if hasattr(segment, name)}
        return cls(**plain, reads_zh=reads[0], reads_en=reads[1])


class SegmentsOut(BaseModel):
    """All segments, by name."""

    items: list[SegmentOut]
    next: None = None


class PreviewIn(BaseModel):
    """A rule to try."""

    rule: RuleJson


class FittingOut(BaseModel):
    """A customer who fits."""

    customer_id: UUID
    customer: str = Field(description="masked name")
    branch_id: UUID | None


class PreviewOut(BaseModel):
    """How many customers within your data scope fit, of how many, and some of them."""

    fits: int
    everybody: int
    reads_zh: str
    reads_en: str
    sample: list[FittingOut]
    as_of: datetime = Field(description="the time for which tags are read")


class DayOut(BaseModel):
    """How large a segment was on a day, and how many came and went."""

    day: date
    members: int
    entered: int
    left: int


class SegmentPageOut(BaseModel):
    """A segment with its history, and what uses it."""

    segment: SegmentOut
    trend: list[DayOut]
    used_by: list[str] = Field(description="names of segments that ask for it")
    fits: int | None = Field(description="members within your data scope; null before the first evaluation")
    sample: list[FittingOut]


class EvaluateOut(BaseModel):
    """Whether an evaluation was asked for; false: one is waiting already."""

    asked: bool
