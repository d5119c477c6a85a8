"""Speaking: the customer, the bot while nobody owns the enquiry, and the one advisor who does."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from bihuan.comply import facade as comply
from bihuan.customers import facade as customers
from bihuan.kit import deadlines, log
from bihuan.kit.errors import Conflict, Forbidden, Invalid, NotFound
from bihuan.kit.postgres import Postgres, Tx
from bihuan.people.facade import Caller, Staff
from bihuan.serve.conversations import repository
from bihuan.serve.conversations.repository import Message
from bihuan.serve.conversations.rules import supplied_answer
from bihuan.serve.dispatch import service as dispatch
from bihuan.serve.enquiries import repository as enquiries
from bihuan.serve.enquiries import told, topics
from bihuan.serve.enquiries.repository import Enquiry
from bihuan.serve.facts import WordingRefused
from bihuan.serve.knowledge import rules as knowledge_rules
from bihuan.serve.knowledge import service as knowledge
from bihuan.serve.knowledge.service import Trial
from bihuan.serve.limits.repository import limits
from bihuan.serve.presence import repository as presence
from bihuan.understand import facade as understand


@dataclass(frozen=True)
class About:
    """Whom and what words of staff are about."""

    customer_id: UUID
    branch_id: UUID | None
    enquiry_id: UUID | None
    opening_id: str | None


class Stopped(Invalid):
    """A message of staff that must not leave. `keep` records it, although the call that brought it is rolled back."""

    def __init__(
        self,
        reason: str,
        detail: str,
        text: str,
        about: About,
        phrases: tuple[str, ...],
        hits: Sequence[comply.Hit] = (),
    ) -> None:
        super().__init__(reason, detail, phrases=list(phrases), hits=[asdict(hit) for hit in hits])
        self.text = text
        self.about = about
        self.phrases = phrases


@dataclass(frozen=True)
class Said:
    """What came of saying something: the message, what the bot replied at once, and the enquiry as it stands."""

    message: Message
    replies: list[Message]
    enquiry: Enquiry


def topic_of(trial: Trial) -> tuple[str, bool]:
    """What a question is about, and whether only a registered advisor may answer it."""
    topic = trial.answer.topic if trial.answer else "other" if trial.reason == "below_threshold" else trial.reason
    return topic, trial.reason == knowledge_rules.ADVICE


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
    if stands.state == "claimed":
        stands = await _owner_owes(tx, stands, now)
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
    """Its owner must answer in time; one who has gone since he took it has lost it at once."""
    owner = await presence.by_id(tx, enquiry.owner_id) if enquiry.owner_id else None
    taken_at = enquiry.claimed_at or now
    if owner is None or (owner.state == "offline" and owner.since >= taken_at):
        return await dispatch.give_back(tx, enquiry, "offline", now)
    numbers = await limits(tx)
    until = dispatch.silent_at(enquiry, numbers.enquiry_first_answer, numbers.enquiry_answer)
    await deadlines.set_deadline(tx, dispatch.SILENCE, enquiry.id, until)
    await deadlines.clear_deadline(tx, dispatch.IDLE, enquiry.id)
    return enquiry


async def staff_says(tx: Tx, enquiry_id: UUID, staff: Staff, text: str, client_id: str | None, now: datetime) -> Said:
    """The owner speaks. Raises NotFound, Forbidden for others, Conflict, and Stopped for what must not be said."""
    await presence.seen(tx, [staff.id], now)
    enquiry = await _owned(tx, enquiry_id, staff)
    if client_id is not None:
        earlier = await repository.by_client_id(tx, enquiry.id, "staff", client_id)
        if earlier is not None:
            return Said(earlier, [], enquiry)
    about = About(enquiry.customer_id, enquiry.branch_id, enquiry.id, enquiry.opening_id)
    warnings = await checked(tx, staff, about, text, now)
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
    if not found or not await topics.may_read(tx, staff, found[0]):
        raise NotFound("enquiry", "There is no such enquiry within your data scope.")
    enquiry = found[0]
    if enquiry.owner_id != staff.id:
        name = (enquiry.owner or {}).get("name")
        raise Forbidden("not-owner", "Only the advisor who claimed an enquiry speaks in it.", owner=name)
    return enquiry


async def checked(tx: Tx, staff: Staff, about: About, text: str, now: datetime) -> tuple[str, ...]:
    """The phrases that are let through with a warning. Raises Stopped for what must not leave."""
    hidden = await answers_hidden(tx, about)
    if hidden and (phrase := supplied_answer(text)) is not None:
        detail = "At this step explain the screen, never the answers; the customer answers by himself."
        raise Stopped("hidden_answers", detail, text, about, (phrase,))
    advises = await _signed_advisor(tx, staff, about.customer_id, now)
    hits = await comply.check_text(tx, text, context="questionnaire" if hidden else "any", licensed=advises)
    stopped = tuple(hit.found for hit in hits if hit.severity != "warn")
    if stopped:
        detail = "Take out the phrases that are named; they may not be said to a customer."
        raise Stopped("wording", detail, text, about, stopped, hits)
    return tuple(hit.found for hit in hits)


async def answers_hidden(tx: Tx, about: About) -> bool:
    """Whether the applicant stands at a step whose answers are his alone, in any application of his."""
    found = {one.opening_id: one for one in await understand.openings_of(tx, about.customer_id)}
    if about.opening_id is not None and (one := await understand.opening(tx, about.opening_id)) is not None:
        found[one.opening_id] = one
    for opening in found.values():
        step = await understand.step_of(tx, opening.step) if opening.state in ("under_way", "sent_back") else None
        if step is not None and step.answers_hidden:
            return True
    return False


async def _signed_advisor(tx: Tx, staff: Staff, customer_id: UUID, now: datetime) -> bool:
    if not staff.licensed:
        return False
    relations = await customers.relations(tx, customer_id, now)
    return any(found.kind == "contract" and found.staff_id == staff.id for found in relations)


async def keep(postgres: Postgres, stopped: Stopped, staff: Staff, now: datetime) -> None:
    """Record what was stopped, for compliance, in a transaction of its own."""
    about = {**vars(stopped.about), "staff_id": staff.id, "reason": stopped.code}
    async with postgres.transaction() as tx:
        await repository.refuse(tx, **about, text=stopped.text, phrases=list(stopped.phrases), now=now)
        await log.publish(tx, WordingRefused(**about, phrases=stopped.phrases, at=now), now=now)


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
