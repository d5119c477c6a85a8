"""The house of a data folder for a command: through what runs there, or started for as long as the command lasts."""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import structlog

from bihuan.kit import house as houses
from bihuan.kit import log as the_log
from bihuan.kit.engines import Engines, reachable, running
from bihuan.kit.errors import Unavailable
from bihuan.kit.house import House
from bihuan.kit.migrate import prepare
from bihuan.kit.settings import Settings
from bihuan.worker import Worker


def settings_for(data: Path | None, **given: object) -> Settings:
    """The settings, with what the command line said on top of the environment."""
    said = {name: value for name, value in given.items() if value is not None}
    if data is not None:
        said["data"] = data
    found = Settings(**said)  # type: ignore[arg-type]
    return found.model_copy(update={"data": found.data.resolve()})


def set_up_logging(level: str) -> None:
    """One JSON object per line on standard error, with the request's id where there is one."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


@asynccontextmanager
async def engines_of(settings: Settings) -> AsyncIterator[tuple[Engines, bool]]:
    """The engines, schema up to date, and whether a whole run (server, worker) is alive on the folder."""
    alive = running(settings.data) is not None
    async with reachable(
        settings.data, postgres_url=settings.postgres_url or None, clickhouse_url=settings.clickhouse_url or None
    ) as engines:
        await prepare(settings, engines.postgres_url, engines.clickhouse_url)
        yield engines, alive


@asynccontextmanager
async def house_of(settings: Settings, *, reacting: bool = False) -> AsyncIterator[House]:
    """A house on the folder's engines. With `reacting` a worker runs beside the command where none is alive."""
    async with (
        engines_of(settings) as (engines, alive),
        houses.opened(settings, engines.postgres_url, engines.clickhouse_url) as house,
        _reacting(settings, engines) if reacting and not alive else contextlib.nullcontext(),
    ):
        yield house


@asynccontextmanager
async def _reacting(settings: Settings, engines: Engines) -> AsyncIterator[None]:
    """A worker beside the command."""
    async with houses.opened(settings, engines.postgres_url, engines.clickhouse_url, pool=settings.lanes + 4) as house:
        worker = Worker(house)
        task = asyncio.create_task(worker.run())
        try:
            yield
        finally:
            worker.stop()
            await asyncio.wait_for(task, 30)


async def settled(house: House, patience_s: float = 60) -> None:
    """Return when everything that is in the log now has been reacted to and shipped.

    Raises Unavailable, with the shipper's last error where there is one, once nothing has moved for `patience_s`.
    """
    async with house.postgres.transaction() as tx:
        upto = await the_log.horizon(tx)
        seen = await the_log.progress(tx)
    moved_at = time.monotonic()
    while True:
        async with house.postgres.transaction() as tx:
            if not await the_log.behind(tx, upto):
                return
            now = await the_log.progress(tx)
        if now.stand != seen.stand:
            seen, moved_at = now, time.monotonic()
        elif time.monotonic() - moved_at > patience_s:
            raise Unavailable("standstill", _standstill(now, patience_s))
        await asyncio.sleep(0.1)


def _standstill(found: the_log.Progress, seconds: float) -> str:
    if found.shipping_error:
        return f"The analytics engine takes nothing more; everything waits safely in PostgreSQL: {found.shipping_error}"
    return f"Nothing has moved for {seconds:.0f} s: see whether a worker runs, and what its log says."


@contextmanager
def until_signal() -> Iterator[asyncio.Event]:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
