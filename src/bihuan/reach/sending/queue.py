"""The way from the gate to the gateway: the job, its resumption after a crash, what is told and shown."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.comply import facade as comply
from bihuan.kit import deadlines, jobs, live, log
from bihuan.kit.deadlines import Deadline
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.reach.facts import MessageDelivered, MessageFailed, MessageSent
from bihuan.reach.moments import repository as moments
from bihuan.reach.sending import repository
from bihuan.reach.sending.repository import Delivery
from bihuan.reach.sending.rules import may_fall_back

RESUME = "reach.resume"
FALL_BACK = "reach.fall_back"
# The job itself stands with the adapter of the gateway, in `connect`.
JOB = "connect.send_text"
# Retries wait in real time: a resumption must not overtake them when product time runs faster.
_LONGEST_BACK_OFF_S = 120


async def put(tx: Tx, house: House, delivery_id: UUID, now: datetime) -> None:
    """Have the delivery sent once this transaction is committed, and looked after if the sender dies."""
    await jobs.enqueue(tx, JOB, once=f"{JOB}:{delivery_id}", delivery_id=str(delivery_id))
    await look_after(tx, house, delivery_id, now)


async def look_after(tx: Tx, house: House, delivery_id: UUID, now: datetime) -> None:
    """Put the delivery in the queue again if nothing is heard of it for a while."""
    policy = await moments.policy(tx)
    patience = max(policy.resume_after_s, _LONGEST_BACK_OFF_S * house.clock.factor)
    await deadlines.set_deadline(tx, RESUME, delivery_id, now + timedelta(seconds=patience))


async def resume(tx: Tx, house: House, due: Sequence[Deadline], now: datetime) -> None:
    """Deliveries whose sender was not heard of again: the gateway knows their id, so sending again sends once."""
    for delivery_id in await repository.unfinished(tx, [UUID(deadline.subject) for deadline in due]):
        await put(tx, house, delivery_id, now)


async def finished(tx: Tx, delivery: Delivery) -> None:
    """The delivery needs no looking after any more."""
    await deadlines.clear_deadline(tx, RESUME, delivery.id)


async def failed(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """It has failed: told and shown; and if it certainly never arrived it counts no more, and the inbox is next."""
    await tell_failed(tx, delivery, now)
    await finished(tx, delivery)
    await show(tx, delivery)
    if may_fall_back(delivery.channel, delivery.maybe_out):
        await never_arrived(tx, delivery)
        await deadlines.set_deadline(tx, FALL_BACK, delivery.moment_id, now)


async def never_arrived(tx: Tx, delivery: Delivery) -> None:
    """It does not count among the customer's contacts."""
    if delivery.contact_id is not None:
        await comply.cancel_contact(tx, delivery.contact_id)


async def tell_sent(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Publish that it left the house."""
    fact = MessageSent(
        customer_id=delivery.customer_id,
        delivery_id=delivery.id,
        opening_id=delivery.opening_id,
        branch_id=delivery.branch_id,
        step=delivery.step,
        arm=delivery.arm,
        channel=delivery.channel,
        template=delivery.template,
        template_version=delivery.template_version,
    )
    await log.publish(tx, fact, now=now)


async def tell_delivered(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Publish that it has arrived."""
    fact = MessageDelivered(delivery.customer_id, delivery.id, delivery.opening_id, delivery.channel)
    await log.publish(tx, fact, now=now)


async def tell_failed(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Publish that it never will."""
    fact = MessageFailed(
        delivery.customer_id, delivery.id, delivery.opening_id, delivery.channel, delivery.reason or "unknown"
    )
    await log.publish(tx, fact, now=now)


async def show(tx: Tx, delivery: Delivery) -> None:
    """Change the delivery's row on the live lists of its branch and of the whole firm."""
    row = row_of(delivery)
    await live.change(tx, "deliveries:all", delivery.id, row)
    if delivery.branch_id is not None:
        await live.change(tx, f"deliveries:{delivery.branch_id}", delivery.id, row)


async def move(tx: Tx, customer_id: UUID, branch_id: UUID) -> None:
    """A customer's deliveries are his new branch's, on the live lists too."""
    for delivery, was in await repository.move(tx, customer_id, branch_id):
        if was is not None:
            await live.change(tx, f"deliveries:{was}", delivery.id, None)
        await show(tx, delivery)


# Of a delivery all but the keyed hash of the number and the gateway's own bookkeeping.
_KEPT_BACK = frozenset(
    {"moment_id", "template_id", "address_hash", "gateway_message_id", "sending_at", "maybe_out", "contact_id"}
)


def row_of(delivery: Delivery) -> dict[str, object]:
    """What staff see of a delivery."""
    return {name: value for name, value in vars(delivery).items() if name not in _KEPT_BACK}
