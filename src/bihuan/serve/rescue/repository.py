"""Rescues in PostgreSQL: one row per stuck moment, at most one of an application not finished."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kit import ids, postgres
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Rescue:
    """One stuck moment of one application."""

    id: UUID
    opening_id: str
    customer_id: UUID
    customer_label: str
    branch_id: UUID | None
    step: str
    reason: str | None
    experiment: str
    arm: str
    state: str
    stuck_at: datetime
    stuck_again_at: datetime | None
    last_fact_at: datetime
    offered_at: datetime | None
    overdue_at: datetime | None
    staff_id: UUID | None
    staff_branch_id: UUID | None
    staff_name: str | None
    taken_at: datetime | None
    contacted_at: datetime | None
    channel: str | None
    resumed_at: datetime | None
    next_step_at: datetime | None
    finished_at: datetime | None
    outcome: str | None
    note: str | None

    @property
    def stalled_at(self) -> datetime:
        """When it got stuck the last time."""
        return self.stuck_again_at or self.stuck_at


COLUMNS = ", ".join(field.name for field in fields(Rescue))

INSERT = f"""
INSERT INTO serve_rescue (id, opening_id, customer_id, customer_label, branch_id, step, reason, experiment, arm, state,
                          stuck_at, last_fact_at, offered_at)
VALUES (%(id)s, %(opening_id)s, %(customer_id)s, %(customer_label)s, %(branch_id)s, %(step)s, %(reason)s,
        %(experiment)s, %(arm)s, %(state)s, %(stuck_at)s, %(last_fact_at)s,
        %(offered_at)s)
ON CONFLICT DO NOTHING
RETURNING {COLUMNS}
"""

ACTIVE = f"SELECT {COLUMNS} FROM serve_rescue WHERE opening_id = %(opening_id)s AND state <> 'finished'"

# What is not finished of these applications, always in one order.
LOCK_ACTIVE = f"""
SELECT {COLUMNS} FROM serve_rescue WHERE opening_id = ANY(%(opening_ids)s) AND state <> 'finished'
 ORDER BY id FOR UPDATE
"""

LOCK_FREE = f"SELECT {COLUMNS} FROM serve_rescue WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE SKIP LOCKED"

# Exactly one takes it. The caller holds the lock on his presence row, so his rescues cannot grow while counted here.
TAKE = f"""
UPDATE serve_rescue r
   SET state = 'taken', staff_id = %(staff_id)s, staff_branch_id = %(staff_branch_id)s, staff_name = %(staff_name)s,
       taken_at = %(now)s
 WHERE r.opening_id = %(opening_id)s AND r.state = 'open'
   AND (SELECT count(*) FROM serve_rescue mine WHERE mine.staff_id = %(staff_id)s AND mine.state = 'taken') < %(most)s
RETURNING {COLUMNS}
"""

# It is stuck once more before it is over: the desk shows where and why it is now.
STALLED_AGAIN = f"""
UPDATE serve_rescue
   SET step = %(step)s, reason = %(reason)s, stuck_again_at = %(stuck_at)s, last_fact_at = %(last_fact_at)s,
       resumed_at = NULL
 WHERE id = %(id)s AND state <> 'finished' AND coalesce(stuck_again_at, stuck_at) < %(stuck_at)s
RETURNING {COLUMNS}
"""

# Whoever takes it next starts afresh; what was done before stands in serve_contact.
PUT_BACK = f"""
UPDATE serve_rescue
   SET state = 'open', staff_id = NULL, staff_branch_id = NULL, staff_name = NULL, taken_at = NULL,
       contacted_at = NULL, channel = NULL
 WHERE id = %(id)s AND state = 'taken' AND staff_id = %(staff_id)s
RETURNING {COLUMNS}
"""

# What an advisor holds, in the order in which it is locked.
TAKEN_BY = f"""
SELECT {COLUMNS} FROM serve_rescue WHERE staff_id = %(staff_id)s AND state = 'taken' ORDER BY id FOR UPDATE
"""

CONTACTED = f"""
UPDATE serve_rescue SET contacted_at = coalesce(contacted_at, %(now)s), channel = coalesce(channel, %(channel)s)
 WHERE id = %(id)s AND state = 'taken' AND staff_id = %(staff_id)s
RETURNING {COLUMNS}
"""

ADD_CONTACT = """
INSERT INTO serve_contact (id, rescue_id, staff_id, channel, text, enquiry_id, at)
VALUES (%(id)s, %(rescue_id)s, %(staff_id)s, %(channel)s, %(text)s, %(enquiry_id)s, %(now)s)
"""

CONTACTS = "SELECT count(*) AS n, max(at) AS last_at FROM serve_contact WHERE rescue_id = %(rescue_id)s"

OVERDUE = f"UPDATE serve_rescue SET overdue_at = %(now)s WHERE id = %(id)s AND state = 'open' RETURNING {COLUMNS}"

RESUMED = f"""
UPDATE serve_rescue SET resumed_at = %(at)s
 WHERE id = %(id)s AND resumed_at IS NULL AND coalesce(stuck_again_at, stuck_at) < %(at)s
RETURNING {COLUMNS}
"""

FINISH = f"""
UPDATE serve_rescue
   SET state = 'finished', finished_at = %(now)s, outcome = %(outcome)s, note = %(note)s,
       next_step_at = %(next_step_at)s, resumed_at = coalesce(resumed_at, %(next_step_at)s)
 WHERE id = %(id)s AND state <> 'finished'
RETURNING {COLUMNS}
"""

# The last rescue of each application that was put down after a contact and has seen no step since.
PUT_DOWN = f"""
SELECT DISTINCT ON (opening_id) {COLUMNS} FROM serve_rescue
 WHERE opening_id = ANY(%(opening_ids)s) AND state = 'finished'
 ORDER BY opening_id, finished_at DESC
"""

FOLLOWED = f"""
UPDATE serve_rescue SET next_step_at = %(at)s, resumed_at = coalesce(resumed_at, %(at)s)
 WHERE id = %(id)s AND next_step_at IS NULL
RETURNING {COLUMNS}
"""

ON_DESK = f"""
SELECT {COLUMNS} FROM serve_rescue
 WHERE state <> 'finished' AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
 ORDER BY stuck_at, id LIMIT 1000
"""

# Within a scope, longest stuck first.
LIST = """
SELECT {columns} FROM serve_rescue
 WHERE {scope}
   AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s))
   AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
   AND (%(staff_id)s::uuid IS NULL OR staff_id = %(staff_id)s)
   AND (%(opening_id)s::text IS NULL OR opening_id = %(opening_id)s)
   AND (%(after_at)s::timestamptz IS NULL OR (stuck_at, id) > (%(after_at)s, %(after_id)s::uuid))
 ORDER BY stuck_at, id LIMIT %(limit)s
"""

# All rescues of some customers, in the order in which they are locked.
OF_CUSTOMERS = f"""
SELECT {COLUMNS} FROM serve_rescue WHERE customer_id = ANY(%(customer_ids)s) ORDER BY id FOR UPDATE
"""

MERGE = f"""
UPDATE serve_rescue SET customer_id = %(into_id)s, customer_label = %(label)s WHERE id = %(id)s RETURNING {COLUMNS}
"""

MOVE = f"""
UPDATE serve_rescue SET branch_id = %(branch_id)s WHERE id = %(id)s AND branch_id IS DISTINCT FROM %(branch_id)s
RETURNING {COLUMNS}
"""


async def insert(tx: Tx, **columns: Any) -> Rescue | None:
    """A new row; None when this moment, or another unfinished one of the application, is there already."""
    return await postgres.read_one(tx, Rescue, INSERT, id=ids.new_id(), **columns)


async def active(tx: Tx, opening_id: str) -> Rescue | None:
    """What is not finished of an application."""
    return await postgres.read_one(tx, Rescue, ACTIVE, opening_id=opening_id)


async def lock_active(tx: Tx, opening_ids: Collection[str]) -> list[Rescue]:
    """What is not finished of these applications, locked."""
    return await postgres.read(tx, Rescue, LOCK_ACTIVE, opening_ids=list(opening_ids))


async def lock_free(tx: Tx, rescue_ids: list[UUID]) -> list[Rescue]:
    """Those of these rescues that nobody else is changing, locked."""
    return await postgres.read(tx, Rescue, LOCK_FREE, ids=rescue_ids)


async def take(
    tx: Tx, opening_id: str, staff_id: UUID, staff_branch_id: UUID | None, staff_name: str, most: int, now: datetime
) -> Rescue | None:
    """The taken rescue, or None for everybody but the one winner."""
    return await postgres.read_one(
        tx,
        Rescue,
        TAKE,
        opening_id=opening_id,
        staff_id=staff_id,
        staff_branch_id=staff_branch_id,
        staff_name=staff_name,
        most=most,
        now=now,
    )


async def put_back(tx: Tx, rescue_id: UUID, staff_id: UUID) -> Rescue | None:
    """On the desk again; None when it is not his."""
    return await postgres.read_one(tx, Rescue, PUT_BACK, id=rescue_id, staff_id=staff_id)


async def stalled_again(tx: Tx, rescue_id: UUID, **stall: Any) -> Rescue | None:
    """The rescue with its latest stall; None when that is known, or earlier than what is known."""
    return await postgres.read_one(tx, Rescue, STALLED_AGAIN, id=rescue_id, **stall)


async def taken_by(tx: Tx, staff_id: UUID) -> list[Rescue]:
    """What an advisor holds, locked."""
    return await postgres.read(tx, Rescue, TAKEN_BY, staff_id=staff_id)


async def contacted(
    tx: Tx, rescue: Rescue, staff_id: UUID, channel: str, text: str | None, enquiry_id: UUID | None, now: datetime
) -> Rescue | None:
    """A contact went out; the first one sets the time. None when the rescue is not his."""
    found = await postgres.read_one(tx, Rescue, CONTACTED, id=rescue.id, staff_id=staff_id, channel=channel, now=now)
    if found is not None:
        await postgres.execute(
            tx,
            ADD_CONTACT,
            id=ids.new_id(),
            rescue_id=rescue.id,
            staff_id=staff_id,
            channel=channel,
            text=text,
            enquiry_id=enquiry_id,
            now=now,
        )
    return found


async def contacts(tx: Tx, rescue_id: UUID) -> tuple[int, datetime | None]:
    """How many contacts went out, of whomever, and when the last did."""
    found = (await postgres.rows(tx, CONTACTS, rescue_id=rescue_id))[0]
    return found["n"], found["last_at"]


async def overdue(tx: Tx, rescue_id: UUID, now: datetime) -> Rescue | None:
    """Nobody has taken it for too long."""
    return await postgres.read_one(tx, Rescue, OVERDUE, id=rescue_id, now=now)


async def resumed(tx: Tx, rescue_id: UUID, at: datetime) -> Rescue | None:
    """The applicant was heard of again; None when that is known or was before the stall."""
    return await postgres.read_one(tx, Rescue, RESUMED, id=rescue_id, at=at)


async def finish(
    tx: Tx, rescue_id: UUID, outcome: str, now: datetime, next_step_at: datetime | None, note: str | None
) -> Rescue | None:
    """It is over; None when it was before."""
    return await postgres.read_one(
        tx, Rescue, FINISH, id=rescue_id, outcome=outcome, note=note, next_step_at=next_step_at, now=now
    )


async def put_down(tx: Tx, opening_ids: Collection[str]) -> list[Rescue]:
    """The last finished rescue of each application."""
    return await postgres.read(tx, Rescue, PUT_DOWN, opening_ids=list(opening_ids))


async def followed(tx: Tx, rescue_id: UUID, at: datetime) -> Rescue | None:
    """A step was done after it had been put down; None when that is known."""
    return await postgres.read_one(tx, Rescue, FOLLOWED, id=rescue_id, at=at)


async def on_desk(tx: Tx, branch: UUID | None) -> list[Rescue]:
    """What is not finished, of one branch or of all."""
    return await postgres.read(tx, Rescue, ON_DESK, branch=branch)


async def page(
    tx: Tx,
    scope: tuple[str, dict[str, Any]],
    *,
    states: list[str] | None,
    branch: UUID | None,
    staff_id: UUID | None,
    opening_id: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Rescue]:
    """Rescues within a scope, longest stuck first."""
    after_at, after_id = after or (None, None)
    return await postgres.read(
        tx,
        Rescue,
        LIST.format(columns=COLUMNS, scope=scope[0]),
        states=states,
        branch=branch,
        staff_id=staff_id,
        opening_id=opening_id,
        after_at=after_at,
        after_id=after_id,
        limit=limit,
        **scope[1],
    )


async def of_customers(tx: Tx, customer_ids: Collection[UUID]) -> list[Rescue]:
    """All rescues of these customers, locked."""
    return await postgres.read(tx, Rescue, OF_CUSTOMERS, customer_ids=list(customer_ids))


async def merge(tx: Tx, rescue_id: UUID, into_id: UUID, label: str) -> Rescue:
    """A visitor's rescue, now the user's."""
    return (await postgres.read(tx, Rescue, MERGE, id=rescue_id, into_id=into_id, label=label))[0]


async def move(tx: Tx, rescue_id: UUID, branch_id: UUID) -> Rescue | None:
    """The rescue in its customer's new branch; None when it is there already."""
    return await postgres.read_one(tx, Rescue, MOVE, id=rescue_id, branch_id=branch_id)
