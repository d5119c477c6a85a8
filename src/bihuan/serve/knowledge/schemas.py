"""What knowledge looks like on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from bihuan.serve.knowledge.repository import Entry

Phrasing = Annotated[str, Field(min_length=1, max_length=300)]
Answer = Annotated[str, Field(min_length=1, max_length=2000)]


class KnowledgeIn(BaseModel):
    """A new entry, a draft until somebody else approves it."""

    topic: Annotated[str, Field(min_length=1, max_length=40)]
    phrasings_zh: Annotated[list[Phrasing], Field(min_length=1, max_length=50)]
    phrasings_en: Annotated[list[Phrasing], Field(min_length=1, max_length=50)]
    answer_zh: Answer
    answer_en: Answer
    valid_from: date | None = None
    valid_to: date | None = None
    replaces: UUID | None = Field(None, description="the approved entry that this one succeeds")


class KnowledgeOut(BaseModel):
    """An entry of approved knowledge, or one that is to become so."""

    id: UUID
    topic: str
    phrasings_zh: list[str]
    phrasings_en: list[str]
    answer_zh: str
    answer_en: str
    valid_from: date | None
    valid_to: date | None
    status: Literal["draft", "approved", "expired"]
    author_id: UUID | None
    reviewer_id: UUID | None
    written_at: datetime | None
    reviewed_at: datetime | None
    replaces: UUID | None
    used: int = Field(description="answers the bot has given with it")

    @classmethod
    def of(cls, entry: Entry) -> "KnowledgeOut":
        """From the row."""
        return cls.model_validate(vars(entry))


class TrialIn(BaseModel):
    """A question to try on the knowledge as it is approved now."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]


class TrialHit(BaseModel):
    """An entry and how near it comes."""

    id: UUID
    topic: str
    phrasing: str
    score: float


class TrialOut(BaseModel):
    """What the bot would do: answer with the first hit, or hand over to a person, and why."""

    answers: bool
    reason: Literal["found", "below_threshold", "advice", "complaint", "person", "personal"]
    threshold: float
    hits: list[TrialHit]
