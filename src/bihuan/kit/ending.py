"""Ending tasks that would go on for ever."""

import asyncio
from collections.abc import Iterable

_PATIENCE_S = 0.5


async def ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks and return once all have ended, whatever they raised.

    One cancellation is not enough: until Python 3.12 `asyncio.wait_for`, on which psycopg's own waiting is built,
    swallows one that arrives in the moment its inner future is done.
    """
    running = {task for task in tasks if not task.done()}
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=_PATIENCE_S)
