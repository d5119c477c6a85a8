"""The exchange's trading days as a table: seeded as published, extended by staff, read by every process."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bihuan.kit import postgres
from bihuan.kit.postgres import Postgres, Tx
from bihuan.kit.time import TradingCalendar

# Every process reads the table again when it hears of this.
CHANNEL = "calendar"

YEAR = """
SELECT day, is_open, name FROM kit_trading_day
 WHERE day >= make_date(%(year)s, 1, 1) AND day < make_date(%(year)s + 1, 1, 1) ORDER BY day
"""

# The days of a year, each once, replacing what stood there.
SET = """
INSERT INTO kit_trading_day (day, is_open, name)
SELECT * FROM unnest(%(days)s::date[], %(open)s::boolean[], %(names)s::text[])
ON CONFLICT (day) DO UPDATE SET is_open = excluded.is_open, name = excluded.name
"""


@dataclass(frozen=True)
class Day:
    """One day of the table; `name` says why it is closed, where somebody said so."""

    day: date
    is_open: bool
    name: str | None


async def read(tx: Tx) -> TradingCalendar:
    """The table of trading days."""
    days = {row["day"]: row["is_open"] for row in await postgres.rows(tx, "SELECT day, is_open FROM kit_trading_day")}
    return TradingCalendar.of(days)


async def seed(db: Postgres) -> None:
    """Fill the table from the exchange's published calendar (XSHG), once; staff extend it afterwards."""
    async with db.transaction() as tx:
        if await postgres.value(tx, "SELECT EXISTS (SELECT 1 FROM kit_trading_day)"):
            return
    days = await asyncio.to_thread(_published)  # takes seconds, so no transaction is open meanwhile
    async with db.transaction() as tx:
        await postgres.execute(
            tx,
            "INSERT INTO kit_trading_day (day, is_open) SELECT * FROM unnest(%(days)s::date[], %(open)s::boolean[])"
            " ON CONFLICT DO NOTHING",
            days=list(days),
            open=list(days.values()),
        )


def _published() -> dict[date, bool]:
    import exchange_calendars  # slow to import, and needed once in the life of a database

    calendar: Any = exchange_calendars.get_calendar("XSHG", start="2010-01-01")
    open_days = {stamp.date() for stamp in calendar.sessions}
    first, last = min(open_days), max(open_days)
    span = ((first + timedelta(days=n)) for n in range((last - first).days + 1))
    return {day: day in open_days for day in span}


async def year(tx: Tx, number: int) -> list[Day]:
    """The days of a year, in order; none where the table does not reach it."""
    return await postgres.read(tx, Day, YEAR, year=number)


async def known_until(tx: Tx) -> date | None:
    """The last day the table knows."""
    found: date | None = await postgres.value(tx, "SELECT max(day) FROM kit_trading_day")
    return found


async def lock(tx: Tx) -> None:
    """One writer at a time: what was checked is what is replaced."""
    await tx.execute("LOCK TABLE kit_trading_day IN SHARE ROW EXCLUSIVE MODE")


async def replace(tx: Tx, days: Mapping[date, bool], names: Mapping[date, str]) -> None:
    """Set these days, and have every process take them over with the commit."""
    said = [names.get(day) for day in days]
    await postgres.execute(tx, SET, days=list(days), open=list(days.values()), names=said)
    await tx.execute(f"NOTIFY {CHANNEL}")
