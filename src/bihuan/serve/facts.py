"""What serve tells the rooms after it. Times are the product's; a None staff means the bot or nobody."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from bihuan.kit.log import Fact


@dataclass(frozen=True)
class PresenceChanged(Fact):
    """An advisor came online, went away or left; `reason` is chosen | silent | disconnected | dismissed."""

    NAME: ClassVar[str] = "serve:presence:changed"
    customer_id: None
    staff_id: UUID
    branch_id: UUID | None
    state: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class EnquiryAsked(Fact):
    """A customer asked. A closed enquiry that he takes up again is asked again, with `round` above 1."""

    NAME: ClassVar[str] = "serve:enquiry:asked"
    customer_id: UUID
    enquiry_id: UUID
    branch_id: UUID | None
    opening_id: str | None
    topic: str
    round: int
    asked_at: datetime


@dataclass(frozen=True)
class EnquiryAnswered(Fact):
    """Answered: by the bot from approved knowledge, once per round, or by an advisor, once per ownership of his.

    A round that was handed back after an answer is answered again by the next owner: `first_answer_at` is when this
    one answered, and the earliest of a round is the round's.
    """

    NAME: ClassVar[str] = "serve:enquiry:answered"
    customer_id: UUID
    enquiry_id: UUID
    branch_id: UUID | None
    opening_id: str | None
    staff_id: UUID | None
    staff_branch_id: UUID | None
    by_bot: bool
    knowledge_id: UUID | None
    topic: str
    round: int
    asked_at: datetime
    person_asked_at: datetime | None
    first_offered_at: datetime | None
    claimed_at: datetime | None
    first_answer_at: datetime

    @property
    def at(self) -> datetime:
        """When it was answered."""
        return self.first_answer_at


@dataclass(frozen=True)
class EnquiryOffered(Fact):
    """A ring of advisors was offered the enquiry."""

    NAME: ClassVar[str] = "serve:enquiry:offered"
    customer_id: UUID
    enquiry_id: UUID
    branch_id: UUID | None
    ring: str
    round: int
    staff_ids: tuple[UUID, ...]
    person_asked_at: datetime
    at: datetime


@dataclass(frozen=True)
class EnquiryClaimed(Fact):
    """Exactly one advisor has it now."""

    NAME: ClassVar[str] = "serve:enquiry:claimed"
    customer_id: UUID
    enquiry_id: UUID
    branch_id: UUID | None
    opening_id: str | None
    staff_id: UUID
    staff_branch_id: UUID | None
    round: int
    asked_at: datetime
    person_asked_at: datetime
    first_offered_at: datetime | None
    claimed_at: datetime


@dataclass(frozen=True)
class EnquiryReturned(Fact):
    """Its owner has it no more; `reason` is silent | offline | released | transferred | licence.

    `answered_at` is when he first answered in this ownership, None when he never did.
    """

    NAME: ClassVar[str] = "serve:enquiry:returned"
    customer_id: UUID
    enquiry_id: UUID
    branch_id: UUID | None
    staff_id: UUID
    reason: str
    claimed_at: datetime | None
    at: datetime
    round: int = 1
    answered_at: datetime | None = None


@dataclass(frozen=True)
class CallbackOwed(Fact):
    """Every ring was asked and nobody came: the customer was promised a call back."""

    NAME: ClassVar[str] = "serve:enquiry:callback_owed"
    customer_id: UUID
    enquiry_id: UUID
    branch_id: UUID | None
    round: int
    person_asked_at: datetime
    at: datetime


@dataclass(frozen=True)
class EnquiryMessaged(Fact):
    """Something was said; the words stay in serve. `author` is customer | staff | bot."""

    NAME: ClassVar[str] = "serve:enquiry:messaged"
    customer_id: UUID
    enquiry_id: UUID
    branch_id: UUID | None
    number: int
    author: str
    staff_id: UUID | None
    proactive: bool
    at: datetime


@dataclass(frozen=True)
class WordingRefused(Fact):
    """A message of staff was stopped before it left; `reason` is wording | hidden_answers."""

    NAME: ClassVar[str] = "serve:wording:refused"
    customer_id: UUID
    enquiry_id: UUID | None
    opening_id: str | None
    branch_id: UUID | None
    staff_id: UUID
    reason: str
    phrases: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class EnquiryClosed(Fact):
    """A round has ended; `outcome` is answered | no_reply | by_bot | withdrawn | called_back | merged."""

    NAME: ClassVar[str] = "serve:enquiry:closed"
    customer_id: UUID
    enquiry_id: UUID
    branch_id: UUID | None
    opening_id: str | None
    staff_id: UUID | None
    staff_branch_id: UUID | None
    by_bot: bool
    outcome: str
    round: int
    asked_at: datetime
    person_asked_at: datetime | None
    first_offered_at: datetime | None
    claimed_at: datetime | None
    first_answer_at: datetime | None
    closed_at: datetime


@dataclass(frozen=True)
class EnquiryRated(Fact):
    """The customer says how it was, 1 to 5; a later rating replaces an earlier one."""

    NAME: ClassVar[str] = "serve:enquiry:rated"
    customer_id: UUID
    enquiry_id: UUID
    branch_id: UUID | None
    staff_id: UUID | None
    staff_branch_id: UUID | None
    by_bot: bool
    stars: int
    at: datetime


@dataclass(frozen=True)
class RescueOffered(Fact):
    """A stuck application lies on the opening desk of its branch."""

    NAME: ClassVar[str] = "serve:rescue:offered"
    customer_id: UUID
    rescue_id: UUID
    opening_id: str
    branch_id: UUID | None
    step: str
    arm: str
    stuck_at: datetime
    at: datetime


@dataclass(frozen=True)
class RescueTaken(Fact):
    """One advisor has taken it. Told again, with the later `stuck_at`, when it stalls once more while he holds it."""

    NAME: ClassVar[str] = "serve:rescue:taken"
    customer_id: UUID
    rescue_id: UUID
    opening_id: str
    branch_id: UUID | None
    step: str
    staff_id: UUID
    staff_branch_id: UUID | None
    stuck_at: datetime
    taken_at: datetime


@dataclass(frozen=True)
class RescueContacted(Fact):
    """The first contact of a stall has gone out; `channel` is chat | call | message."""

    NAME: ClassVar[str] = "serve:rescue:contacted"
    customer_id: UUID
    rescue_id: UUID
    opening_id: str
    branch_id: UUID | None
    step: str
    staff_id: UUID
    staff_branch_id: UUID | None
    channel: str
    stuck_at: datetime
    contacted_at: datetime


@dataclass(frozen=True)
class RescueReleased(Fact):
    """It lies on the desk again; `reason` is released | silent (no contact, or no outcome) | offline |
    dismissed | reassigned (its next holder follows at once).
    """

    NAME: ClassVar[str] = "serve:rescue:released"
    customer_id: UUID
    rescue_id: UUID
    opening_id: str
    branch_id: UUID | None
    staff_id: UUID
    reason: str
    at: datetime


@dataclass(frozen=True)
class RescueFinished(Fact):
    """It is over. `outcome` is resumed | late | abandoned | no_answer | not_interested | needs_branch | ineligible
    | other. An assist needs `stuck_at < contacted_at < next_step_at`.

    Told a second time, with `next_step_at`, when the applicant goes on after his advisor had already put it down.
    """

    NAME: ClassVar[str] = "serve:rescue:finished"
    customer_id: UUID
    rescue_id: UUID
    opening_id: str
    branch_id: UUID | None
    step: str
    arm: str
    staff_id: UUID | None
    staff_branch_id: UUID | None
    outcome: str
    stuck_at: datetime
    taken_at: datetime | None
    contacted_at: datetime | None
    resumed_at: datetime | None
    next_step_at: datetime | None
    at: datetime
