"""Reading a timeline from both places where entries stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from bihuan.customers.privacy.rules import worth_saying
from bihuan.kit import postgres
from bihuan.kit.clickhouse import ClickHouse
from bihuan.kit.errors import Invalid
from bihuan.kit.log import FACT
from bihuan.kit.postgres import Postgres

# The visitors' ids a user is also known by.
ALSO_KNOWN_AS = "SELECT visitor_id FROM customers_alias WHERE into_id = %(id)s LIMIT 500"

ARCHIVE = """
SELECT occurred_at, kind, name, source, body, message_id FROM log
 WHERE customer_id IN {ids:Array(UUID)}
   AND (occurred_at, message_id) < ({before:DateTime64(6, 'UTC')}, {message_id:String})
 ORDER BY occurred_at DESC, message_id DESC LIMIT {limit:UInt32}
"""

# What is in the log and not in the archive yet.
TAIL = """
SELECT l.occurred_at, l.kind, l.name, l.source, l.body::text AS body,
       coalesce(l.message_id, l.xid::text || ':' || l.seq) AS message_id
  FROM log l, log_offset o
 WHERE o.reader = 'ship' AND (l.xid, l.seq) > (o.xid, o.seq) AND l.customer_id = ANY(%(ids)s)
   AND (l.occurred_at, coalesce(l.message_id, l.xid::text || ':' || l.seq)) < (%(before)s, %(message_id)s)
 ORDER BY l.occurred_at DESC LIMIT %(limit)s
"""


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened; `detail` is what is worth showing of it."""

    occurred_at: datetime
    kind: str
    name: str
    source: str
    detail: dict[str, Any]
    message_id: str


async def entries(
    db: Postgres, clickhouse: ClickHouse, customer_id: UUID, before: tuple[str, str] | None, limit: int
) -> list[TimelineEntry]:
    """The latest entries before a cursor (time, message id), latest first.

    The log's transaction ends before the archive is asked: left open, it would hold the log back. What is shipped
    between the two stands in both and is told once.

    Raises Invalid for a cursor that is none, Unavailable when the archive does not answer.
    """
    at, message_id = _before(before)
    async with db.transaction() as tx:
        ids = [customer_id, *(row["visitor_id"] for row in await postgres.rows(tx, ALSO_KNOWN_AS, id=customer_id))]
        tail = await postgres.rows(tx, TAIL, ids=ids, before=at, message_id=message_id, limit=limit)
    archive = await clickhouse.query(
        ARCHIVE,
        {"ids": [str(id) for id in ids], "before": at.replace(tzinfo=None), "message_id": message_id, "limit": limit},
    )
    return _merged(tail, archive, limit)


def _before(cursor: tuple[str, str] | None) -> tuple[datetime, str]:
    if cursor is None:
        return datetime(2200, 1, 1, tzinfo=UTC), ""
    try:
        return datetime.fromisoformat(cursor[0]).astimezone(UTC), cursor[1]
    except (ValueError, OverflowError) as error:
        raise Invalid("cursor", "Use the `next` of the page before, unchanged.") from error


def _merged(tail: Sequence[dict[str, Any]], archive: Sequence[dict[str, Any]], limit: int) -> list[TimelineEntry]:
    found: dict[tuple[str, str], TimelineEntry] = {}
    for row in (*tail, *archive):
        at = row["occurred_at"]
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
        key = (row["source"], row["message_id"])
        found[key] = TimelineEntry(at, row["kind"], row["name"], row["source"], _shown(row), row["message_id"])
    ordered = sorted(found.values(), key=lambda entry: (entry.occurred_at, entry.message_id), reverse=True)
    return ordered[:limit]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """What is worth showing of a tracked event; of a fact, which a room wrote for others to read, its plain fields."""
    body = msgspec.json.decode(row["body"], type=dict[str, Any])
    if row["kind"] == FACT:
        return {name: value for name, value in body.items() if not isinstance(value, dict | list)}
    told = body.get("properties") or body.get("traits")
    return worth_saying(row["name"], told) if isinstance(told, dict) else {}
