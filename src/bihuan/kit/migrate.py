"""Bring PostgreSQL's schema up to date; safe to call from several processes at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bihuan.kit import calendar, house, postgres
from bihuan.kit.clickhouse import ClickHouse
from bihuan.kit.postgres import Postgres
from bihuan.kit.settings import Settings

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 7_301_946


def migrate_postgres(url: str) -> None:
    """Run all migrations in one transaction, under an advisory lock."""
    engine = create_engine("postgresql+psycopg://", poolclass=NullPool, creator=lambda: _connect(url))
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _connect(url: str) -> object:
    import psycopg

    return psycopg.connect(url)


async def prepare(settings: Settings, postgres_url: str, clickhouse_url: str) -> None:
    """Everything a first start needs before a server or worker may run: schema, lanes, calendar, log renumbering."""
    import asyncio

    await asyncio.to_thread(migrate_postgres, postgres_url)
    clickhouse = ClickHouse(clickhouse_url)
    db = Postgres(postgres_url, size=1)
    try:
        await clickhouse.migrate()
        await db.open()
        async with db.transaction() as tx:
            await postgres.execute(
                tx,
                "INSERT INTO log_offset (reader, lane)"
                " SELECT 'reactions', n FROM generate_series(0, %(lanes)s - 1) n"
                " WHERE NOT EXISTS (SELECT 1 FROM log_offset WHERE reader = 'reactions')",
                lanes=settings.lanes,
            )
            clock = await house.read_clock(tx)
            await postgres.execute(tx, "SELECT log_rotate(%(day)s)", day=clock.now().date())
            await postgres.execute(tx, "SELECT log_renumber_after_restore()")
        await calendar.seed(db)
    finally:
        await clickhouse.close()
        await db.close()
