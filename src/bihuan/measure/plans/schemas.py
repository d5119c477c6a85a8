"""Wire types of branch plans."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field


class PlanIn(BaseModel):
    """What a branch is to bring in a month; it takes the place of the plan before."""

    month: date = Field(description="any day of the month")
    accounts: int = Field(ge=0, le=1_000_000, description="accounts to open")
    net_assets: int | None = Field(
        default=None, ge=-(10**13), le=10**13, description="net new assets in yuan; null plans none"
    )


class PlanOut(BaseModel):
    """A branch's plan for a month; `month` is its first day."""

    branch_id: UUID
    month: date
    accounts: int
    net_assets: int | None
