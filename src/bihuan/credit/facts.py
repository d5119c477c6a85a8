"""What credit tells the rooms after it, and customers over the log."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from bihuan.kit.log import Fact


@dataclass(frozen=True)
class Holder:
    """One part of an entry: `share` of an account belongs to this branch and, where known, this person."""

    branch_id: UUID
    staff_id: UUID | None
    share: Decimal


@dataclass(frozen=True)
class AccountCredited(Fact):
    """An opened account has its owner. `branch_id`, `staff_id`, `share` are the largest holder, `holders` all of them.

    `corrects` names the entry that a dispute took back; then the holders replace those of that entry from `at` on.
    `at` is else when the account was opened.
    """

    NAME: ClassVar[str] = "credit:account:credited"
    customer_id: UUID | None
    entry_id: UUID
    opening_id: str
    branch_id: UUID
    staff_id: UUID | None
    share: Decimal
    holders: tuple[Holder, ...]
    rule: str
    rule_version: int
    corrects: UUID | None
    at: datetime


@dataclass(frozen=True)
class AssistCredited(Fact):
    """A rescue was followed by the next step: the rescuer earns an assist, and the account stays where it is."""

    NAME: ClassVar[str] = "credit:assist:credited"
    customer_id: UUID | None
    entry_id: UUID
    opening_id: str
    rescue_id: UUID
    branch_id: UUID
    staff_id: UUID
    share: Decimal
    at: datetime


@dataclass(frozen=True)
class DisputeOpened(Fact):
    """A branch that lost says an account is its own."""

    NAME: ClassVar[str] = "credit:dispute:opened"
    customer_id: UUID | None
    dispute_id: UUID
    entry_id: UUID
    branch_id: UUID
    staff_id: UUID


@dataclass(frozen=True)
class DisputeDecided(Fact):
    """A judge of neither branch has decided: `upheld` (the entry stays) or `moved` (a correction follows)."""

    NAME: ClassVar[str] = "credit:dispute:decided"
    customer_id: UUID | None
    dispute_id: UUID
    entry_id: UUID
    branch_id: UUID
    verdict: str
    judge_id: UUID
