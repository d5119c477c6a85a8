"""Enquiries in PostgreSQL. Every change of state is one guarded statement that returns the row as it is now."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx
from bihuan.serve.enquiries import ownership
from bihuan.serve.enquiries.row import COLUMNS, Enquiry

BY_ID = f"SELECT {COLUMNS} FROM serve_enquiry WHERE id = %(id)s"

# All whose row may change now, always in the order of their ids, so that two transactions never wait in a circle.
LOCK = f"SELECT {COLUMNS} FROM serve_enquiry WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE"

# The same, but leaving those that another transaction holds: who fires deadlines must never wait.
LOCK_FREE = f"""
SELECT {COLUMNS} FROM serve_enquiry WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE SKIP LOCKED
"""

# One customer asks one thing at a time: whoever asks again while this runs waits for the lock.
LOCK_CUSTOMER = "SELECT pg_advisory_xact_lock(hashtextextended('serve:' || %(customer_id)s::text, 0))"

# The same call made twice.
BY_KEY = f"""
SELECT {COLUMNS} FROM serve_enquiry
 WHERE customer_id = ANY(%(customer_ids)s) AND client_key = %(client_key)s LIMIT 1
"""

# What a customer has under way; the one a person serves before the one that waits, the latest before older ones.
ACTIVE = f"""
SELECT {COLUMNS} FROM serve_enquiry
 WHERE customer_id = ANY(%(customer_ids)s) AND state <> 'closed'
 ORDER BY state = 'claimed' DESC, asked_at DESC LIMIT 1 FOR UPDATE
"""

INSERT = f"""
INSERT INTO serve_enquiry (id, customer_id, customer_label, branch_id, region_id, own_staff_id, opening_id, origin,
                           client_key, question, language, topic, needs_licence, state, asked_at, last_at,
                           awaiting_since)
VALUES (%(id)s, %(customer_id)s, %(customer_label)s, %(branch_id)s, %(region_id)s, %(own_staff_id)s, %(opening_id)s,
        'customer', %(client_key)s, %(question)s, %(language)s, %(topic)s, %(needs_licence)s, 'bot', %(now)s, %(now)s,
        %(now)s)
RETURNING {COLUMNS}
"""

# A conversation that an advisor begins, to help with a stuck application.
INSERT_PROACTIVE = f"""
INSERT INTO serve_enquiry (id, customer_id, customer_label, branch_id, region_id, own_staff_id, opening_id, origin,
                           question, language, topic, needs_licence, state, asked_at, last_at, owner_id,
                           owner_branch_id, owner, claimed_at)
VALUES (%(id)s, %(customer_id)s, %(customer_label)s, %(branch_id)s, %(region_id)s, %(own_staff_id)s, %(opening_id)s,
        'rescue', %(question)s, 'zh', 'opening', false, 'claimed', %(now)s, %(now)s, %(owner_id)s,
        %(owner_branch_id)s, %(owner)s::jsonb, %(now)s)
RETURNING {COLUMNS}
"""

# It leaves the bot, or an advisor who was silent, and somebody is looked for. What an advisor began to help with an
# application is the customer's own question from here on.
TO_DISPATCH = f"""
UPDATE serve_enquiry
   SET state = 'waiting', ring = 0, ring_until = NULL, person_asked_at = coalesce(person_asked_at, %(now)s),
       origin = 'customer',
       asked_at = CASE WHEN origin = 'rescue' THEN coalesce(awaiting_since, %(now)s) ELSE asked_at END,
       first_answer_at = CASE WHEN origin = 'rescue' THEN NULL ELSE first_answer_at END,
       handover = coalesce(%(handover)s::jsonb, handover), wanted_branch_id = %(branch_id)s,
       dispatched_at = %(now)s, callback_at = NULL, owner_id = NULL, owner_branch_id = NULL, owner = NULL,
       claimed_at = NULL, owner_answered_at = NULL, awaiting_since = coalesce(awaiting_since, %(now)s)
 WHERE id = %(id)s AND state IN ('bot', 'claimed')
RETURNING {COLUMNS}
"""

# What it is about now, from the customer's latest question to the bot.
SET_TOPIC = f"""
UPDATE serve_enquiry SET topic = %(topic)s, needs_licence = %(needs_licence)s WHERE id = %(id)s RETURNING {COLUMNS}
"""

# A closed enquiry is taken up again: another round, its own times.
REOPEN = f"""
UPDATE serve_enquiry
   SET state = 'bot', round = round + 1, ring = NULL, ring_until = NULL, asked_at = %(now)s, person_asked_at = NULL,
       dispatched_at = NULL, first_offered_at = NULL, callback_at = NULL,
       own_staff_id = coalesce(owner_id, own_staff_id),
       owner_id = NULL, owner_branch_id = NULL, owner = NULL, claimed_at = NULL, first_answer_at = NULL,
       owner_answered_at = NULL, bot_answered_at = NULL, awaiting_since = %(now)s, closed_at = NULL, outcome = NULL,
       merged_into = NULL, handover = NULL, wanted_branch_id = NULL,
       question = %(question)s, topic = %(topic)s, needs_licence = %(needs_licence)s
 WHERE id = %(id)s AND state = 'closed'
RETURNING {COLUMNS}
"""

# The circle begins anew.
RESTART = f"""
UPDATE serve_enquiry SET ring = 0, ring_until = NULL, dispatched_at = %(now)s
 WHERE id = %(id)s AND state IN ('waiting', 'callback_owed')
RETURNING {COLUMNS}
"""

# The circle has widened.
SET_RING = f"""
UPDATE serve_enquiry SET ring = %(ring)s, ring_until = %(until)s,
       first_offered_at = coalesce(first_offered_at, %(offered_at)s)
 WHERE id = %(id)s AND state IN ('waiting', 'callback_owed')
RETURNING {COLUMNS}
"""

OWE_CALLBACK = f"""
UPDATE serve_enquiry SET state = 'callback_owed', ring = %(ring)s, ring_until = %(until)s, callback_at = %(now)s
 WHERE id = %(id)s AND state = 'waiting'
RETURNING {COLUMNS}
"""

CLOSE = f"""
UPDATE serve_enquiry
   SET state = 'closed', closed_at = %(now)s, outcome = %(outcome)s, awaiting_since = NULL, ring_until = NULL,
       merged_into = %(into_id)s
 WHERE id = %(id)s AND state <> 'closed'
RETURNING {COLUMNS}
"""

RATE = f"""
UPDATE serve_enquiry SET stars = %(stars)s, comment = %(comment)s, rated_at = %(now)s
 WHERE id = %(id)s AND (state = 'closed' OR first_answer_at IS NOT NULL OR bot_answered_at IS NOT NULL)
RETURNING {COLUMNS}
"""

# What an advisor owes an answer to, and so gives back when he leaves.
UNANSWERED = """
SELECT id FROM serve_enquiry
 WHERE owner_id = %(staff_id)s AND state = 'claimed' AND awaiting_since IS NOT NULL ORDER BY id
"""

# A visitor turned out to be a user: what he asked is the user's.
MERGE = f"""
UPDATE serve_enquiry SET customer_id = %(into_id)s, customer_label = %(label)s,
       client_key = CASE WHEN client_key IS NULL THEN NULL ELSE id::text || ':' || client_key END
 WHERE id = %(id)s
RETURNING {COLUMNS}
"""

# All enquiries of some customers, closed ones too, in the order in which they are locked.
OF_CUSTOMERS = f"""
SELECT {COLUMNS} FROM serve_enquiry WHERE customer_id = ANY(%(customer_ids)s) ORDER BY id FOR UPDATE
"""

WHO_ASKED = "SELECT DISTINCT customer_id FROM serve_enquiry WHERE customer_id = ANY(%(customer_ids)s) ORDER BY 1"

# The serving branch has changed: enquiries follow, and a waiting one is offered there from now on.
MOVE = f"""
UPDATE serve_enquiry SET branch_id = %(branch_id)s, region_id = %(region_id)s, own_staff_id = %(staff_id)s
 WHERE id = %(id)s
   AND (branch_id, region_id, own_staff_id)
       IS DISTINCT FROM (%(branch_id)s::uuid, %(region_id)s::uuid, %(staff_id)s::uuid)
RETURNING {COLUMNS}
"""


async def by_id(tx: Tx, enquiry_id: UUID) -> Enquiry | None:
    """One enquiry, unlocked."""
    return await postgres.read_one(tx, Enquiry, BY_ID, id=enquiry_id)


async def lock(tx: Tx, *enquiry_ids: UUID) -> list[Enquiry]:
    """These enquiries, theirs to change until the transaction ends."""
    return await postgres.read(tx, Enquiry, LOCK, ids=list(enquiry_ids))


async def lock_free(tx: Tx, enquiry_ids: list[UUID]) -> list[Enquiry]:
    """Those of these enquiries that nobody else is changing, now locked."""
    return await postgres.read(tx, Enquiry, LOCK_FREE, ids=enquiry_ids)


async def lock_customers(tx: Tx, customer_ids: Collection[UUID]) -> None:
    """Until the transaction ends, nobody else asks for these customers. Taken before any of their enquiries."""
    for customer_id in sorted(set(customer_ids)):
        await tx.execute(LOCK_CUSTOMER, {"customer_id": customer_id})


async def by_key(tx: Tx, customer_ids: list[UUID], client_key: str) -> Enquiry | None:
    """What an earlier call with the same key has made."""
    return await postgres.read_one(tx, Enquiry, BY_KEY, customer_ids=customer_ids, client_key=client_key)


async def active(tx: Tx, customer_ids: list[UUID]) -> Enquiry | None:
    """What the customer has under way, locked."""
    return await postgres.read_one(tx, Enquiry, ACTIVE, customer_ids=customer_ids)


async def insert(tx: Tx, **columns: Any) -> Enquiry:
    """A new enquiry, still with the bot."""
    return (await postgres.read(tx, Enquiry, INSERT, **columns))[0]


async def insert_proactive(tx: Tx, owner: dict[str, Any], now: datetime, **columns: Any) -> Enquiry:
    """A conversation that its owner begins."""
    made = (await postgres.read(tx, Enquiry, INSERT_PROACTIVE, owner=ownership.as_json(owner), now=now, **columns))[0]
    await ownership.owned(tx, made, now)
    return made


async def to_dispatch(
    tx: Tx,
    enquiry_id: UUID,
    reason: str,
    now: datetime,
    handover: dict[str, Any] | None = None,
    branch_id: UUID | None = None,
) -> Enquiry | None:
    """From the bot or an advisor to dispatch, of one branch if he named one; None when it is in neither's hands."""
    await ownership.disowned(tx, enquiry_id, reason, now)
    told = None if handover is None else ownership.as_json(handover)
    return await postgres.read_one(tx, Enquiry, TO_DISPATCH, id=enquiry_id, now=now, handover=told, branch_id=branch_id)


async def restart(tx: Tx, enquiry_id: UUID, now: datetime) -> Enquiry | None:
    """Before the first ring again; None when nobody is being looked for."""
    return await postgres.read_one(tx, Enquiry, RESTART, id=enquiry_id, now=now)


async def set_topic(tx: Tx, enquiry_id: UUID, topic: str, needs_licence: bool) -> Enquiry:
    """What it is about, and whether only a registered advisor may answer."""
    found = await postgres.read(tx, Enquiry, SET_TOPIC, id=enquiry_id, topic=topic, needs_licence=needs_licence)
    return found[0]


async def reopen(
    tx: Tx, enquiry_id: UUID, question: str, topic: str, needs_licence: bool, now: datetime
) -> Enquiry | None:
    """Another round of a closed enquiry."""
    return await postgres.read_one(
        tx, Enquiry, REOPEN, id=enquiry_id, question=question, topic=topic, needs_licence=needs_licence, now=now
    )


async def set_ring(
    tx: Tx, enquiry_id: UUID, ring: int, until: datetime | None, offered_at: datetime | None
) -> Enquiry | None:
    """The ring it waits in; `offered_at` when somebody was offered it just now."""
    return await postgres.read_one(tx, Enquiry, SET_RING, id=enquiry_id, ring=ring, until=until, offered_at=offered_at)


async def owe_callback(tx: Tx, enquiry_id: UUID, ring: int, until: datetime, now: datetime) -> Enquiry | None:
    """Nobody came: a call back is owed."""
    return await postgres.read_one(tx, Enquiry, OWE_CALLBACK, id=enquiry_id, ring=ring, until=until, now=now)


async def close(tx: Tx, enquiry_id: UUID, outcome: str, now: datetime, into_id: UUID | None = None) -> Enquiry | None:
    """The closed enquiry, merged into another or not; None when it was closed before."""
    await ownership.disowned(tx, enquiry_id, outcome, now)
    return await postgres.read_one(tx, Enquiry, CLOSE, id=enquiry_id, outcome=outcome, now=now, into_id=into_id)


async def rate(tx: Tx, enquiry_id: UUID, stars: int, comment: str | None, now: datetime) -> Enquiry | None:
    """The rated enquiry; None when nothing was answered yet."""
    return await postgres.read_one(tx, Enquiry, RATE, id=enquiry_id, stars=stars, comment=comment, now=now)


async def unanswered_of(tx: Tx, staff_id: UUID) -> list[UUID]:
    """What this advisor owes an answer to."""
    return [row["id"] for row in await postgres.rows(tx, UNANSWERED, staff_id=staff_id)]


async def merge(tx: Tx, enquiry_id: UUID, into_id: UUID, label: str) -> Enquiry:
    """A visitor's enquiry, now the user's."""
    return (await postgres.read(tx, Enquiry, MERGE, id=enquiry_id, into_id=into_id, label=label))[0]


async def who_asked(tx: Tx, customer_ids: Collection[UUID]) -> list[UUID]:
    """Those of these customers who have asked anything."""
    return [row["customer_id"] for row in await postgres.rows(tx, WHO_ASKED, customer_ids=list(customer_ids))]


async def of_customers(tx: Tx, customer_ids: Collection[UUID]) -> list[Enquiry]:
    """All enquiries of these customers, locked."""
    return await postgres.read(tx, Enquiry, OF_CUSTOMERS, customer_ids=list(customer_ids))


async def move(
    tx: Tx, enquiry_id: UUID, branch_id: UUID, region_id: UUID | None, staff_id: UUID | None
) -> Enquiry | None:
    """The enquiry in its customer's new branch; None when it is there already."""
    return await postgres.read_one(
        tx, Enquiry, MOVE, id=enquiry_id, branch_id=branch_id, region_id=region_id, staff_id=staff_id
    )
