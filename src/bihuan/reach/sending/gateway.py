"""The door to whoever carries text messages; `connect` has the adapters."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Text:
    """One text message. `id` is the delivery's: the gateway sends the same id once, however often it is handed over."""

    id: str
    phone: str
    text: str
    sign: str


class GatewayRefused(Exception):
    """The gateway will never take this message; the text says why."""


class GatewayBusy(Exception):
    """The gateway did not take the message now; hand it over again later. `lost`: it may have taken it all the same."""

    def __init__(self, reason: str, *, lost: bool) -> None:
        super().__init__(reason)
        self.lost = lost


class TextGateway(Protocol):
    """An outside system that carries text messages."""

    async def send(self, message: Text) -> str:
        """Hand a message over: the gateway's own id of it. Raises GatewayRefused or GatewayBusy."""
        ...
