"""The gate: everything a message must pass before it may leave, in the transaction that records the outcome."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.comply import facade as comply
from bihuan.customers import facade as customers
from bihuan.kit import audit, deadlines, ids, log
from bihuan.kit.crypto import mask_phone
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.reach.facts import MessageRefused
from bihuan.reach.inbox import service as inbox
from bihuan.reach.moments import repository as moments
from bihuan.reach.moments.repository import Moment
from bihuan.reach.moments.rules import Progress, occasion_of, overtaken
from bihuan.reach.sending import queue, repository
from bihuan.reach.sending.repository import Delivery
from bihuan.reach.sending.rules import ABOUT_THE_CHANNEL, channels_of
from bihuan.reach.templates import repository as templates
from bihuan.reach.templates import service as wording
from bihuan.reach.templates.rules import LANGUAGES, Template, fitting, render
from bihuan.understand import facade as understand

DEFERRED = "reach.deferred"
# Refusals that end by themselves soon enough for a stall to matter still; a full counter does not.
WINDOWS = frozenset({"quiet-hours", "no-trading-day"})


@dataclass(frozen=True)
class _Message:
    """What would be said, to whom and by which way."""

    template: Template
    channel: str
    title: str
    body: str
    link: str
    phone: str | None


async def pass_through(tx: Tx, house: House, moment: Moment, progress: Progress, now: datetime) -> None:
    """Message a moment that is due, or refuse or put it off with the reason kept. Called with the moment locked.

    A refusal that is about the channel asks the next one; a channel that failed it before is not asked again.
    """
    ended = overtaken(moment.stall, progress)
    if ended is not None:
        await moments.settle(tx, moment.id, ended, now, due_at=moment.due_at)
        return
    contact = await customers.contact_of(tx, house.cipher, moment.customer_id) if moment.customer_id else None
    if contact is None:
        await refuse(tx, moment, "", "unknown-customer", now)
        return
    tried = await repository.tried(tx, moment.id)
    channels = [
        channel
        for channel in channels_of(contact.phone is not None, bool(house.settings.sms_url))
        if channel not in tried
    ]
    for channel in channels:
        found = await _asked(tx, house, moment, progress, contact, channel, now)
        if found is None:
            return
        if channel == channels[-1] or found not in ABOUT_THE_CHANNEL:
            await refuse(tx, moment, channel, found, now)
            return


async def _asked(
    tx: Tx, house: House, moment: Moment, progress: Progress, contact: customers.Contact, channel: str, now: datetime
) -> str | None:
    """Message it on this channel or put it off; or why not."""
    message = await _compose(tx, house, moment, progress, contact, channel, now)
    if isinstance(message, str):
        return message
    verdict = await comply.reserve_contact(
        tx, contact.customer_id, channel, message.template.purpose, now, f"moment:{moment.id}"
    )
    if isinstance(verdict, comply.Reserved):
        occasion = occasion_of(moment.stall, progress)
        await _let_go(tx, house, moment, occasion, contact.customer_id, verdict.contact_id, message, now)
    elif verdict.reason in WINDOWS and verdict.until is not None:
        await moments.settle(tx, moment.id, "deferred", now, reason=verdict.reason, due_at=verdict.until)
        await deadlines.set_deadline(tx, DEFERRED, moment.id, verdict.until)
    else:
        return verdict.reason
    return None


async def _compose(
    tx: Tx,
    house: House,
    moment: Moment,
    progress: Progress,
    contact: customers.Contact,
    channel: str,
    now: datetime,
) -> _Message | str:
    """The message, or the reason why there is none: `no-template`, `wording`."""
    occasion = occasion_of(moment.stall, progress)
    languages = sorted(LANGUAGES, key=lambda language: language != contact.language)
    template = fitting(await templates.approved(tx, occasion), occasion, moment.step, channel, languages, now)
    if template is None:
        return "no-template"
    path, step = await _way_back(tx, moment, template.language)
    link = path if channel == "inbox" else f"{_address(house)}{path}"
    body = render(template.body, {"link": link, "step": step})
    said = await wording.wording_of(tx, moment.step, f"{template.title}\n{body}")
    if said.stopping:
        return "wording"
    return _Message(template, channel, template.title, body, path, contact.phone)


async def _way_back(tx: Tx, moment: Moment, language: str) -> tuple[str, str]:
    """The path back to the very step, and the step's name; the start of the application where there is no such page."""
    step = await understand.step_of(tx, moment.step)
    path = step.resume_link(moment.opening_id) if step else None
    name = moment.step if step is None else step.name_en if language == "en" else step.name_zh
    return path or f"/open/{moment.opening_id}", name


def _address(house: House) -> str:
    settings = house.settings
    return (settings.app_url or settings.public_url).rstrip("/") or f"http://{settings.host}:{settings.port}"


async def _let_go(
    tx: Tx,
    house: House,
    moment: Moment,
    occasion: str,
    customer_id: UUID,
    contact_id: UUID,
    message: _Message,
    now: datetime,
) -> None:
    by_text = message.channel == "sms" and message.phone is not None
    template = message.template
    delivery = Delivery(
        id=ids.new_id(),
        moment_id=moment.id,
        customer_id=customer_id,
        branch_id=moment.branch_id,
        opening_id=moment.opening_id,
        step=moment.step,
        arm=moment.arm,
        occasion=occasion,
        channel=message.channel,
        purpose=template.purpose,
        template_id=template.id,
        template=template.name,
        template_version=template.version,
        language=template.language,
        title=message.title,
        body=message.body,
        link=message.link,
        address_masked=mask_phone(message.phone) if by_text and message.phone else None,
        address_hash=house.cipher.keyed_hash(message.phone) if by_text and message.phone else None,
        state="queued" if by_text else "delivered",
        reason=None,
        attempts=0,
        maybe_out=False,
        contact_id=contact_id,
        gateway_message_id=None,
        created_at=now,
        sending_at=None,
        sent_at=None if by_text else now,
        delivered_at=None if by_text else now,
        failed_at=None,
    )
    if not await repository.add(tx, delivery):
        return  # this moment has its message already
    await moments.settle(tx, moment.id, "messaged", now, due_at=moment.due_at)
    if by_text:
        used = {"delivery_id": str(delivery.id), "template": template.name}
        await audit.record(tx, "reach", "reach:phone:used", customer_id, used, now)
        await queue.put(tx, house, delivery.id, now)
    else:
        await inbox.put(tx, delivery, now)
        await queue.tell_sent(tx, delivery, now)
        await queue.tell_delivered(tx, delivery, now)
    await queue.show(tx, delivery)


async def refuse(tx: Tx, moment: Moment, channel: str, reason: str, now: datetime) -> None:
    """No message for this moment: kept with why, and told."""
    await moments.settle(tx, moment.id, "refused", now, reason=reason, due_at=moment.due_at)
    fact = MessageRefused(
        customer_id=moment.customer_id,
        opening_id=moment.opening_id,
        branch_id=moment.branch_id,
        step=moment.step,
        arm=moment.arm,
        channel=channel,
        reason=reason,
    )
    await log.publish(tx, fact, now=now)
