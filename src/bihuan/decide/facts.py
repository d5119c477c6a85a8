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
    the one the analysis counts; it is never set where the arm is one of earlier weights, or was picked by hand.
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
class Shown:
    """One item that a decision put into a slot; `position` counts from 1."""

    slot: str
    item: str
    version: int
    position: int


@dataclass(frozen=True)
class DecisionMade(Fact):
    """Slots were filled for somebody; a slot for which nothing lawful was left is not among `shown`."""

    NAME: ClassVar[str] = "decide:decision:made"
    customer_id: UUID | None
    decision_id: UUID
    shown: tuple[Shown, ...]
    slots: tuple[str, ...]
    personalised: bool
