"""The in-app inbox on the wire."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from bihuan.reach.inbox.repository import InboxMessage


class InboxMessageOut(BaseModel):
    """One message; `link` is a path of the app that leads back to the very step."""

    id: UUID
    title: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | None

    @classmethod
    def of(cls, message: InboxMessage) -> Self:
        """A message as its customer sees it."""
        return cls.model_validate(vars(message))
