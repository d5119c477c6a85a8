"""Policy on the wire."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, StringConstraints

from bihuan.comply.policy.repository import Row


class PolicyRow(BaseModel):
    """One number, where it comes from, and who changed it last."""

    key: str
    value: Any
    source: str
    changed_by: str | None
    changed_at: datetime | None

    @classmethod
    def of(cls, row: Row) -> Self:
        """As the wire carries it."""
        return cls(**vars(row))


class PolicyTable(BaseModel):
    """All rows, by key."""

    items: list[PolicyRow]
    next: None = None


class PolicyChange(BaseModel):
    """A new value, and on whose word."""

    value: Any
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]
