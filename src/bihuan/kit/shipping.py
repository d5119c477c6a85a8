"""The shipper: copies the log to ClickHouse, every entry exactly once.

It first commits itself to a range of the log in PostgreSQL, inserts exactly that range with the range as the
deduplication token, and retries the same range until ClickHouse has it; so a crash at any point repeats a no-op.
"""

import asyncio
import contextlib
from collections.abc import Sequence

import psycopg
import pyarrow as pa
from psycopg.rows import dict_row, tuple_row

from bihuan.kit.clickhouse import ClickHouse

_LOCK = 7_301_947  # one shipper at a time, whichever worker holds this advisory lock

PENDING = "SELECT to_xid, to_seq, entries FROM log_shipment"

# Commit to the next range: up to `limit` entries, and never past the oldest running transaction.
COMMIT_TO = """
INSERT INTO log_shipment (to_xid, to_seq, entries)
SELECT last.xid, last.seq, last.n
  FROM (SELECT xid, seq, row_number() OVER (ORDER BY xid, seq) AS n
          FROM (SELECT l.xid, l.seq FROM log l, log_offset o
                 WHERE o.reader = 'ship' AND (l.xid, l.seq) > (o.xid, o.seq)
                   AND l.xid < pg_snapshot_xmin(pg_current_snapshot())
                 ORDER BY l.xid, l.seq LIMIT %(limit)s) ahead
         ORDER BY n DESC LIMIT 1) last
RETURNING to_xid, to_seq, entries
"""

RANGE = """
SELECT coalesce(l.customer_id, '00000000-0000-0000-0000-000000000000')::text AS customer_id,
       (extract(epoch FROM l.occurred_at) * 1000000)::bigint AS occurred_at,
       coalesce(l.message_id, l.xid::text || ':' || l.seq) AS message_id,
       l.name, l.kind, l.source, l.trusted, coalesce(l.user_id, '') AS user_id,
       coalesce(l.anonymous_id, '') AS anonymous_id,
       (extract(epoch FROM l.received_at) * 1000000)::bigint AS received_at,
       l.xid::text::bigint AS xid, l.seq, l.lane, l.body::text AS body
  FROM log l, log_offset o
 WHERE o.reader = 'ship' AND (l.xid, l.seq) > (o.xid, o.seq)
   AND (l.xid, l.seq) <= (%(to_xid)s::xid8, %(to_seq)s)
 ORDER BY l.xid, l.seq
"""

DONE = """
WITH shipped AS (DELETE FROM log_shipment RETURNING to_xid, to_seq)
UPDATE log_offset o SET xid = s.to_xid, seq = s.to_seq FROM shipped s WHERE o.reader = 'ship'
"""

_SCHEMA = pa.schema(
    [
        ("customer_id", pa.string()),
        ("occurred_at", pa.int64()),
        ("message_id", pa.string()),
        ("name", pa.string()),
        ("kind", pa.string()),
        ("source", pa.string()),
        ("trusted", pa.bool_()),
        ("user_id", pa.string()),
        ("anonymous_id", pa.string()),
        ("received_at", pa.int64()),
        ("xid", pa.int64()),
        ("seq", pa.int64()),
        ("lane", pa.int32()),
        ("body", pa.string()),
    ]
)


class Shipper:
    """Ships while it holds the lock; another worker's takes over when this one dies."""

    def __init__(self, postgres_url: str, clickhouse: ClickHouse, batch: int) -> None:
        self._url = postgres_url
        self._clickhouse = clickhouse
        self._batch = batch

    async def run(self, stop: asyncio.Event, interval_s: float) -> None:
        """Ship until `stop`. Raises what the engines raise; the caller starts it again."""
        async with await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, row_factory=dict_row
        ) as connection:
            while not stop.is_set() and not await self._locked(connection):
                await _wait(stop, 2.0)
            while not stop.is_set():
                count = await self.ship_once(connection)
                if count < self._batch:
                    await _wait(stop, interval_s)

    async def _locked(self, connection: psycopg.AsyncConnection[dict[str, object]]) -> bool:
        row = await (await connection.execute("SELECT pg_try_advisory_lock(%s) AS held", [_LOCK])).fetchone()
        return bool(row and row["held"])

    async def ship_once(self, connection: psycopg.AsyncConnection[dict[str, object]]) -> int:
        """Ship one range; how many entries. The connection is in autocommit mode and belongs to the shipper alone."""
        pending = await (await connection.execute(PENDING)).fetchone()
        if pending is None:
            pending = await (await connection.execute(COMMIT_TO, {"limit": self._batch})).fetchone()
        if pending is None:
            return 0
        async with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            await cursor.execute(RANGE, pending)
            entries: Sequence[tuple[object, ...]] = await cursor.fetchall()
        table = await asyncio.to_thread(_arrow, entries)
        token = f"{pending['to_xid']}:{pending['to_seq']}:{pending['entries']}"
        await self._clickhouse.insert_arrow(
            "log",
            table,
            {"insert_deduplication_token": token, "deduplicate_blocks_in_dependent_materialized_views": 1},
        )
        await connection.execute(DONE)
        return len(entries)


def _arrow(entries: Sequence[tuple[object, ...]]) -> pa.Table:
    columns = list(zip(*entries, strict=True))
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, _SCHEMA, strict=True)]
    table = pa.Table.from_arrays(arrays, schema=_SCHEMA)
    for name in ("occurred_at", "received_at"):
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, table.column(name).cast(pa.timestamp("us", tz="UTC")))
    return table


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
