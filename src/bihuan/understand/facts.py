"""What understand tells the rooms after it: the turns of an account opening.

`branch_id` is the branch that serves the application: the one chosen in it, else the customer's serving branch,
else None (headquarters only). Times named `at` are when the event happened, not when it was read.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from bihuan.kit.log import Fact


@dataclass(frozen=True)
class OpeningStarted(Fact):
    """The first event of an application was seen; `step` is the one that stands before the applicant."""

    NAME: ClassVar[str] = "understand:opening:started"
    customer_id: UUID | None
    opening_id: str
    branch_id: UUID | None
    channel: str | None
    step: str | None
    at: datetime


@dataclass(frozen=True)
class OpeningAdvanced(Fact):
    """A step was finished; `reviewed_back` says that the review had sent it back before."""

    NAME: ClassVar[str] = "understand:opening:advanced"
    customer_id: UUID | None
    opening_id: str
    branch_id: UUID | None
    step: str
    next_step: str | None
    at: datetime
    reviewed_back: bool = False


@dataclass(frozen=True)
class OpeningStuck(Fact):
    """The clock of the current step ran out. Published once per stall; `times` counts the stalls of this opening."""

    NAME: ClassVar[str] = "understand:opening:stuck"
    customer_id: UUID | None
    opening_id: str
    branch_id: UUID | None
    channel: str | None
    step: str
    last_fact_at: datetime
    stuck_at: datetime
    times: int
    reason: str | None = None


@dataclass(frozen=True)
class OpeningReturned(Fact):
    """The review sent one step back, or with `step` None the whole application."""

    NAME: ClassVar[str] = "understand:opening:returned"
    customer_id: UUID | None
    opening_id: str
    branch_id: UUID | None
    step: str | None
    reason: str | None
    at: datetime


@dataclass(frozen=True)
class OpeningSubmitted(Fact):
    """The application was handed in; `again` after it had been sent back."""

    NAME: ClassVar[str] = "understand:opening:submitted"
    customer_id: UUID | None
    opening_id: str
    branch_id: UUID | None
    channel: str | None
    staff_code: str | None
    at: datetime
    again: bool = False


@dataclass(frozen=True)
class OpeningOpened(Fact):
    """The account exists. `chosen_branch` is the code picked in the application, `staff_code` that of the QR code.

    `staff_code_at` is when the event that brought the code happened; city and degrees are where the applicant last
    said he was. All that credit weighs is in this one fact, so that nothing depends on how lanes interleave.
    """

    NAME: ClassVar[str] = "understand:opening:opened"
    customer_id: UUID | None
    opening_id: str
    branch_id: UUID | None
    channel: str | None
    staff_code: str | None
    chosen_branch: str | None
    at: datetime
    started_at: datetime | None = None
    submitted_at: datetime | None = None
    staff_code_at: datetime | None = None
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class OpeningIneligible(Fact):
    """The applicant may not open an account remotely (too young, too old, a client elsewhere already)."""

    NAME: ClassVar[str] = "understand:opening:ineligible"
    customer_id: UUID | None
    opening_id: str
    branch_id: UUID | None
    step: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class OpeningAbandoned(Fact):
    """Nothing was heard for so long that nobody waits for it any more."""

    NAME: ClassVar[str] = "understand:opening:abandoned"
    customer_id: UUID | None
    opening_id: str
    branch_id: UUID | None
    channel: str | None
    step: str | None
    at: datetime


@dataclass(frozen=True)
class SegmentEntered(Fact):
    """A customer fits a segment's rule who did not at its evaluation before. Its first evaluation tells of nobody."""

    NAME: ClassVar[str] = "understand:segment:entered"
    customer_id: UUID
    segment_id: UUID
    evaluation: int
    at: datetime


@dataclass(frozen=True)
class SegmentLeft(Fact):
    """A customer fits a segment's rule no more."""

    NAME: ClassVar[str] = "understand:segment:left"
    customer_id: UUID
    segment_id: UUID
    evaluation: int
    at: datetime
