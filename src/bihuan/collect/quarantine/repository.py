"""The SQL of quarantine."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

LIST = """
SELECT id, source, trusted, reason, detail, raw, received_at, resolved_at, resolution FROM collect_quarantine
 WHERE (resolved_at IS NOT NULL) = %(resolved)s
   AND (%(reason)s::text IS NULL OR reason = %(reason)s)
   AND (%(at)s::timestamptz IS NULL OR (received_at, id) < (%(at)s, %(id)s::uuid))
 ORDER BY received_at DESC, id DESC LIMIT %(limit)s
"""

COUNTS = """
SELECT source, reason, count(*) AS count, max(received_at) AS latest FROM collect_quarantine
 WHERE resolved_at IS NULL GROUP BY source, reason ORDER BY count(*) DESC, source, reason LIMIT 200
"""

LOCK = """
SELECT id, source, trusted, reason, detail, raw, received_at, resolved_at, resolution FROM collect_quarantine
 WHERE id = %(id)s FOR UPDATE
"""

RESOLVE = """
UPDATE collect_quarantine SET resolved_at = %(now)s, resolution = %(resolution)s, resolved_by = %(by)s
 WHERE id = %(id)s AND resolved_at IS NULL
"""


@dataclass(frozen=True)
class Quarantined:
    """A message as it came, and why it waits."""

    id: UUID
    source: str
    trusted: bool
    reason: str
    detail: str
    raw: bytes
    received_at: datetime
    resolved_at: datetime | None
    resolution: str | None


async def waiting(
    tx: Tx, *, resolved: bool, reason: str | None, after: tuple[str, str] | None, limit: int
) -> list[Quarantined]:
    """Messages in quarantine, latest first."""
    at, id = after or (None, None)
    return await postgres.read(tx, Quarantined, LIST, resolved=resolved, reason=reason, at=at, id=id, limit=limit)


async def counts(tx: Tx) -> list[dict[str, Any]]:
    """How many wait, by source and reason."""
    return await postgres.rows(tx, COUNTS)


async def lock(tx: Tx, id: UUID) -> Quarantined | None:
    """One message, held until the transaction ends."""
    return await postgres.read_one(tx, Quarantined, LOCK, id=id)


async def resolve(tx: Tx, id: UUID, resolution: str, by: UUID, now: datetime) -> None:
    """Close a message."""
    await postgres.execute(tx, RESOLVE, id=id, resolution=resolution, by=by, now=now)
