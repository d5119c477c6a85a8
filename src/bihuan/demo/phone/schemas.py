"""What the firm's app knows of a customer, on the wire."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field


class HoldingPlayed(BaseModel):
    """A holding as the app lists it; value in yuan."""

    item: str
    name_zh: str
    name_en: str
    kind: str
    quantity: Decimal
    value: Decimal
    as_of: date
    matures_on: date | None


class AdvisorPlayed(BaseModel):
    """The customer's own advisor."""

    name: str
    name_en: str
    branch: str | None
    branch_en: str | None
    registration_number: str | None


class MeOut(BaseModel):
    """The customer as his own app shows him."""

    user_id: str | None
    name: str = Field(description="masked")
    tier: str | None
    branch: str | None
    branch_en: str | None
    advisor: AdvisorPlayed | None
    level: str | None = Field(description="C1 to C5, null when never assessed")
    lowest_category: bool
    assessment: str = Field(description="valid, expiring, expired or none")
    valid_until: date | None
    holdings: list[HoldingPlayed]
    total: Decimal


class OrderIn(BaseModel):
    """A product the customer asks for by himself."""

    item: Annotated[str, Field(min_length=1, max_length=80)]


class SaidOut(BaseModel):
    """A stable code, and its sentence in both languages."""

    code: str
    zh: str
    en: str


class OrderOut(BaseModel):
    """What the gate says to an order: taken, taken after a written warning, or refused."""

    item: str
    name_zh: str
    name_en: str
    risk_level: int | None
    allowed: bool
    warnings: list[SaidOut]
    refusals: list[SaidOut]


class ShelfItem(BaseModel):
    """A product that can be searched for."""

    item: str
    name_zh: str
    name_en: str
    text_zh: str
    text_en: str
    risk_level: int | None
    term_days: int | None
    minimum: Decimal | None


class ShelfOut(BaseModel):
    """What a search finds: every product on sale, suitable or not, because a search is the customer's own question."""

    items: list[ShelfItem]
    next: None = None
