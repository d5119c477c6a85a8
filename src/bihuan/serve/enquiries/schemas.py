"""What enquiries look like on the wire; live topics carry the same rows as the HTTP answers."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from bihuan.serve.conversations.repository import Message
from bihuan.serve.enquiries.row import Enquiry

EnquiryState = Literal["bot", "waiting", "callback_owed", "claimed", "closed"]


def _something(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValueError("say something")
    return text


Words = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_something)]
ClientId = Annotated[str | None, Field(min_length=1, max_length=100, description="makes a repeated send one message")]


class AdvisorOut(BaseModel):
    """The person a customer speaks with."""

    name: str
    name_en: str
    branch: str | None
    branch_en: str | None
    registration_number: str | None
    licensed: bool


class HandoverOut(BaseModel):
    """Who had the enquiry before, why not any more, and what he noted for whoever has it next."""

    staff_id: UUID
    name: str | None
    reason: Literal["silent", "offline", "released", "transferred", "licence"]
    note: str | None
    at: datetime


class EnquiryOut(BaseModel):
    """An enquiry as staff see it: the customer by masked name and branch only."""

    id: UUID
    customer_id: UUID
    customer: str = Field(description="masked name")
    branch_id: UUID | None
    opening_id: str | None
    origin: Literal["customer", "rescue"]
    question: str
    language: str
    topic: str
    needs_licence: bool = Field(description="only a registered investment advisor may answer")
    state: EnquiryState
    round: int
    ring: int | None
    ring_until: datetime | None
    asked_at: datetime
    person_asked_at: datetime | None
    first_offered_at: datetime | None
    callback_at: datetime | None
    owner_id: UUID | None
    owner: AdvisorOut | None
    claimed_at: datetime | None
    first_answer_at: datetime | None = Field(description="the first answer of a person")
    owner_answered_at: datetime | None = Field(description="the first answer of whoever holds it now")
    handover: HandoverOut | None = Field(description="from whom it came, with his note; customers do not see it")
    wanted_branch_id: UUID | None = Field(description="the branch it was sent to, where that is not the customer's")
    bot_answered_at: datetime | None
    by_bot: bool = Field(description="only the bot has answered")
    awaiting_since: datetime | None = Field(description="the customer waits for an answer since")
    last_number: int
    last_text: str
    last_author: str
    last_at: datetime
    closed_at: datetime | None
    outcome: str | None
    merged_into: UUID | None = Field(description="the conversation of the same customer that goes on instead")
    stars: int | None
    comment: str | None

    @classmethod
    def of(cls, enquiry: Enquiry) -> "EnquiryOut":
        """From the row."""
        return cls.model_validate({**vars(enquiry), "customer": enquiry.customer_label, "by_bot": enquiry.by_bot})


class MyEnquiryOut(BaseModel):
    """An enquiry as the customer sees it."""

    id: UUID
    opening_id: str | None
    origin: Literal["customer", "rescue"]
    question: str
    state: EnquiryState
    asked_at: datetime
    advisor: AdvisorOut | None
    by_bot: bool = Field(description="only the assistant has answered")
    last_number: int
    last_text: str
    last_author: str
    last_at: datetime
    closed_at: datetime | None
    merged_into: UUID | None = Field(description="the conversation of yours that goes on instead")
    stars: int | None

    @classmethod
    def of(cls, enquiry: Enquiry) -> "MyEnquiryOut":
        """From the row."""
        return cls.model_validate({**vars(enquiry), "advisor": enquiry.owner, "by_bot": enquiry.by_bot})


class MessageOut(BaseModel):
    """One message of a conversation."""

    number: int = Field(description="1, 2, 3 ... without gaps")
    author: Literal["customer", "staff", "bot"]
    name: str | None = Field(description="the advisor's name")
    text: str
    link: str | None = Field(description="where the customer can go on at once")
    proactive: bool = Field(description="the advisor wrote first")
    client_id: str | None
    knowledge_id: UUID | None
    at: datetime

    @classmethod
    def of(cls, message: Message) -> "MessageOut":
        """From the row."""
        return cls.model_validate({**vars(message), "name": message.staff_name, "at": message.said_at})


class AskIn(BaseModel):
    """A customer's question."""

    text: Words
    opening_id: Annotated[str | None, Field(max_length=200)] = None
    client_id: ClientId = None


class AskedOut(BaseModel):
    """What became of the question, with the conversation so far."""

    enquiry: MyEnquiryOut
    messages: list[MessageOut]


class MineOut(BaseModel):
    """The customer's own enquiries, latest first, and the live topic that carries their changes."""

    items: list[MyEnquiryOut]
    topic: str


class CloseIn(BaseModel):
    """How it ended, as the one who closes it sees it."""

    outcome: Literal["answered", "no_reply", "called_back", "withdrawn"] = "answered"


class RatingIn(BaseModel):
    """How it was."""

    stars: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str | None, Field(max_length=1000)] = None


class AssignIn(BaseModel):
    """Who shall serve him."""

    staff_id: UUID


class TransferIn(BaseModel):
    """To whom: a colleague, or a branch where somebody is looked for; neither means whoever is free."""

    staff_id: UUID | None = None
    branch: UUID | None = None
    note: Annotated[
        str | None, Field(max_length=1000, description="for the next owner; the customer never sees it")
    ] = None


def row_of(model: BaseModel) -> dict[str, Any]:
    """A live topic's row."""
    return model.model_dump(mode="json")
