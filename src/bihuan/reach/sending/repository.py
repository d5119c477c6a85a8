"""All SQL about deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

COLUMNS = (
    "id, moment_id, customer_id, branch_id, opening_id, step, arm, occasion, channel, purpose, template_id, template,"
    " template_version, language, title, body, link, address_masked, address_hash, state, reason, attempts,"
    " maybe_out, contact_id, gateway_message_id, created_at, sending_at, sent_at, delivered_at, failed_at"
)


@dataclass(frozen=True)
class Delivery:
    """One message to one customer, from the gate to the handset or the inbox.

    `maybe_out` says that the answer to a try was lost, so that the handset may have it whatever the state says;
    `contact_id` is how it counts among the customer's contacts.
    """

    id: UUID
    moment_id: UUID
    customer_id: UUID
    branch_id: UUID | None
    opening_id: str
    step: str
    arm: str
    occasion: str
    channel: str
    purpose: str
    template_id: UUID
    template: str
    template_version: int
    language: str
    title: str
    body: str
    link: str
    address_masked: str | None
    address_hash: bytes | None
    state: str
    reason: str | None
    attempts: int
    maybe_out: bool
    contact_id: UUID | None
    gateway_message_id: str | None
    created_at: datetime
    sending_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    failed_at: datetime | None


# The unique index is the last word on "never twice": a second delivery of a moment is no row, unless the first one
# certainly never arrived.
ADD = f"""
INSERT INTO reach_delivery ({COLUMNS})
VALUES (%(id)s, %(moment_id)s, %(customer_id)s, %(branch_id)s, %(opening_id)s, %(step)s, %(arm)s, %(occasion)s,
        %(channel)s, %(purpose)s, %(template_id)s, %(template)s, %(template_version)s, %(language)s, %(title)s,
        %(body)s, %(link)s, %(address_masked)s, %(address_hash)s, %(state)s, NULL, 0, false, %(contact_id)s, NULL,
        %(created_at)s, NULL, %(sent_at)s, %(delivered_at)s, NULL)
ON CONFLICT (moment_id) WHERE state NOT IN ('failed', 'refused') OR maybe_out DO NOTHING
RETURNING {COLUMNS}
"""

LOCKED = f"SELECT {COLUMNS} FROM reach_delivery WHERE id = %(id)s FOR UPDATE"

# One that is being sent already was left by a sender who died: whether it went out, nobody knows.
TRY = f"""
UPDATE reach_delivery
   SET state = 'sending', sending_at = %(now)s, attempts = attempts + 1, reason = NULL,
       maybe_out = maybe_out OR state = 'sending'
 WHERE id = %(id)s AND state IN ('queued', 'sending')
RETURNING {COLUMNS}
"""

SENT = f"""
UPDATE reach_delivery
   SET state = CASE WHEN state IN ('queued', 'sending') THEN 'sent' ELSE state END,
       gateway_message_id = %(message_id)s, sent_at = %(now)s
 WHERE id = %(id)s AND sent_at IS NULL
RETURNING {COLUMNS}
"""

AGAIN = f"""
UPDATE reach_delivery SET state = 'queued', reason = %(reason)s, maybe_out = maybe_out OR %(lost)s
 WHERE id = %(id)s AND state = 'sending'
RETURNING {COLUMNS}
"""

# Its turn to be sent has come, and it may not go: not now, or not any more.
PUT_OFF = f"""
UPDATE reach_delivery SET state = 'queued', reason = %(reason)s, maybe_out = maybe_out OR state = 'sending'
 WHERE id = %(id)s AND state IN ('queued', 'sending')
RETURNING {COLUMNS}
"""

REFUSED = f"""
UPDATE reach_delivery SET state = 'refused', reason = %(reason)s, maybe_out = maybe_out OR state = 'sending'
 WHERE id = %(id)s AND state IN ('queued', 'sending')
RETURNING {COLUMNS}
"""

FAILED = f"""
UPDATE reach_delivery SET state = 'failed', reason = %(reason)s, failed_at = %(now)s, maybe_out = %(maybe_out)s
 WHERE id = %(id)s AND state = ANY(%(states)s)
RETURNING {COLUMNS}
"""

DELIVERED = f"""
UPDATE reach_delivery SET state = 'delivered', delivered_at = %(now)s, reason = NULL
 WHERE id = %(id)s AND state IN ('queued', 'sending', 'sent')
RETURNING {COLUMNS}
"""

# Whom we last wrote to at an address, for a reply that names only the address.
LAST_TO = f"""
SELECT {COLUMNS} FROM reach_delivery WHERE address_hash = %(address_hash)s ORDER BY created_at DESC, id DESC LIMIT 1
"""

UNFINISHED = "SELECT id FROM reach_delivery WHERE id = ANY(%(ids)s) AND state IN ('queued', 'sending')"


async def tried(tx: Tx, moment_id: UUID) -> set[str]:
    """The channels on which this moment was to be messaged before."""
    found = await postgres.rows(
        tx, "SELECT DISTINCT channel FROM reach_delivery WHERE moment_id = %(id)s", id=moment_id
    )
    return {row["channel"] for row in found}


async def add(tx: Tx, delivery: Delivery) -> bool:
    """Whether the delivery is new; False when its moment has one already."""
    return await postgres.value(tx, ADD, **vars(delivery)) is not None


async def locked(tx: Tx, delivery_id: UUID) -> Delivery | None:
    """One delivery, locked."""
    return await postgres.read_one(tx, Delivery, LOCKED, id=delivery_id)


async def begin_try(tx: Tx, delivery_id: UUID, now: datetime) -> Delivery | None:
    """The delivery, now `sending`; None when it needs no sending any more."""
    return await postgres.read_one(tx, Delivery, TRY, id=delivery_id, now=now)


async def sent(tx: Tx, delivery_id: UUID, message_id: str, now: datetime) -> Delivery | None:
    """The delivery the gateway took; None when that was recorded before."""
    return await postgres.read_one(tx, Delivery, SENT, id=delivery_id, message_id=message_id, now=now)


async def try_again(tx: Tx, delivery_id: UUID, reason: str, *, lost: bool) -> Delivery | None:
    """Back in the queue, with why; `lost` when the gateway may have taken it."""
    return await postgres.read_one(tx, Delivery, AGAIN, id=delivery_id, reason=reason, lost=lost)


async def put_off(tx: Tx, delivery_id: UUID, reason: str) -> Delivery | None:
    """In the queue until a better time, with why."""
    return await postgres.read_one(tx, Delivery, PUT_OFF, id=delivery_id, reason=reason)


async def refused(tx: Tx, delivery_id: UUID, reason: str) -> Delivery | None:
    """The delivery that may not go any more; None when it has gone."""
    return await postgres.read_one(tx, Delivery, REFUSED, id=delivery_id, reason=reason)


async def failed(
    tx: Tx,
    delivery_id: UUID,
    reason: str,
    now: datetime,
    *,
    maybe_out: bool,
    states: Sequence[str] = ("queued", "sending"),
) -> Delivery | None:
    """The delivery that failed for good, and whether it may have arrived; None when it has another end already."""
    return await postgres.read_one(
        tx, Delivery, FAILED, id=delivery_id, reason=reason, now=now, maybe_out=maybe_out, states=list(states)
    )


async def delivered(tx: Tx, delivery_id: UUID, now: datetime) -> Delivery | None:
    """The delivery that has arrived; None when it has an end already."""
    return await postgres.read_one(tx, Delivery, DELIVERED, id=delivery_id, now=now)


async def last_to(tx: Tx, address_hash: bytes) -> Delivery | None:
    """The latest delivery to an address."""
    return await postgres.read_one(tx, Delivery, LAST_TO, address_hash=address_hash)


async def unfinished(tx: Tx, ids: Sequence[UUID]) -> list[UUID]:
    """Those that are still on their way to the gateway."""
    return [row["id"] for row in await postgres.rows(tx, UNFINISHED, ids=list(ids))]


# How many messages of each kind left within a period, of some branches or of all.
REACHED = """
SELECT count(*) FILTER (WHERE sent_at IS NOT NULL) AS sent,
       count(*) FILTER (WHERE state = 'delivered') AS delivered,
       count(*) FILTER (WHERE state = 'failed') AS failed,
       count(*) AS deliveries
  FROM reach_delivery
 WHERE created_at >= %(since)s AND created_at < %(until)s
   AND (%(branches)s::uuid[] IS NULL OR branch_id = ANY(%(branches)s))
"""

BY_CHANNEL = """
SELECT channel, count(*) AS sent FROM reach_delivery
 WHERE sent_at IS NOT NULL AND created_at >= %(since)s AND created_at < %(until)s
   AND (%(branches)s::uuid[] IS NULL OR branch_id = ANY(%(branches)s))
 GROUP BY channel
"""


async def totals(
    tx: Tx, since: datetime, until: datetime, branches: list[UUID] | None
) -> tuple[dict[str, int], dict[str, int]]:
    """Counts of a period's deliveries by how far they came, and of those that left by channel."""
    period = {"since": since, "until": until, "branches": branches}
    counts = await postgres.one(tx, REACHED, **period) or {}
    channels = await postgres.rows(tx, BY_CHANNEL, **period)
    return counts, {found["channel"]: found["sent"] for found in channels}


def listing(scope: str) -> str:
    """The page of deliveries, newest first, within a data scope."""
    return f"""
SELECT {COLUMNS} FROM reach_delivery
 WHERE {scope}
   AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
   AND (%(customer)s::uuid IS NULL OR customer_id = %(customer)s)
   AND (%(opening)s::text IS NULL OR opening_id = %(opening)s)
   AND (%(state)s::text IS NULL OR state = %(state)s)
   AND (%(channel)s::text IS NULL OR channel = %(channel)s)
   AND (%(before_at)s::timestamptz IS NULL OR (created_at, id) < (%(before_at)s, %(before_id)s::uuid))
 ORDER BY created_at DESC, id DESC LIMIT %(limit)s
"""


# What a customer was told follows him, as he does himself: his new branch sees it, the one he left no more. The rows
# that come back say where they stood before.
MOVE = f"""
UPDATE reach_delivery d SET branch_id = %(branch_id)s
  FROM (SELECT id AS moved, branch_id AS was FROM reach_delivery
         WHERE customer_id = %(customer_id)s AND branch_id IS DISTINCT FROM %(branch_id)s FOR UPDATE) old
 WHERE d.id = old.moved
RETURNING {COLUMNS}, was
"""


async def move(tx: Tx, customer_id: UUID, branch_id: UUID) -> list[tuple[Delivery, UUID | None]]:
    """A customer's deliveries are his new branch's; those that moved, with the branch they were."""
    found = await postgres.rows(tx, MOVE, customer_id=customer_id, branch_id=branch_id)
    return [(row.pop("was"), Delivery(**row))[::-1] for row in found]
