"""The engines of a machine of one: PostgreSQL 18 and ClickHouse in the data folder, as supervised child processes.

In: a data folder, and the URLs of engines that stand elsewhere. Out: the URLs of the two engines, a Supervisor for
further processes, and `run.json`, by which other commands find what runs. Nothing else in the product knows whether
an engine is embedded: everybody gets a URL.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bihuan.kit.engines.clickhouse_server import ClickHouseServer
from bihuan.kit.engines.places import forget
from bihuan.kit.engines.postgres_server import EngineUnusable, PostgresServer
from bihuan.kit.engines.run_state import AlreadyRunning, Ownership, Run, own, running
from bihuan.kit.engines.supervise import Child, ChildFailed, Supervisor, free_port, listener

__all__ = [
    "AlreadyRunning",
    "Child",
    "ChildFailed",
    "ClickHouseServer",
    "EngineUnusable",
    "Engines",
    "Ownership",
    "PostgresServer",
    "Run",
    "Supervisor",
    "embedded",
    "forget",
    "free_port",
    "listener",
    "own",
    "reachable",
    "running",
    "start_engines",
]

LONGEST_START = 300.0


@dataclass(frozen=True)
class Engines:
    """Where the two engines answer, embedded or not."""

    postgres_url: str
    clickhouse_url: str


async def start_engines(
    supervisor: Supervisor,
    data_dir: Path,
    *,
    durable: bool = True,
    postgres_url: str | None = None,
    clickhouse_url: str | None = None,
) -> Engines:
    """Start, under the supervisor, each engine whose URL is not given; both are ready on return.

    The caller owns the data folder (`own`). Raises EngineUnusable or ChildFailed, each saying what to do.
    """
    starting = (
        asyncio.ensure_future(_postgres(supervisor, data_dir, durable, postgres_url)),
        asyncio.ensure_future(_clickhouse(supervisor, data_dir, durable, clickhouse_url)),
    )
    try:
        return Engines(*await asyncio.gather(*starting))
    except BaseException:
        for task in starting:
            task.cancel()
        await asyncio.gather(*starting, return_exceptions=True)
        raise


async def _postgres(supervisor: Supervisor, data_dir: Path, durable: bool, given: str | None) -> str:
    if given:
        return given
    server = PostgresServer(data_dir, durable=durable)
    await asyncio.to_thread(server.prepare)
    await supervisor.start(server.child())
    return server.url


async def _clickhouse(supervisor: Supervisor, data_dir: Path, durable: bool, given: str | None) -> str:
    if given:
        return given
    server = ClickHouseServer(data_dir, durable=durable)
    await supervisor.start(server.child())
    return server.url


@asynccontextmanager
async def embedded(
    data_dir: Path,
    *,
    durable: bool = True,
    postgres_url: str | None = None,
    clickhouse_url: str | None = None,
) -> AsyncIterator[Engines]:
    """Own the data folder, start what is not given by URL, and stop it again on leaving.

    `durable=False` gives up safety against power loss (not against kill -9) for speed, for tests. Raises
    AlreadyRunning when another process owns the folder.
    """
    with own(data_dir) as ownership:
        async with Supervisor(data_dir / "logs") as supervisor:
            engines = await start_engines(
                supervisor, data_dir, durable=durable, postgres_url=postgres_url, clickhouse_url=clickhouse_url
            )
            ownership.announce(postgres=engines.postgres_url, clickhouse=engines.clickhouse_url)
            yield engines


@asynccontextmanager
async def reachable(
    data_dir: Path, *, postgres_url: str | None = None, clickhouse_url: str | None = None
) -> AsyncIterator[Engines]:
    """The engines of the data folder: those that run there, else started for as long as the context lasts.

    Raises TimeoutError when a run owns the folder but its engines do not get ready.
    """
    if postgres_url and clickhouse_url:
        yield Engines(postgres_url, clickhouse_url)
        return
    give_up = asyncio.get_running_loop().time() + LONGEST_START
    while run := running(data_dir):
        if "postgres" in run.addresses and "clickhouse" in run.addresses:
            yield Engines(run.addresses["postgres"], run.addresses["clickhouse"])
            return
        if asyncio.get_running_loop().time() > give_up:
            raise TimeoutError(f"Process {run.pid} owns {data_dir} but its engines are not ready. See {data_dir}/logs.")
        await asyncio.sleep(0.1)
    async with embedded(data_dir, postgres_url=postgres_url, clickhouse_url=clickhouse_url) as engines:
        yield engines
