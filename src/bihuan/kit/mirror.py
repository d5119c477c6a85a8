"""What PostgreSQL knows, mirrored into ClickHouse for calculations over all customers.

A room says what of its own may be mirrored: a query and the names and types of its columns. The rows go from COPY to
Arrow without becoming Python objects.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.csv
from psycopg import sql

from bihuan.kit.clickhouse import ClickHouse
from bihuan.kit.postgres import Postgres

_CHUNK = 8 * 1024 * 1024  # of CSV: some ten thousand rows


@dataclass(frozen=True)
class Source:
    """A query of one room and its columns, in order, with the types they have as Arrow."""

    query: sql.Composed
    columns: Mapping[str, pa.DataType]


async def mirror(db: Postgres, clickhouse: ClickHouse, source: Source, table: str) -> int:
    """Copy the rows of a source to the end of a table; how many there were."""
    copied = 0
    async for rows in _tables(db, source):
        await clickhouse.insert_arrow(table, rows, {})
        copied += rows.num_rows
    return copied


async def _tables(db: Postgres, source: Source) -> AsyncIterator[pa.Table]:
    command = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, NULL '\\N')").format(source.query)
    async with db.transaction() as tx, tx.cursor() as cursor, cursor.copy(command) as copy:
        held: list[bytes] = []
        size = 0
        async for block in copy:
            held.append(bytes(block))
            size += len(held[-1])
            if size >= _CHUNK:  # COPY hands over whole rows
                yield await asyncio.to_thread(_table, b"".join(held), source)
                held, size = [], 0
        if held:
            yield await asyncio.to_thread(_table, b"".join(held), source)


def _table(text: bytes, source: Source) -> pa.Table:
    return pa.csv.read_csv(
        io.BytesIO(text),
        read_options=pa.csv.ReadOptions(column_names=list(source.columns)),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict(source.columns),
            null_values=["\\N"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )
