"""All SQL about contacts."""

from datetime import datetime
from uuid import UUID

from bihuan.kit import ids, postgres
from bihuan.kit.postgres import Tx

# Reservations for one customer go one after the other: counting and adding must not interleave.
ONE_BY_ONE = "SELECT pg_advisory_xact_lock(hashtextextended('comply contact ' || %(customer_id)s::text, 0))"

ADD = """
INSERT INTO comply_contact (id, customer_id, channel, purpose, subject, at)
VALUES (%(id)s, %(customer_id)s, %(channel)s, %(purpose)s, %(subject)s, %(at)s)
ON CONFLICT (customer_id, channel, subject) DO NOTHING
RETURNING id
"""


async def one_by_one(tx: Tx, customer_id: UUID) -> None:
    """Wait for other reservations of this customer to commit."""
    await postgres.execute(tx, ONE_BY_ONE, customer_id=customer_id)


async def since(tx: Tx, customer_ids: list[UUID], after: datetime) -> list[datetime]:
    """The moments of this person's contacts after a moment."""
    found = await postgres.rows(
        tx,
        "SELECT at FROM comply_contact WHERE customer_id = ANY(%(ids)s) AND at > %(after)s",
        ids=customer_ids,
        after=after,
    )
    return [row["at"] for row in found]


async def add(tx: Tx, customer_id: UUID, channel: str, purpose: str, subject: str, at: datetime) -> UUID | None:
    """Write a contact down; None when this subject was written down for this channel before."""
    found: UUID | None = await postgres.value(
        tx,
        ADD,
        id=ids.new_id(),
        customer_id=customer_id,
        channel=channel,
        purpose=purpose,
        subject=subject,
        at=at,
    )
    return found


async def remove(tx: Tx, contact_id: UUID) -> None:
    """The contact never reached the customer."""
    await postgres.execute(tx, "DELETE FROM comply_contact WHERE id = %(id)s", id=contact_id)
