"""Who is there. One row per person; whoever counts his conversations holds its lock."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from bihuan.kit import ids, postgres
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Presence:
    """A person's presence, with what dispatch must know of him."""

    staff_id: UUID
    name: str
    registration_number: str | None
    branch_id: UUID | None
    region_id: UUID | None
    service_centre: bool
    licensed: bool
    state: str
    capacity: int
    since: datetime
    last_seen: datetime
    left_at: datetime | None
    last_claimed_at: datetime | None


COLUMNS = ", ".join(field.name for field in fields(Presence))

# The lock under which one person's presence and capacity change.
LOCK = f"SELECT {COLUMNS} FROM serve_presence WHERE staff_id = %(staff_id)s FOR NO KEY UPDATE"

LOCK_FREE = f"SELECT {COLUMNS} FROM serve_presence WHERE staff_id = %(staff_id)s FOR NO KEY UPDATE SKIP LOCKED"

BY_ID = f"SELECT {COLUMNS} FROM serve_presence WHERE staff_id = %(staff_id)s"

# The first sight of a person.
ENSURE = """
INSERT INTO serve_presence (staff_id, name, registration_number, branch_id, region_id, service_centre, licensed, state,
                            capacity, since, last_seen)
VALUES (%(staff_id)s, %(name)s, %(registration_number)s, %(branch_id)s, %(region_id)s, %(service_centre)s,
        %(licensed)s, 'offline', %(capacity)s, %(now)s, %(now)s)
ON CONFLICT (staff_id) DO NOTHING
"""

# What he says of himself, with his post as it is today.
SET = f"""
UPDATE serve_presence
   SET state = %(state)s, capacity = coalesce(%(capacity)s, capacity), last_seen = %(now)s, left_at = NULL,
       since = CASE WHEN state = %(state)s THEN since ELSE %(now)s END,
       name = %(name)s, registration_number = %(registration_number)s, branch_id = %(branch_id)s,
       region_id = %(region_id)s, service_centre = %(service_centre)s, licensed = %(licensed)s
 WHERE staff_id = %(staff_id)s
RETURNING {COLUMNS}
"""

# The product found out by itself that he is gone.
SET_OFFLINE = f"""
UPDATE serve_presence SET state = 'offline', since = %(now)s, left_at = NULL WHERE staff_id = %(staff_id)s
RETURNING {COLUMNS}
"""

# Written only when it says something new, and never waited for: whose row is held is seen to be alive anyway.
SEEN = """
UPDATE serve_presence SET last_seen = %(now)s, left_at = NULL
 WHERE staff_id IN (SELECT staff_id FROM serve_presence
                     WHERE staff_id = ANY(%(staff_ids)s) AND state <> 'offline'
                       AND (left_at IS NOT NULL OR last_seen < %(now)s - interval '1 minute')
                     ORDER BY staff_id FOR NO KEY UPDATE SKIP LOCKED)
"""

LEFT = f"""
UPDATE serve_presence SET left_at = %(now)s WHERE staff_id = %(staff_id)s AND state <> 'offline' RETURNING {COLUMNS}
"""

CLAIMED = "UPDATE serve_presence SET last_claimed_at = %(now)s, last_seen = %(now)s WHERE staff_id = %(staff_id)s"

START_SHIFT = """
INSERT INTO serve_shift (id, staff_id, branch_id, started_at)
VALUES (%(id)s, %(staff_id)s, %(branch_id)s, %(now)s)
ON CONFLICT (staff_id) WHERE ended_at IS NULL DO NOTHING
"""

END_SHIFT = "UPDATE serve_shift SET ended_at = %(now)s WHERE staff_id = %(staff_id)s AND ended_at IS NULL"

# Everybody on duty within a scope.
ON_DUTY = """
SELECT {columns} FROM serve_presence WHERE state <> 'offline' AND {scope} ORDER BY name, staff_id
"""


async def by_id(tx: Tx, staff_id: UUID) -> Presence | None:
    """One person's presence; None when he was never on duty."""
    return await postgres.read_one(tx, Presence, BY_ID, staff_id=staff_id)


async def lock(tx: Tx, staff_id: UUID) -> Presence | None:
    """One person's presence, locked until the transaction ends."""
    return await postgres.read_one(tx, Presence, LOCK, staff_id=staff_id)


async def lock_free(tx: Tx, staff_id: UUID) -> Presence | None:
    """The same unless somebody else holds the lock: who fires deadlines must never wait."""
    return await postgres.read_one(tx, Presence, LOCK_FREE, staff_id=staff_id)


async def ensure(tx: Tx, post: dict[str, object], capacity: int, now: datetime) -> None:
    """There is a row for this person."""
    await postgres.execute(tx, ENSURE, capacity=capacity, now=now, **post)


async def set_state(tx: Tx, post: dict[str, object], state: str, capacity: int | None, now: datetime) -> Presence:
    """What he says of himself."""
    return (await postgres.read(tx, Presence, SET, state=state, capacity=capacity, now=now, **post))[0]


async def set_offline(tx: Tx, staff_id: UUID, now: datetime) -> Presence:
    """He is gone."""
    return (await postgres.read(tx, Presence, SET_OFFLINE, staff_id=staff_id, now=now))[0]


async def seen(tx: Tx, staff_ids: Collection[UUID], now: datetime) -> None:
    """Signs of life, such as an open live connection or a message."""
    if staff_ids:
        await postgres.execute(tx, SEEN, staff_ids=list(staff_ids), now=now)


async def left(tx: Tx, staff_id: UUID, now: datetime) -> Presence | None:
    """His last connection ended; None when he is offline anyway."""
    return await postgres.read_one(tx, Presence, LEFT, staff_id=staff_id, now=now)


async def claimed(tx: Tx, staff_id: UUID, now: datetime) -> None:
    """He has just claimed something."""
    await postgres.execute(tx, CLAIMED, staff_id=staff_id, now=now)


async def keep_shift(tx: Tx, presence: Presence, now: datetime) -> None:
    """Time on duty begins with leaving `offline` and ends with returning to it."""
    if presence.state == "offline":
        await postgres.execute(tx, END_SHIFT, staff_id=presence.staff_id, now=now)
    else:
        await postgres.execute(
            tx, START_SHIFT, id=ids.new_id(), staff_id=presence.staff_id, branch_id=presence.branch_id, now=now
        )


async def on_duty(tx: Tx, scope: tuple[str, dict[str, object]]) -> list[Presence]:
    """Who is online or away within a scope."""
    return await postgres.read(tx, Presence, ON_DUTY.format(columns=COLUMNS, scope=scope[0]), **scope[1])
