"""Disputes on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from bihuan.credit.ledger.schemas import EntryOut

DisputeState = Literal["open", "upheld", "moved", "superseded"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=1000)]


class DisputeIn(BaseModel):
    """Why the account is ours."""

    reason: Words


class VerdictIn(BaseModel):
    """`upheld`: the entry stays. `moved`: it is taken back and the objecting branch is credited."""

    verdict: Literal["upheld", "moved"]
    ruling: Annotated[Words, Field(description="the judge's reasons, which both branches read")]


class DisputeOut(BaseModel):
    """A dispute with the entry it is about. `due_at` is when it should be decided, `overdue` that it was not.

    `may_decide` says whether the one who asks may judge it.
    """

    id: UUID
    entry_id: UUID
    branch_id: UUID
    branch_name: str
    branch_name_en: str
    staff_id: UUID
    staff_name: str | None
    reason: str
    state: DisputeState
    opened_at: datetime
    due_at: datetime
    overdue: bool
    judge_id: UUID | None
    judge_name: str | None
    ruling: str | None
    decided_at: datetime | None
    may_decide: bool
    entry: EntryOut
