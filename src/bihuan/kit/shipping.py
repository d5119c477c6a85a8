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

# Commit to the next range: up to `limit` entries and about `bytes` of bodies, at least one entry, and never past the
# oldest running transaction. Bodies are measured as text, which is what travels: 1e308 is five bytes of JSON and 309
# of PostgreSQL's.
COMMIT_TO = """
INSERT INTO log_shipment (to_xid, to_seq, entries)
SELECT xid, seq, n
  FROM (SELECT xid, seq, row_number() OVER place AS n, sum(size) OVER place AS bytes
          FROM (SELECT l.xid, l.seq, octet_length(l.body::text) AS size FROM log l, log_offset o
                 WHERE o.reader = 'ship' AND (l.xid, l.seq) > (o.xid, o.seq)
                   AND l.xid < pg_snapshot_xmin(pg_current_snapshot())
                 ORDER BY l.xid, l.seq LIMIT %(limit)s) ahead
        WINDOW place AS (ORDER BY xid, seq)) summed
 WHERE bytes <= %(bytes)s OR n = 1
 ORDER BY n DESC LIMIT 1
RETURNING to_xid, to_seq, entries
"""

# What ClickHouse said of the range that waits; gone with the range once it is shipped.
FAILED = "UPDATE log_shipment SET failures = failures + 1, error = %(error)s"

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

_MOST_BYTES = 32 * 1024 * 1024  # of bodies in one range

# One range is one block with one token. The engine's limit of 100 partitions a block would stop shipping for ever.
_INSERT = {"deduplicate_blocks_in_dependent_materialized_views": 1, "max_partitions_per_insert_block": 0}

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

    def __init__(self, postgres_url: str, clickhouse: ClickHouse, batch: int, most_bytes: int = _MOST_BYTES) -> None:
        self._url = postgres_url
        self._clickhouse = clickhouse
        self._batch = batch
        self._most_bytes = most_bytes
        self._more = False  # whether the last range was cut, so that the next one waits already

    async def run(self, stop: asyncio.Event, interval_s: float) -> None:
        """Ship until `stop`. Raises what the engines raise; the caller starts it again."""
        async with await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, row_factory=dict_row
        ) as connection:
            while not stop.is_set() and not await self._locked(connection):
                await _wait(stop, 2.0)
            while not stop.is_set():
                await self.ship_once(connection)
                if not self._more:
                    await _wait(stop, interval_s)

    async def _locked(self, connection: psycopg.AsyncConnection[dict[str, object]]) -> bool:
        row = await (await connection.execute("SELECT pg_try_advisory_lock(%s) AS held", [_LOCK])).fetchone()
        return bool(row and row["held"])

    async def ship_once(self, connection: psycopg.AsyncConnection[dict[str, object]]) -> int:
        """Ship one range; how many entries. The connection is in autocommit mode and belongs to the shipper alone."""
        pending = await (await connection.execute(PENDING)).fetchone()
        if pending is None:
            most = {"limit": self._batch, "bytes": self._most_bytes}
            pending = await (await connection.execute(COMMIT_TO, most)).fetchone()
        if pending is None:
            self._more = False
            return 0
        async with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            await cursor.execute(RANGE, pending)
            entries: Sequence[tuple[object, ...]] = await cursor.fetchall()
        table = await asyncio.to_thread(_arrow, entries)
        token = f"{pending['to_xid']}:{pending['to_seq']}:{pending['entries']}"
        try:
            await self._clickhouse.insert_arrow("log", table, {"insert_deduplication_token": token, **_INSERT})
        except Exception as error:
            await connection.execute(FAILED, {"error": f"{type(error).__name__}: {error}"[:2000].replace("\0", "?")})
            raise
        await connection.execute(DONE)
        self._more = len(entries) >= self._batch or table.nbytes > self._most_bytes // 2
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
