"""Openings rebuilt from the log equal those that live reactions kept."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row
from tests.understand.conftest import Facts, OpeningSystem
from tests.understand.openings.test_openings import WALK

from bihuan.kit import log, postgres
from bihuan.kit.house import House
from bihuan.kit.shipping import Shipper
from bihuan.kit.time import FixedClock
from bihuan.understand import facade

Turn = Callable[[], Awaitable[int]]


async def ship(house: House) -> None:
    async with await psycopg.AsyncConnection.connect(
        house.postgres.url, autocommit=True, row_factory=dict_row
    ) as connection:
        while await Shipper(house.postgres.url, house.clickhouse, 50).ship_once(connection):
            pass


async def checksum(house: House) -> Any:
    async with house.postgres.transaction() as tx:
        return await postgres.one(
            tx,
            "SELECT (SELECT md5(string_agg(o::text, '|' ORDER BY opening_id)) FROM understand_opening o) AS openings,"
            " (SELECT md5(string_agg(e::text, '|' ORDER BY opening_id, message_id)) FROM understand_opening_event e)"
            " AS events, (SELECT md5(string_agg(d::text, '|' ORDER BY subject)) FROM kit_deadline d) AS deadlines",
        )


async def facts_told(house: House) -> int:
    async with house.postgres.transaction() as tx:
        return int(await postgres.value(tx, "SELECT count(*) FROM log WHERE kind = 'fact'"))


async def traffic(system: OpeningSystem, react: Turn, sweep: Turn, clock: FixedClock, shipped: bool) -> None:
    """Sixty applications that stop at different steps, shuffled, some of them stuck, some sent twice."""
    chance = random.Random(7)
    arrivals = [
        system.arrival(name, f"C{n}" if n % 5 else n, at, user=f"u{n}", message_id=f"{n}-{at}-{name}", **more)
        for n in range(60)
        for name, at, more in WALK[: chance.randint(1, len(WALK))]
    ]
    chance.shuffle(arrivals)
    for start in range(0, len(arrivals), 200):
        await system.send(*arrivals[start : start + 200], *arrivals[:3])
        await react()
        if shipped or start < 400:
            await ship(system.house)
    clock.advance(timedelta(hours=2))
    await sweep()
    await react()


async def test_a_rebuild_from_the_archive_and_the_unshipped_tail_equals_the_live_state(
    opening_system: OpeningSystem, firm: House, react: Turn, sweep: Turn, clock: FixedClock
) -> None:
    await traffic(opening_system, react, sweep, clock, shipped=False)
    live, told = await checksum(firm), await facts_told(firm)
    rebuilt = await facade.rebuild(firm)
    assert (rebuilt.openings, rebuilt.corrected) == (60, 0)
    assert await facts_told(firm) == told
    await sweep()  # deadlines of silences that were told fire once more and tell nothing
    assert await facts_told(firm) == told
    after = await checksum(firm)
    assert (after["openings"], after["events"]) == (live["openings"], live["events"])


async def test_a_rebuild_puts_right_what_was_lost_or_spoilt(
    opening_system: OpeningSystem, firm: House, react: Turn, sweep: Turn, clock: FixedClock
) -> None:
    await traffic(opening_system, react, sweep, clock, shipped=True)
    live, told = await checksum(firm), await facts_told(firm)
    async with firm.postgres.transaction() as tx:
        await tx.execute("DELETE FROM understand_opening WHERE opening_id IN ('C1', '5')")
        await tx.execute("DELETE FROM understand_opening_event WHERE opening_id IN ('C2', '10') OR opening_id = 'C1'")
        await tx.execute("UPDATE understand_opening SET state = 'ineligible' WHERE opening_id = 'C3'")
        await tx.execute(
            "INSERT INTO understand_opening_event VALUES ('C4', 'planted', now(), 'opening:account:opened', NULL,"
            " false, '{}')"
        )
        await tx.execute(
            "INSERT INTO understand_opening (opening_id, state, steps, first_fact_at, last_fact_at)"
            " VALUES ('never', 'under_way', '{}', now(), now())"
        )
    assert (await checksum(firm))["openings"] != live["openings"]
    rebuilt = await facade.rebuild(firm)
    assert rebuilt.corrected == 7
    after = await checksum(firm)
    assert (after["openings"], after["events"]) == (live["openings"], live["events"])
    assert await facts_told(firm) == told


async def test_what_no_lane_has_read_is_left_to_its_lane_which_tells_of_it(
    opening_system: OpeningSystem, firm: House, react: Turn, facts: Facts
) -> None:
    await opening_system.tell("opening:phone:verified")
    await react()
    await opening_system.tell("opening:products:chosen", "A1", 1)
    await opening_system.tell("opening:phone:verified", "A2", 1, user="u2")
    await ship(firm)
    rebuilt = await facade.rebuild(firm)
    assert (rebuilt.openings, rebuilt.corrected) == (1, 0)
    await react()
    told = [(one["opening_id"], one["step"]) for one in await facts("understand:opening:advanced")]
    assert sorted(told) == [("A1", "phone"), ("A1", "products"), ("A2", "phone")]
    assert (await facade.rebuild(firm)).corrected == 0


async def test_an_entry_that_was_set_aside_counts_only_as_it_was_repaired(
    opening_system: OpeningSystem, firm: House, react: Turn
) -> None:
    await opening_system.tell("opening:phone:verified")
    await react()
    await opening_system.tell("opening:account:opened", "A1", 1)
    async with firm.postgres.transaction() as tx:
        for lane in range(await log.lane_count(tx)):
            for entry in await log.take(tx, lane, 10) or []:
                if entry.name == "opening:account:opened":
                    await log.set_aside(tx, entry, "test", "planted", firm.clock.now())
                await log.move(tx, lane, entry)
    await ship(firm)
    assert (await facade.rebuild(firm)).corrected == 0
    async with firm.postgres.transaction() as tx:
        assert (await facade.totals(tx)).opened == 0
        await tx.execute("UPDATE log_poison SET resolved_at = now(), resolution = 'replayed'")
    assert (await facade.rebuild(firm)).corrected == 1
    async with firm.postgres.transaction() as tx:
        assert (await facade.totals(tx)).opened == 1
