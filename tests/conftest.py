"""Fixtures of the whole suite: real engines, one per worker of the test runner, and fresh databases on them."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
import structlog
from fastapi import FastAPI

from bihuan.kit import house as houses
from bihuan.kit import ids
from bihuan.kit.clickhouse import ClickHouse
from bihuan.kit.engines import Engines, embedded
from bihuan.kit.house import House
from bihuan.kit.migrate import prepare
from bihuan.kit.postgres import Postgres, Tx
from bihuan.kit.settings import Settings
from bihuan.kit.testing import A_TRADING_MORNING, cloned_database, with_database
from bihuan.kit.time import FixedClock

FILLED = "SELECT name FROM system.tables WHERE database = currentDatabase() AND total_rows > 0"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a database: `make check` leaves it out."""
    for item in items:
        if "engines" in getattr(item, "fixturenames", ()):
            item.add_marker("engine")


@pytest.fixture(scope="session", autouse=True)
def quiet_log() -> None:
    """Log lines of the product stay out of the test output; failures show them through pytest's capture."""
    structlog.configure(processors=[structlog.dev.ConsoleRenderer(colors=False)])


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the engines under test."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
async def engines(data_dir: Path) -> AsyncIterator[Engines]:
    """PostgreSQL (embedded, or `BIHUAN_TEST_POSTGRES_URL`) and embedded ClickHouse."""
    url = os.environ.get("BIHUAN_TEST_POSTGRES_URL") or None
    async with embedded(data_dir, durable=False, postgres_url=url) as running:
        yield running


@pytest.fixture(scope="session")
async def template(engines: Engines, data_dir: Path) -> str:
    """A database brought up to date by the migrations, from which tests clone theirs."""
    name = f"template_{ids.new_id().hex}"
    async with await psycopg.AsyncConnection.connect(
        with_database(engines.postgres_url, "postgres"), autocommit=True
    ) as admin:
        await admin.execute(f'CREATE DATABASE "{name}"')
    url = with_database(engines.postgres_url, name)
    await prepare(Settings(data=data_dir, lanes=2), url, engines.clickhouse_url)
    return name


@pytest.fixture
async def postgres(engines: Engines, template: str) -> AsyncIterator[Postgres]:
    """A pool on a fresh, migrated database of its own."""
    async with cloned_database(engines.postgres_url, template) as url:
        pool = Postgres(url, size=16)
        await pool.open()
        yield pool
        await pool.close()


@pytest.fixture
async def tx(postgres: Postgres) -> AsyncIterator[Tx]:
    """An open transaction on a fresh database."""
    async with postgres.transaction() as open_tx:
        yield open_tx


@pytest.fixture
def clock() -> FixedClock:
    """10:00 on a trading day; moves only by `clock.advance`."""
    return FixedClock(A_TRADING_MORNING)


@pytest.fixture(scope="session")
async def archive_name(engines: Engines) -> str:
    """A ClickHouse database with the schema, which tests leave empty."""
    name = f"t_{ids.new_id().hex}"
    clickhouse = ClickHouse(engines.clickhouse_url)
    await clickhouse.command(f"CREATE DATABASE {name}")
    await clickhouse.use(name)
    await clickhouse.migrate()
    await clickhouse.close()
    return name


@pytest.fixture
async def house(
    engines: Engines, archive_name: str, clock: FixedClock, tmp_path: Path, postgres: Postgres
) -> AsyncIterator[House]:
    """A house on a fresh PostgreSQL database and an empty ClickHouse database, with the fixed clock."""
    async with houses.opened(Settings(data=tmp_path), postgres.url, engines.clickhouse_url) as made:
        await made.clickhouse.use(archive_name)
        made.clock = clock
        yield made
        await made.clickhouse.use(archive_name)
        for row in await made.clickhouse.query(FILLED, {}):
            await made.clickhouse.command(f"TRUNCATE TABLE {row['name']}")


@pytest.fixture
def react(house: House) -> Callable[[], Awaitable[int]]:
    """Run all reactions over what is unread, until nothing is; how many entries. A failing reaction raises."""
    from bihuan.worker import react_until_quiet

    return lambda: react_until_quiet(house)


@pytest.fixture
def sweep(house: House) -> Callable[[], Awaitable[int]]:
    """Fire all deadlines that are due at the clock's time; how many. A failing handler raises."""
    from bihuan.worker import sweep_until_quiet

    return lambda: sweep_until_quiet(house)


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """The whole web application in this process, on the test's house; `client.app` is not signed in."""
    from bihuan import server

    @asynccontextmanager
    async def nothing(app: FastAPI) -> AsyncIterator[None]:
        yield

    made = server.build(nothing)
    transport = httpx.ASGITransport(made, client=("127.0.0.1", 50_000))
    async with (
        server.furnished(made, house),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser,
    ):
        yield browser
