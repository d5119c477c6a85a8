"""Asked again when its turn to be sent has come: a text may have waited a night, or for a gateway that was away."""

from datetime import datetime

from bihuan.comply import facade as comply
from bihuan.kit import deadlines
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.reach.moments import repository as moments
from bihuan.reach.moments.rules import overtaken
from bihuan.reach.sending import gate, queue, repository
from bihuan.reach.sending.repository import Delivery
from bihuan.reach.sending.rules import ABOUT_THE_CHANNEL, may_fall_back
from bihuan.reach.templates import repository as templates
from bihuan.reach.templates import service as wording


async def stopped(tx: Tx, house: House, delivery: Delivery, now: datetime) -> bool:
    """Whether it may not go: it is ended with the reason, or put off until it may. The row is locked."""
    (moment,) = await moments.by_ids(tx, [delivery.moment_id])
    progress = await moments.progress(tx, [delivery.opening_id])
    ended = overtaken(moment.stall, progress[delivery.opening_id])
    if ended is not None:
        await _refuse(tx, delivery, ended, now)
        await moments.settle(tx, moment.id, ended, now, due_at=moment.due_at)
        return True
    verdict = await comply.forbidden_now(tx, delivery.customer_id, delivery.channel, delivery.purpose, now)
    if verdict is not None and verdict.until is not None:
        await _put_off(tx, delivery, verdict.reason, verdict.until)
        return True
    reason = verdict.reason if verdict is not None else await _words_stopped(tx, delivery, now)
    if reason is None:
        return False
    await _refuse(tx, delivery, reason, now)
    if reason in ABOUT_THE_CHANNEL and may_fall_back(delivery.channel, _maybe_out(delivery)):
        await deadlines.set_deadline(tx, queue.FALL_BACK, moment.id, now)
    else:
        await gate.refuse(tx, moment, delivery.channel, reason, now)
    return True


async def _words_stopped(tx: Tx, delivery: Delivery, now: datetime) -> str | None:
    """Why its words may not be said any more."""
    template = await templates.by_id(tx, delivery.template_id)
    if template is None or not template.sendable(now):
        return "no-template"
    said = await wording.wording_of(tx, delivery.step, f"{delivery.title}\n{delivery.body}")
    return "wording" if said.stopping else None


async def _put_off(tx: Tx, delivery: Delivery, reason: str, until: datetime) -> None:
    waiting = await repository.put_off(tx, delivery.id, reason)
    if waiting is not None:
        await deadlines.set_deadline(tx, queue.RESUME, delivery.id, until)
        await queue.show(tx, waiting)


async def _refuse(tx: Tx, delivery: Delivery, reason: str, now: datetime) -> None:
    refused = await repository.refused(tx, delivery.id, reason)
    if refused is None:
        return
    await queue.finished(tx, refused)
    await queue.show(tx, refused)
    if not refused.maybe_out:
        await queue.never_arrived(tx, refused)


def _maybe_out(delivery: Delivery) -> bool:
    """One that is being sent was left by a sender who died."""
    return delivery.maybe_out or delivery.state == "sending"
