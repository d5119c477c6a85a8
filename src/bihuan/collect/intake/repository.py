"""The SQL of intake: one commit for many requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.collect.intake.clocks import Note
from bihuan.collect.intake.rules import RECENT
from bihuan.kit import ids, postgres
from bihuan.kit.postgres import Tx

# Where a commit's entries wait, sorted, before they meet the log; emptied with every commit.
STAGE = """
CREATE TEMP TABLE IF NOT EXISTS intake (
  lane smallint, name text, customer_id uuid, user_id text, anonymous_id text, message_id text, source text,
  trusted boolean, occurred_at timestamptz, received_at timestamptz, body jsonb
) ON COMMIT DELETE ROWS
"""

COPY = """
COPY intake (lane, name, customer_id, user_id, anonymous_id, message_id, source, trusted, occurred_at, received_at,
             body) FROM STDIN
"""

# Sorted by key, so that two servers never wait for each other in a circle; what the previous generation of
# deduplication has already is left out.
ENTER = """
INSERT INTO log (day, lane, kind, name, customer_id, user_id, anonymous_id, message_id, source, trusted,
                 occurred_at, received_at, body)
SELECT %(day)s, lane, 'tracked', name, customer_id, user_id, anonymous_id, message_id, source, trusted,
       occurred_at, received_at, body
  FROM intake i
 WHERE NOT EXISTS (SELECT 1 FROM log p
                    WHERE p.day = %(previous)s AND p.source = i.source AND p.message_id = i.message_id)
 ORDER BY source, message_id
ON CONFLICT (day, source, message_id) DO NOTHING
"""

QUARANTINE = """
INSERT INTO collect_quarantine (id, source, trusted, reason, detail, raw, received_at)
SELECT * FROM unnest(%(ids)s::uuid[], %(sources)s::text[], %(trusted)s::boolean[], %(reasons)s::text[],
                     %(details)s::text[], %(raws)s::bytea[], %(ats)s::timestamptz[])
"""

# Requests of one commit by device, appended to what was noted before; the last eight count. Sorted by device, so that
# two servers never wait for each other in a circle.
NOTE = """
INSERT INTO collect_clock AS c (device, behind, seen_at)
SELECT device, array_agg(behind), %(at)s
  FROM unnest(%(devices)s::text[], %(behinds)s::float8[]) AS n (device, behind)
 GROUP BY device
 ORDER BY device
ON CONFLICT (device) DO UPDATE
   SET behind = (c.behind || EXCLUDED.behind)
                [greatest(1, cardinality(c.behind) + cardinality(EXCLUDED.behind) - %(most)s + 1):],
       seen_at = greatest(c.seen_at, EXCLUDED.seen_at)
"""

NOTED = "SELECT device, behind FROM collect_clock WHERE device = ANY(%(devices)s)"

# Devices not seen for long, a few at a time. There is no index on the time, which every note would have to keep right.
FORGET = """
DELETE FROM collect_clock
 WHERE device IN (SELECT device FROM collect_clock WHERE seen_at < %(before)s LIMIT 10000 FOR UPDATE SKIP LOCKED)
"""

_LONGEST_DETAIL = 2000


@dataclass(frozen=True)
class Arrival:
    """An accepted message on its way into the log; `text` is its body as JSON."""

    name: str
    customer_id: UUID
    user_id: str | None
    anonymous_id: str | None
    message_id: str
    source: str
    trusted: bool
    occurred_at: datetime
    received_at: datetime
    text: str


@dataclass(frozen=True)
class Refusal:
    """A message on its way into quarantine, with what its address and envelope said of it."""

    source: str
    trusted: bool
    reason: str
    detail: str
    raw: bytes
    received_at: datetime


async def enter(tx: Tx, arrivals: Sequence[Arrival], lanes: int) -> int:
    """Write accepted messages; how many were new. The others were in the log already."""
    if not arrivals:
        return 0
    await tx.execute("SELECT pg_advisory_xact_lock_shared(hashtext('log_generation'))")
    generation = await postgres.one(tx, "SELECT day, previous FROM log_generation")
    assert generation is not None  # noqa: S101  (a migration made the one row)
    await tx.execute(STAGE)
    async with tx.cursor().copy(COPY) as copy:
        for a in arrivals:
            await copy.write_row(
                (ids.lane_of(a.customer_id, lanes), a.name, a.customer_id, a.user_id, a.anonymous_id, a.message_id,
                 a.source, a.trusted, a.occurred_at, a.received_at, a.text)
            )  # fmt: skip
    entered = await postgres.execute(tx, ENTER, **generation)
    if entered:
        await tx.execute("SELECT pg_notify('log', '')")
    return entered


async def quarantine(tx: Tx, refusals: Sequence[Refusal]) -> None:
    """Keep what was refused, with the reason; the words may hold pieces of the message, and are cleaned."""
    if refusals:
        await postgres.execute(
            tx,
            QUARANTINE,
            ids=[ids.new_id() for _ in refusals],
            sources=[postgres.storable(r.source) for r in refusals],
            trusted=[r.trusted for r in refusals],
            reasons=[postgres.storable(r.reason)[:50] for r in refusals],
            details=[postgres.storable(r.detail)[:_LONGEST_DETAIL] for r in refusals],
            raws=[r.raw for r in refusals],
            ats=[r.received_at for r in refusals],
        )


async def note(tx: Tx, notes: Sequence[Note]) -> None:
    """Write down what requests said of their devices' clocks."""
    if notes:
        await postgres.execute(
            tx,
            NOTE,
            devices=[n.device for n in notes],
            behinds=[n.behind.total_seconds() for n in notes],
            at=max(n.at for n in notes),
            most=RECENT,
        )


async def noted(tx: Tx, devices: Sequence[str]) -> dict[str, list[timedelta]]:
    """What was written down of these devices' clocks, oldest first."""
    found = await postgres.rows(tx, NOTED, devices=list(devices))
    return {row["device"]: [timedelta(seconds=each) for each in row["behind"]] for row in found}


async def forget(tx: Tx, before: datetime) -> int:
    """Forget devices not seen since; how many."""
    return await postgres.execute(tx, FORGET, before=before)
