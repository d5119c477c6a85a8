"""What rescues look like on the wire; live topics carry the same rows."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from bihuan.serve.enquiries.schemas import Words
from bihuan.serve.rescue.repository import Rescue

RescueState = Literal["held", "open", "taken", "finished"]
Channel = Literal["chat", "call", "message"]


class RescueOut(BaseModel):
    """A stuck application as the desk shows it."""

    id: UUID
    opening_id: str
    customer_id: UUID
    customer: str = Field(description="masked name")
    branch_id: UUID | None
    step: str
    reason: str | None = Field(description="why it is stuck, where known")
    experiment: str
    arm: str
    state: RescueState
    held_because: str | None = Field(description="why nobody may take it")
    stuck_at: datetime
    stuck_again_at: datetime | None = Field(description="stuck once more since, at `step` and for this `reason`")
    offered_at: datetime | None
    overdue_at: datetime | None = Field(description="since when supervisors are warned that nobody takes it")
    staff_id: UUID | None
    staff_branch_id: UUID | None
    staff_name: str | None
    taken_at: datetime | None
    contacted_at: datetime | None
    channel: Channel | None
    resumed_at: datetime | None
    next_step_at: datetime | None
    finished_at: datetime | None
    outcome: str | None
    note: str | None

    @classmethod
    def of(cls, rescue: Rescue) -> "RescueOut":
        """From the row."""
        held = "held out by the experiment" if rescue.state == "held" else None
        return cls.model_validate({**vars(rescue), "customer": rescue.customer_label, "held_because": held})


class ContactIn(BaseModel):
    """A contact: words for chat and message; a call only says what was talked about."""

    channel: Channel
    text: Words | None = None


class ContactOut(BaseModel):
    """The contact has gone out."""

    rescue: RescueOut
    enquiry_id: UUID | None = Field(description="the conversation it opened or continued")
    link: str | None = Field(description="the deep link to the very step that was sent along")


class OutcomeIn(BaseModel):
    """How it ended, as the advisor knows it."""

    outcome: Literal["resumed", "no_answer", "not_interested", "needs_branch", "ineligible", "other"]
    note: Annotated[str | None, Field(max_length=1000)] = None
