"""Whose an enquiry is, in PostgreSQL: one at a time, and for how long each had it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bihuan.kit import ids, postgres
from bihuan.kit.postgres import Tx
from bihuan.serve.enquiries.row import COLUMNS, Enquiry

# Exactly one claimer wins: the row leaves 'waiting' in the same statement that names its owner. The caller holds the
# lock on his presence row, so his conversations cannot grow while they are counted here.
CLAIM = f"""
UPDATE serve_enquiry e
   SET state = 'claimed', owner_id = %(staff_id)s, owner_branch_id = %(branch_id)s, owner = %(owner)s::jsonb,
       claimed_at = %(now)s, ring_until = NULL
 WHERE e.id = %(id)s AND e.state IN ('waiting', 'callback_owed')
   AND EXISTS (SELECT 1 FROM serve_offer o
                WHERE o.enquiry_id = e.id AND o.staff_id = %(staff_id)s AND o.state = 'offered')
   AND (SELECT count(*) FROM serve_enquiry mine
         WHERE mine.owner_id = %(staff_id)s AND mine.state = 'claimed' AND mine.origin = 'customer')
     < (SELECT p.capacity FROM serve_presence p WHERE p.staff_id = %(staff_id)s)
RETURNING {COLUMNS}
"""

# A supervisor forces it upon somebody, or an advisor who already speaks with the customer takes it.
ASSIGN = f"""
UPDATE serve_enquiry
   SET state = 'claimed', owner_id = %(staff_id)s, owner_branch_id = %(branch_id)s, owner = %(owner)s::jsonb,
       claimed_at = %(now)s, ring_until = NULL, person_asked_at = coalesce(person_asked_at, %(now)s)
 WHERE id = %(id)s AND state IN ('bot', 'waiting', 'callback_owed')
RETURNING {COLUMNS}
"""

# From one advisor to a colleague who is there, has room, and may answer it. The caller holds the lock on both
# presences, so that the colleague's conversations cannot grow while they are counted here. What an advisor began to
# help with an application is the customer's own question from here on.
TRANSFER = f"""
UPDATE serve_enquiry e
   SET owner_id = %(staff_id)s, owner_branch_id = %(branch_id)s, owner = %(owner)s::jsonb, claimed_at = %(now)s,
       owner_answered_at = NULL, handover = %(handover)s::jsonb,
       origin = 'customer', person_asked_at = coalesce(person_asked_at, %(now)s),
       asked_at = CASE WHEN origin = 'rescue' THEN coalesce(awaiting_since, %(now)s) ELSE asked_at END,
       first_answer_at = CASE WHEN origin = 'rescue' THEN NULL ELSE first_answer_at END
 WHERE e.id = %(id)s AND e.state = 'claimed' AND e.owner_id = %(from_id)s AND e.owner_id <> %(staff_id)s
   AND EXISTS (SELECT 1 FROM serve_presence p
                WHERE p.staff_id = %(staff_id)s AND p.state = 'online' AND (p.licensed OR NOT e.needs_licence)
                  AND p.capacity > (SELECT count(*) FROM serve_enquiry mine WHERE mine.owner_id = p.staff_id
                                       AND mine.state = 'claimed' AND mine.origin = 'customer'))
RETURNING {COLUMNS}
"""

BEGIN_OWNERSHIP = """
INSERT INTO serve_ownership (id, enquiry_id, staff_id, began_at)
VALUES (%(id)s, %(enquiry_id)s, %(staff_id)s, %(now)s)
"""

END_OWNERSHIP = """
UPDATE serve_ownership SET ended_at = %(now)s, reason = %(reason)s
 WHERE enquiry_id = %(enquiry_id)s AND ended_at IS NULL
"""


async def claim(
    tx: Tx, enquiry_id: UUID, staff_id: UUID, branch_id: UUID | None, owner: dict[str, Any], now: datetime
) -> Enquiry | None:
    """The claimed enquiry, or None for everybody but the one winner."""
    claimed = await postgres.read_one(
        tx, Enquiry, CLAIM, id=enquiry_id, staff_id=staff_id, branch_id=branch_id, owner=as_json(owner), now=now
    )
    await owned(tx, claimed, now)
    return claimed


async def assign(
    tx: Tx, enquiry_id: UUID, staff_id: UUID, branch_id: UUID | None, owner: dict[str, Any], now: datetime
) -> Enquiry | None:
    """The enquiry in this person's hands, or None when somebody owns it or it is closed."""
    assigned = await postgres.read_one(
        tx, Enquiry, ASSIGN, id=enquiry_id, staff_id=staff_id, branch_id=branch_id, owner=as_json(owner), now=now
    )
    await owned(tx, assigned, now)
    return assigned


async def transfer(
    tx: Tx,
    enquiry: Enquiry,
    to: tuple[UUID, UUID | None],
    owner: dict[str, Any],
    handover: dict[str, Any],
    now: datetime,
) -> Enquiry | None:
    """In the hands of `to` (a colleague and his branch); None when it has moved, or he cannot take it."""
    given = {"id": enquiry.id, "from_id": enquiry.owner_id, "staff_id": to[0], "branch_id": to[1]}
    handed = await postgres.read_one(
        tx, Enquiry, TRANSFER, **given, owner=as_json(owner), handover=as_json(handover), now=now
    )
    if handed is not None:
        await disowned(tx, enquiry.id, "transferred", now)
        await owned(tx, handed, now)
    return handed


async def owned(tx: Tx, enquiry: Enquiry | None, now: datetime) -> None:
    """Its owner has it from now on."""
    if enquiry is not None:
        await postgres.execute(
            tx, BEGIN_OWNERSHIP, id=ids.new_id(), enquiry_id=enquiry.id, staff_id=enquiry.owner_id, now=now
        )


async def disowned(tx: Tx, enquiry_id: UUID, reason: str, now: datetime) -> None:
    """Whoever had it has it no more."""
    await postgres.execute(tx, END_OWNERSHIP, enquiry_id=enquiry_id, reason=reason, now=now)


def as_json(told: dict[str, Any]) -> str:
    """As a jsonb parameter."""
    return msgspec.json.encode(told).decode()
