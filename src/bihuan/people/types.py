"""What other rooms get to hold of people: frozen, and never with a password or a key in it."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from bihuan.people.rules import Permission, Scope, permissions_of


@dataclass(frozen=True)
class Staff:
    """A person of the firm. `branch_ids` are the branches whose rows he sees: None all, () none."""

    id: UUID
    login: str
    name: str
    name_en: str
    roles: tuple[str, ...]
    branch_id: UUID | None
    region_id: UUID | None
    branch_ids: tuple[UUID, ...] | None
    registration_number: str | None
    licensed: bool
    staff_code: str | None
    active: bool

    def may(self, permission: Permission) -> bool:
        """Whether one of his roles carries the permission."""
        return permission in permissions_of(self.roles)

    def may_by_name(self, permission: str) -> bool:
        """The same by the permission's name, as it is stored; False for a name that is no permission."""
        return permission in permissions_of(self.roles)

    def sees(self, branch_id: UUID | None) -> bool:
        """Whether rows of this branch are within his data scope; rows of no branch only for those who see all."""
        return self.branch_ids is None or branch_id in self.branch_ids


@dataclass(frozen=True)
class Region:
    """A group of branches under one region manager."""

    id: UUID
    code: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Branch:
    """A branch (营业部). Hours are exchange time; `monthly_capacity` is how many new accounts it can look after."""

    id: UUID
    code: str
    name: str
    name_en: str
    city: str
    region_id: UUID
    latitude: float | None
    longitude: float | None
    opens_at: time
    closes_at: time
    monthly_capacity: int
    active: bool


@dataclass(frozen=True)
class BranchRow:
    """A branch as an import gives it; the region is made when its code is new."""

    code: str
    name: str
    region_code: str
    name_en: str = ""
    region_name: str = ""
    region_name_en: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    opens_at: time = time(9, 0)
    closes_at: time = time(17, 0)
    monthly_capacity: int = 500
    active: bool = True


@dataclass(frozen=True)
class StaffRow:
    """A staff member as an import gives him, found again by `login`. Branch and region by their codes."""

    login: str
    name: str
    roles: tuple[str, ...]
    name_en: str = ""
    branch_code: str | None = None
    region_code: str | None = None
    registration_number: str | None = None
    licensed: bool = False
    staff_code: str | None = None
    active: bool = True


@dataclass(frozen=True)
class Imported:
    """What became of imported rows: `rejected` names the row's index and why."""

    written: int
    rejected: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Source:
    """Who sends with a key. `name` is the namespace in which message ids are deduplicated."""

    id: UUID
    name: str
    kind: str
    scopes: frozenset[str]

    @property
    def sends(self) -> bool:
        """Whether events are taken from it at all."""
        return Scope.TRACK in self.scopes or self.trusted

    @property
    def trusted(self) -> bool:
        """Whether step events of the firm's own systems are believed from it."""
        return Scope.TRUSTED in self.scopes


@dataclass(frozen=True)
class Caller:
    """A customer or visitor who carries a token of the firm's server."""

    customer_id: UUID
    user_id: str | None
    anonymous_id: str | None


@dataclass(frozen=True)
class Approval:
    """Something proposed; `state` is pending, approved, rejected or withdrawn."""

    id: UUID
    kind: str
    subject: str
    proposed: dict[str, Any]
    permission: str
    author_id: UUID
    asked_at: datetime
    state: str
    decided_by: UUID | None
    decided_at: datetime | None
    comment: str | None
