"""Fixtures of measure: an archive to write events into, and facts as rooms publish them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, fields
from datetime import datetime
from uuid import UUID

import httpx
import msgspec
import pytest

from bihuan import app as application
from bihuan.kit import ids
from bihuan.kit import log as the_log
from bihuan.kit.clickhouse import ClickHouse
from bihuan.kit.engines import Engines
from bihuan.kit.house import House
from bihuan.kit.log import Batch, Entry, Fact
from bihuan.kit.postgres import Tx
from bihuan.kit.time import FixedClock
from bihuan.measure.counters import reactions as counters
from bihuan.measure.folded import reactions as folded
from bihuan.people.testing import browser, found_firm

TABLES = ("log", "events", "customer_alias")


@dataclass
class Archive:
    """A ClickHouse database of its own, and a way to put tracked events into it as the shipper does."""

    clickhouse: ClickHouse
    _written: int = field(default=0)

    async def write(self, events: Sequence[tuple[UUID, str, datetime, dict[str, object]]]) -> None:
        """Tracked events: customer, name, time, properties."""
        await self._insert(
            [
                (customer, at, name, "tracked", "app", {"properties": more, "context": {"device": {"type": "ios"}}})
                for customer, name, at, more in events
            ]
        )

    async def tell(self, customer: UUID, name: str, at: datetime, **body: object) -> None:
        """A fact of a room."""
        await self._insert([(customer, at, name, "fact", name.partition(":")[0], body)])

    async def merge(self, visitor: UUID, user: UUID, at: datetime) -> None:
        """The fact that a visitor turned out to be a user."""
        body = {"visitor_id": str(visitor), "into_id": str(user)}
        await self._insert([(user, at, "customers:visitor:merged", "fact", "customers", body)])

    async def empty(self) -> None:
        """Forget everything."""
        for table in TABLES:
            await self.clickhouse.command(f"TRUNCATE TABLE {table}")

    async def _insert(self, entries: Sequence[tuple[UUID, datetime, str, str, str, dict[str, object]]]) -> None:
        columns = ("customer_id", "occurred_at", "message_id", "name", "kind", "source", "trusted", "user_id")
        columns += ("anonymous_id", "received_at", "xid", "seq", "lane", "body")
        rows = []
        for customer, at, name, kind, source, body in entries:
            self._written += 1
            text = msgspec.json.encode(body).decode()
            rows.append(
                (customer, at, f"m{self._written}", name, kind, source, True, "", "", at, 1, self._written, 0, text)
            )
        if rows:
            await self.clickhouse.insert("log", columns, rows, {})


@pytest.fixture(scope="session")
async def shared_archive(engines: Engines) -> AsyncIterator[Archive]:
    """One database for all tests of measure that need only the archive."""
    clickhouse = ClickHouse(engines.clickhouse_url)
    name = f"measure_{ids.new_id().hex}"
    await clickhouse.command(f"CREATE DATABASE {name}")
    await clickhouse.use(name)
    await clickhouse.migrate()
    yield Archive(clickhouse)
    await clickhouse.command(f"DROP DATABASE {name}")
    await clickhouse.close()


@pytest.fixture
async def archive(shared_archive: Archive) -> Archive:
    """An empty archive."""
    await shared_archive.empty()
    return shared_archive


def entries_of(facts: Sequence[Fact], now: datetime, lane: int = 0) -> list[Entry]:
    """Facts as a lane reads them."""
    return [
        Entry(
            xid="1",
            seq=n,
            lane=lane,
            kind="fact",
            name=fact.NAME,
            customer_id=fact.customer_id,
            user_id=None,
            anonymous_id=None,
            message_id=None,
            source=fact.NAME.partition(":")[0],
            trusted=True,
            occurred_at=getattr(fact, "at", now),
            received_at=now,
            text=msgspec.json.encode(
                {f.name: getattr(fact, f.name) for f in fields(fact) if f.name != "customer_id"}
            ).decode(),
        )
        for n, fact in enumerate(facts)
    ]


@pytest.fixture
def hear(clock: FixedClock) -> Callable[..., Awaitable[None]]:
    """Let measure's reactions hear facts, in one batch of a lane."""

    async def heard(tx: Tx, *facts: Fact, lane: int = 0) -> None:
        reactions = [folded.FOLD, folded.PRESENCE, counters.COUNT]
        await the_log.run(reactions, Batch(entries_of(facts, clock.now(), lane), clock.now()), tx)

    return heard


Browsers = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def firm(house: House) -> House:
    """A house with the small firm in it."""
    async with house.postgres.transaction() as tx:
        await found_firm(tx)
    return house


@pytest.fixture
async def browse(firm: House) -> AsyncIterator[Browsers]:
    """Open a browser on the application, signed in as somebody or as nobody."""
    app = application.build()
    app.state.house = firm
    async with AsyncExitStack() as stack:

        async def opened(login: str | None = None) -> httpx.AsyncClient:
            return await stack.enter_async_context(browser(app, login))

        yield opened
