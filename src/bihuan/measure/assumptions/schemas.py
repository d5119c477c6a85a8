"""Wire types of assumptions."""

from decimal import Decimal

from pydantic import BaseModel, Field


class AssumptionOut(BaseModel):
    """A number with its unit, meaning and where its default comes from."""

    name: str
    value: Decimal
    unit: str
    meaning: dict[str, str] = Field(description="by language: zh-CN, en")
    origin: str


class AssumptionIn(BaseModel):
    """The firm's own number."""

    value: Decimal = Field(ge=0, le=Decimal("99999999"), decimal_places=4)
