"""All SQL about openings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx
from bihuan.understand.openings.course import Step
from bihuan.understand.openings.rules import Event


@dataclass(frozen=True)
class Opening:
    """One account application as it stands now.

    `staff_code_at` is the time of the event that brought the code; city and degrees are where he said he was.

    `stuck_at` is when the clock of `step` runs out, `stuck_since` the same once it has. `chosen_branch` is the code
    picked in the application; `branch_id` the branch that serves it, None for headquarters.
    """

    opening_id: str
    customer_id: UUID | None
    branch_id: UUID | None
    channel: str | None
    staff_code: str | None
    staff_code_at: datetime | None
    chosen_branch: str | None
    city: str | None
    latitude: float | None
    longitude: float | None
    state: str
    step: str | None
    steps: Mapping[str, Any]
    first_fact_at: datetime
    last_fact_at: datetime
    submitted_at: datetime | None
    opened_at: datetime | None
    returned_step: str | None
    returned_reason: str | None
    stuck_at: datetime | None
    stuck_since: datetime | None
    stuck_reason: str | None
    times_stuck: int


@dataclass(frozen=True)
class Setting:
    """What a firm may want otherwise about openings."""

    abandoned_after: timedelta
    told_within: timedelta
    witness_hours: Sequence[str]


COLUMNS = ", ".join(field.name for field in fields(Opening))
STEP_COLUMNS = ", ".join(field.name for field in fields(Step))


async def setting(tx: Tx) -> Setting:
    """The one row of settings."""
    found = await postgres.read(
        tx, Setting, "SELECT abandoned_after, told_within, witness_hours FROM understand_opening_setting"
    )
    return found[0]


async def steps(tx: Tx) -> list[Step]:
    """All steps in their order."""
    found = await postgres.rows(tx, f"SELECT {STEP_COLUMNS} FROM understand_step ORDER BY ordinal")
    lists = ("started_by", "done_by", "failed_by", "final_reasons")
    return [Step(**{**row, **{name: tuple(row[name]) for name in lists}}) for row in found]


# Applications seen for the first time get a row, so that there is something to lock; in order of id, so that two
# lanes never wait for each other in a circle. The same transaction fills it: nobody else ever sees it empty.
SHELLS = """
INSERT INTO understand_opening (opening_id, state, steps, first_fact_at, last_fact_at)
SELECT id, 'under_way', 'null', 'epoch', 'epoch' FROM unnest(%(ids)s::text[]) AS u(id)
 ORDER BY id COLLATE "C" ON CONFLICT (opening_id) DO NOTHING
"""

LOCK = """
SELECT opening_id FROM understand_opening WHERE opening_id = ANY(%(ids)s)
 ORDER BY opening_id COLLATE "C" FOR UPDATE
"""


async def lock(tx: Tx, ids: Collection[str], *, new: Collection[str] = ()) -> None:
    """Hold these applications until the end of the transaction; rows are made for those in `new`."""
    if new:
        await postgres.execute(tx, SHELLS, ids=sorted(set(new)))
    await postgres.execute(tx, LOCK, ids=sorted({*ids, *new}))


async def lock_free(tx: Tx, ids: Collection[str]) -> set[str]:
    """Hold those of these that nobody else holds."""
    found = await postgres.rows(tx, LOCK + " SKIP LOCKED", ids=sorted(set(ids)))
    return {row["opening_id"] for row in found}


# When the oldest event was received that some lane has not read. Facts, as sweeps themselves publish, break no silence.
UNREAD_SINCE = """
SELECT min(oldest.received_at) AS since
  FROM log_offset o,
       LATERAL (SELECT l.received_at FROM log l
                 WHERE l.lane = o.lane AND (l.xid, l.seq) > (o.xid, o.seq) AND l.kind = 'tracked'
                 ORDER BY l.xid, l.seq LIMIT 1) oldest
 WHERE o.reader = 'reactions'
"""


async def unread_since(tx: Tx) -> datetime | None:
    """Since when an event lies unread in the log; None when all have been read."""
    found: datetime | None = await postgres.value(tx, UNREAD_SINCE)
    return found


async def of_customers(tx: Tx, customer_ids: Collection[UUID]) -> list[str]:
    """The ids of these customers' applications."""
    found = await postgres.rows(
        tx,
        "SELECT opening_id FROM understand_opening WHERE customer_id = ANY(%(ids)s)",
        ids=list(customer_ids),
    )
    return [row["opening_id"] for row in found]


EVENTS = """
SELECT opening_id, occurred_at, message_id, name, customer_id, known_user, properties
  FROM understand_opening_event WHERE opening_id = ANY(%(ids)s)
"""


async def events(tx: Tx, ids: Collection[str]) -> dict[str, list[Event]]:
    """The events of these applications, in no particular order."""
    found: dict[str, list[Event]] = {opening_id: [] for opening_id in ids}
    for row in await postgres.rows(tx, EVENTS, ids=list(found)):
        found[row.pop("opening_id")].append(Event(**row))
    return found


# A message seen before changes nothing: the key is the application and the message.
ADD_EVENTS = """
INSERT INTO understand_opening_event (opening_id, occurred_at, message_id, name, customer_id, known_user, properties)
SELECT opening_id, occurred_at, message_id, name, customer_id, known_user, properties::jsonb
  FROM unnest(%(opening_ids)s::text[], %(ats)s::timestamptz[], %(message_ids)s::text[], %(names)s::text[],
              %(customers)s::uuid[], %(known)s::boolean[], %(properties)s::text[])
       AS u(opening_id, occurred_at, message_id, name, customer_id, known_user, properties)
 ORDER BY opening_id, message_id
ON CONFLICT (opening_id, message_id) DO NOTHING
"""


async def add_events(tx: Tx, given: Mapping[str, Collection[Event]]) -> None:
    """Set down events of applications that the transaction holds."""
    flat = [(opening_id, event) for opening_id, found in given.items() for event in found]
    await postgres.execute(
        tx,
        ADD_EVENTS,
        opening_ids=[opening_id for opening_id, _ in flat],
        ats=[event.occurred_at for _, event in flat],
        message_ids=[event.message_id for _, event in flat],
        names=[event.name for _, event in flat],
        customers=[event.customer_id for _, event in flat],
        known=[event.known_user for _, event in flat],
        properties=[msgspec.json.encode(event.properties).decode() for _, event in flat],
    )


async def forget_events(tx: Tx, given: Mapping[str, Collection[str]]) -> None:
    """Remove events by application and message."""
    flat = [(opening_id, message_id) for opening_id, found in given.items() for message_id in found]
    await postgres.execute(
        tx,
        "DELETE FROM understand_opening_event e"
        " USING unnest(%(opening_ids)s::text[], %(message_ids)s::text[]) AS u(opening_id, message_id)"
        " WHERE e.opening_id = u.opening_id AND e.message_id = u.message_id",
        opening_ids=[opening_id for opening_id, _ in flat],
        message_ids=[message_id for _, message_id in flat],
    )


STORE = (
    "UPDATE understand_opening SET "
    + ", ".join(f"{field.name} = %({field.name})s" for field in fields(Opening) if field.name != "opening_id")
    + " WHERE opening_id = %(opening_id)s"
)


async def store(tx: Tx, openings: Collection[Opening]) -> None:
    """Write the state of applications that the transaction holds."""
    rows = [{**vars(opening), "steps": Jsonb(opening.steps)} for opening in openings]
    await postgres.execute_many(tx, STORE, rows)


async def remove(tx: Tx, ids: Collection[str]) -> None:
    """Remove the rows of applications of which no event is left."""
    await postgres.execute(tx, "DELETE FROM understand_opening WHERE opening_id = ANY(%(ids)s)", ids=list(ids))


async def openings(tx: Tx, ids: Collection[str]) -> dict[str, Opening]:
    """Those of these applications that exist."""
    found = await postgres.read(
        tx,
        Opening,
        f"SELECT {COLUMNS} FROM understand_opening WHERE opening_id = ANY(%(ids)s) AND steps <> 'null'",
        ids=list(ids),
    )
    return {opening.opening_id: opening for opening in found}


# Says once of each silence that it was told; the rows that come back are those nobody told before.
TELL = """
INSERT INTO understand_opening_told (opening_id, kind, last_fact_at, told_at)
SELECT opening_id, %(kind)s, last_fact_at, %(now)s
  FROM unnest(%(ids)s::text[], %(silences)s::timestamptz[]) AS u(opening_id, last_fact_at)
 ORDER BY opening_id
ON CONFLICT DO NOTHING RETURNING opening_id
"""


async def tell(tx: Tx, kind: str, silent: Collection[Opening], now: datetime) -> list[Opening]:
    """Those of these whose silence had not been told of yet; from now on it has."""
    found = await postgres.rows(
        tx,
        TELL,
        kind=kind,
        now=now,
        ids=[opening.opening_id for opening in silent],
        silences=[opening.last_fact_at for opening in silent],
    )
    fresh = {row["opening_id"] for row in found}
    return [opening for opening in silent if opening.opening_id in fresh]


async def page_of_ids(tx: Tx, after: str, limit: int) -> list[str]:
    """The next ids in byte order."""
    found = await postgres.rows(
        tx,
        'SELECT opening_id FROM understand_opening WHERE opening_id COLLATE "C" > %(after)s'
        ' ORDER BY opening_id COLLATE "C" LIMIT %(limit)s',
        after=after,
        limit=limit,
    )
    return [row["opening_id"] for row in found]


def steps_json(found: Mapping[str, Any]) -> dict[str, Any]:
    """The steps of a state as the row carries them: only those with something to tell."""
    told = {code: {key: value for key, value in asdict(step).items() if value} for code, step in found.items()}
    plain: dict[str, Any] = msgspec.json.decode(
        msgspec.json.encode({code: step for code, step in told.items() if step})
    )
    return plain
