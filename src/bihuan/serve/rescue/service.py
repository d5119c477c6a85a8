"""An advisor rescues a stuck application: he takes it, reaches out, and says how it ended.

The arm of the experiment governs outbound contact only; whoever asks in the chat is served in every arm.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kit import audit, deadlines, ids, log
from bihuan.kit.errors import Conflict, Invalid, NotFound
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.facade import Permission, Staff
from bihuan.serve.claims import service as claims
from bihuan.serve.conversations import repository as messages
from bihuan.serve.conversations import service as conversations
from bihuan.serve.conversations import stopping
from bihuan.serve.conversations.stopping import About
from bihuan.serve.enquiries import ownership
from bihuan.serve.enquiries import repository as enquiries
from bihuan.serve.enquiries import service as asking
from bihuan.serve.enquiries.row import Enquiry
from bihuan.serve.limits.repository import limits
from bihuan.serve.presence import repository as presence
from bihuan.serve.presence import service as posts
from bihuan.serve.rescue import repository, returning, rules, told, topics
from bihuan.serve.rescue.repository import Rescue
from bihuan.serve.rescue.rules import CONSENT_CHANNEL
from bihuan.understand import facade as understand

HELD_OUT = "This application is held out by the experiment; help if the customer asks."


@dataclass(frozen=True)
class Contacted:
    """The contact has gone out: the rescue, the conversation it is part of, the link that was sent along."""

    rescue: Rescue
    enquiry_id: UUID | None
    link: str | None


async def take(tx: Tx, opening_id: str, advisor: Staff, now: datetime) -> Rescue:
    """Take it from the desk; taking again what one holds does nothing.

    Raises NotFound; Conflict with the winner's name, when it is held out by the experiment, or when he is full.
    """
    numbers = await limits(tx)
    await presence.ensure(tx, await posts.post_of(tx, advisor), numbers.presence_capacity, now)
    await presence.lock(tx, advisor.id)
    seen = await within_reach(tx, opening_id, advisor)
    taken = await repository.take(
        tx, opening_id, advisor.id, advisor.branch_id, advisor.name, numbers.rescue_capacity, now
    )
    if taken is None:
        return await _not_taken(tx, opening_id, advisor)
    return await _held_by(tx, taken, advisor.id, seen.branch_id, now)


async def _held_by(tx: Tx, taken: Rescue, staff_id: UUID, before_branch: UUID | None, now: datetime) -> Rescue:
    """It has its one advisor, who owes a first contact in time."""
    numbers = await limits(tx)
    await deadlines.clear_deadline(tx, returning.OFFER, taken.id)
    await deadlines.set_deadline(tx, returning.CONTACT, taken.id, now + numbers.rescue_contact)
    await log.publish(tx, told.taken(taken, staff_id, now), now=now)
    await topics.show(tx, taken, before_branch)
    return taken


async def assign(tx: Tx, opening_id: str, by: Staff, to_id: UUID, now: datetime) -> Rescue:
    """A manager gives it to one of his people, from the desk or from whoever holds it; assigning again does nothing.

    Raises NotFound; Conflict when it is held out by the experiment, or that person is off duty or full.
    """
    seen = await within_reach(tx, opening_id, by)
    to = await people.staff_by_id(tx, to_id)
    if to is None or not to.active or not to.may(Permission.RESCUE_TAKE) or not to.sees(seen.branch_id):
        raise NotFound("staff", "There is nobody under this id who helps applicants of this branch.")
    for staff_id in sorted({to.id, seen.staff_id or to.id}):
        await presence.lock(tx, staff_id)
    held = await repository.lock_active(tx, [opening_id])
    if not held or held[0].staff_id != seen.staff_id:
        raise Conflict("moved-on", "Somebody else has it by now, or it is over; look again.")
    if held[0].state == "held":
        raise Conflict("held-out", HELD_OUT)
    if held[0].staff_id == to.id:
        return held[0]
    there = await presence.by_id(tx, to.id)
    if there is None or there.state == "offline":
        raise Conflict("off-duty", "Choose somebody who is on duty.")
    if held[0].state == "taken":
        await returning.put_back(tx, held[0], "reassigned", now)
    numbers = await limits(tx)
    taken = await repository.take(tx, opening_id, to.id, to.branch_id, to.name, numbers.rescue_capacity, now)
    if taken is None:
        raise Conflict("capacity", "He has as many rescues as he may hold; choose a colleague who has room.")
    told_whom = {"from": str(seen.staff_id) if seen.staff_id else None, "to": str(to.id)}
    await audit.record(tx, by.id, "serve:rescue:assigned", taken.id, told_whom, now)
    return await _held_by(tx, taken, to.id, seen.branch_id, now)


async def within_reach(tx: Tx, opening_id: str, staff: Staff) -> Rescue:
    """The unfinished rescue of an application within a person's scope. Raises NotFound."""
    found = await repository.active(tx, opening_id)
    if found is None or not (staff.sees(found.branch_id) or found.staff_id == staff.id):
        raise NotFound("rescue", "This application is not stuck, or not within your data scope.")
    return found


async def _not_taken(tx: Tx, opening_id: str, advisor: Staff) -> Rescue:
    rescue = await within_reach(tx, opening_id, advisor)
    if rescue.state == "taken" and rescue.staff_id == advisor.id:
        return rescue
    if rescue.state == "held":
        raise Conflict("held-out", HELD_OUT)
    if rescue.state == "taken":
        raise Conflict("taken", "Somebody else was faster.", winner=rescue.staff_name)
    raise Conflict("capacity", "Finish one of your rescues first.")


async def _mine(tx: Tx, opening_id: str, advisor: Staff) -> Rescue:
    """The rescue he has taken, locked. Raises NotFound, Conflict."""
    await within_reach(tx, opening_id, advisor)
    held = await repository.lock_active(tx, [opening_id])
    if not held or held[0].state != "taken" or held[0].staff_id != advisor.id:
        winner = held[0].staff_name if held else None
        raise Conflict("not-taken", "Take the application first.", winner=winner)
    return held[0]


async def contact(tx: Tx, opening_id: str, advisor: Staff, channel: str, text: str | None, now: datetime) -> Contacted:
    """Reach out. The first contact counts from the moment it really goes out, here, with this transaction.

    Raises NotFound, Conflict (not his, or the customer may not be contacted now), Invalid, and Stopped for words that
    must not leave.
    """
    if text is None and channel != "call":
        raise Invalid("text", "Say something.")
    await presence.lock(tx, advisor.id)
    seen = await within_reach(tx, opening_id, advisor)
    about = About(seen.customer_id, seen.branch_id, None, opening_id)
    warnings = await stopping.checked(tx, advisor, about, text, now) if text and channel != "call" else ()
    enquiry = await _conversation(tx, seen, advisor, text or "", now) if channel == "chat" else None
    rescue = await _mine(tx, opening_id, advisor)
    earlier, last_at = await repository.contacts(tx, rescue.id)
    occasion = f"rescue:{rescue.id}:{earlier + 1}"
    await stopping.reserve(tx, rescue.customer_id, CONSENT_CHANNEL[channel], occasion, now)
    step = await understand.step_of(tx, rescue.step)
    link = step.resume_link(opening_id) if step and channel != "call" else None
    if enquiry is not None and text is not None:
        await _write(tx, enquiry, advisor, text, link, warnings, now)
    done = await repository.contacted(tx, rescue, advisor.id, channel, text, enquiry.id if enquiry else None, now)
    if done is None:
        raise Conflict("not-taken", "Take the application first.")
    await deadlines.clear_deadline(tx, returning.CONTACT, done.id)
    await deadlines.set_deadline(tx, returning.OUTCOME, done.id, now + (await limits(tx)).rescue_outcome)
    if rescue.contacted_at is None or last_at is None or last_at < rescue.stalled_at:
        await log.publish(tx, told.contacted(done, advisor, channel, now), now=now)
    await topics.show(tx, done)
    return Contacted(done, enquiry.id if enquiry else None, link)


async def _conversation(tx: Tx, rescue: Rescue, advisor: Staff, text: str, now: datetime) -> Enquiry:
    """The customer's chat with this advisor: the one under way, else a new one. One customer, one advisor."""
    await enquiries.lock_customers(tx, [rescue.customer_id])
    under_way = await enquiries.active(tx, [rescue.customer_id])
    owner = await claims.owner_of(tx, advisor)
    if under_way is None:
        home = await asking.home_of(tx, rescue.customer_id)
        return await enquiries.insert_proactive(
            tx,
            owner,
            id=ids.new_id(),
            customer_id=rescue.customer_id,
            customer_label=rescue.customer_label,
            branch_id=rescue.branch_id,
            region_id=home.region_id,
            own_staff_id=home.own_staff_id,
            opening_id=rescue.opening_id,
            question=text,
            owner_id=advisor.id,
            owner_branch_id=advisor.branch_id,
            now=now,
        )
    if under_way.state == "claimed" and under_way.owner_id == advisor.id:
        return under_way
    if under_way.state == "claimed":
        winner = (under_way.owner or {}).get("name")
        raise Conflict("claimed", "A colleague is speaking with this customer.", winner=winner)
    if under_way.needs_licence and not advisor.licensed:
        raise Conflict("licence", "He has asked for advice, which only a registered investment advisor may give.")
    taken = await ownership.assign(tx, under_way.id, advisor.id, advisor.branch_id, owner, now)
    if taken is None:
        raise Conflict("claimed", "A colleague was faster.")
    return await claims.taken_over(tx, under_way, taken, advisor.id, now)


async def _write(
    tx: Tx, enquiry: Enquiry, advisor: Staff, text: str, link: str | None, warnings: tuple[str, ...], now: datetime
) -> None:
    message = await messages.say_as_staff(
        tx, enquiry.id, advisor.id, advisor.name, text, now, warnings=warnings, link=link, proactive=True
    )
    if message is None:
        raise Conflict("enquiry-closed", "This conversation has ended; try again.")
    await conversations.spoken(tx, enquiry, message, now)


async def release(tx: Tx, opening_id: str, advisor: Staff, now: datetime) -> Rescue:
    """Put it back on the desk, before any contact. Raises NotFound, Conflict."""
    rescue = await _mine(tx, opening_id, advisor)
    if rescue.contacted_at is not None:
        raise Conflict("contacted", "You have contacted the customer; say how it ended instead.")
    return await returning.put_back(tx, rescue, "released", now)


async def conclude(tx: Tx, opening_id: str, advisor: Staff, outcome: str, note: str | None, now: datetime) -> Rescue:
    """How it ended, in the advisor's words. Raises NotFound, Conflict when nobody has reached out yet."""
    rescue = await _mine(tx, opening_id, advisor)
    if not rules.may_conclude(rescue.contacted_at, outcome):
        raise Conflict("not-contacted", "Contact the customer first, or put the application back on the desk.")
    return await finish(tx, rescue, outcome, now, note=note)


async def finish(
    tx: Tx,
    rescue: Rescue,
    outcome: str,
    now: datetime,
    *,
    next_step_at: datetime | None = None,
    note: str | None = None,
) -> Rescue:
    """It is over; the log and the desks know."""
    over = await repository.finish(tx, rescue.id, outcome, now, next_step_at, note)
    if over is None:
        return rescue
    for kind in returning.KINDS:
        await deadlines.clear_deadline(tx, kind, over.id)
    await log.publish(tx, told.finished(over, now), now=now)
    await topics.show(tx, over, rescue.branch_id)
    return over
