"""An advisor rescues a stuck application: he takes it, reaches out, and says how it ended.

The arm of the experiment governs outbound contact only; whoever asks in the chat is served in every arm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.comply import facade as comply
from bihuan.kit import deadlines, ids, log
from bihuan.kit.deadlines import Deadline
from bihuan.kit.errors import Conflict, Invalid, NotFound
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Staff
from bihuan.serve.claims import service as claims
from bihuan.serve.conversations import repository as messages
from bihuan.serve.conversations import service as conversations
from bihuan.serve.conversations.service import About
from bihuan.serve.dispatch.service import SOON
from bihuan.serve.enquiries import repository as enquiries
from bihuan.serve.enquiries import service as asking
from bihuan.serve.enquiries.repository import Enquiry
from bihuan.serve.facts import RescueContacted, RescueFinished, RescueReleased, RescueTaken
from bihuan.serve.knowledge.rules import ADVICE
from bihuan.serve.limits.repository import limits
from bihuan.serve.presence import repository as presence
from bihuan.serve.presence import service as posts
from bihuan.serve.rescue import repository, topics
from bihuan.serve.rescue.repository import Rescue
from bihuan.serve.rescue.rules import CONSENT_CHANNEL
from bihuan.understand import facade as understand

OFFER = "serve.rescue_offer"
CONTACT = "serve.rescue_contact"


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
    await deadlines.clear_deadline(tx, OFFER, taken.id)
    await deadlines.set_deadline(tx, CONTACT, taken.id, now + numbers.rescue_contact)
    fact = RescueTaken(
        customer_id=taken.customer_id,
        rescue_id=taken.id,
        opening_id=taken.opening_id,
        branch_id=taken.branch_id,
        step=taken.step,
        staff_id=advisor.id,
        staff_branch_id=advisor.branch_id,
        stuck_at=taken.stuck_at,
        taken_at=now,
    )
    await log.publish(tx, fact, now=now)
    await topics.show(tx, taken, seen.branch_id)
    return taken


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
        raise Conflict("held-out", "This application is held out by the experiment; help if the customer asks.")
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
    warnings = await conversations.checked(tx, advisor, about, text, now) if text and channel != "call" else ()
    enquiry = await _conversation(tx, seen, advisor, text or "", now) if channel == "chat" else None
    rescue = await _mine(tx, opening_id, advisor)
    await _reserve(tx, rescue, channel, now)
    step = await understand.step_of(tx, rescue.step)
    link = step.resume_link(opening_id) if step and channel != "call" else None
    if enquiry is not None and text is not None:
        await _write(tx, enquiry, advisor, text, link, warnings, now)
    done = await repository.contacted(tx, rescue, advisor.id, channel, text, enquiry.id if enquiry else None, now)
    if done is None:
        raise Conflict("not-taken", "Take the application first.")
    await deadlines.clear_deadline(tx, CONTACT, done.id)
    if rescue.contacted_at is None:
        await log.publish(tx, _contacted(done, advisor, channel, now), now=now)
    await topics.show(tx, done)
    return Contacted(done, enquiry.id if enquiry else None, link)


async def _reserve(tx: Tx, rescue: Rescue, channel: str, now: datetime) -> None:
    occasion = f"rescue:{rescue.id}:{await repository.contacts(tx, rescue.id) + 1}"
    reserved = await comply.reserve_contact(tx, rescue.customer_id, CONSENT_CHANNEL[channel], "service", now, occasion)
    if isinstance(reserved, comply.Refused):
        until = reserved.until.isoformat() if reserved.until else None
        detail = "The customer may not be contacted in this way now; `reason` says why, `until` for how long."
        raise Conflict("contact-refused", detail, reason=reserved.reason, until=until)


def _contacted(rescue: Rescue, advisor: Staff, channel: str, now: datetime) -> RescueContacted:
    return RescueContacted(
        customer_id=rescue.customer_id,
        rescue_id=rescue.id,
        opening_id=rescue.opening_id,
        branch_id=rescue.branch_id,
        step=rescue.step,
        staff_id=advisor.id,
        staff_branch_id=advisor.branch_id,
        channel=channel,
        stuck_at=rescue.stuck_at,
        contacted_at=now,
    )


async def _conversation(tx: Tx, rescue: Rescue, advisor: Staff, text: str, now: datetime) -> Enquiry:
    """The customer's chat with this advisor: the one under way, else a new one. One customer, one advisor."""
    await enquiries.lock_customer(tx, rescue.customer_id)
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
    if under_way.topic == ADVICE and not advisor.licensed:
        raise Conflict("licence", "He has asked for advice, which only a registered investment advisor may give.")
    taken = await enquiries.assign(tx, under_way.id, advisor.id, advisor.branch_id, owner, now)
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
    return await _put_back(tx, rescue, "released", now)


async def _put_back(tx: Tx, rescue: Rescue, reason: str, now: datetime) -> Rescue:
    assert rescue.staff_id is not None  # noqa: S101  (it is taken)
    back = await repository.put_back(tx, rescue.id, rescue.staff_id)
    if back is None:
        return rescue
    await deadlines.clear_deadline(tx, CONTACT, back.id)
    await deadlines.set_deadline(tx, OFFER, back.id, now + (await limits(tx)).rescue_offer)
    fact = RescueReleased(
        customer_id=back.customer_id,
        rescue_id=back.id,
        opening_id=back.opening_id,
        branch_id=back.branch_id,
        staff_id=rescue.staff_id,
        reason=reason,
        at=now,
    )
    await log.publish(tx, fact, now=now)
    await topics.show(tx, back)
    return back


async def conclude(tx: Tx, opening_id: str, advisor: Staff, outcome: str, note: str | None, now: datetime) -> Rescue:
    """How it ended, in the advisor's words. Raises NotFound, Conflict."""
    rescue = await _mine(tx, opening_id, advisor)
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
    await deadlines.clear_deadline(tx, OFFER, over.id)
    await deadlines.clear_deadline(tx, CONTACT, over.id)
    await log.publish(tx, finished(over, now), now=now)
    await topics.show(tx, over, rescue.branch_id)
    return over


def finished(rescue: Rescue, now: datetime) -> RescueFinished:
    """The fact, with all times an assist is judged by."""
    return RescueFinished(
        customer_id=rescue.customer_id,
        rescue_id=rescue.id,
        opening_id=rescue.opening_id,
        branch_id=rescue.branch_id,
        step=rescue.step,
        arm=rescue.arm,
        staff_id=rescue.staff_id,
        staff_branch_id=rescue.staff_branch_id,
        outcome=rescue.outcome or "other",
        stuck_at=rescue.stuck_at,
        taken_at=rescue.taken_at,
        contacted_at=rescue.contacted_at,
        resumed_at=rescue.resumed_at,
        next_step_at=rescue.next_step_at,
        at=now,
    )


async def offers_due(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
    """Nobody has taken it: supervisors are warned."""
    for rescue in await _locked_of(tx, due, now):
        overdue = await repository.overdue(tx, rescue.id, now)
        if overdue is not None:
            await topics.show(tx, overdue)


async def contacts_due(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
    """Taken, and the customer not contacted: it goes back to the desk."""
    for rescue in await _locked_of(tx, due, now):
        if rescue.state == "taken" and rescue.contacted_at is None:
            await _put_back(tx, rescue, "silent", now)


async def _locked_of(tx: Tx, due: Sequence[Deadline], now: datetime) -> list[Rescue]:
    ids = [UUID(deadline.subject) for deadline in due]
    found = await repository.lock_free(tx, ids)
    busy = set(ids) - {rescue.id for rescue in found}
    if busy:
        await deadlines.set_deadlines(tx, due[0].kind, [(rescue_id, now + SOON) for rescue_id in busy])
    return found
