"""The only way into the reach room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kit.postgres import Tx
from bihuan.reach.receipts.rules import signature
from bihuan.reach.sending import repository as _deliveries
from bihuan.reach.sending.gateway import GatewayBusy, GatewayRefused, Text, TextGateway
from bihuan.reach.sending.service import send

__all__ = [
    "GatewayBusy",
    "GatewayRefused",
    "Reached",
    "Text",
    "TextGateway",
    "reached",
    "send",
    "signature",
]


@dataclass(frozen=True)
class Reached:
    """How many messages passed the gate in a period, and what became of them; `by_channel` counts those that left."""

    deliveries: int
    sent: int
    delivered: int
    failed: int
    by_channel: Mapping[str, int]


async def reached(tx: Tx, since: datetime, until: datetime, branches: list[UUID] | None = None) -> Reached:
    """Messages of a period, of some branches or (None) of the whole firm."""
    counts, by_channel = await _deliveries.totals(tx, since, until, branches)
    return Reached(**counts, by_channel=by_channel)
