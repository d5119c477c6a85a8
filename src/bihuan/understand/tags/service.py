"""Refreshing tags: whole or for those of whom anything changed, one at a time, seen whole or not at all."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from bihuan.collect import facade as collect
from bihuan.comply import facade as comply
from bihuan.customers import facade as customers
from bihuan.kit import ids
from bihuan.kit.house import House
from bihuan.kit.mirror import mirror
from bihuan.kit.postgres import alone
from bihuan.kit.time import EXCHANGE
from bihuan.understand.tags import archive, repository, rules
from bihuan.understand.tags.definitions import catalogue
from bihuan.understand.tags.repository import Table

# An event is shipped a little after it arrived; what is read twice changes nothing.
_OVERLAP = timedelta(minutes=10)
_MIRRORED = ("customers", "accounts", "holdings")
_MOST_TOUCHED = 50_000  # above this a whole refresh is cheaper


@dataclass
class Refreshed:
    """What a refresh did: of how many customers, in how many seconds, and whose tags moved."""

    kind: str
    customers: int = 0
    seconds: float = 0.0
    moved: dict[str, int] = field(default_factory=dict)


async def refresh(house: House, *, whole: bool = False) -> Refreshed:
    """Bring all tags up to now. Whole at the first time, on demand, after an import of what customers have, which comes
    without events, and where a delta would touch too many.

    Raises Conflict while another refresh runs. When it fails, readers keep the last good version, and the run says why.
    """
    async with alone(house.postgres.url, "understand.tags"):
        async with house.postgres.transaction() as tx:
            standing = await repository.table(tx)
            settled = standing is not None and any(
                one.kind in _MIRRORED and one.finished_at and one.finished_at > standing.as_of
                for one in await collect.latest_imports(tx, 50)
            )
        today = house.clock.now().astimezone(EXCHANGE).date()
        if standing is None or whole or settled:
            return await _recorded(house, Refreshed("whole"), standing)
        touched = await archive.touch(house.clickhouse, standing.name, standing.upto - _OVERLAP, today)
        if len(touched) > _MOST_TOUCHED:
            return await _recorded(house, Refreshed("whole"), standing)
        return await _recorded(house, Refreshed("delta"), standing, touched)


async def _recorded(
    house: House, made: Refreshed, standing: Table | None, touched: list[UUID] | None = None
) -> Refreshed:
    run_id, began = ids.new_id(), time.monotonic()
    async with house.postgres.transaction() as tx:
        await repository.begin(tx, run_id, made.kind, house.clock.now())
    error = None
    try:
        if touched is None or standing is None:
            await _whole(house, made, standing)
        else:
            await _delta(house, made, standing, touched)
    except BaseException as failed:
        error = f"{type(failed).__name__}: {failed}"[:2000]
        raise
    finally:
        made.seconds = round(time.monotonic() - began, 2)
        told = {
            "state": "failed" if error else "done",
            "seconds": made.seconds,
            "customers": made.customers,
            "moved": msgspec.json.encode(made.moved).decode(),
            "error": error,
        }
        async with house.postgres.transaction() as tx:
            await repository.end(tx, run_id, house.clock.now(), **told)
    return made


async def _whole(house: House, made: Refreshed, standing: Table | None) -> None:
    """Everybody, into a table of its own, which readers take over at the end."""
    now, clickhouse, all_tags = house.clock.now(), house.clickhouse, catalogue()
    today = now.astimezone(EXCHANGE).date()
    version = standing.version + 1 if standing else 1
    table = f"tag_{version}"
    upto = await archive.upto(clickhouse)
    await archive.empty_mirrors(clickhouse)
    made.customers = await mirror(house.postgres, clickhouse, customers.portrait(None), "portrait_customer")
    await mirror(house.postgres, clickhouse, comply.portrait(None), "portrait_investor")
    await archive.make(clickhouse, all_tags, table)
    known = await archive.names(clickhouse)
    for whom in rules.slices(rules.SLICES):
        await archive.fill(house, all_tags, table, version, today, known, whom)
    if standing:
        made.moved = await archive.moved(clickhouse, list(all_tags.tags), standing.name, table)
    spread = [
        (tag.code, row["value"] or "", row["customers"])
        for tag in all_tags.tags
        if tag.type in ("flag", "level")
        for row in await archive.spread(clickhouse, table, tag, "true", {})
    ]
    async with house.postgres.transaction() as tx:
        await repository.read_from(tx, Table(table, version, now, _known_time(upto, now)))
        await repository.keep_day(tx, today, spread)
    if standing:
        await archive.drop(clickhouse, standing.name)


async def _delta(house: House, made: Refreshed, standing: Table, touched: list[UUID]) -> None:
    """Only those of whom something arrived or who change by themselves today."""
    now, clickhouse, all_tags = house.clock.now(), house.clickhouse, catalogue()
    upto, version = await archive.upto(clickhouse), standing.version + 1
    made.customers = len(touched)
    if touched:
        await mirror(house.postgres, clickhouse, customers.portrait(touched), "portrait_customer")
        await mirror(house.postgres, clickhouse, comply.portrait(touched), "portrait_investor")
        await archive.make(clickhouse, all_tags, archive.DELTA)
        known = await archive.names(clickhouse)
        whom = f"{{id}} IN (SELECT id FROM {archive.TOUCHED})"
        await archive.fill(house, all_tags, archive.DELTA, version, now.astimezone(EXCHANGE).date(), known, whom)
        made.moved = await archive.moved(clickhouse, list(all_tags.tags), standing.name, archive.DELTA)
        await archive.take_over(clickhouse, standing.name, archive.DELTA)
    async with house.postgres.transaction() as tx:
        await repository.read_from(tx, Table(standing.name, version, now, _known_time(upto, now)))


def _known_time(upto: datetime, now: datetime) -> datetime:
    """The archive's time, aware; of an empty archive the present."""
    aware = upto if upto.tzinfo else upto.replace(tzinfo=UTC)
    return aware if aware.year > 1970 else now
