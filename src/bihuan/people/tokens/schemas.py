"""Demo mode's customer tokens and sign-ins on the wire."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

CustomerId = Annotated[str, Field(min_length=1, max_length=200)]


class DemoCustomer(BaseModel):
    """Whom to be: a registered user, a visitor, or a user on a device."""

    user_id: CustomerId | None = None
    anonymous_id: CustomerId | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not (self.user_id or self.anonymous_id):
            raise ValueError("name user_id or anonymous_id")
        return self


class DemoToken(BaseModel):
    """A customer token as the firm's server would sign it."""

    token: str
    customer_id: UUID
    expires_at: datetime


class DemoSeat(BaseModel):
    """Whose seat to take."""

    login: Annotated[str, Field(min_length=1, max_length=100)]


class DemoAccount(BaseModel):
    """A sign-in of the demo; the password of all of them is printed when the demo starts."""

    login: str
    name: str
    name_en: str
    roles: list[str]
    branch: str | None
    branch_en: str | None


class DemoAccounts(BaseModel):
    """The demo's sign-ins, by role."""

    items: list[DemoAccount]
    next: None = None
