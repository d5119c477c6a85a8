"""The shipper copies the log to ClickHouse: every entry once, whatever an entry says of itself, and whatever fails."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from bihuan.collect.intake import repository as intake
from bihuan.collect.intake.repository import Arrival
from bihuan.commands.running import settled
from bihuan.kit import ids
from bihuan.kit import log as the_log
from bihuan.kit import postgres as pg
from bihuan.kit.errors import Unavailable
from bihuan.kit.house import House
from bihuan.kit.shipping import Shipper
from bihuan.kit.testing import A_TRADING_MORNING


def arrival(number: int, name: str = "Signed In", at: datetime = A_TRADING_MORNING, text: str = "{}") -> Arrival:
    user = f"u{number}"
    customer = ids.customer_of_user(user)
    return Arrival(name, customer, user, None, f"m{number}", "web", False, at, A_TRADING_MORNING, text)


async def enter(house: House, *arrivals: Arrival) -> None:
    async with house.postgres.transaction() as tx:
        await intake.enter(tx, arrivals, await the_log.lane_count(tx))


async def ship(house: House, *, most_bytes: int = 32 << 20) -> list[int]:
    """Ship until nothing is left; the sizes of the ranges."""
    shipper = Shipper(house.postgres.url, house.clickhouse, 20_000, most_bytes)
    sizes = []
    async with await psycopg.AsyncConnection.connect(
        house.postgres.url, autocommit=True, row_factory=dict_row
    ) as connection:
        while size := await shipper.ship_once(connection):
            sizes.append(size)
    return sizes


async def count(house: House, table: str = "log") -> int:
    return int((await house.clickhouse.query(f"SELECT count() AS n FROM {table}"))[0]["n"])


async def test_one_range_may_hold_events_of_two_centuries(house: House) -> None:
    months = [datetime(1980, 1, 1, tzinfo=UTC) + timedelta(days=31 * n) for n in range(2400)]
    await enter(house, *(arrival(n, at=at) for n, at in enumerate(months)))
    assert await ship(house) == [2400]
    assert await count(house) == await count(house, "events") == 2400
    parts = await house.clickhouse.query(
        "SELECT uniqExact(partition) AS n FROM system.parts WHERE database = currentDatabase() AND active"
    )
    assert parts[0]["n"] == 1


@pytest.mark.parametrize("body", ["{}", '{"visitor_id": "x"}', '{"visitor_id": 7, "into_id": {"a": 1}}'])
async def test_a_merge_that_names_nobody_stops_nothing_and_joins_nobody(house: House, body: str) -> None:
    user, visitor = ids.customer_of_user("u"), ids.customer_of_visitor("v")
    true = f'{{"visitor_id": "{visitor}", "into_id": "{user}"}}'
    await enter(
        house,
        arrival(1, "customers:visitor:merged", text=body),
        arrival(2, "customers:visitor:merged", text=true),
        arrival(3),
    )
    async with house.postgres.transaction() as tx:
        await pg.execute(tx, "UPDATE log SET kind = 'fact' WHERE message_id = 'm1'")
    assert await ship(house) == [3]
    assert await count(house, "customer_alias") == 0
    async with house.postgres.transaction() as tx:
        await pg.execute(tx, "UPDATE log SET kind = 'fact', xid = pg_current_xact_id() WHERE message_id = 'm2'")
    assert await ship(house) == [1]
    assert await count(house, "customer_alias") == 1


async def test_a_range_is_cut_by_the_bytes_it_carries_and_holds_at_least_one_entry(house: House) -> None:
    small, large = '{"a": 1}', '{"a": "' + "x" * 5_000 + '"}'
    swelling = '{"a": [' + ", ".join(["1e308"] * 20) + "]}"
    await enter(house, *(arrival(n, text=text) for n, text in enumerate([small, small, large, swelling, small])))
    assert await ship(house, most_bytes=5_500) == [3, 1, 1]
    assert await count(house) == 5


async def test_a_range_that_failed_is_told_and_goes_exactly_once(house: House) -> None:
    await enter(house, *(arrival(n) for n in range(10)))
    await house.clickhouse.command("RENAME TABLE log TO elsewhere")
    for _ in range(2):
        with pytest.raises(Exception, match="log"):
            await ship(house)
    await enter(house, arrival(11))
    with pytest.raises(Unavailable, match="UNKNOWN_TABLE") as standstill:
        await settled(house, patience_s=0.3)
    assert standstill.value.code == "standstill"
    await house.clickhouse.command("RENAME TABLE elsewhere TO log")
    assert await ship(house) == [10, 1]
    assert await count(house) == 11


async def test_a_range_whose_answer_was_lost_is_inserted_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await enter(house, *(arrival(n) for n in range(10)))
    insert = house.clickhouse.insert_arrow

    async def lose_the_answer(*args: Any) -> None:
        await insert(*args)
        raise ConnectionResetError

    monkeypatch.setattr(house.clickhouse, "insert_arrow", lose_the_answer)
    with pytest.raises(ConnectionResetError):
        await ship(house)
    monkeypatch.undo()
    assert await ship(house) == [10]
    assert await count(house) == await count(house, "events") == 10


async def test_where_nothing_moves_and_nothing_failed_the_standstill_says_so(house: House) -> None:
    await enter(house, arrival(1))
    with pytest.raises(Unavailable, match="worker"):
        await settled(house, patience_s=0.3)
