"""Live topics: snapshot and changes always add up to what stands there, and a stalled reader harms nobody."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import psycopg
import pytest

from bihuan.kit import hub as hub_module
from bihuan.kit import live
from bihuan.kit import postgres as pg
from bihuan.kit.errors import Forbidden
from bihuan.kit.hub import Hub
from bihuan.kit.live import TopicKind
from bihuan.kit.postgres import Postgres, Tx
from bihuan.kit.testing import A_TRADING_MORNING


class Browser:
    """The other end of a socket: keeps the rows of its topics as a browser does."""

    def __init__(self, *, reads: bool = True) -> None:
        self.inbox: asyncio.Queue[str] = asyncio.Queue()
        self.rows: dict[str, dict[str, Any]] = {}
        self.numbers: dict[str, int] = {}
        self.snapshots = 0
        self.errors: list[dict[str, Any]] = []
        self.closed: int | None = None
        self._reads = reads

    async def send_text(self, data: str) -> None:
        if not self._reads:
            await asyncio.sleep(3600)
        message = msgspec.json.decode(data)
        topic = message.get("topic")
        if message["op"] == "snapshot":
            self.snapshots += 1
            self.rows[topic], self.numbers[topic] = dict(message["rows"]), message["number"]
        elif message["op"] == "changes":
            for number, key, row in message["changes"]:
                assert number == self.numbers[topic] + 1, "a gap or a double"
                self.numbers[topic] = number
                self.rows[topic].pop(key, None) if row is None else self.rows[topic].update({key: row})
        elif message["op"] == "error":
            self.errors.append(message["problem"])

    async def receive_text(self) -> str:
        return await self.inbox.get()

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        self.closed = code

    def subscribe(self, topic: str) -> None:
        order: dict[str, Any] = {"op": "subscribe", "topic": topic}
        if topic in self.numbers:
            order["from"] = self.numbers[topic]
        self.inbox.put_nowait(msgspec.json.encode(order).decode())


async def _authorise(tx: Tx, principal: Any, argument: str) -> None:
    if argument == "secret" or principal == "somebody else":
        raise Forbidden("permission", "Not for you.")


async def _snapshot(tx: Tx, principal: Any, argument: str) -> Mapping[str, dict[str, Any]]:
    rows = await pg.rows(tx, "SELECT key, n FROM shelf WHERE topic = %(topic)s", topic=f"shelf:{argument}")
    return {row["key"]: {"n": row["n"]} for row in rows}


async def _me(tx: Tx) -> str:
    return "me"


@asynccontextmanager
async def hub_on(postgres: Postgres) -> AsyncIterator[Hub]:
    async with postgres.transaction() as tx:
        await tx.execute("CREATE TABLE IF NOT EXISTS shelf (topic text, key text, n int, PRIMARY KEY (topic, key))")

    hub = Hub(postgres, [TopicKind("shelf", _authorise, _snapshot)], lambda: (A_TRADING_MORNING, 1.0))
    task = asyncio.create_task(hub.run())
    try:
        yield hub
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def put(postgres: Postgres, topic: str, key: str, n: int | None) -> None:
    async with postgres.transaction() as tx:
        if n is None:
            await pg.execute(tx, "DELETE FROM shelf WHERE topic = %(t)s AND key = %(k)s", t=topic, k=key)
        else:
            await pg.execute(
                tx,
                "INSERT INTO shelf VALUES (%(t)s, %(k)s, %(n)s) ON CONFLICT (topic, key) DO UPDATE SET n = excluded.n",
                t=topic,
                k=key,
                n=n,
            )
        await live.change(tx, topic, key, None if n is None else {"n": n})


async def caught_up(postgres: Postgres, browser: Browser, topic: str) -> None:
    for _ in range(200):
        async with postgres.transaction() as tx:
            number = await live.number(tx, topic)
        if browser.numbers.get(topic) == number:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"still at {browser.numbers.get(topic)}")


async def standing(postgres: Postgres, topic: str) -> dict[str, Any]:
    async with postgres.transaction() as tx:
        return dict(await _snapshot(tx, None, topic.partition(":")[2]))


async def test_through_random_cuts_and_writers_the_rows_are_what_stands_there(postgres: Postgres) -> None:
    chance = random.Random(7)
    async with hub_on(postgres) as hub:
        browser = Browser()

        async def write(writer: int) -> None:
            for n in range(60):
                gone = chance.random() < 0.2
                await put(postgres, f"shelf:{chance.randrange(2)}", f"k{chance.randrange(9)}", None if gone else n)

        async def connect() -> None:
            while True:
                serving = asyncio.create_task(hub.serve(browser, "me", _me))
                for topic in ("shelf:0", "shelf:1"):
                    browser.subscribe(topic)
                await asyncio.sleep(chance.random() * 0.05)
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
                browser.inbox = asyncio.Queue()

        cutting = asyncio.create_task(connect())
        await asyncio.gather(*(write(n) for n in range(4)))
        cutting.cancel()
        await asyncio.gather(cutting, return_exceptions=True)
        serving = asyncio.create_task(hub.serve(browser, "me", _me))
        for topic in ("shelf:0", "shelf:1"):
            browser.subscribe(topic)
            await caught_up(postgres, browser, topic)
            assert browser.rows[topic] == await standing(postgres, topic)
        serving.cancel()


async def test_a_reconnect_resumes_by_number_and_gets_a_snapshot_when_too_much_was_pruned(postgres: Postgres) -> None:
    async with hub_on(postgres) as hub:
        browser = Browser()

        async def look() -> None:
            serving = asyncio.create_task(hub.serve(browser, "me", _me))
            browser.subscribe("shelf:0")
            await caught_up(postgres, browser, "shelf:0")
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            browser.inbox = asyncio.Queue()

        await put(postgres, "shelf:0", "a", 1)
        await look()
        await put(postgres, "shelf:0", "b", 2)
        await look()
        assert browser.snapshots == 1
        await put(postgres, "shelf:0", "c", 3)
        await put(postgres, "shelf:0", "d", 4)
        async with postgres.transaction() as tx:
            await tx.execute("DELETE FROM live_change WHERE number <= 3")
        await look()
        assert browser.snapshots == 2
        assert browser.rows["shelf:0"] == {key: {"n": n} for n, key in enumerate("abcd", 1)}


async def test_a_stalled_reader_delays_nobody_and_is_cut_off(postgres: Postgres) -> None:
    async with hub_on(postgres) as hub:
        stalled, awake = Browser(reads=False), Browser()
        tasks = [asyncio.create_task(hub.serve(browser, "me", _me)) for browser in (stalled, awake)]
        for browser in (stalled, awake):
            browser.subscribe("shelf:0")
        await asyncio.sleep(0.1)
        for n in range(300):
            await put(postgres, "shelf:0", f"k{n % 5}", n)
        await caught_up(postgres, awake, "shelf:0")
        assert awake.rows["shelf:0"] == await standing(postgres, "shelf:0")
        assert not tasks[1].done()
        for task in tasks:
            task.cancel()


async def test_after_the_listener_was_cut_nothing_is_mute(postgres: Postgres) -> None:
    async with hub_on(postgres) as hub:
        browser = Browser()
        serving = asyncio.create_task(hub.serve(browser, "me", _me))
        browser.subscribe("shelf:0")
        await caught_up_or_zero(browser)
        async with await psycopg.AsyncConnection.connect(postgres.url, autocommit=True) as admin:
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query = 'LISTEN live' AND datname = current_database() AND pid <> pg_backend_pid()"
            )
        await put(postgres, "shelf:0", "a", 1)
        await caught_up(postgres, browser, "shelf:0")
        assert browser.rows["shelf:0"] == {"a": {"n": 1}}
        serving.cancel()


async def caught_up_or_zero(browser: Browser) -> None:
    for _ in range(100):
        if browser.snapshots:
            return
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ('{"op": "subscribe", "topic": "shelf:secret"}', "permission"),
        ('{"op": "subscribe", "topic": "nowhere"}', "live-topic"),
        ('{"op": "dance"}', "live-op"),
        ("[" * 3000, "live-message"),
        ("{" + "x" * 5000, "live-message"),
    ],
)
async def test_a_wrong_order_gets_a_clear_error_and_the_socket_lives_on(
    postgres: Postgres, order: str, code: str
) -> None:
    async with hub_on(postgres) as hub:
        browser = Browser()
        serving = asyncio.create_task(hub.serve(browser, "me", _me))
        browser.inbox.put_nowait(order)
        browser.subscribe("shelf:0")
        await caught_up_or_zero(browser)
        assert browser.errors[0]["type"] == f"urn:bihuan:problem:{code}"
        serving.cancel()


async def test_whose_door_has_shut_is_sent_out(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "_TICK_S", 0.02)
    gone = asyncio.Event()

    async def renew(tx: Tx) -> Any:
        return None if gone.is_set() else "me"

    async with hub_on(postgres) as hub:
        browser = Browser()
        serving = asyncio.create_task(hub.serve(browser, "me", renew))
        await asyncio.sleep(0.3)
        assert not serving.done()
        gone.set()
        await asyncio.wait_for(serving, 5)
        assert browser.closed == hub_module.SIGN_IN_AGAIN


async def test_who_may_look_no_longer_is_told_and_sees_no_further_change(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "_TICK_S", 0.02)
    who = ["me"]

    async def renew(tx: Tx) -> Any:
        return who[0]

    async with hub_on(postgres) as hub:
        browser = Browser()
        serving = asyncio.create_task(hub.serve(browser, "me", renew))
        browser.subscribe("shelf:0")
        await put(postgres, "shelf:0", "a", 1)
        await caught_up(postgres, browser, "shelf:0")
        who[0] = "somebody else"
        for _ in range(200):
            if browser.errors:
                break
            await asyncio.sleep(0.02)
        assert browser.errors[0]["type"] == "urn:bihuan:problem:permission"
        await put(postgres, "shelf:0", "a", 2)
        await asyncio.sleep(0.2)
        assert browser.rows["shelf:0"] == {"a": {"n": 1}}
        assert not serving.done()
        serving.cancel()
