"""Wire types of branch plans."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field


class PlanIn(BaseModel):
    """Accounts a branch is to open in a month."""

    month: date = Field(description="any day of the month")
    accounts: int = Field(ge=0, le=1_000_000)


class PlanOut(BaseModel):
    """A branch's plan for a month; `month` is its first day."""

    branch_id: UUID
    month: date
    accounts: int
