"""What reach tells the rooms after it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bihuan.kit.log import Fact


@dataclass(frozen=True)
class MessageSent(Fact):
    """A message left the house: the gateway took it, or it lies in the inbox. Once per moment, and once more by the
    inbox when a text certainly never arrived.
    """

    NAME: ClassVar[str] = "reach:message:sent"
    customer_id: UUID | None
    delivery_id: UUID
    opening_id: str
    branch_id: UUID | None
    step: str
    arm: str
    channel: str  # sms | inbox
    template: str
    template_version: int


@dataclass(frozen=True)
class MessageRefused(Fact):
    """A moment called for a message, and none may go, now or when its turn to be sent came; `reason` says why."""

    NAME: ClassVar[str] = "reach:message:refused"
    customer_id: UUID | None
    opening_id: str
    branch_id: UUID | None
    step: str
    arm: str
    channel: str
    reason: str


@dataclass(frozen=True)
class MessageDelivered(Fact):
    """The gateway's receipt says the handset has it, or it lies in the inbox."""

    NAME: ClassVar[str] = "reach:message:delivered"
    customer_id: UUID | None
    delivery_id: UUID
    opening_id: str
    channel: str


@dataclass(frozen=True)
class MessageFailed(Fact):
    """The gateway refused it for good, or the handset never got it."""

    NAME: ClassVar[str] = "reach:message:failed"
    customer_id: UUID | None
    delivery_id: UUID
    opening_id: str
    channel: str
    reason: str


@dataclass(frozen=True)
class OptOutReceived(Fact):
    """The customer answered a message with a word that means no more of these (退订, T, STOP)."""

    NAME: ClassVar[str] = "reach:optout:received"
    customer_id: UUID | None
    channel: str
    text: str
