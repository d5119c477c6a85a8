"""Wording on the wire."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from bihuan.comply.wording.repository import PhraseRow
from bihuan.comply.wording.rules import Hit

Severity = Literal["block", "ask", "warn"]
Context = Literal["any", "questionnaire"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class TextIn(BaseModel):
    """A text before it leaves."""

    text: Annotated[str, Field(max_length=20_000)]
    context: Context = "any"


class HitOut(BaseModel):
    """A phrase found at `start` to `end` (characters)."""

    phrase: str
    found: str
    start: int
    end: int
    severity: Severity
    category: str
    reason: str
    reason_en: str

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """As the wire carries it."""
        return cls.model_validate(hit, from_attributes=True)


class HitList(BaseModel):
    """All hits in the order of the text; empty when it may leave."""

    items: list[HitOut]
    next: None = None


class PhraseIn(BaseModel):
    """A phrase to watch for."""

    phrase: Words
    severity: Severity
    category: Words
    context: Context = "any"
    unless: Annotated[list[Words], Field(max_length=50)] = Field(default_factory=list)
    reason: Words
    reason_en: Words
    source: Words


class PhraseEdit(BaseModel):
    """What changes; null stays."""

    severity: Severity | None = None
    unless: Annotated[list[Words], Field(max_length=50)] | None = None
    active: bool | None = None


class PhraseOut(PhraseIn):
    """A phrase, and whether it is watched for."""

    id: UUID
    active: bool

    @classmethod
    def of(cls, row: PhraseRow) -> Self:
        """As the wire carries it."""
        return cls.model_validate(row, from_attributes=True)


class PhraseList(BaseModel):
    """All phrases, those switched off too."""

    items: list[PhraseOut]
    next: None = None
