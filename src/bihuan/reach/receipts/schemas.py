"""What a text gateway reports back."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Id = Annotated[str, Field(min_length=1, max_length=100)]


class ReceiptIn(BaseModel):
    """How a message ended. `receipt_id` is the gateway's, the same whenever it reports this again; `id` is ours."""

    receipt_id: Id
    id: Id
    message_id: Id
    state: Literal["delivered", "failed"]
    reason: Annotated[str | None, Field(max_length=200)] = None


class ReplyIn(BaseModel):
    """What a customer answered to a message."""

    reply_id: Id
    phone: Annotated[str, Field(min_length=3, max_length=30)]
    text: Annotated[str, Field(max_length=1000)]


class ReportIn(BaseModel):
    """Receipts and replies since the last report."""

    receipts: Annotated[list[ReceiptIn], Field(max_length=500)] = []
    replies: Annotated[list[ReplyIn], Field(max_length=500)] = []


class ReportOut(BaseModel):
    """How many were new and ours, and how many of them were opt-outs. The rest was known, or is not ours."""

    receipts: int
    replies: int
    opt_outs: int
