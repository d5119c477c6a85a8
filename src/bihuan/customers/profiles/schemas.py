"""Customers on the wire."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, StringConstraints


class CustomerOut(BaseModel):
    """A customer as lists show him: name and phone masked."""

    id: UUID
    user_id: str | None
    name_masked: str
    phone_masked: str
    city: str | None
    channel: str | None
    tier: str | None
    branch_id: UUID | None
    first_seen: datetime
    last_seen: datetime
    events: int
    opened_on: date | None


class AccountOut(BaseModel):
    """An account at the counter."""

    account_id: str
    kind: str
    status: str
    opened_on: date | None


class HoldingOut(BaseModel):
    """A holding as of a day; value in yuan."""

    account_id: str
    product: str
    kind: str
    quantity: Decimal
    value: Decimal
    as_of: date
    matures_on: date | None


class RelationOut(BaseModel):
    """A dated relation to a branch and a person."""

    kind: str
    branch_id: UUID
    staff_id: UUID | None
    share: Decimal
    valid_from: datetime
    valid_to: datetime | None
    reason: str


class CustomerPageOut(CustomerOut):
    """A customer whole: profile, accounts, holdings, relations of all time."""

    birth_year: int | None
    gender: str | None
    language: str
    campaign: str | None
    staff_code: str | None
    traits: dict[str, Any]
    accounts: list[AccountOut]
    holdings: list[HoldingOut]
    relations: list[RelationOut]


class TimelineEntryOut(BaseModel):
    """Something that happened to or through the customer."""

    occurred_at: datetime
    kind: str
    name: str
    source: str
    detail: dict[str, Any]
    message_id: str


class UnmaskIn(BaseModel):
    """Which field to see in plain text, and why; the reason is kept in the audit trail."""

    field: Literal["name", "phone"]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=300)]


class UnmaskOut(BaseModel):
    """The field in plain text; null where nothing is known."""

    value: str | None
