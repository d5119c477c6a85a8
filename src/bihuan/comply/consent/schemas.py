"""Consent on the wire."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from bihuan.comply.consent.repository import Line
from bihuan.comply.consent.rules import Consent

Purpose = Literal["marketing", "personalisation", "service"]
Channel = Literal["all", "sms", "inbox", "push", "call", "chat"]


class ConsentOut(BaseModel):
    """What holds for one purpose on one channel; `since` null: nothing was said, the default counts."""

    purpose: str
    channel: str
    granted: bool
    since: datetime | None
    source: str

    @classmethod
    def of(cls, consent: Consent) -> Self:
        """As the wire carries it."""
        return cls(**vars(consent))


class ConsentTable(BaseModel):
    """All purposes on all channels."""

    customer_id: UUID
    items: list[ConsentOut]
    next: None = None


class ConsentChange(BaseModel):
    """One word; the channel `all` speaks for every channel."""

    purpose: Purpose
    channel: Channel = "all"
    granted: bool


class ConsentChanges(BaseModel):
    """What the customer says."""

    changes: Annotated[list[ConsentChange], Field(min_length=1, max_length=18)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len({(change.purpose, change.channel) for change in self.changes}) < len(self.changes):
            raise ValueError("name each purpose and channel once")
        return self


class RecordedChanges(ConsentChanges):
    """What a customer said to a member of staff; how he said it, whenever he granted something."""

    evidence: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""

    @model_validator(mode="after")
    def _proven(self) -> Self:
        if any(change.granted for change in self.changes) and len(self.evidence) < 5:
            raise ValueError("say in `evidence` how the customer granted this, such as the number of the recording")
        return self


class LedgerLine(BaseModel):
    """One line of the ledger."""

    id: UUID
    purpose: str
    channel: str
    granted: bool
    decided_at: datetime
    source: str
    actor: str
    evidence: str

    @classmethod
    def of(cls, line: Line) -> Self:
        """As the wire carries it."""
        return cls(**vars(line))


class LedgerOut(BaseModel):
    """All that was ever said, newest first."""

    items: list[LedgerLine]
    next: None = None
