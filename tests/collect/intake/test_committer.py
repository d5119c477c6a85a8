"""Group commit: durable before the answer, each message once however many servers and repetitions."""

import asyncio
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from bihuan.collect.intake import repository
from bihuan.collect.intake.clocks import Note
from bihuan.collect.intake.committer import Committer
from bihuan.collect.intake.repository import Arrival, Refusal
from bihuan.kit import ids
from bihuan.kit import postgres as pg
from bihuan.kit.errors import Problem, Unavailable
from bihuan.kit.postgres import Postgres
from bihuan.kit.testing import A_TRADING_MORNING


def arrival(message_id: str, text: str = "{}") -> Arrival:
    customer = ids.customer_of_user(message_id)
    return Arrival(
        "Signed In", customer, message_id, None, message_id, "web", False, A_TRADING_MORNING, A_TRADING_MORNING, text
    )


async def count(postgres: Postgres, table: str = "log") -> int:
    async with postgres.transaction() as tx:
        return int(await pg.value(tx, f"SELECT count(*) FROM {table}"))


def committer(postgres: Postgres, most: int = 10_000) -> Committer:
    return Committer(postgres, group_ms=1, most_waiting=most)


async def test_two_servers_and_many_repetitions_leave_each_message_once(postgres: Postgres) -> None:
    servers = [committer(postgres) for _ in range(2)]
    tasks = [asyncio.create_task(server.run()) for server in servers]
    batches = [[arrival(f"m{n % 50}") for n in range(start, start + 20)] for start in range(0, 400, 5)]
    await asyncio.gather(*(servers[n % 2].submit(batch, []) for n, batch in enumerate(batches)))
    assert await count(postgres) == 50
    for task in tasks:
        task.cancel()


async def test_a_repetition_after_the_generation_turned_is_still_recognised(postgres: Postgres) -> None:
    server = committer(postgres)
    task = asyncio.create_task(server.run())
    await server.submit([arrival("m1")], [])
    async with postgres.transaction() as tx:
        tomorrow = await pg.value(tx, "SELECT day + 1 FROM log_generation")
        assert isinstance(tomorrow, date)
        await pg.execute(tx, "SELECT log_rotate(%(day)s)", day=tomorrow)
    await server.submit([arrival("m1"), arrival("m2")], [])
    assert await count(postgres) == 2
    task.cancel()


async def test_a_message_that_cannot_be_written_does_not_harm_its_neighbours(postgres: Postgres) -> None:
    server = committer(postgres)
    task = asyncio.create_task(server.run())
    bad = arrival("bad", text="{not json")
    await asyncio.gather(server.submit([arrival("good")], []), server.submit([bad], []))
    assert await count(postgres) == 1
    assert await count(postgres, "collect_quarantine WHERE reason = 'unwritable'") == 1
    task.cancel()


async def test_the_good_messages_of_a_bad_request_come_in_all_the_same(postgres: Postgres) -> None:
    server = committer(postgres)
    task = asyncio.create_task(server.run())
    batch = [arrival(f"m{n}", text="{not json" if n in (3, 11) else "{}") for n in range(20)]
    refusal = Refusal("we\0b", False, "na\0me", "NUL \0 and half a pair \ud800", b"\0", A_TRADING_MORNING)
    await server.submit(batch, [refusal])
    assert await count(postgres) == 18
    async with postgres.transaction() as tx:
        kept = await pg.rows(tx, "SELECT reason, detail, raw FROM collect_quarantine ORDER BY reason")
    assert [row["reason"] for row in kept] == ["na\ufffdme", "unwritable", "unwritable"]
    assert kept[0]["detail"] == "NUL \ufffd and half a pair \ufffd"
    task.cancel()


async def test_what_is_sent_again_after_a_failure_on_the_way_is_quarantined_once(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = committer(postgres)
    task = asyncio.create_task(server.run())
    batch = [arrival(f"m{n}", text="{not json" if n == 3 else "{}") for n in range(8)]
    refusal = Refusal("web", False, "no-name", "An event has no name.", b"{}", A_TRADING_MORNING)
    enter, left = repository.enter, 4  # the database goes away in the middle of the halves

    async def goes_away(*given: Any) -> int:
        nonlocal left
        left -= 1
        if left == 0:
            raise psycopg.OperationalError("away")
        return await enter(*given)

    monkeypatch.setattr(repository, "enter", goes_away)
    with pytest.raises(Problem):
        await server.submit(batch, [refusal])
    await server.submit(batch, [refusal])
    assert await count(postgres) == 7
    async with postgres.transaction() as tx:
        kept = await pg.rows(tx, "SELECT reason FROM collect_quarantine ORDER BY reason")
    assert [row["reason"] for row in kept] == ["no-name", "unwritable"]
    task.cancel()


async def test_overload_is_refused_before_anything_is_promised(postgres: Postgres) -> None:
    server = committer(postgres, most=1)
    first = asyncio.create_task(server.submit([arrival("m1"), arrival("m2")], []))
    await asyncio.sleep(0)
    with pytest.raises(Unavailable) as refused:
        await server.submit([arrival("m3")], [])
    assert refused.value.extra["retry_after"] == 1
    task = asyncio.create_task(server.run())
    await first
    assert await count(postgres) == 2
    task.cancel()


async def test_what_waits_is_written_when_the_server_stops(postgres: Postgres) -> None:
    server = committer(postgres)
    task = asyncio.create_task(server.run())
    await asyncio.sleep(0)
    waiting = asyncio.create_task(
        server.submit([arrival("m1")], [Refusal("web", False, "r", "d", b"x", A_TRADING_MORNING)])
    )
    await asyncio.sleep(0)
    task.cancel()
    await waiting
    assert await count(postgres) == 1
    assert await count(postgres, "collect_quarantine") == 1


async def test_notes_on_clocks_are_written_by_device_eight_at_most_and_forgotten_in_time(postgres: Postgres) -> None:
    servers = [committer(postgres) for _ in range(2)]
    tasks = [asyncio.create_task(server.run()) for server in servers]
    at = A_TRADING_MORNING
    for n in range(6):
        notes = [Note(f"d{d}", timedelta(seconds=n), at) for d in (1, 2, 1)]
        await asyncio.gather(*(server.submit([], [], notes) for server in servers))
    found = await servers[0].noted(["d1", "d2", "d3"])
    assert {device: len(seen) for device, seen in found.items()} == {"d1": 8, "d2": 8}
    assert found["d2"][-1] == timedelta(seconds=5)
    await servers[0].submit([], [], [Note("d3", timedelta(0), at + timedelta(days=9))])
    assert set(await servers[0].noted(["d1", "d2", "d3"])) == {"d3"}
    for task in tasks:
        task.cancel()
