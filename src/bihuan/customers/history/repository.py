"""The SQL of history."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

# A record that is there already keeps the moment we first learned it; one without a date is the latest word of its day.
ADD = """
INSERT INTO customers_record AS r (customer_id, valid_from, digest, recorded_at, place, import_id, body, sealed)
VALUES (%(customer_id)s, %(valid_from)s, %(digest)s, %(recorded_at)s, %(place)s, %(import_id)s, %(body)s::jsonb,
        %(sealed)s)
ON CONFLICT (customer_id, valid_from, digest) DO UPDATE SET import_id = excluded.import_id,
  recorded_at = CASE WHEN excluded.place > 0 THEN excluded.recorded_at ELSE r.recorded_at END,
  place = CASE WHEN excluded.place > 0 THEN excluded.place ELSE r.place END
"""

# How much of these customers a file has told so far.
TOLD = """
SELECT count(DISTINCT customer_id) AS customers, count(*) AS versions
  FROM customers_record WHERE customer_id = ANY(%(ids)s) AND import_id = %(import_id)s
"""

OF = """
SELECT customer_id, valid_from, digest, recorded_at, place, body, sealed FROM customers_record
 WHERE customer_id = ANY(%(ids)s) AND (%(known_by)s::timestamptz IS NULL OR recorded_at < %(known_by)s)
 ORDER BY customer_id, valid_from, recorded_at, place, digest
"""


@dataclass(frozen=True)
class Kept:
    """A record as it is kept: `body` with sensitive attributes masked, `sealed` with them in full."""

    customer_id: UUID
    valid_from: date
    digest: bytes
    recorded_at: datetime
    place: int
    body: dict[str, Any]
    sealed: bytes | None


async def add(tx: Tx, sets: Sequence[dict[str, Any]]) -> None:
    """Keep records."""
    await postgres.execute_many(tx, ADD, sets)


async def told(tx: Tx, ids: Collection[UUID], import_id: str) -> tuple[int, int]:
    """Of how many of these customers a file has told, and in how many records."""
    found = await postgres.one(tx, TOLD, ids=list(ids), import_id=import_id)
    return (found["customers"], found["versions"]) if found else (0, 0)


async def of(tx: Tx, ids: Collection[UUID], known_by: datetime | None = None) -> list[Kept]:
    """All records of these customers, or those that were learned before a moment."""
    return await postgres.read(tx, Kept, OF, ids=list(ids), known_by=known_by)
