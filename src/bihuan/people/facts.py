"""What people tells the other rooms."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from bihuan.kit.log import Fact


@dataclass(frozen=True)
class ApprovalDecided(Fact):
    """Somebody other than the author decided; `state` is approved or rejected.

    Rooms act on the kinds they asked for themselves.
    """

    NAME: ClassVar[str] = "people:approval:decided"
    customer_id: UUID | None
    approval_id: UUID
    kind: str
    subject: str
    state: str
    proposed: dict[str, Any]
    author_id: UUID
    decided_by: UUID
    comment: str | None = None


@dataclass(frozen=True)
class StaffChanged(Fact):
    """A staff member was added, moved, given other roles, or left; rooms that hold his work may reassign it."""

    NAME: ClassVar[str] = "people:staff:changed"
    customer_id: UUID | None
    staff_id: UUID
    active: bool
    roles: tuple[str, ...]
    branch_id: UUID | None
