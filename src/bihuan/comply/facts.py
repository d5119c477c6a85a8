"""What comply tells the other rooms."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from bihuan.kit.log import Fact


@dataclass(frozen=True)
class ConsentChanged(Fact):
    """A customer allowed or refused a purpose on a channel, or on all."""

    NAME: ClassVar[str] = "comply:consent:changed"
    customer_id: UUID | None
    purpose: str
    channel: str
    granted: bool
    decided_at: datetime
    source: str
