"""Sending one text: three short steps, of which only the middle one speaks to the outside and holds nothing."""

from uuid import UUID

from bihuan.customers import facade as customers
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.reach.moments import repository as moments
from bihuan.reach.sending import asking, queue, repository
from bihuan.reach.sending.gateway import GatewayBusy, GatewayRefused, Text, TextGateway
from bihuan.reach.sending.rules import gives_up, may_become


async def send(house: House, gateway: TextGateway, delivery_id: UUID) -> None:
    """Send one delivery. After a crash or a lost answer it is sent again, and goes out once: the gateway knows its id.

    Raises GatewayBusy to be tried again later.
    """
    async with house.postgres.transaction() as tx:
        text = await _begin(tx, house, delivery_id)
    if text is None:
        return
    try:
        message_id = await gateway.send(text)
    except GatewayRefused as refused:
        async with house.postgres.transaction() as tx:
            await _end_failed(tx, house, delivery_id, str(refused))
    except GatewayBusy as busy:
        async with house.postgres.transaction() as tx:
            again = await _try_again(tx, house, delivery_id, busy)
        if again:
            raise
    else:
        async with house.postgres.transaction() as tx:
            await _end_sent(tx, house, delivery_id, message_id)


async def _begin(tx: Tx, house: House, delivery_id: UUID) -> Text | None:
    now = house.clock.now()
    waiting = await repository.locked(tx, delivery_id)
    if waiting is None or not may_become(waiting.state, "sending") or await asking.stopped(tx, house, waiting, now):
        return None
    delivery = await repository.begin_try(tx, delivery_id, now)
    if delivery is None:
        return None
    contact = await customers.contact_of(tx, house.cipher, delivery.customer_id)
    if contact is None or contact.phone is None:
        await _end_failed(tx, house, delivery_id, "no-phone")
        return None
    await queue.look_after(tx, house, delivery_id, now)
    await queue.show(tx, delivery)
    policy = await moments.policy(tx)
    return Text(str(delivery.id), contact.phone, delivery.body, policy.sign)


async def _end_sent(tx: Tx, house: House, delivery_id: UUID, message_id: str) -> None:
    now = house.clock.now()
    delivery = await repository.sent(tx, delivery_id, message_id, now)
    if delivery is not None:
        await queue.tell_sent(tx, delivery, now)
        await queue.finished(tx, delivery)
        await queue.show(tx, delivery)


async def _end_failed(tx: Tx, house: House, delivery_id: UUID, reason: str, *, lost: bool = False) -> None:
    """A refusal is certain of this try; of earlier ones whose answers were lost it says nothing."""
    now = house.clock.now()
    before = await repository.locked(tx, delivery_id)
    maybe_out = lost or (before is not None and before.maybe_out)
    delivery = await repository.failed(tx, delivery_id, reason, now, maybe_out=maybe_out)
    if delivery is not None:
        await queue.failed(tx, delivery, now)


async def _try_again(tx: Tx, house: House, delivery_id: UUID, busy: GatewayBusy) -> bool:
    """Whether it stays in the queue; else it has failed, with the gateway's last word as the reason."""
    policy = await moments.policy(tx)
    delivery = await repository.locked(tx, delivery_id)
    if delivery is None or delivery.state != "sending":
        return False
    if gives_up(delivery.attempts, policy.most_attempts):
        reason = f"gave up after {delivery.attempts} tries: {busy}"
        await _end_failed(tx, house, delivery_id, reason, lost=busy.lost)
        return False
    waiting = await repository.try_again(tx, delivery_id, str(busy), lost=busy.lost)
    if waiting is not None:
        await queue.show(tx, waiting)
    return True
