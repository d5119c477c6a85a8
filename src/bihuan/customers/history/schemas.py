"""A customer's history on the wire."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel


class VersionOut(BaseModel):
    """A value of an attribute, masked, and the days on which it was valid; without `valid_to` it still is."""

    attribute: str
    value: Any
    valid_from: date
    valid_to: date | None
    recorded_at: datetime


class HistoryOut(BaseModel):
    """Each attribute's versions, oldest first, or those of one day."""

    items: list[VersionOut]
