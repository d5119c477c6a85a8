"""Where a rebuild reads the events of openings again: the archive in ClickHouse and what PostgreSQL's log still holds.

Only what the lanes have reacted to counts. An event that no lane has read yet is left to its lane, which will
publish what it means; a rebuild that took it in would silence that for ever.
"""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from bihuan.kit import postgres
from bihuan.kit.clickhouse import ClickHouse
from bihuan.kit.postgres import Tx
from bihuan.understand.openings import rules
from bihuan.understand.openings.rules import Event

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODY = UUID(int=0)
_EVENTS_AT_ONCE = 20_000
LONGEST_ID = 200

Place = tuple[int, int]  # where an entry stands in the log: (xid, seq)


@dataclass(frozen=True)
class Found:
    """One step event as it was found, and where it stood in the log."""

    place: Place
    opening_id: str
    event: Event


# Which entries are step events. Kept in step with the names the reaction wants.
_STEP_EVENTS = "(name LIKE 'opening:%%' OR name IN ('deposit:first', 'trade:first'))"
_ID = "replaceAll(JSONExtractRaw(body, 'properties', 'opening_id'), '\"', '')"

COUNT = f"SELECT count() AS n FROM log WHERE kind = 'tracked' AND trusted AND {_STEP_EVENTS}".replace("%%", "%")

# One share of all openings, cut by the opening's id.
SHARE = f"""
SELECT xid, seq, toString(customer_id) AS customer_id, user_id, message_id, name,
       toUnixTimestamp64Micro(occurred_at) AS at, JSONExtractRaw(body, 'properties') AS properties
  FROM log
 WHERE kind = 'tracked' AND trusted AND {_STEP_EVENTS}
   AND cityHash64({_ID}) %% {{shares:UInt32}} = {{share:UInt32}}
""".replace("%%", "%")

# What may be missing from the archive: entries after those that were shipped when it was read.
TAIL = f"""
SELECT l.xid::text::bigint AS xid, l.seq, l.customer_id::text AS customer_id, l.user_id,
       coalesce(l.message_id, l.xid::text || ':' || l.seq) AS message_id, l.name,
       (extract(epoch FROM l.occurred_at) * 1000000)::bigint AS at, (l.body->'properties')::text AS properties
  FROM log l
 WHERE (l.xid, l.seq) > (%(xid)s::xid8, %(seq)s) AND l.kind = 'tracked' AND l.trusted AND {_STEP_EVENTS}
   AND l.body->'properties'->>'opening_id' = ANY(%(ids)s)
"""

# What the lanes have not reacted to yet.
UNREAD = f"""
SELECT l.xid::text::bigint AS xid, l.seq
  FROM log l JOIN log_offset o ON o.reader = 'reactions' AND o.lane = l.lane
 WHERE (l.xid, l.seq) > (o.xid, o.seq) AND l.kind = 'tracked' AND l.trusted AND {_STEP_EVENTS}
   AND l.body->'properties'->>'opening_id' = ANY(%(ids)s)
"""

# Entries that no reaction could swallow; those that were replayed count as they were repaired.
SET_ASIDE = f"""
SELECT xid::text::bigint AS xid, seq, coalesce(resolution = 'replayed', false) AS replayed,
       (body->'properties')::text AS properties
  FROM log_poison WHERE kind = 'tracked' AND {_STEP_EVENTS}
"""


def opening_named(properties: dict[str, Any]) -> str | None:
    """The application a step event names; None where it names none that can be kept.

    >>> opening_named({"opening_id": 7}), opening_named({"opening_id": True}), opening_named({})
    ('7', None, None)
    """
    named = properties.get("opening_id")
    if isinstance(named, int) and not isinstance(named, bool):
        named = str(named)
    return named if isinstance(named, str) and 0 < len(named) <= LONGEST_ID else None


def _found(row: dict[str, Any], properties: dict[str, Any]) -> Found | None:
    opening_id = opening_named(properties)
    if opening_id is None:
        return None
    customer = UUID(row["customer_id"]) if row["customer_id"] else _NOBODY
    event = Event(
        _EPOCH + timedelta(microseconds=row["at"]),
        row["message_id"],
        row["name"],
        None if customer == _NOBODY else customer,
        bool(row["user_id"]),
        rules.kept(properties),
    )
    return Found((row["xid"], row["seq"]), opening_id, event)


def _properties(text: str | None) -> dict[str, Any]:
    found = msgspec.json.decode(text) if text else None
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Shipped:
    """How far the log was shipped at a moment."""

    xid: str
    seq: int


async def shipped(tx: Tx) -> Shipped:
    """How far the log is shipped."""
    return (await postgres.read(tx, Shipped, "SELECT xid, seq FROM log_offset WHERE reader = 'ship'"))[0]


async def shares(clickhouse: ClickHouse) -> AsyncIterator[list[Found]]:
    """All step events of the archive, some openings at a time, each opening whole."""
    count = (await clickhouse.query(COUNT))[0]["n"]
    cut = count // _EVENTS_AT_ONCE + 1
    for share in range(cut):
        found = await clickhouse.query(SHARE, {"shares": cut, "share": share})
        yield [one for row in found if (one := _found(row, _properties(row["properties"])))]


async def reacted_to(
    tx: Tx, archived: Collection[Found], since: Shipped, ids: Collection[str]
) -> dict[str, list[Event]]:
    """The events of these openings that the lanes have reacted to: of each message the first that came.

    The caller holds the openings, so that no lane is in the middle of one.
    """
    aside = {(row["xid"], row["seq"]): row for row in await postgres.rows(tx, SET_ASIDE)}
    tail = await postgres.rows(tx, TAIL, xid=since.xid, seq=since.seq, ids=list(ids))
    everything = [*archived, *(one for row in tail if (one := _found(row, _properties(row["properties"]))))]
    unread = {(row["xid"], row["seq"]) for row in await postgres.rows(tx, UNREAD, ids=list(ids))}
    firsts: dict[tuple[str, str], Found] = {}
    for one in sorted(everything, key=lambda found: found.place):
        if one.place not in unread and (kept := _as_swallowed(one, aside.get(one.place))):
            firsts.setdefault((kept.opening_id, kept.event.message_id), kept)
    events: dict[str, list[Event]] = {opening_id: [] for opening_id in ids}
    for one in firsts.values():
        if one.opening_id in events:
            events[one.opening_id].append(one.event)
    return events


def _as_swallowed(one: Found, aside: dict[str, Any] | None) -> Found | None:
    if aside is None:
        return one
    properties = _properties(aside["properties"])
    opening_id = opening_named(properties)
    if not aside["replayed"] or opening_id is None:
        return None
    event = one.event
    repaired = Event(
        event.occurred_at, event.message_id, event.name, event.customer_id, event.known_user, rules.kept(properties)
    )
    return Found(one.place, opening_id, repaired)
