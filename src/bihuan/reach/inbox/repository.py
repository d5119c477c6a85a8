"""All SQL about the in-app inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

COLUMNS = "id, customer_id, delivery_id, title, body, link, created_at, read_at"


@dataclass(frozen=True)
class InboxMessage:
    """A message as the customer finds it in the app; `link` leads back to the very step."""

    id: UUID
    customer_id: UUID
    delivery_id: UUID
    title: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | None


ADD = f"""
INSERT INTO reach_inbox ({COLUMNS})
VALUES (%(id)s, %(customer_id)s, %(delivery_id)s, %(title)s, %(body)s, %(link)s, %(created_at)s, NULL)
ON CONFLICT (delivery_id) DO NOTHING
"""

# The latest messages of a customer, those he got as a visitor too.
OF_CUSTOMER = f"""
SELECT {COLUMNS} FROM reach_inbox
 WHERE customer_id = ANY(%(customers)s)
   AND (%(before_at)s::timestamptz IS NULL OR (created_at, id) < (%(before_at)s, %(before_id)s::uuid))
 ORDER BY created_at DESC, id DESC LIMIT %(limit)s
"""

READ = f"""
UPDATE reach_inbox SET read_at = coalesce(read_at, %(now)s) WHERE id = %(id)s AND customer_id = ANY(%(customers)s)
RETURNING {COLUMNS}
"""


async def add(tx: Tx, message: InboxMessage) -> None:
    """Lay a message into the inbox."""
    await postgres.execute(tx, ADD, **vars(message))


async def of_customer(
    tx: Tx, customers: Sequence[UUID], before: tuple[datetime, UUID] | None, limit: int
) -> list[InboxMessage]:
    """A page of a customer's messages, newest first."""
    before_at, before_id = before or (None, None)
    return await postgres.read(
        tx, InboxMessage, OF_CUSTOMER, customers=list(customers), before_at=before_at, before_id=before_id, limit=limit
    )


async def read(tx: Tx, message_id: UUID, customers: Sequence[UUID], now: datetime) -> InboxMessage | None:
    """The message, marked as read; None when it is not this customer's."""
    return await postgres.read_one(tx, InboxMessage, READ, id=message_id, customers=list(customers), now=now)
