"""What decide tells the rooms after it: decisions made, and the arm of a stuck opening."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from bihuan.kit.log import Fact


@dataclass(frozen=True)
class RescueAssigned(Fact):
    """A stuck opening and the arm its applicant belongs to: `control`, `message` or `person`.

    Published for every stall; the arm of a customer stays the same. `exposed` marks the first stall of the opening,
    the one the analysis counts.
    """

    NAME: ClassVar[str] = "decide:rescue:assigned"
    customer_id: UUID | None
    opening_id: str
    branch_id: UUID | None
    channel: str | None
    step: str
    last_fact_at: datetime
    stuck_at: datetime
    times: int
    experiment: str
    version: int
    arm: str
    exposed: bool
    reason: str | None = None


@dataclass(frozen=True)
class DecisionMade(Fact):
    """One slot was filled; `item` is None where even the default was not lawful. One fact per slot and item."""

    NAME: ClassVar[str] = "decide:decision:made"
    customer_id: UUID | None
    decision_id: UUID
    slot: str
    item: str | None
    version: int | None
    position: int
    personalised: bool
