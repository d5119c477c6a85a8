"""A customer asks; it ends and is rated. Who serves him in between is decided in dispatch and claims."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.customers import facade as customers
from bihuan.kit import deadlines, ids, log
from bihuan.kit.deadlines import Deadline
from bihuan.kit.errors import Conflict, Forbidden, NotFound
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.facade import Caller, Permission, Staff
from bihuan.serve.conversations import repository as messages
from bihuan.serve.conversations import service as conversations
from bihuan.serve.conversations.repository import Message
from bihuan.serve.dispatch import repository as offers
from bihuan.serve.dispatch import service as dispatch
from bihuan.serve.enquiries import repository, rules, told, topics
from bihuan.serve.enquiries.row import Enquiry
from bihuan.serve.knowledge import rules as knowledge_rules
from bihuan.serve.knowledge import service as knowledge
from bihuan.serve.limits.repository import limits
from bihuan.serve.presence import repository as presence
from bihuan.serve.presence import topics as board
from bihuan.understand import facade as understand


@dataclass(frozen=True)
class Home:
    """Where a customer belongs, as an enquiry or a rescue carries it."""

    label: str
    branch_id: UUID | None
    region_id: UUID | None
    own_staff_id: UUID | None


async def home_of(tx: Tx, customer_id: UUID) -> Home:
    """Masked name, serving branch and region, own advisor."""
    label = (await customers.labels(tx, [customer_id])).get(customer_id)
    branch_id = label.branch_id if label else None
    branch = await people.branch(tx, branch_id) if branch_id else None
    advisor = (await customers.advisors_of(tx, [customer_id])).get(customer_id)
    return Home(label.name_masked if label else "", branch_id, branch.region_id if branch else None, advisor)


async def ask(
    tx: Tx, caller: Caller, text: str, opening_id: str | None, client_id: str | None, now: datetime
) -> tuple[Enquiry, list[Message]]:
    """A question. While an enquiry of the customer is under way it continues that one: one customer, one advisor.

    Raises NotFound for an application that is not his.
    """
    selves = topics.selves(caller)
    await repository.lock_customers(tx, selves)
    known = await repository.by_key(tx, selves, client_id) if client_id else None
    if known is None:
        known = await repository.active(tx, selves)
        if known is not None:
            said = await conversations.customer_says(tx, known, text, client_id, now)
            known = said.enquiry
        else:
            known = await _new(tx, caller, text, await _opening(tx, caller, opening_id), client_id, now)
    return known, await messages.of_enquiry(tx, known.id)


async def _opening(tx: Tx, caller: Caller, opening_id: str | None) -> str | None:
    """The application the question is about: the one named, else the one under way."""
    own = [one for customer_id in topics.selves(caller) for one in await understand.openings_of(tx, customer_id)]
    if opening_id is None:
        return next((opening.opening_id for opening in own if opening.state in ("under_way", "sent_back")), None)
    if opening_id not in [opening.opening_id for opening in own]:
        raise NotFound("opening", "There is no such application of yours; leave `opening_id` out.")
    return opening_id


async def _new(
    tx: Tx, caller: Caller, text: str, opening_id: str | None, client_id: str | None, now: datetime
) -> Enquiry:
    home = await home_of(tx, caller.customer_id)
    trial = await knowledge.tried(tx, text, now)
    topic, needs_licence = conversations.topic_of(trial)
    enquiry = await repository.insert(
        tx,
        id=ids.new_id(),
        customer_id=caller.customer_id,
        customer_label=home.label,
        branch_id=home.branch_id,
        region_id=home.region_id,
        own_staff_id=home.own_staff_id,
        opening_id=opening_id,
        client_key=client_id,
        question=text,
        language=knowledge_rules.language_of(text),
        topic=topic,
        needs_licence=needs_licence,
        now=now,
    )
    await log.publish(tx, told.asked(enquiry), now=now)
    message = await messages.say_as_customer(tx, enquiry.id, text, client_id, now)
    assert message is not None  # noqa: S101  (the row is new and ours)
    await conversations.tell(tx, enquiry, message, now)
    return (await conversations.first_turn(tx, enquiry, message, trial, now, before=None)).enquiry


async def say(
    tx: Tx, caller: Caller, enquiry_id: UUID, text: str, client_id: str | None, now: datetime
) -> conversations.Said:
    """A message of the customer's. In a closed enquiry it takes that up again, unless he has another under way: then
    it goes on there. Raises NotFound.
    """
    selves = topics.selves(caller)
    await repository.lock_customers(tx, selves)
    enquiry = await own(tx, caller, enquiry_id)
    if enquiry.state == "closed":
        enquiry = await repository.active(tx, selves) or enquiry
    return await conversations.customer_says(tx, enquiry, text, client_id, now)


async def ask_person(tx: Tx, caller: Caller, enquiry_id: UUID, now: datetime) -> Enquiry:
    """The bot's answer was not enough. Does nothing when people are looked for already."""
    enquiry = await own(tx, caller, enquiry_id)
    if enquiry.state == "closed":
        raise Conflict("enquiry-closed", "This enquiry is closed; ask again.")
    return await dispatch.begin(tx, enquiry, now) if enquiry.state == "bot" else enquiry


async def own(tx: Tx, caller: Caller, enquiry_id: UUID) -> Enquiry:
    """The caller's enquiry, locked. Raises NotFound."""
    found = await repository.lock(tx, enquiry_id)
    if not found or found[0].customer_id not in topics.selves(caller):
        raise NotFound("enquiry", "There is no such enquiry of yours.")
    return found[0]


async def close(tx: Tx, enquiry_id: UUID, by: Staff | Caller, outcome: str, now: datetime) -> Enquiry:
    """It ends, by its owner, by a supervisor or by the customer; his place is filled from those who wait.

    Closing again does nothing. Raises NotFound, Forbidden, Conflict when staff leave the customer without an answer.
    """
    enquiry = await _locked_with_owner(tx, enquiry_id)
    if isinstance(by, Caller):
        if enquiry is None or enquiry.customer_id not in topics.selves(by):
            raise NotFound("enquiry", "There is no such enquiry of yours.")
        outcome = "withdrawn" if enquiry.first_answer_at is None and not enquiry.by_bot else "answered"
    elif enquiry is None or not await topics.may_read(tx, by, enquiry):
        raise NotFound("enquiry", "There is no such enquiry within your data scope.")
    elif by.id != enquiry.owner_id and not by.may(Permission.ENQUIRY_SUPERVISE):
        raise Forbidden("not-owner", "Only the advisor who holds an enquiry, or a supervisor, closes it.")
    elif enquiry.state != "closed" and not rules.may_close(
        enquiry.owner_answered_at, enquiry.awaiting_since, enquiry.callback_at, outcome
    ):
        raise Conflict(
            "unanswered",
            "Answer the customer first, or give the enquiry back; a call that was owed ends as called_back.",
        )
    return await closed(tx, enquiry, outcome, now)


async def _locked_with_owner(tx: Tx, enquiry_id: UUID) -> Enquiry | None:
    """The enquiry locked after its owner's presence, whoever that is by then."""
    seen = await repository.by_id(tx, enquiry_id)
    if seen is not None and seen.owner_id is not None:
        await presence.lock(tx, seen.owner_id)
    found = await repository.lock(tx, enquiry_id)
    return found[0] if found else None


async def closed(tx: Tx, enquiry: Enquiry, outcome: str, now: datetime, *, into_id: UUID | None = None) -> Enquiry:
    """End an enquiry whose row is locked; `into_id` names the one that goes on instead."""
    over = await repository.close(tx, enquiry.id, outcome, now, into_id)
    if over is None:
        return enquiry
    await topics.hide_offers(tx, over.id, await offers.withdraw(tx, over.id, now))
    for kind in (dispatch.RING, dispatch.SILENCE, dispatch.IDLE):
        await deadlines.clear_deadline(tx, kind, over.id)
    if over.origin == "customer":
        await log.publish(tx, told.closed(over, outcome, now), now=now)
    await topics.show(tx, over, enquiry)
    if enquiry.state == "claimed" and enquiry.owner_id is not None:
        await board.show_load(tx, enquiry.owner_id)
        if await presence.lock_free(tx, enquiry.owner_id):  # who is just coming or going pulls by himself
            await dispatch.pull(tx, enquiry.owner_id, now)
    return over


async def idles_due(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
    """The customer said nothing more after the last answer: the conversation ends by itself."""
    numbers = await limits(tx)
    for deadline in due:
        enquiry = await repository.by_id(tx, UUID(deadline.subject))
        if enquiry is None or enquiry.state not in ("bot", "claimed") or enquiry.awaiting_since is not None:
            continue
        free = enquiry.owner_id is None or await _not_busy(tx, enquiry.owner_id)
        held = await repository.lock_free(tx, [enquiry.id]) if free else []
        if not held:
            await deadlines.set_deadline(tx, deadline.kind, enquiry.id, now + dispatch.SOON)
        elif held[0].last_at + numbers.enquiry_idle > now:
            await deadlines.set_deadline(tx, deadline.kind, enquiry.id, held[0].last_at + numbers.enquiry_idle)
        elif held[0].owner_id == enquiry.owner_id and held[0].awaiting_since is None:
            await closed(tx, held[0], "by_bot" if held[0].by_bot else "no_reply", now)


async def _not_busy(tx: Tx, staff_id: UUID) -> bool:
    """Whether nobody is changing his presence at this moment; it is locked then. Who was never on duty has none."""
    return await presence.lock_free(tx, staff_id) is not None or await presence.by_id(tx, staff_id) is None


async def rate(tx: Tx, enquiry_id: UUID, caller: Caller, stars: int, comment: str | None, now: datetime) -> Enquiry:
    """How it was, 1 to 5; a later word replaces an earlier one. Raises NotFound, Conflict before any answer."""
    before = await own(tx, caller, enquiry_id)
    rated = await repository.rate(tx, enquiry_id, stars, comment, now)
    if rated is None:
        raise Conflict("not-answered", "Rate an enquiry once it was answered.")
    if (before.stars, before.comment) != (stars, comment):
        await log.publish(tx, told.rated(rated, stars, now), now=now)
        await topics.show(tx, rated, before)
    return rated


async def one(tx: Tx, reader: Staff, enquiry_id: UUID) -> Enquiry:
    """One enquiry as staff may read it. Raises NotFound."""
    enquiry = await repository.by_id(tx, enquiry_id)
    if enquiry is None or not await topics.may_read(tx, reader, enquiry):
        raise NotFound("enquiry", "There is no such enquiry within your data scope.")
    return enquiry
