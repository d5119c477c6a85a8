"""Enquiries in PostgreSQL. Every change of state is one guarded statement that returns the row as it is now."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bihuan.kit import ids, postgres
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Enquiry:
    """One enquiry. `owner` shows the customer who serves him; times are the product's.

    `first_answer_at` is the round's first answer of a person, `owner_answered_at` that of its present owner;
    `handover` says who had it before, why not any more, and what he noted for the next (staff see it, customers not);
    `wanted_branch_id` is the branch he sent it to.
    """

    id: UUID
    customer_id: UUID
    customer_label: str
    branch_id: UUID | None
    region_id: UUID | None
    own_staff_id: UUID | None
    opening_id: str | None
    origin: str
    client_key: str | None
    question: str
    language: str
    topic: str
    needs_licence: bool
    state: str
    round: int
    ring: int | None
    ring_until: datetime | None
    asked_at: datetime
    person_asked_at: datetime | None
    dispatched_at: datetime | None
    first_offered_at: datetime | None
    callback_at: datetime | None
    owner_id: UUID | None
    owner_branch_id: UUID | None
    owner: dict[str, Any] | None
    claimed_at: datetime | None
    first_answer_at: datetime | None
    owner_answered_at: datetime | None
    handover: dict[str, Any] | None
    wanted_branch_id: UUID | None
    bot_answered_at: datetime | None
    awaiting_since: datetime | None
    last_number: int
    last_text: str
    last_author: str
    last_at: datetime
    closed_at: datetime | None
    outcome: str | None
    merged_into: UUID | None
    stars: int | None
    comment: str | None
    rated_at: datetime | None

    @property
    def by_bot(self) -> bool:
        """Whether the bot alone has answered."""
        return self.bot_answered_at is not None and self.first_answer_at is None

    @property
    def in_dispatch(self) -> bool:
        """Whether somebody is being looked for."""
        return self.state in ("waiting", "callback_owed")


COLUMNS = ", ".join(field.name for field in fields(Enquiry))

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
# presences, so that the colleague's conversations cannot grow while they are counted here.
TRANSFER = f"""
UPDATE serve_enquiry e
   SET owner_id = %(staff_id)s, owner_branch_id = %(branch_id)s, owner = %(owner)s::jsonb, claimed_at = %(now)s,
       owner_answered_at = NULL, handover = %(handover)s::jsonb
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

OF_OWNER = f"""
SELECT {COLUMNS} FROM serve_enquiry WHERE owner_id = %(staff_id)s AND state = 'claimed' ORDER BY last_at DESC
"""

OF_CUSTOMER = f"""
SELECT {COLUMNS} FROM serve_enquiry WHERE customer_id = ANY(%(customer_ids)s) ORDER BY last_at DESC LIMIT %(limit)s
"""

# Newest first, within a scope; the caller may narrow by state and branch.
LIST = """
SELECT {columns} FROM serve_enquiry
 WHERE ({scope} OR owner_id = %(staff_id)s)
   AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s))
   AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
   AND (%(customer)s::uuid IS NULL OR customer_id = %(customer)s)
   AND (%(before_at)s::timestamptz IS NULL OR (asked_at, id) < (%(before_at)s, %(before_id)s::uuid))
 ORDER BY asked_at DESC, id DESC LIMIT %(limit)s
"""

# Who waits for a person: of one branch, or of all.
IN_DISPATCH = f"""
SELECT {COLUMNS} FROM serve_enquiry
 WHERE state IN ('waiting', 'callback_owed') AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
 ORDER BY person_asked_at, id LIMIT 500
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
    made = (await postgres.read(tx, Enquiry, INSERT_PROACTIVE, owner=_json(owner), now=now, **columns))[0]
    await _owned(tx, made, now)
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
    await _disowned(tx, enquiry_id, reason, now)
    told = None if handover is None else _json(handover)
    return await postgres.read_one(tx, Enquiry, TO_DISPATCH, id=enquiry_id, now=now, handover=told, branch_id=branch_id)


async def restart(tx: Tx, enquiry_id: UUID, now: datetime) -> Enquiry | None:
    """Before the first ring again; None when nobody is being looked for."""
    return await postgres.read_one(tx, Enquiry, RESTART, id=enquiry_id, now=now)


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
        tx, Enquiry, TRANSFER, **given, owner=_json(owner), handover=_json(handover), now=now
    )
    if handed is not None:
        await _disowned(tx, enquiry.id, "transferred", now)
        await _owned(tx, handed, now)
    return handed


async def _owned(tx: Tx, enquiry: Enquiry | None, now: datetime) -> None:
    if enquiry is not None:
        await postgres.execute(
            tx, BEGIN_OWNERSHIP, id=ids.new_id(), enquiry_id=enquiry.id, staff_id=enquiry.owner_id, now=now
        )


async def _disowned(tx: Tx, enquiry_id: UUID, reason: str, now: datetime) -> None:
    await postgres.execute(tx, END_OWNERSHIP, enquiry_id=enquiry_id, reason=reason, now=now)


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


async def claim(
    tx: Tx, enquiry_id: UUID, staff_id: UUID, branch_id: UUID | None, owner: dict[str, Any], now: datetime
) -> Enquiry | None:
    """The claimed enquiry, or None for everybody but the one winner."""
    claimed = await postgres.read_one(
        tx, Enquiry, CLAIM, id=enquiry_id, staff_id=staff_id, branch_id=branch_id, owner=_json(owner), now=now
    )
    await _owned(tx, claimed, now)
    return claimed


async def assign(
    tx: Tx, enquiry_id: UUID, staff_id: UUID, branch_id: UUID | None, owner: dict[str, Any], now: datetime
) -> Enquiry | None:
    """The enquiry in this person's hands, or None when somebody owns it or it is closed."""
    assigned = await postgres.read_one(
        tx, Enquiry, ASSIGN, id=enquiry_id, staff_id=staff_id, branch_id=branch_id, owner=_json(owner), now=now
    )
    await _owned(tx, assigned, now)
    return assigned


async def close(tx: Tx, enquiry_id: UUID, outcome: str, now: datetime, into_id: UUID | None = None) -> Enquiry | None:
    """The closed enquiry, merged into another or not; None when it was closed before."""
    await _disowned(tx, enquiry_id, outcome, now)
    return await postgres.read_one(tx, Enquiry, CLOSE, id=enquiry_id, outcome=outcome, now=now, into_id=into_id)


async def rate(tx: Tx, enquiry_id: UUID, stars: int, comment: str | None, now: datetime) -> Enquiry | None:
    """The rated enquiry; None when nothing was answered yet."""
    return await postgres.read_one(tx, Enquiry, RATE, id=enquiry_id, stars=stars, comment=comment, now=now)


async def unanswered_of(tx: Tx, staff_id: UUID) -> list[UUID]:
    """What this advisor owes an answer to."""
    return [row["id"] for row in await postgres.rows(tx, UNANSWERED, staff_id=staff_id)]


async def of_owner(tx: Tx, staff_id: UUID) -> list[Enquiry]:
    """The conversations an advisor holds."""
    return await postgres.read(tx, Enquiry, OF_OWNER, staff_id=staff_id)


async def of_customer(tx: Tx, customer_ids: list[UUID], limit: int) -> list[Enquiry]:
    """A customer's own enquiries, latest first."""
    return await postgres.read(tx, Enquiry, OF_CUSTOMER, customer_ids=customer_ids, limit=limit)


async def page(
    tx: Tx,
    scope: tuple[str, dict[str, Any]],
    staff_id: UUID,
    states: list[str] | None,
    branch: UUID | None,
    customer: UUID | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Enquiry]:
    """Enquiries within a scope, newest first."""
    before_at, before_id = before or (None, None)
    return await postgres.read(
        tx,
        Enquiry,
        LIST.format(columns=COLUMNS, scope=scope[0]),
        states=states,
        branch=branch,
        customer=customer,
        staff_id=staff_id,
        before_at=before_at,
        before_id=before_id,
        limit=limit,
        **scope[1],
    )


async def in_dispatch(tx: Tx, branch: UUID | None) -> list[Enquiry]:
    """Who waits for a person, longest first."""
    return await postgres.read(tx, Enquiry, IN_DISPATCH, branch=branch)


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


def _json(owner: dict[str, Any]) -> str:
    return msgspec.json.encode(owner).decode()
