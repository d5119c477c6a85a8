"""What the customers room tells the others."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from bihuan.kit.log import Fact


@dataclass(frozen=True)
class VisitorMerged(Fact):
    """A visitor turned out to be a user; `customer_id` is the visitor's."""

    NAME: ClassVar[str] = "customers:visitor:merged"
    customer_id: UUID | None
    visitor_id: UUID
    into_id: UUID


@dataclass(frozen=True)
class RelationMoved(Fact):
    """A relation of the customer begins; rows that carry a branch follow where the kind is service."""

    NAME: ClassVar[str] = "customers:relation:moved"
    customer_id: UUID | None
    kind: str
    branch_id: UUID
    staff_id: UUID | None
    share: float
    valid_from: datetime
