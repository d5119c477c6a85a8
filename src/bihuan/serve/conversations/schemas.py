"""What messages look like on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from bihuan.serve.conversations.repository import Refusal
from bihuan.serve.enquiries.schemas import ClientId, MessageOut, MyEnquiryOut, Words


class MessageIn(BaseModel):
    """Something to say."""

    text: Words
    client_id: ClientId = None


class SaidOut(BaseModel):
    """The message as it stands in the conversation. `warnings` are phrases that were let through this once."""

    message: MessageOut
    replies: list[MessageOut] = Field(description="what the bot answered at once")
    warnings: list[str]
    enquiry: MyEnquiryOut


class ConversationOut(BaseModel):
    """A conversation from a number on; the live topic `conversation:{id}` carries what follows."""

    items: list[MessageOut]
    next: str | None = None


class RefusalOut(BaseModel):
    """A message that staff wrote and the product stopped before it left."""

    id: UUID
    staff_id: UUID
    customer_id: UUID
    branch_id: UUID | None
    enquiry_id: UUID | None
    opening_id: str | None
    reason: Literal["wording", "hidden_answers"]
    text: str
    phrases: list[str]
    at: datetime

    @classmethod
    def of(cls, refusal: Refusal) -> "RefusalOut":
        """From the row."""
        return cls.model_validate(vars(refusal))
