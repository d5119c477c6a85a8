"""What tests of all rooms stand on: databases cloned from one migrated template, and a fixed moment.

Used by `tests/conftest.py` and by plug-in authors who test their own adapters.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import psycopg
from psycopg import sql

from bihuan.kit import ids
from bihuan.kit.time import EXCHANGE

A_TRADING_MORNING = datetime(2026, 3, 10, 10, 0, tzinfo=EXCHANGE)


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    return psycopg.conninfo.make_conninfo(url, dbname=name)


@asynccontextmanager
async def cloned_database(url: str, template: str) -> AsyncIterator[str]:
    """A database of its own, copied from a template, dropped afterwards; its URL."""
    name = f"t_{ids.new_id().hex}"
    async with await psycopg.AsyncConnection.connect(with_database(url, "postgres"), autocommit=True) as admin:
        await admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        try:
            yield with_database(url, name)
        finally:
            await _deserted(admin, name)
            await admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


async def _deserted(admin: psycopg.AsyncConnection, name: str) -> None:
    """Wait a little until its last connections have gone: DROP DATABASE that finds one sleeps for a tenth second."""
    for _ in range(100):
        found = await admin.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name])
        row = await found.fetchone()
        if row is None or row[0] == 0:
            return
        await asyncio.sleep(0.002)
