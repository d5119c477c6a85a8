"""The in-app inbox: messages for customers without a gateway or a number."""

from datetime import datetime
from uuid import UUID

from bihuan.customers import facade as customers
from bihuan.kit import ids, live
from bihuan.kit.errors import NotFound
from bihuan.kit.postgres import Tx
from bihuan.reach.inbox import repository
from bihuan.reach.inbox.repository import InboxMessage
from bihuan.reach.sending.repository import Delivery

TOPIC = "inbox"


async def put(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Lay a delivery into its customer's inbox and show it to him if he looks."""
    message = InboxMessage(
        id=ids.new_id(),
        customer_id=delivery.customer_id,
        delivery_id=delivery.id,
        title=delivery.title,
        body=delivery.body,
        link=delivery.link,
        created_at=now,
        read_at=None,
    )
    await repository.add(tx, message)
    await show(tx, message)


async def page(tx: Tx, customer_id: UUID, before: tuple[datetime, UUID] | None, limit: int) -> list[InboxMessage]:
    """A page of a customer's messages, newest first; also those he got before he signed in."""
    return await repository.of_customer(tx, await _selves(tx, customer_id), before, limit)


async def read(tx: Tx, customer_id: UUID, message_id: UUID, now: datetime) -> InboxMessage:
    """Mark a message as read. Raises NotFound for one that is not his."""
    found = await repository.read(tx, message_id, await _selves(tx, customer_id), now)
    if found is None:
        raise NotFound("message", "There is no such message in your inbox.")
    await show(tx, found)
    return found


async def show(tx: Tx, message: InboxMessage) -> None:
    """Change the row of the customer's live inbox."""
    await live.change(tx, f"{TOPIC}:{message.customer_id}", message.id, row_of(message))


def row_of(message: InboxMessage) -> dict[str, object]:
    """What the customer sees of a message."""
    return {name: value for name, value in vars(message).items() if name not in ("customer_id", "delivery_id")}


async def _selves(tx: Tx, customer_id: UUID) -> list[UUID]:
    return sorted({customer_id, (await customers.canonical(tx, [customer_id]))[customer_id]})
