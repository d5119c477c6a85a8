"""The log loses nothing, reads in a safe order, and sets aside what cannot be swallowed."""

import asyncio
import dataclasses
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import pytest

from bihuan import loop
from bihuan.kit import ids
from bihuan.kit import log as the_log
from bihuan.kit.house import House
from bihuan.kit.log import Batch, Entry, Fact, Reaction
from bihuan.kit.postgres import Postgres
from bihuan.kit.testing import A_TRADING_MORNING


@dataclass(frozen=True)
class Happened(Fact):
    """A fact for these tests."""

    NAME: ClassVar[str] = "kit:test:happened"
    customer_id: UUID | None
    number: int


async def publish(postgres: Postgres, *numbers: int) -> None:
    async with postgres.transaction() as tx:
        facts = [Happened(ids.customer_of_user(str(n)), n) for n in numbers]
        await the_log.publish(tx, *facts, now=A_TRADING_MORNING)


async def read_all(postgres: Postgres) -> list[int]:
    seen: list[int] = []
    async with postgres.transaction() as tx:
        for lane in range(await the_log.lane_count(tx)):
            while entries := await the_log.take(tx, lane, 7):
                seen += [Happened.of(entry).number for entry in entries]
                await the_log.move(tx, lane, entries[-1])
    return seen


async def test_a_published_fact_is_read_once_and_comes_back_whole(postgres: Postgres) -> None:
    await publish(postgres, 1, 2, 3)
    assert sorted(await read_all(postgres)) == [1, 2, 3]
    assert await read_all(postgres) == []


async def test_a_rolled_back_transaction_publishes_nothing(postgres: Postgres) -> None:
    async def publish_and_fail() -> None:
        async with postgres.transaction() as tx:
            await the_log.publish(tx, Happened(None, 1), now=A_TRADING_MORNING)
            raise LookupError

    with pytest.raises(LookupError):
        await publish_and_fail()
    await publish(postgres, 2)
    assert await read_all(postgres) == [2]


async def test_a_reader_waits_for_an_older_transaction_and_then_misses_nothing(postgres: Postgres) -> None:
    async with postgres.transaction() as slow:
        await slow.execute("SELECT pg_current_xact_id()")
        await the_log.publish(slow, Happened(None, 1), now=A_TRADING_MORNING)
        await slow.flush()
        await publish(postgres, 2)
        assert await read_all(postgres) == []
    assert sorted(await read_all(postgres)) == [1, 2]


async def test_eight_writers_and_a_reader_lose_nothing_where_a_cursor_of_seq_alone_does(postgres: Postgres) -> None:
    written = 8 * 60
    seen: list[int] = []
    careless: set[int] = set()

    async def write(writer: int) -> None:
        for n in range(60):
            async with postgres.transaction() as tx:
                number = writer * 60 + n
                await the_log.publish(tx, Happened(ids.customer_of_user(str(number)), number), now=A_TRADING_MORNING)
                await tx.flush()
                await asyncio.sleep(0.002 if n % 5 == 0 else 0)

    async def read_carelessly(done: asyncio.Event) -> None:
        last = 0
        while True:
            stop = done.is_set()
            async with postgres.transaction() as tx:
                rows = await (
                    await tx.execute("SELECT seq, body->>'number' AS n FROM log WHERE seq > %s ORDER BY seq", [last])
                ).fetchall()
            careless.update(int(row["n"]) for row in rows)
            last = rows[-1]["seq"] if rows else last
            if stop:
                return
            await asyncio.sleep(0.001)

    async def read(done: asyncio.Event) -> None:
        while True:
            stop = done.is_set()
            seen.extend(await read_all(postgres))
            if stop:
                return
            await asyncio.sleep(0.001)

    done = asyncio.Event()
    readers = [asyncio.create_task(read(done)), asyncio.create_task(read_carelessly(done))]
    await asyncio.gather(*(write(n) for n in range(8)))
    done.set()
    await asyncio.gather(*readers)
    seen.extend(await read_all(postgres))
    assert sorted(seen) == list(range(written))
    assert len(careless) < written, "the broken control found everything: this test proves nothing today"


async def test_a_reaction_gets_only_what_it_wants(postgres: Postgres) -> None:
    got: list[str] = []

    async def react(batch: Batch, tx: object) -> None:
        got.extend(entry.name for entry in batch.entries)

    await publish(postgres, 1)
    async with postgres.transaction() as tx:
        for lane in range(await the_log.lane_count(tx)):
            entries = await the_log.take(tx, lane, 10) or []
            batch = Batch(entries, A_TRADING_MORNING)
            await the_log.run([Reaction("other", frozenset({"kit:other:*"}), react)], batch, tx)
            before = list(got)
            await the_log.run([Reaction("this", frozenset({"kit:test:*"}), react)], batch, tx)
            assert len(got) - len(before) == len(entries)
    assert got == ["kit:test:happened"]


def every_fact() -> list[type[Fact]]:
    """Every class of facts in the product."""
    found, waiting = [], [Fact]
    while waiting:
        subclasses = waiting.pop().__subclasses__()
        found += subclasses
        waiting += subclasses
    return [cls for cls in found if cls is not Happened]


def impostor(name: str) -> Entry:
    """A tracked event that stands in the log under a fact's name, whoever let it in."""
    at = A_TRADING_MORNING
    return Entry("1", 1, 0, "tracked", name, ids.new_id(), "u", None, "m", "web", False, at, at, '{"type": "track"}')


def test_no_reaction_takes_a_tracked_event_for_a_fact(house: House) -> None:
    names = {cls.NAME for cls in every_fact()}
    assert len(names) > 30
    reactions = loop.reactions(house)
    for name in names:
        fake = impostor(name)
        takers = [r.name for r in reactions if r.takes(fake) and "tracked" not in r.wants]
        assert takers == [], f"{takers} take {name} from outside"
        assert Batch([fake], A_TRADING_MORNING).named(*names) == []
        with pytest.raises(ValueError, match="no fact"):
            Happened.of(fake)
        true = dataclasses.replace(fake, kind="fact")
        assert Batch([true], A_TRADING_MORNING).named(name) == [true]
    heard = {
        name for name in names if any(r.takes(dataclasses.replace(impostor(name), kind="fact")) for r in reactions)
    }
    assert len(heard) > 15, "the reactions hear hardly any fact: this test proves nothing today"


def test_a_fact_must_begin_with_a_room() -> None:
    with pytest.raises(TypeError, match="room"):

        class Stray(Fact):
            NAME: ClassVar[str] = "opening:visit"


async def test_after_a_restore_into_another_cluster_nothing_is_read_twice_or_lost(postgres: Postgres) -> None:
    await publish(postgres, 1, 2, 3, 4)
    await read_all(postgres)
    await publish(postgres, 5, 6)
    async with postgres.transaction() as tx:
        await tx.execute("UPDATE log_cluster SET system_identifier = system_identifier + 1")
        await tx.execute("SELECT log_renumber_after_restore()")
    await publish(postgres, 7)
    assert sorted(await read_all(postgres)) == [5, 6, 7]
