"""The ledger on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

EntryKind = Literal["acquisition", "assist", "reversal", "correction"]
Side = Literal["won", "lost", "all"]


class HolderOut(BaseModel):
    """A part of an entry; of a reversal the share is negative."""

    branch_id: UUID
    branch_name: str
    branch_name_en: str
    staff_id: UUID | None
    staff_name: str | None
    share: Decimal


class LostClaimOut(BaseModel):
    """A claim the entry did not take, and `why`.

    another-was-taken, earlier-rule, too-late, outside-window, no-rule, void (handed back), rescue (heard on the desk),
    witness, dispute (taken back by a judge), late (heard of after the entry was written).
    """

    claim_id: UUID
    kind: str
    evidence: str
    branch_id: UUID
    branch_name: str
    branch_name_en: str
    staff_id: UUID | None
    staff_name: str | None
    at: datetime
    why: str
    late: bool


class EntryOut(BaseModel):
    """One line of the ledger with its rule, its version, whose it is and what lost.

    `reversed` says that a judge took it back; `may_dispute_until` is null where nobody may dispute it (any more).
    """

    id: UUID
    kind: EntryKind
    opening_id: str
    customer_id: UUID | None
    customer_name: str
    rule: str
    rule_version: int
    claim_id: UUID | None
    rescue_id: UUID | None
    corrects: UUID | None
    dispute_id: UUID | None
    at: datetime
    written_at: datetime
    reversed: bool
    may_dispute_until: datetime | None
    holders: list[HolderOut]
    lost: list[LostClaimOut]


class EntryDisputeOut(BaseModel):
    """A dispute about the entry, in short."""

    id: UUID
    branch_id: UUID
    staff_id: UUID
    state: str
    reason: str
    opened_at: datetime
    due_at: datetime


class EntryDetailOut(EntryOut):
    """An entry with all lines about the same application and its disputes."""

    history: list[EntryOut]
    disputes: list[EntryDisputeOut]


class TallyOut(BaseModel):
    """What a branch, or one person of it, is credited with in the period."""

    branch_id: UUID
    branch_name: str
    branch_name_en: str
    staff_id: UUID | None
    staff_name: str | None
    accounts: Decimal
    assists: Decimal
    entries: int
    disputes_open: int
    disputes_won: int
    disputes_lost: int


class SummaryOut(BaseModel):
    """Tallies within the data scope, most accounts first, and the ledger's totals of the same scope."""

    items: list[TallyOut]
    accounts: Decimal
    assists: Decimal
    since: datetime | None
    until: datetime | None
