"""Quarantine on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from bihuan.customers import facade as customers
from bihuan.kit.log import Poison


class QuarantinedOut(BaseModel):
    """A message that could not enter the log: as text, with persons hidden, and why it waits."""

    id: UUID
    source: str
    trusted: bool
    reason: str
    detail: str
    text: str
    received_at: datetime
    resolved_at: datetime | None
    resolution: str | None


class QuarantineCountOut(BaseModel):
    """How many messages of a source wait for one reason."""

    source: str
    reason: str
    count: int
    latest: datetime


class ReplayIn(BaseModel):
    """The message to let in instead of the one that came; null lets that one in as it is."""

    body: dict[str, Any] | None = None


class PoisonOut(BaseModel):
    """A log entry that a reaction could not swallow."""

    id: UUID
    name: str
    kind: str
    customer_id: UUID | None
    source: str
    reaction: str
    error: str
    body: dict[str, Any]
    occurred_at: datetime
    set_aside_at: datetime
    resolved_at: datetime | None
    resolution: str | None

    @classmethod
    def of(cls, found: Poison) -> "PoisonOut":
        """As a list shows it."""
        hidden = {"body": customers.readable_event(found.name, found.body), "error": customers.masked(found.error)}
        return cls(**{**vars(found), **hidden})


class WholeOut(BaseModel):
    """A message with nothing hidden, as text."""

    text: str


class DoneOut(BaseModel):
    """The call was carried out."""

    done: bool = True
