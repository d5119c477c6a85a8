"""What the gateway reports: how messages ended, and what customers answered. Heard twice, it counts once."""

from datetime import UTC, datetime
from uuid import UUID

from bihuan.comply import facade as comply
from bihuan.kit import log
from bihuan.kit.errors import Unauthenticated
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.reach.facts import OptOutReceived
from bihuan.reach.moments import repository as moments
from bihuan.reach.receipts import repository
from bihuan.reach.receipts.rules import fault_of_signature, is_opt_out
from bihuan.reach.receipts.schemas import ReceiptIn, ReplyIn, ReportIn, ReportOut
from bihuan.reach.sending import queue
from bihuan.reach.sending import repository as deliveries
from bihuan.reach.sending.repository import Delivery
from bihuan.reach.templates.rules import PURPOSES


def check_signature(house: House, body: bytes, timestamp: str | None, given: str | None) -> None:
    """Raise Unauthenticated for a call we cannot believe.

    The gateway stands outside and signs with real time, whatever the product's clock says.
    """
    secret = house.settings.sms_secret.get_secret_value()
    fault = fault_of_signature(secret, timestamp, given, body, datetime.now(UTC))
    if fault is not None:
        raise Unauthenticated("signature", "Sign timestamp.body with the shared secret.", fault=fault)


async def take(tx: Tx, house: House, report: ReportIn, now: datetime) -> ReportOut:
    """Record a report."""
    receipts = [await _receipt(tx, receipt, now) for receipt in sorted(report.receipts, key=lambda r: r.id)]
    policy = await moments.policy(tx)
    replies = [await _reply(tx, house, reply, policy.opt_out_words, now) for reply in report.replies]
    return ReportOut(
        receipts=sum(receipts),
        replies=sum(reply is not None for reply in replies),
        opt_outs=sum(reply is True for reply in replies),
    )


async def _receipt(tx: Tx, receipt: ReceiptIn, now: datetime) -> bool:
    try:
        delivery_id = UUID(receipt.id)
    except ValueError:
        return False
    if await deliveries.locked(tx, delivery_id) is None:
        return False
    if not await repository.add(tx, receipt.receipt_id, "state", delivery_id, receipt.model_dump(), now):
        return False
    if receipt.state == "delivered":
        await _delivered(tx, delivery_id, receipt.message_id, now)
    else:
        await _failed(tx, delivery_id, receipt.reason or "not delivered", now)
    return True


async def _delivered(tx: Tx, delivery_id: UUID, message_id: str, now: datetime) -> None:
    sent = await deliveries.sent(tx, delivery_id, message_id, now)  # the receipt may overtake the record of the call
    if sent is not None:
        await queue.tell_sent(tx, sent, now)
    delivery = await deliveries.delivered(tx, delivery_id, now)
    if delivery is not None:
        await queue.tell_delivered(tx, delivery, now)
        await queue.finished(tx, delivery)
        await queue.show(tx, delivery)


async def _failed(tx: Tx, delivery_id: UUID, reason: str, now: datetime) -> None:
    states = ("queued", "sending", "sent")
    delivery = await deliveries.failed(tx, delivery_id, reason, now, maybe_out=False, states=states)
    if delivery is not None:
        await queue.failed(tx, delivery, now)


async def _reply(tx: Tx, house: House, reply: ReplyIn, words: list[str], now: datetime) -> bool | None:
    """Whether a reply opts out; None for one that is known already or answers no message of ours."""
    delivery = await deliveries.last_to(tx, house.cipher.keyed_hash(reply.phone))
    if delivery is None:
        return None
    out = is_opt_out(reply.text, words)
    # The words stay with the gateway: a reply may hold anything, and the number is kept as a hash only.
    told = {"reply_id": reply.reply_id, "opt_out": out}
    if not await repository.add(tx, reply.reply_id, "reply", delivery.id, told, now):
        return None
    if out:
        await _opt_out(tx, delivery, reply, now)
    return out


async def _opt_out(tx: Tx, delivery: Delivery, reply: ReplyIn, now: datetime) -> None:
    """No more of these, of either purpose, from the moment the reply is known."""
    words = [
        comply.Said(
            customer_id=delivery.customer_id,
            purpose=purpose,
            channel=delivery.channel,
            granted=False,
            decided_at=now,
            source="reply",
            actor="customer",
            origin=f"reply:{reply.reply_id}:{purpose}",
            evidence=f"answered delivery {delivery.id}",
        )
        for purpose in PURPOSES
    ]
    await comply.record_consents(tx, words, now)
    fact = OptOutReceived(delivery.customer_id, delivery.channel, reply.text.strip()[:20])
    await log.publish(tx, fact, now=now)
