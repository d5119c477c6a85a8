"""The refresh as a job, and when it is due."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bihuan.kit import deadlines
from bihuan.kit.deadlines import Deadline
from bihuan.kit.errors import Conflict
from bihuan.kit.house import House
from bihuan.kit.jobs import enqueue, job
from bihuan.kit.postgres import Tx
from bihuan.understand.segments import service as segments
from bihuan.understand.tags import service

HOURLY = "understand.tags.hourly"  # the first is set down by the migration
REFRESH = "understand.refresh_tags"


@job(REFRESH, queue="heavy", attempts=3, wait_s=30)
async def refresh_tags(context: Any, whole: bool = False) -> None:
    """Refresh all tags, then the segments over them; where another refresh runs already, that one will do."""
    house: House = context.additional_context["house"]
    try:
        await service.refresh(house, whole=whole)
        await segments.evaluate_all(house)
    except Conflict:
        return


async def ask(tx: Tx, *, whole: bool) -> bool:
    """Have tags refreshed soon; False where that is waiting already."""
    return await enqueue(tx, REFRESH, lock=REFRESH, once=f"{REFRESH}:{whole}", whole=whole)


async def on_hour(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
    """An hour is over: ask for a refresh, and set down the next."""
    await ask(tx, whole=False)
    following = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    await deadlines.set_deadline(tx, HOURLY, "all", following)
