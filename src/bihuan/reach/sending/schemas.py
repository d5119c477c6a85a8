"""Deliveries and moments on the wire."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from bihuan.reach.moments.repository import Moment
from bihuan.reach.sending.repository import Delivery

DeliveryState = Literal["queued", "sending", "sent", "delivered", "failed", "refused"]
MomentState = Literal["held", "waiting", "due", "deferred", "taken", "resumed", "refused", "messaged"]


class DeliveryOut(BaseModel):
    """One message: by which template it went to whom, how far it came, and if it failed or was refused when its turn
    came, why (`reason`). A text that certainly never arrived is followed by one in the inbox.
    """

    id: UUID
    customer_id: UUID
    customer: str = Field(description="masked name; empty where none is known")
    branch_id: UUID | None
    opening_id: str
    step: str
    arm: str
    occasion: str
    channel: str
    purpose: str
    template: str
    template_version: int
    language: str
    title: str
    body: str
    link: str
    address_masked: str | None
    state: DeliveryState
    reason: str | None
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    failed_at: datetime | None

    @classmethod
    def of(cls, delivery: Delivery, customer: str) -> Self:
        """A delivery to somebody as staff see it."""
        return cls.model_validate({**vars(delivery), "customer": customer})


class MomentOut(BaseModel):
    """One stall and what became of it: held (control arm), waiting for a person until `due_at`, deferred (quiet hours)
    until `due_at`, taken by an advisor, resumed by the applicant, refused with a `reason`, or messaged.
    """

    id: UUID
    opening_id: str
    customer_id: UUID | None
    customer: str = Field(description="masked name; empty where none is known")
    branch_id: UUID | None
    step: str
    experiment: str
    arm: str
    state: MomentState
    reason: str | None
    stuck_at: datetime
    due_at: datetime | None
    created_at: datetime
    settled_at: datetime | None

    @classmethod
    def of(cls, moment: Moment, customer: str) -> Self:
        """A moment of somebody's as staff see it."""
        return cls.model_validate({**vars(moment), "customer": customer})
