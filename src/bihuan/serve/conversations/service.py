"""Speaking: the customer, the bot while nobody owns the enquiry, and the one advisor who does."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kit import deadlines, log
from bihuan.kit.errors import Conflict, Forbidden, NotFound
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Caller, Staff
from bihuan.serve.conversations import repository, stopping
from bihuan.serve.conversations.repository import Message
from bihuan.serve.conversations.stopping import About
from bihuan.serve.dispatch import service as dispatch
from bihuan.serve.enquiries import repository as enquiries
from bihuan.serve.enquiries import told, topics
from bihuan.serve.enquiries.row import Enquiry
from bihuan.serve.knowledge import rules as knowledge_rules
from bihuan.serve.knowledge import service as knowledge
from bihuan.serve.knowledge.service import Trial
from bihuan.serve.limits.repository import limits
from bihuan.serve.presence import repository as presence


@dataclass(frozen=True)
class Said:
    """What came of saying something: the message, what the bot replied at once, and the enquiry as it stands."""

    message: Message
    replies: list[Message]
    enquiry: Enquiry


def topic_of(trial: Trial) -> tuple[str, bool]:
    """What a question is about, and whether only a registered advisor may answer it."""
    topic = trial.answer.topic if trial.answer else "other" if trial.reason == "below_threshold" else trial.reason
    return topic, trial.advice


async def customer_says(tx: Tx, enquiry: Enquiry, text: str, client_id: str | None, now: datetime) -> Said:
    """The customer speaks in an enquiry whose row is locked.

    While nobody owns it the bot tries first. A closed one is taken up again, by the person who served it before.
    """
    if client_id is not None:
        earlier = await repository.by_client_id(tx, enquiry.id, "customer", client_id)
        if earlier is not None:
            return Said(earlier, [], enquiry)
    if enquiry.state in ("bot", "closed"):
        return await _asks_bot(tx, enquiry, text, client_id, now)
    message = await _customer_message(tx, enquiry, text, client_id, now)
    stands = (await enquiries.lock(tx, enquiry.id))[0]
    advised = not stands.needs_licence and knowledge_rules.seeks_advice(text)
    if advised:
        stands = await enquiries.set_topic(tx, enquiry.id, knowledge_rules.ADVICE, needs_licence=True)
    if stands.state == "claimed":
        stands = await _owner_owes(tx, stands, now)
    elif advised:
        stands = await dispatch.to_licensed(tx, stands, now)
    await topics.show(tx, stands, enquiry)
    return Said(message, [], stands)


async def _asks_bot(tx: Tx, enquiry: Enquiry, text: str, client_id: str | None, now: datetime) -> Said:
    trial = await knowledge.tried(tx, text, now)
    topic, needs_licence = topic_of(trial)
    if enquiry.state == "closed":
        stands = await enquiries.reopen(tx, enquiry.id, text, topic, needs_licence, now)
        if stands is None:
            raise Conflict("enquiry-moved", "The enquiry has changed meanwhile; send the message again.")
        await log.publish(tx, told.asked(stands), now=now)
    else:
        stands = await enquiries.set_topic(tx, enquiry.id, topic, needs_licence)
    message = await _customer_message(tx, stands, text, client_id, now)
    was_with_bot = enquiry.owner_id is None
    return await first_turn(tx, stands, message, trial, now, before=enquiry, bot_may=was_with_bot)


async def _customer_message(tx: Tx, enquiry: Enquiry, text: str, client_id: str | None, now: datetime) -> Message:
    message = await repository.say_as_customer(tx, enquiry.id, text, client_id, now)
    if message is None:
        raise Conflict("enquiry-closed", "This enquiry is closed; ask again.")
    await tell(tx, enquiry, message, now)
    return message


async def first_turn(
    tx: Tx,
    enquiry: Enquiry,
    message: Message,
    trial: Trial,
    now: datetime,
    *,
    before: Enquiry | None,
    bot_may: bool = True,
) -> Said:
    """The bot answers the message from approved knowledge, or people are looked for."""
    reply = await bot_says(tx, enquiry, trial, now) if bot_may else None
    stands = (await enquiries.lock(tx, enquiry.id))[0]
    if reply is None:
        return Said(message, [], await dispatch.begin(tx, stands, now))
    await topics.show(tx, stands, before)
    return Said(message, [reply], stands)


async def bot_says(tx: Tx, enquiry: Enquiry, trial: Trial, now: datetime) -> Message | None:
    """The bot's answer, if it has one and nobody owns the enquiry; None otherwise."""
    if trial.answer is None:
        return None
    answer = trial.answer
    reply = await repository.say_as_bot(tx, enquiry.id, answer.text, answer.knowledge_id, answer.score, now)
    if reply is None:
        return None
    await tell(tx, enquiry, reply, now)
    if enquiry.bot_answered_at is None:
        await log.publish(tx, told.answered(enquiry, answer.knowledge_id, now), now=now)
    await deadlines.set_deadline(tx, dispatch.IDLE, enquiry.id, now + (await limits(tx)).enquiry_idle)
    return reply


async def _owner_owes(tx: Tx, enquiry: Enquiry, now: datetime) -> Enquiry:
    """Its owner must answer in time; one who has gone since he took it, or may not give advice, has lost it at once."""
    owner = await presence.by_id(tx, enquiry.owner_id) if enquiry.owner_id else None
    if enquiry.needs_licence and not (owner.licensed if owner else (enquiry.owner or {}).get("licensed")):
        return await dispatch.give_back(tx, enquiry, "licence", now)
    taken_at = enquiry.claimed_at or now
    if owner is None or (owner.state == "offline" and owner.since >= taken_at):
        return await dispatch.give_back(tx, enquiry, "offline", now)
    numbers = await limits(tx)
    until = dispatch.silent_at(enquiry, numbers.enquiry_first_answer, numbers.enquiry_answer)
    await deadlines.set_deadline(tx, dispatch.SILENCE, enquiry.id, until)
    await deadlines.clear_deadline(tx, dispatch.IDLE, enquiry.id)
    return enquiry


async def staff_says(tx: Tx, enquiry_id: UUID, staff: Staff, text: str, client_id: str | None, now: datetime) -> Said:
    """The owner speaks; until the customer has, every message counts as a contact that he did not ask for.

    Raises NotFound, Forbidden for others, Conflict (ended, or no contact now), and Stopped for what must not be said.
    """
    await presence.seen(tx, [staff.id], now)
    enquiry = await _owned(tx, enquiry_id, staff)
    if client_id is not None:
        earlier = await repository.by_client_id(tx, enquiry.id, "staff", client_id)
        if earlier is not None:
            return Said(earlier, [], enquiry)
    about = About(enquiry.customer_id, enquiry.branch_id, enquiry.id, enquiry.opening_id)
    warnings = await stopping.checked(tx, staff, about, text, now)
    if enquiry.origin == "rescue" and not await repository.customer_spoke(tx, enquiry.id, enquiry.asked_at):
        occasion = f"enquiry:{enquiry.id}:{enquiry.last_number + 1}"
        await stopping.reserve(tx, enquiry.customer_id, "chat", occasion, now)
    message = await repository.say_as_staff(
        tx, enquiry.id, staff.id, staff.name, text, now, client_id=client_id, warnings=warnings
    )
    if message is None:
        raise Conflict("enquiry-closed", "This conversation has ended.")
    return await spoken(tx, enquiry, message, now)


async def spoken(tx: Tx, before: Enquiry, message: Message, now: datetime) -> Said:
    """What follows the owner's message: facts, deadlines, both screens."""
    enquiry = (await enquiries.lock(tx, before.id))[0]
    await tell(tx, enquiry, message, now)
    if before.owner_answered_at is None and enquiry.origin == "customer":
        await log.publish(tx, told.answered(enquiry, None, now), now=now)
    await deadlines.clear_deadline(tx, dispatch.SILENCE, enquiry.id)
    await deadlines.set_deadline(tx, dispatch.IDLE, enquiry.id, now + (await limits(tx)).enquiry_idle)
    await topics.show(tx, enquiry, before)
    return Said(message, [], enquiry)


async def _owned(tx: Tx, enquiry_id: UUID, staff: Staff) -> Enquiry:
    found = await enquiries.lock(tx, enquiry_id)
    before = (found[0].handover or {}) if found else {}
    if before.get("staff_id") == str(staff.id) and before.get("reason") == "licence" and found[0].owner_id != staff.id:
        raise Forbidden("licence", "The customer asks for advice: it was handed on to a registered investment advisor.")
    if not found or not await topics.may_read(tx, staff, found[0]):
        raise NotFound("enquiry", "There is no such enquiry within your data scope.")
    enquiry = found[0]
    if enquiry.owner_id != staff.id:
        name = (enquiry.owner or {}).get("name")
        raise Forbidden("not-owner", "Only the advisor who claimed an enquiry speaks in it.", owner=name)
    return enquiry


async def read(tx: Tx, principal: Staff | Caller, enquiry_id: UUID, after: int) -> list[Message]:
    """A conversation from a number on. Raises NotFound when it is not this person's to read."""
    enquiry = await enquiries.by_id(tx, enquiry_id)
    if enquiry is None or not await topics.may_read(tx, principal, enquiry):
        raise NotFound("enquiry", "There is no such enquiry within your reach.")
    return await repository.of_enquiry(tx, enquiry_id, after)


async def tell(tx: Tx, enquiry: Enquiry, message: Message, now: datetime) -> None:
    """Both sides see the message, and the log knows that one was sent."""
    await topics.show_message(tx, message)
    await log.publish(tx, told.messaged(enquiry, message), now=now)
