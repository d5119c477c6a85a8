"""Keys on the wire."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from bihuan.people.keys.repository import Key
from bihuan.people.keys.service import NewKey
from bihuan.people.rules import Scope

# No colon: names with one are the product's own sources.
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^:\x00-\x1f]+$", max_length=60)
]


class KeyIn(BaseModel):
    """A key to make. A write key can only track; a server key needs scopes."""

    kind: Literal["write", "server"]
    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=20)] = Field(default_factory=lambda: [Scope.TRACK])


class KeyOut(BaseModel):
    """A key without its secret; `hint` is how it begins."""

    id: UUID
    kind: str
    name: str
    scopes: list[str]
    hint: str
    created_by: str
    created_at: datetime
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: Key) -> Self:
        """As the wire carries it."""
        return cls.model_validate(key, from_attributes=True)


class KeyMade(KeyOut):
    """A key just made, with the secret that is shown this once."""

    secret: str

    @classmethod
    def made(cls, new: NewKey) -> Self:
        """As the wire carries it."""
        return cls(**vars(new.key), secret=new.secret)


class KeyList(BaseModel):
    """All keys, newest first."""

    items: list[KeyOut]
    next: None = None
