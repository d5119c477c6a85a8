"""What presence looks like on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from bihuan.serve.presence.repository import Presence

PresenceState = Literal["online", "away", "offline"]


class PresenceIn(BaseModel):
    """What an advisor says of himself; without `capacity` it stays as it was."""

    state: PresenceState
    capacity: Annotated[int | None, Field(ge=1, le=50, description="conversations at once")] = None


class PresenceOut(BaseModel):
    """Whether somebody is there. Who is not heard of for a while is taken to be offline."""

    staff_id: UUID
    name: str
    branch_id: UUID | None
    licensed: bool
    state: PresenceState
    capacity: int
    load: int = Field(description="conversations held now")
    since: datetime
    last_seen: datetime

    @classmethod
    def of(cls, presence: Presence, load: int) -> "PresenceOut":
        """From the row."""
        return cls.model_validate({**vars(presence), "load": load})
