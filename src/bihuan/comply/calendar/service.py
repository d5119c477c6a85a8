"""Reading and setting the exchange's days of a year."""

from collections.abc import Sequence
from datetime import datetime

from bihuan.comply.calendar.rules import Closure, closures_of, days_of, fault_of
from bihuan.comply.calendar.schemas import ClosureIO, YearOut
from bihuan.kit import audit
from bihuan.kit import calendar as table
from bihuan.kit.errors import Invalid
from bihuan.kit.postgres import Tx
from bihuan.kit.time import EXCHANGE
from bihuan.people.facade import Staff


async def read(tx: Tx, year: int) -> YearOut:
    """A year as the table knows it; where it does not, its weekdays."""
    found = await table.year(tx, year)
    days = {one.day: one.is_open for one in found} or days_of(year, [])
    names = {one.day: one.name for one in found if one.name}
    return YearOut(
        year=year,
        announced=bool(found),
        trading_days=sum(days.values()),
        closures=[ClosureIO.of(closure) for closure in closures_of(days, names)],
        known_until=await table.known_until(tx),
    )


async def set_year(tx: Tx, year: int, closures: Sequence[Closure], source: str, by: Staff, now: datetime) -> YearOut:
    """Take over what the exchange announced for a year; every process follows within a minute, most at once.

    Raises Invalid for closures outside the year, and for a change of days that are over.
    """
    await table.lock(tx)
    standing = {one.day: one.is_open for one in await table.year(tx, year)}
    fault = fault_of(year, closures, now.astimezone(EXCHANGE).date(), standing)
    if fault:
        raise Invalid("calendar", fault)
    names = {day: closure.name for closure in closures if closure.name for day in closure.days}
    days = days_of(year, closures)
    changed = sorted(str(day) for day, is_open in days.items() if standing.get(day) != is_open)
    await table.replace(tx, days, names)
    told = {"source": source, "closures": [[str(one.first), str(one.last)] for one in closures], "days": len(changed)}
    await audit.record(tx, by.id, "comply:calendar:changed", str(year), told, now)
    return await read(tx, year)
