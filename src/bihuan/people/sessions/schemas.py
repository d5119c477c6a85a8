"""Sessions on the wire."""

from typing import Annotated, Self

from pydantic import BaseModel, Field

from bihuan.people.rules import permissions_of
from bihuan.people.sessions.browser import csrf_of
from bihuan.people.staff.schemas import StaffOut
from bihuan.people.types import Staff


class SignIn(BaseModel):
    """Login and password."""

    login: Annotated[str, Field(min_length=1, max_length=100)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class PasswordChange(BaseModel):
    """The password in use, and the one to come: length is what protects it."""

    current: Annotated[str, Field(min_length=1, max_length=200)]
    wanted: Annotated[str, Field(min_length=10, max_length=200)]


class SessionOut(BaseModel):
    """Who is signed in, what he may do, and the token to send as X-CSRF-Token with every change."""

    staff: StaffOut
    permissions: list[str]
    csrf: str

    @classmethod
    def of(cls, staff: Staff, token: str) -> Self:
        """The answer for this session."""
        return cls(staff=StaffOut.of(staff), permissions=sorted(permissions_of(staff.roles)), csrf=csrf_of(token))
