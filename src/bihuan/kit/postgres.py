"""PostgreSQL: one pool per process, one transaction per request, job or reaction batch.

Rooms write SQL and pass parameters by name; what comes back are dicts or frozen dataclasses.
"""

import functools
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar, cast

import psycopg
from psycopg.adapt import Loader
from psycopg.pq import TransactionStatus
from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from bihuan.kit.errors import Conflict

Row = dict[str, Any]
T = TypeVar("T")

# PostgreSQL's text holds neither NUL nor half a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Flusher = Callable[["Tx", Sequence[Any]], Awaitable[None]]


class Tx(psycopg.AsyncConnection[Row]):
    """An open transaction. Opened at the edge; nobody below commits.

    What must be written last and together (facts of the log, changes of live topics) is set down by `at_commit`
    and written just before the commit, in one statement per kind and in a fixed order, so that two transactions
    never wait for each other in a circle.
    """

    _last_words: "dict[Flusher, list[Any]]"

    @classmethod
    async def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        """As psycopg's, with dict rows."""
        kwargs.setdefault("row_factory", dict_row)
        return await super().connect(conninfo, **kwargs)

    def at_commit(self, flusher: Flusher, item: Any) -> None:
        """Have `flusher(tx, items)` write this item just before the commit."""
        if not hasattr(self, "_last_words"):
            self._last_words = {}
        self._last_words.setdefault(flusher, []).append(item)

    async def flush(self) -> None:
        """Write what was set down. Called by `Postgres.transaction`, and by tests that look before the end."""
        words, self._last_words = getattr(self, "_last_words", {}), {}
        for flusher in sorted(words, key=lambda f: f.__qualname__):
            await flusher(self, words[flusher])

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that may fail alone: on an exception, which goes on, its rows and its last words are taken back."""
        if self.info.transaction_status == TransactionStatus.IDLE:
            await self.execute("SELECT 1")  # else the part would be the whole transaction, and commit at its end
        before = {flusher: list(items) for flusher, items in getattr(self, "_last_words", {}).items()}
        try:
            async with self.transaction():
                yield
        except BaseException:
            self._last_words = before
            raise

    def forget(self) -> None:
        """Drop what was set down, after a rollback."""
        self._last_words = {}


def storable(text: str) -> str:
    r"""The text as PostgreSQL can hold it: NUL and halves of surrogate pairs become U+FFFD.

    >>> storable("a\x00b") == storable("a\ud800b") == "a\ufffdb"
    True
    """
    return _UNSTORABLE.sub("\ufffd", text)


class _Text(Loader):
    def load(self, data: Any) -> str:
        return bytes(data).decode()


async def _configure(connection: psycopg.AsyncConnection[Any]) -> None:
    connection.adapters.register_loader("xid8", _Text)
    # What is answered 200 has to survive a power cut, also on a server whose administrator preferred speed; one without
    # fsync loses it in any case, so there (as in tests) nothing is changed.
    await connection.execute(
        "SELECT set_config('synchronous_commit', CASE WHEN current_setting('fsync') = 'on'"
        "                                              AND current_setting('synchronous_commit') = 'off'"
        "                                             THEN 'on' ELSE current_setting('synchronous_commit') END, false)"
    )
    await connection.execute(
        "SELECT set_config('idle_in_transaction_session_timeout', '5s', false),"
        " set_config('lock_timeout', '4s', false), set_config('statement_timeout', '30s', false),"
        " set_config('TimeZone', 'UTC', false)"
    )
    await connection.commit()


class Postgres:
    """The pool. `transaction()` is the only way to a connection."""

    def __init__(self, url: str, *, size: int = 8) -> None:
        self.url = url
        self._pool: AsyncConnectionPool[Tx] = AsyncConnectionPool(
            url,
            connection_class=Tx,
            min_size=1,
            max_size=size,
            open=False,
            configure=_configure,
            check=AsyncConnectionPool.check_connection,
            timeout=10,
            reconnect_timeout=60,
        )

    async def open(self) -> None:
        """Open the pool and wait for the first connection; raises psycopg_pool.PoolTimeout after 30 s."""
        await self._pool.open(wait=True, timeout=30)

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()

    @asynccontextmanager
    async def transaction(self, *, snapshot: bool = False) -> AsyncIterator[Tx]:
        """One transaction: committed at the end, rolled back on any exception.

        With `snapshot` it is read only and sees one state throughout (REPEATABLE READ).
        """
        async with self._pool.connection() as tx:
            tx.forget()
            if snapshot:
                await tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            try:
                yield tx
                await tx.flush()
            except BaseException:
                tx.forget()
                raise

    def usage(self) -> dict[str, int]:
        """The pool's own counters, for `/metrics`."""
        return self._pool.get_stats()


async def rows(tx: Tx, query: str, **params: Any) -> list[Row]:
    """All rows as dicts."""
    return await (await tx.execute(query, params)).fetchall()


async def one(tx: Tx, query: str, **params: Any) -> Row | None:
    """The first row as a dict, or None."""
    return await (await tx.execute(query, params)).fetchone()


async def value(tx: Tx, query: str, **params: Any) -> Any:
    """The first column of the first row, or None."""
    row = await one(tx, query, **params)
    return None if row is None else next(iter(row.values()))


async def execute(tx: Tx, query: str, **params: Any) -> int:
    """How many rows were touched."""
    return (await tx.execute(query, params)).rowcount


async def execute_many(tx: Tx, query: str, sets: Sequence[Row]) -> None:
    """The same statement for many sets of parameters, pipelined."""
    if sets:
        async with tx.cursor() as cursor:
            await cursor.executemany(query, sets)


@functools.cache
def _factory(cls: Hashable) -> Any:
    return class_row(cast("type[Any]", cls))


async def read(tx: Tx, cls: type[T], query: str, **params: Any) -> list[T]:
    """All rows as `cls`, a dataclass whose fields are the query's columns."""
    async with tx.cursor(row_factory=_factory(cast(Hashable, cls))) as cursor:
        await cursor.execute(query, params)
        return cast("list[T]", await cursor.fetchall())


async def read_one(tx: Tx, cls: type[T], query: str, **params: Any) -> T | None:
    """The first row as `cls`, or None."""
    found = await read(tx, cls, query, **params)
    return found[0] if found else None


@asynccontextmanager
async def alone(url: str, what: str) -> AsyncIterator[None]:
    """Long work that nobody else may do at the same time, in whichever process. It is held by a connection of its own,
    so it ends with its holder, however that dies, and no transaction stays open. Raises Conflict while another has it.
    """
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        asked = await connection.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 7))", [what])
        row = await asked.fetchone()
        if row is None or not row[0]:
            raise Conflict("refresh-running", "This is being computed already; wait for that to end.")
        yield
