"""Importing a file: chunk by chunk, each chunk's rows and the import's progress in one transaction."""

import asyncio
import csv
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

import psycopg
from psycopg import errors as pg_errors

from bihuan.collect.imports import files, repository
from bihuan.collect.imports.files import Chunk
from bihuan.collect.imports.mapping import Mapping
from bihuan.kit.errors import Conflict, Forbidden, Invalid, NotFound
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Written:
    """What a sink did with a chunk: rejected rows as (index in the chunk, reason), and so those that are odd but taken.
    `customers` and `versions` are what the chunk adds to its file's customers and to their dated records.
    """

    accepted: int
    rejected: Sequence[tuple[int, str]]
    duplicates: int = 0
    odd: Sequence[tuple[int, str]] = ()
    customers: int = 0
    versions: int = 0


class Sink(Protocol):
    """Where the rows of one kind go."""

    async def __call__(self, tx: Tx, chunk: Chunk, mapping: Mapping, digest: str, now: datetime) -> Written:
        """Write a chunk's rows; bad rows are named, not raised."""


@dataclass(frozen=True)
class Imported:
    """What one run of an import did. `duplicates` were in the product already, from an earlier run or the log.

    `customers`, `versions`, `odd` and `rejected` are of the whole file, earlier runs included.
    """

    import_id: UUID | None
    read: int
    accepted: int
    duplicates: int
    rejected: int
    rejects_file: str | None
    customers: int = 0
    versions: int = 0
    odd: int = 0
    odd_file: str | None = None


Progress = Callable[[int], None]


async def run_import(
    house: House,
    path: Path,
    mapping: Mapping,
    sink: Sink,
    *,
    dry_run: bool = False,
    chunk_rows: int = 5000,
    progress: Progress = lambda rows: None,
) -> Imported:
    """Import a file. A killed run goes on where it stopped; a second run adds nothing.

    With `dry_run` everything is tried and nothing kept. Raises Invalid for a file that cannot be read.
    """
    digest = await asyncio.to_thread(files.digest_of, path)
    source = files.chunks(
        path, mapping.needed(), encoding=mapping.encoding, delimiter=mapping.delimiter, size=chunk_rows
    )
    if dry_run:
        return await _try(house, source, mapping, sink, digest, progress)
    async with house.postgres.transaction() as tx:
        begun = await repository.begin(tx, mapping.kind, digest, path.name, house.clock.now())
    read = accepted = 0
    while (chunk := await asyncio.to_thread(next, source, None)) is not None:
        if chunk.last > begun.next_row:
            accepted += (await _write(house, begun, chunk, mapping, sink)).accepted
        read += chunk.size + len(chunk.broken)
        progress(read)
    async with house.postgres.transaction() as tx:
        await repository.finish(tx, begun.id, house.clock.now())
        rejects = await repository.rejects(tx, begun.id)
        oddities = await repository.oddities(tx, begun.id)
        done = await repository.find(tx, mapping.kind, digest) or begun
    name = _write_rows(house, f"imports/{begun.id}.rejected.csv", rejects) if rejects else None
    odd = _write_rows(house, f"imports/{begun.id}.odd.csv", oddities) if oddities else None
    duplicates = read - accepted - len(rejects)
    return Imported(
        begun.id, read, accepted, duplicates, len(rejects), name, done.customers, done.versions, done.odd, odd
    )


async def _write(house: House, begun: repository.Import, chunk: Chunk, mapping: Mapping, sink: Sink) -> Written:
    # A dated file is learned as a whole when its import begins: in it the place of a row means nothing.
    now = begun.started_at if "valid_from" in mapping.columns else house.clock.now()
    async with house.postgres.transaction() as tx:
        done = await repository.lock(tx, begun.id)
        if chunk.last <= done:
            return Written(0, [], chunk.size)  # another run of the same file was faster
        chunk = chunk.after(done)
        written = await _sunk(tx, chunk, mapping, sink, begun.digest, now)
        await repository.advance(
            tx,
            begun.id,
            chunk.last,
            written.accepted,
            written.duplicates,
            [*_told(chunk, written.rejected), *chunk.broken],
            list(_told(chunk, written.odd)),
            written.customers,
            written.versions,
        )
    return written


# What says "this row can never be taken": PostgreSQL refuses its values, or a room does.
_ROWS_FAULT = (
    psycopg.DataError,
    psycopg.IntegrityError,
    pg_errors.CardinalityViolation,
    pg_errors.ProgramLimitExceeded,
    ValueError,
    OverflowError,
    Invalid,
    Conflict,
    NotFound,
    Forbidden,
)


async def _sunk(tx: Tx, chunk: Chunk, mapping: Mapping, sink: Sink, digest: str, now: datetime) -> Written:
    """Have the sink write a chunk. Where it cannot, halve the chunk until the row stands alone, and reject that."""
    if not chunk.size:
        return Written(0, [])
    try:
        async with tx.savepoint():
            return await sink(tx, chunk, mapping, digest, now)
    except _ROWS_FAULT as error:
        if chunk.size == 1:
            return Written(0, [(0, f"it cannot be stored: {_first_line(error)}")])
    middle = chunk.size // 2
    first = await _sunk(tx, chunk.part(0, middle), mapping, sink, digest, now)
    second = await _sunk(tx, chunk.part(middle, chunk.size), mapping, sink, digest, now)
    return Written(
        first.accepted + second.accepted,
        [*first.rejected, *((middle + index, why) for index, why in second.rejected)],
        first.duplicates + second.duplicates,
        [*first.odd, *((middle + index, why) for index, why in second.odd)],
        first.customers + second.customers,
        first.versions + second.versions,
    )


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _told(chunk: Chunk, rows: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    """Rows of a chunk as (row number, reason, content)."""
    names = list(chunk.columns)
    for index, reason in rows:
        content = {name: chunk.columns[name][index] for name in names}
        yield chunk.numbers[index], reason, str(content)


async def _try(
    house: House, source: Iterator[Chunk], mapping: Mapping, sink: Sink, digest: str, progress: Progress
) -> Imported:
    """What a run would do: rows an earlier run took, and ids that came before in the file, are duplicates here too."""
    async with house.postgres.transaction() as tx:
        begun = await repository.find(tx, mapping.kind, digest)
        rejected = begun.rejected if begun else 0
    read = accepted = 0
    seen: set[str] = set()
    while (chunk := await asyncio.to_thread(next, source, None)) is not None:
        read += chunk.size + len(chunk.broken)
        chunk = chunk.after(begun.next_row if begun else 0)
        chunk = chunk.without(_doubles(chunk, mapping, seen))
        try:
            async with house.postgres.transaction() as tx:
                written = await _sunk(tx, chunk, mapping, sink, digest, house.clock.now())
                _undo()
        except _Undo:
            accepted += written.accepted
            rejected += len(written.rejected) + len(chunk.broken)
        if mapping.message_id:
            refused = {index for index, _ in written.rejected}
            given = chunk.columns[mapping.message_id]
            seen.update(id for index, id in enumerate(given) if id and index not in refused)
        progress(read)
    return Imported(None, read, accepted, read - accepted - rejected, rejected, None)


def _doubles(chunk: Chunk, mapping: Mapping, seen: Collection[str]) -> set[int]:
    """Rows whose message id an earlier chunk of a dry run had."""
    if not mapping.message_id:
        return set()
    return {index for index, id in enumerate(chunk.columns[mapping.message_id]) if id in seen}


class _Undo(Exception):
    """Rolls a dry run's chunk back."""


def _undo() -> None:
    raise _Undo


def _write_rows(house: House, name: str, rejects: Sequence[dict[str, object]]) -> str:
    with house.files.write(name) as raw:
        lines = _Lines(raw)
        writer = csv.writer(lines)
        writer.writerow(["row", "reason", "content"])
        writer.writerows([r["row_number"], r["reason"], r["content"]] for r in rejects)
    return house.files.location(name)


class _Lines:
    """A text file over a binary one, for the csv writer."""

    def __init__(self, raw: object) -> None:
        self._raw = raw

    def write(self, text: str) -> None:
        self._raw.write(text.encode())  # type: ignore[attr-defined]
