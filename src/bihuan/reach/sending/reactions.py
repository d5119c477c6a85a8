"""Deliveries whose sender was not heard of again."""

from collections.abc import Sequence
from datetime import datetime

from bihuan.kit.deadlines import Deadline, Handler
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.reach.sending import queue


def deadlines(house: House) -> dict[str, Handler]:
    """Puts them in the queue again."""

    async def resume(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
        await queue.resume(tx, house, due, now)

    return {queue.RESUME: resume}
