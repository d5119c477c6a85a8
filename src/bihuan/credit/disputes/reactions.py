"""Disputes that nobody decided in time."""

from collections.abc import Sequence
from datetime import datetime

from bihuan.credit.disputes import service
from bihuan.kit.deadlines import Deadline, Handler
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx


def deadlines(house: House) -> dict[str, Handler]:
    """Marks them as overdue."""

    async def fell_due(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
        await service.fell_due(tx, due, now)

    return {service.DUE: fell_due}
