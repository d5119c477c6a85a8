"""The SQL of imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.collect.intake.repository import Arrival
from bihuan.kit import ids, postgres
from bihuan.kit.postgres import Tx

BEGIN = """
INSERT INTO collect_import (id, kind, digest, file_name, started_at)
VALUES (%(id)s, %(kind)s, %(digest)s, %(file_name)s, %(now)s)
ON CONFLICT (kind, digest) DO NOTHING
"""

FIND = "SELECT * FROM collect_import WHERE kind = %(kind)s AND digest = %(digest)s"

LOCK = "SELECT next_row FROM collect_import WHERE id = %(id)s FOR UPDATE"

ADVANCE = """
UPDATE collect_import SET next_row = %(next_row)s, accepted = accepted + %(accepted)s,
       duplicates = duplicates + %(duplicates)s, rejected = rejected + %(rejected)s, odd = odd + %(odd)s,
       customers = customers + %(customers)s, versions = versions + %(versions)s
 WHERE id = %(id)s
"""

REJECT = """
INSERT INTO collect_import_reject (import_id, row_number, reason, content)
SELECT %(id)s, * FROM unnest(%(rows)s::bigint[], %(reasons)s::text[], %(contents)s::text[])
ON CONFLICT DO NOTHING
"""

KEEP_ODD = """
INSERT INTO collect_import_oddity (import_id, row_number, reason, content)
SELECT %(id)s, * FROM unnest(%(rows)s::bigint[], %(reasons)s::text[], %(contents)s::text[])
ON CONFLICT DO NOTHING
"""

# Rows of a file go straight into the log: the import's own `next_row` is what keeps each from coming twice.
COPY_LOG = """
COPY log (day, lane, kind, name, customer_id, user_id, message_id, source, trusted, occurred_at, received_at, body)
FROM STDIN
"""

LIST = "SELECT * FROM collect_import ORDER BY started_at DESC LIMIT %(limit)s"


@dataclass(frozen=True)
class Import:
    """How far the import of a file has come."""

    id: UUID
    kind: str
    digest: str
    file_name: str
    next_row: int
    accepted: int
    duplicates: int
    rejected: int
    started_at: datetime
    finished_at: datetime | None
    customers: int
    versions: int
    odd: int


async def begin(tx: Tx, kind: str, digest: str, file_name: str, now: datetime) -> Import:
    """The import of this file, begun now or found as it was left."""
    await postgres.execute(
        tx, BEGIN, id=ids.new_id(), kind=kind, digest=digest, file_name=postgres.storable(file_name), now=now
    )
    found = await find(tx, kind, digest)
    assert found is not None  # noqa: S101  (just begun)
    return found


async def find(tx: Tx, kind: str, digest: str) -> Import | None:
    """The import of this file, if it was ever begun."""
    return await postgres.read_one(tx, Import, FIND, kind=kind, digest=digest)


async def lock(tx: Tx, import_id: UUID) -> int:
    """The row the import goes on with; held until the transaction ends."""
    return int(await postgres.value(tx, LOCK, id=import_id))


async def advance(
    tx: Tx,
    import_id: UUID,
    next_row: int,
    accepted: int,
    duplicates: int,
    rejected: Sequence[tuple[int, str, str]],
    odd: Sequence[tuple[int, str, str]],
    customers: int,
    versions: int,
) -> None:
    """The rows before `next_row` are done; keep those that were rejected or are odd (row, reason, content)."""
    await postgres.execute(
        tx,
        ADVANCE,
        id=import_id,
        next_row=next_row,
        accepted=accepted,
        duplicates=duplicates,
        rejected=len(rejected),
        odd=len(odd),
        customers=customers,
        versions=versions,
    )
    for statement, rows in ((REJECT, rejected), (KEEP_ODD, odd)):
        if rows:
            await postgres.execute(
                tx,
                statement,
                id=import_id,
                rows=[r[0] for r in rows],
                reasons=[postgres.storable(r[1])[:500] for r in rows],
                contents=[postgres.storable(r[2])[:2000] for r in rows],
            )


async def finish(tx: Tx, import_id: UUID, now: datetime) -> None:
    """The file has been read to its end."""
    await postgres.execute(
        tx,
        "UPDATE collect_import SET finished_at = coalesce(finished_at, %(now)s) WHERE id = %(id)s",
        id=import_id,
        now=now,
    )


async def rejects(tx: Tx, import_id: UUID) -> list[dict[str, Any]]:
    """The rejected rows of an import, in file order."""
    return await postgres.rows(
        tx,
        "SELECT row_number, reason, content FROM collect_import_reject WHERE import_id = %(id)s ORDER BY row_number",
        id=import_id,
    )


async def oddities(tx: Tx, import_id: UUID) -> list[dict[str, Any]]:
    """The rows of an import that were taken and are odd, in file order."""
    return await postgres.rows(
        tx,
        "SELECT row_number, reason, content FROM collect_import_oddity WHERE import_id = %(id)s ORDER BY row_number",
        id=import_id,
    )


async def copy_into_log(tx: Tx, arrivals: Sequence[Arrival], lanes: int) -> None:
    """Write accepted rows into the log; their import's `next_row` moves in the same transaction."""
    await tx.execute("SELECT pg_advisory_xact_lock_shared(hashtext('log_generation'))")
    day = await postgres.value(tx, "SELECT day FROM log_generation")
    async with tx.cursor().copy(COPY_LOG) as copy:
        for a in arrivals:
            await copy.write_row(
                (day, ids.lane_of(a.customer_id, lanes), "tracked", a.name, a.customer_id, a.user_id, a.message_id,
                 a.source, a.trusted, a.occurred_at, a.received_at, a.text)
            )  # fmt: skip
    await tx.execute("SELECT pg_notify('log', '')")


async def imports(tx: Tx, limit: int) -> list[Import]:
    """The latest imports."""
    return await postgres.read(tx, Import, LIST, limit=limit)
