"""What one process holds: settings, engines, clock, calendar, files, keys. Built once, handed to every edge."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from bihuan.kit import calendar as calendars
from bihuan.kit import postgres
from bihuan.kit.clickhouse import ClickHouse, Limits
from bihuan.kit.crypto import Cipher, load_master
from bihuan.kit.errors import Invalid
from bihuan.kit.files import Files, files_at
from bihuan.kit.postgres import Postgres, Tx
from bihuan.kit.settings import Settings
from bihuan.kit.time import Clock, TradingCalendar


@dataclass
class House:
    """The resources of one process."""

    settings: Settings
    postgres: Postgres
    clickhouse: ClickHouse
    clock: Clock
    calendar: TradingCalendar
    files: Files
    cipher: Cipher
    outbound: httpx.AsyncClient


async def read_clock(tx: Tx) -> Clock:
    """The clock as the shared row tells it."""
    row = await postgres.one(tx, "SELECT real_origin, product_origin, factor FROM kit_clock")
    return Clock(row["real_origin"], row["product_origin"], row["factor"]) if row else Clock.real()


async def set_clock(tx: Tx, product_now: datetime, factor: float) -> None:
    """Let the product's time be `product_now` from now on, running `factor` times as fast as real time.

    For the demo and benchmarks; all processes follow at once. Raises Invalid for a time before the present one.
    """
    current = (await read_clock(tx)).now()
    stored = await postgres.value(tx, "SELECT count(*) FROM kit_clock")
    if stored and product_now < current - timedelta(seconds=1):
        raise Invalid("clock", f"The product's time is {current:%Y-%m-%d %H:%M} already and never runs backwards.")
    await postgres.execute(
        tx,
        "INSERT INTO kit_clock (real_origin, product_origin, factor) VALUES (clock_timestamp(), %(at)s, %(factor)s)"
        " ON CONFLICT (one) DO UPDATE SET real_origin = excluded.real_origin,"
        " product_origin = excluded.product_origin, factor = excluded.factor",
        at=product_now,
        factor=factor,
    )
    await tx.execute("SELECT pg_notify('clock', '')")


# In one statement: at sixty times a time read before is seconds behind when it is written.
PACE = """
UPDATE kit_clock SET product_origin = product_origin + (t.at - real_origin) * kit_clock.factor, real_origin = t.at,
       factor = %(factor)s
  FROM (SELECT clock_timestamp() AS at) t
RETURNING factor
"""


async def pace_clock(tx: Tx, factor: float) -> None:
    """Go on from the product's present time, `factor` times as fast as real time; all processes follow at once."""
    if await postgres.value(tx, PACE, factor=factor) is None:  # the clock is still the real one
        await set_clock(tx, (await read_clock(tx)).now() + timedelta(milliseconds=1), factor)
        return
    await tx.execute("SELECT pg_notify('clock', '')")


@asynccontextmanager
async def opened(settings: Settings, postgres_url: str, clickhouse_url: str, *, pool: int = 8) -> AsyncIterator[House]:
    """A house on running engines whose schema is up to date; closed again at the end."""
    db = Postgres(postgres_url, size=pool)
    await db.open()
    limits = Limits(settings.query_seconds, settings.query_memory_mb, settings.query_threads)
    clickhouse = ClickHouse(clickhouse_url, limits)
    key = settings.key.get_secret_value() if settings.key else None
    try:
        async with db.transaction() as tx:
            clock = await read_clock(tx)
            calendar = await calendars.read(tx)
        async with httpx.AsyncClient(timeout=10, trust_env=False) as outbound:
            yield House(
                settings,
                db,
                clickhouse,
                clock,
                calendar,
                files_at(settings.files_url, settings.data / "files"),
                Cipher(load_master(settings.data, key)),
                outbound,
            )
    finally:
        await clickhouse.close()
        await db.close()
