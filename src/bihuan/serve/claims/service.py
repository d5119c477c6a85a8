"""One advisor serves: he claims what he was offered, is assigned, declines or gives back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kit import audit, deadlines, log
from bihuan.kit.errors import Conflict, Forbidden, Invalid, NotFound
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.facade import Permission, Staff
from bihuan.serve.conversations import repository as messages
from bihuan.serve.dispatch import repository as offers
from bihuan.serve.dispatch import service as dispatch
from bihuan.serve.enquiries import ownership, repository, told, topics
from bihuan.serve.enquiries.row import Enquiry
from bihuan.serve.limits.repository import limits
from bihuan.serve.presence import repository as presence
from bihuan.serve.presence import topics as board


async def owner_of(tx: Tx, staff: Staff) -> dict[str, Any]:
    """What a customer sees of the person he speaks with."""
    branch = await people.branch(tx, staff.branch_id) if staff.branch_id else None
    return {
        "name": staff.name,
        "name_en": staff.name_en,
        "branch": branch.name if branch else None,
        "branch_en": branch.name_en if branch else None,
        "registration_number": staff.registration_number,
        "licensed": staff.licensed,
    }


async def claim(tx: Tx, enquiry_id: UUID, advisor: Staff, now: datetime) -> Enquiry:
    """Grab an open enquiry. Claiming again what one owns does nothing.

    Raises NotFound; Forbidden when it was never offered to him; Conflict with the winner's name, or when he is full.
    """
    await presence.lock(tx, advisor.id)
    before = await repository.by_id(tx, enquiry_id)
    if before is None:
        raise NotFound("enquiry", "There is no such enquiry.")
    owner = await owner_of(tx, advisor)
    claimed = await ownership.claim(tx, enquiry_id, advisor.id, advisor.branch_id, owner, now)
    if claimed is None:
        return await _not_claimed(tx, enquiry_id, advisor)
    return await taken_over(tx, before, claimed, advisor.id, now)


async def _not_claimed(tx: Tx, enquiry_id: UUID, advisor: Staff) -> Enquiry:
    enquiry = await repository.by_id(tx, enquiry_id)
    offer = await offers.was_offered(tx, enquiry_id, advisor.id)
    if enquiry is None or offer is None:
        raise Forbidden("never-offered", "This enquiry was not offered to you.")
    if enquiry.state == "claimed" and enquiry.owner_id == advisor.id:
        return enquiry
    if not enquiry.in_dispatch:
        winner = (enquiry.owner or {}).get("name")
        raise Conflict("claimed", "Somebody else was faster.", winner=winner, state=enquiry.state)
    if offer != "offered":
        raise Forbidden("offer-ended", "Your offer of this enquiry has ended.", offer=offer)
    raise Conflict("capacity", "Close a conversation first, or raise your capacity.")


async def assign(tx: Tx, enquiry_id: UUID, by: Staff, to_id: UUID, now: datetime) -> Enquiry:
    """A supervisor forces it upon somebody, full or not. Raises NotFound, Forbidden, Conflict when it is owned."""
    to = await people.staff_by_id(tx, to_id)
    if to is None or not to.active or not to.may(Permission.ENQUIRY_CLAIM):
        raise NotFound("staff", "There is nobody under this id who serves customers.")
    await presence.lock(tx, to.id)
    found = await repository.lock(tx, enquiry_id)
    before = found[0] if found else None
    if before is None or not by.sees(before.branch_id) or not (by.sees(to.branch_id) or to.branch_ids is None):
        raise NotFound("enquiry", "There is no such enquiry within your data scope.")
    if before.needs_licence and not to.licensed:
        raise Conflict("licence", "Only a registered investment advisor may answer this.")
    claimed = await ownership.assign(tx, enquiry_id, to.id, to.branch_id, await owner_of(tx, to), now)
    if claimed is None:
        raise Conflict("claimed", "Somebody serves this customer already.", winner=(before.owner or {}).get("name"))
    await audit.record(tx, by.id, "serve:enquiry:assigned", enquiry_id, {"to": str(to.id)}, now)
    return await taken_over(tx, before, claimed, to.id, now)


async def taken_over(tx: Tx, before: Enquiry, claimed: Enquiry, staff_id: UUID, now: datetime) -> Enquiry:
    """The enquiry has its one owner: nobody else is asked any more, and he owes an answer in time."""
    await offers.settle(tx, claimed.id, staff_id, "claimed", now)
    await topics.hide_offers(tx, claimed.id, [staff_id, *await offers.withdraw(tx, claimed.id, now)])
    await presence.claimed(tx, staff_id, now)
    await board.show_load(tx, staff_id)
    await deadlines.clear_deadline(tx, dispatch.RING, claimed.id)
    await _set_down(tx, claimed, now)
    if claimed.origin == "customer":
        await log.publish(tx, told.claimed(claimed, staff_id, now), now=now)
    await topics.show(tx, claimed, before)
    return claimed


async def _set_down(tx: Tx, claimed: Enquiry, now: datetime) -> None:
    """What is due next: his answer, or where nobody waits for one, the end of a conversation that nobody continues."""
    numbers = await limits(tx)
    owed = claimed.awaiting_since is not None
    kinds = (dispatch.SILENCE, dispatch.IDLE) if owed else (dispatch.IDLE, dispatch.SILENCE)
    await deadlines.set_deadline(
        tx, kinds[0], claimed.id, now + (numbers.enquiry_first_answer if owed else numbers.enquiry_idle)
    )
    await deadlines.clear_deadline(tx, kinds[1], claimed.id)


async def decline(tx: Tx, enquiry_id: UUID, advisor: Staff, now: datetime) -> Enquiry:
    """Not me. The next is asked; declining again does nothing. Raises NotFound, Forbidden when never offered."""
    await presence.seen(tx, [advisor.id], now)
    found = await repository.lock(tx, enquiry_id)
    if not found:
        raise NotFound("enquiry", "There is no such enquiry.")
    if await offers.decline(tx, enquiry_id, advisor.id, now):
        await topics.hide_offers(tx, enquiry_id, [advisor.id])
        return await dispatch.left_over(tx, found[0], now)
    if await offers.was_offered(tx, enquiry_id, advisor.id) is None:
        raise Forbidden("never-offered", "This enquiry was not offered to you.")
    return found[0]


async def release(tx: Tx, enquiry_id: UUID, advisor: Staff, now: datetime) -> Enquiry:
    """The owner gives it back: somebody else is looked for. Raises NotFound, Forbidden, Conflict."""
    await presence.lock(tx, advisor.id)
    found = await repository.lock(tx, enquiry_id)
    if not found or not await topics.may_read(tx, advisor, found[0]):
        raise NotFound("enquiry", "There is no such enquiry within your data scope.")
    if found[0].owner_id != advisor.id or found[0].state != "claimed":
        raise Forbidden("not-owner", "Only the advisor who holds an enquiry gives it back.")
    await _asked_something(tx, found[0])
    stands = await dispatch.give_back(tx, found[0], "released", now)
    await dispatch.pull(tx, advisor.id, now)
    return stands


async def _asked_something(tx: Tx, enquiry: Enquiry) -> None:
    """Nobody is looked for on behalf of a customer who has said nothing. Raises Conflict."""
    if enquiry.origin == "rescue" and not await messages.customer_spoke(tx, enquiry.id, enquiry.asked_at):
        raise Conflict("not-asked", "The customer has not said anything; close the conversation instead.")


async def transfer(
    tx: Tx, enquiry_id: UUID, by: Staff, to_id: UUID | None, branch_id: UUID | None, note: str | None, now: datetime
) -> Enquiry:
    """The owner, or a supervisor for him, hands a conversation to a colleague, to a branch, or to whoever is free.

    Raises NotFound, Forbidden, Invalid; Conflict when it is not held any more, or the colleague cannot take it.
    """
    if to_id is not None and branch_id is not None:
        raise Invalid("transfer", "Name a colleague or a branch, not both.")
    seen = await repository.by_id(tx, enquiry_id)
    for staff_id in sorted({one for one in (to_id, seen.owner_id if seen else None) if one is not None}):
        await presence.lock(tx, staff_id)
    before = await _held(tx, enquiry_id, by, seen.owner_id if seen else None)
    await _asked_something(tx, before)
    if to_id is None:
        if branch_id is not None and ((branch := await people.branch(tx, branch_id)) is None or not branch.active):
            raise NotFound("branch", "There is no such branch.")
        stands = await dispatch.give_back(tx, before, "transferred", now, note=note, branch_id=branch_id)
    else:
        stands = await _to_colleague(tx, before, by, to_id, note, now)
    told_whom = {"to": str(to_id) if to_id else None, "branch": str(branch_id) if branch_id else None}
    await audit.record(tx, by.id, "serve:enquiry:transferred", enquiry_id, told_whom, now)
    if before.owner_id is not None:
        await dispatch.pull(tx, before.owner_id, now)
    return stands


async def _held(tx: Tx, enquiry_id: UUID, by: Staff, owner_id: UUID | None) -> Enquiry:
    """The enquiry that `owner_id` holds and `by` may hand on, locked."""
    found = await repository.lock(tx, enquiry_id)
    if not found or not await topics.may_read(tx, by, found[0]):
        raise NotFound("enquiry", "There is no such enquiry within your data scope.")
    if found[0].state != "claimed" or found[0].owner_id != owner_id:
        raise Conflict("not-held", "Nobody holds this enquiry, or somebody else does by now; look again.")
    if by.id != owner_id and not by.may(Permission.ENQUIRY_SUPERVISE):
        raise Forbidden("not-owner", "Only the advisor who holds an enquiry, or a supervisor, hands it on.")
    return found[0]


async def _to_colleague(tx: Tx, before: Enquiry, by: Staff, to_id: UUID, note: str | None, now: datetime) -> Enquiry:
    to = await people.staff_by_id(tx, to_id)
    if to is None or not to.active or not to.may(Permission.ENQUIRY_CLAIM):
        raise NotFound("staff", "There is nobody under this id who serves customers.")
    if not (by.sees(to.branch_id) or to.branch_ids is None):
        raise NotFound("staff", "There is no such colleague within your data scope.")
    handover = dispatch.handover(before, "transferred", note, now)
    owner = await owner_of(tx, to)
    handed = await ownership.transfer(tx, before, (to.id, to.branch_id), owner, handover, now)
    if handed is None or before.owner_id is None:
        raise await _cannot_take(tx, before, to)
    await offers.settle(tx, before.id, before.owner_id, "declined", now)
    await log.publish(tx, told.returned(before, before.owner_id, "transferred", now), now=now)
    if before.origin != handed.origin:
        await log.publish(tx, told.asked(handed), now=now)
    await board.show_load(tx, before.owner_id)
    return await taken_over(tx, before, handed, to.id, now)


async def _cannot_take(tx: Tx, enquiry: Enquiry, to: Staff) -> Conflict:
    """Why a colleague was not given an enquiry that is still held."""
    there = await presence.by_id(tx, to.id)
    if to.id == enquiry.owner_id:
        return Conflict("held", "He holds it already.")
    if there is None or there.state != "online":
        return Conflict("not-online", "Choose a colleague who is online.")
    if enquiry.needs_licence and not there.licensed:
        return Conflict("licence", "Only a registered investment advisor may answer this.")
    return Conflict("capacity", "He has no room for another conversation; choose a colleague who has.")
