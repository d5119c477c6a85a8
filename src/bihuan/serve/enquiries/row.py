"""One enquiry as it stands in its table."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Enquiry:
    """One enquiry. `owner` shows the customer who serves him; times are the product's.

    `first_answer_at` is the round's first answer of a person, `owner_answered_at` that of its present owner;
    `handover` says who had it before, why not any more, and what he noted for the next (staff see it, customers not);
    `wanted_branch_id` is the branch he sent it to.
    """

    id: UUID
    customer_id: UUID
    customer_label: str
    branch_id: UUID | None
    region_id: UUID | None
    own_staff_id: UUID | None
    opening_id: str | None
    origin: str
    client_key: str | None
    question: str
    language: str
    topic: str
    needs_licence: bool
    state: str
    round: int
    ring: int | None
    ring_until: datetime | None
    asked_at: datetime
    person_asked_at: datetime | None
    dispatched_at: datetime | None
    first_offered_at: datetime | None
    callback_at: datetime | None
    owner_id: UUID | None
    owner_branch_id: UUID | None
    owner: dict[str, Any] | None
    claimed_at: datetime | None
    first_answer_at: datetime | None
    owner_answered_at: datetime | None
    handover: dict[str, Any] | None
    wanted_branch_id: UUID | None
    bot_answered_at: datetime | None
    awaiting_since: datetime | None
    last_number: int
    last_text: str
    last_author: str
    last_at: datetime
    closed_at: datetime | None
    outcome: str | None
    merged_into: UUID | None
    stars: int | None
    comment: str | None
    rated_at: datetime | None

    @property
    def by_bot(self) -> bool:
        """Whether the bot alone has answered."""
        return self.bot_answered_at is not None and self.first_answer_at is None

    @property
    def in_dispatch(self) -> bool:
        """Whether somebody is being looked for."""
        return self.state in ("waiting", "callback_owed")


COLUMNS = ", ".join(field.name for field in fields(Enquiry))
