"""Approvals on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, StringConstraints

from bihuan.people.types import Approval, Staff

State = Literal["pending", "approved", "rejected", "withdrawn"]


class Decision(BaseModel):
    """Yes or no, and why."""

    approve: bool
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] | None = None


class ApprovalOut(BaseModel):
    """Something proposed. `may_decide`: whether the one who asks may say yes or no to it now."""

    id: UUID
    kind: str
    subject: str
    proposed: dict[str, Any]
    permission: str
    author_id: UUID
    author_name: str
    asked_at: datetime
    state: State
    decided_by: UUID | None
    decided_by_name: str | None
    decided_at: datetime | None
    comment: str | None
    may_decide: bool

    @classmethod
    def of(cls, approval: Approval, reader: Staff, names: dict[UUID, str]) -> Self:
        """As the wire carries it to this reader."""
        may = (
            approval.state == "pending" and approval.author_id != reader.id and reader.may_by_name(approval.permission)
        )
        decider = names.get(approval.decided_by) if approval.decided_by else None
        return cls(
            **vars(approval), author_name=names.get(approval.author_id, ""), decided_by_name=decider, may_decide=may
        )


class ApprovalPage(BaseModel):
    """Proposals the reader may decide, has made, or watches over; newest first."""

    items: list[ApprovalOut]
    next: str | None = None
