"""Staff, branches and regions on the wire."""

import re
from datetime import time
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema

from bihuan.people.rules import Role
from bihuan.people.types import Branch, Region, Staff

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
MaybeLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Login = Annotated[str, StringConstraints(to_lower=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{1,79}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,40}$")]


def _clock(given: object) -> object:
    if not isinstance(given, time) and not (isinstance(given, str) and _CLOCK.fullmatch(given)):
        raise ValueError("write a time of day as 08:30")
    return given


# A time of day at the exchange; JSON Schema's own `time` would want a time zone.
_CLOCK = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
Clock = Annotated[
    time,
    BeforeValidator(_clock),
    PlainSerializer(lambda at: at.strftime("%H:%M"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK.pattern}$", "examples": ["08:30"]}),
]


class StaffOut(BaseModel):
    """A person of the firm. `branch_ids` null: sees all branches."""

    id: UUID
    login: str
    name: str
    name_en: str
    roles: list[str]
    branch_id: UUID | None
    region_id: UUID | None
    branch_ids: list[UUID] | None
    registration_number: str | None
    licensed: bool
    staff_code: str | None
    active: bool

    @classmethod
    def of(cls, staff: Staff) -> Self:
        """As the wire carries him."""
        return cls.model_validate(staff, from_attributes=True)


class StaffIn(BaseModel):
    """A new person; he gets a password by POST /staff/{id}/password."""

    login: Login
    name: Line
    name_en: MaybeLine = ""
    roles: Annotated[list[Role], Field(min_length=1, max_length=9)]
    branch_id: UUID | None = None
    region_id: UUID | None = None
    registration_number: Line | None = None
    licensed: bool = False
    staff_code: Code | None = None


class StaffEdit(BaseModel):
    """What changes; what is left out stays."""

    name: Line = ""
    name_en: MaybeLine = ""
    roles: Annotated[list[Role], Field(min_length=1, max_length=9)] = Field(default_factory=list)
    branch_id: UUID | None = None
    region_id: UUID | None = None
    registration_number: Line | None = None
    licensed: bool = False
    staff_code: Code | None = None
    active: bool = True


class NewPassword(BaseModel):
    """A password made by the product, shown this once; the person changes it after signing in."""

    password: str


class RegionOut(BaseModel):
    """A region."""

    id: UUID
    code: str
    name: str
    name_en: str

    @classmethod
    def of(cls, region: Region) -> Self:
        """As the wire carries it."""
        return cls.model_validate(region, from_attributes=True)


class BranchOut(BaseModel):
    """A branch; hours are exchange time, capacity new accounts a month."""

    id: UUID
    code: str
    name: str
    name_en: str
    city: str
    region_id: UUID
    latitude: float | None
    longitude: float | None
    opens_at: Clock
    closes_at: Clock
    monthly_capacity: int
    active: bool

    @classmethod
    def of(cls, branch: Branch) -> Self:
        """As the wire carries it."""
        return cls.model_validate(branch, from_attributes=True)


class BranchIn(BaseModel):
    """A new branch of a region that exists."""

    code: Code
    name: Line
    name_en: MaybeLine = ""
    city: MaybeLine = ""
    region_id: UUID
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    opens_at: Clock = time(9, 0)
    closes_at: Clock = time(17, 0)
    monthly_capacity: Annotated[int, Field(ge=0, le=1_000_000)] = 500


class BranchEdit(BaseModel):
    """What changes; what is left out stays."""

    name: Line = ""
    name_en: MaybeLine = ""
    city: MaybeLine = ""
    region_id: UUID | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    opens_at: Clock = time(9, 0)
    closes_at: Clock = time(17, 0)
    monthly_capacity: Annotated[int, Field(ge=0, le=1_000_000)] = 500
    active: bool = True


class BranchChoice(BaseModel):
    """A branch as a customer may choose it."""

    id: UUID
    code: str
    name: str
    name_en: str
    city: str
    opens_at: Clock
    closes_at: Clock
    latitude: float | None
    longitude: float | None

    @classmethod
    def of(cls, branch: Branch) -> Self:
        """As the wire carries it."""
        return cls.model_validate(branch, from_attributes=True)


class BranchList(BaseModel):
    """Branches within the data scope, by code."""

    items: list[BranchOut]
    next: None = None


class RegionList(BaseModel):
    """Regions, by code."""

    items: list[RegionOut]
    next: None = None


class ChoiceList(BaseModel):
    """Branches open to customers, by code."""

    items: list[BranchChoice]
    next: None = None


class StaffPage(BaseModel):
    """Staff within the data scope, by login."""

    items: list[StaffOut]
    next: str | None = None
