"""Coming and going. Whoever comes is offered what waits; whoever goes leaves nothing lying."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kit import deadlines, log
from bihuan.kit.deadlines import Deadline
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.facade import Role, Staff
from bihuan.serve.dispatch import repository as offers
from bihuan.serve.dispatch import service as dispatch
from bihuan.serve.enquiries import repository as enquiries
from bihuan.serve.enquiries import topics
from bihuan.serve.facts import PresenceChanged
from bihuan.serve.limits.repository import limits
from bihuan.serve.presence import repository
from bihuan.serve.presence import topics as board
from bihuan.serve.presence.repository import Presence

SILENCE = "serve.presence"


async def post_of(tx: Tx, staff: Staff) -> dict[str, Any]:
    """What dispatch must know of a member of staff, as it is today."""
    branch = await people.branch(tx, staff.branch_id) if staff.branch_id else None
    return {
        "staff_id": staff.id,
        "name": staff.name,
        "registration_number": staff.registration_number,
        "branch_id": staff.branch_id,
        "region_id": branch.region_id if branch else staff.region_id,
        "service_centre": Role.SERVICE_AGENT in staff.roles,
        "licensed": staff.licensed,
    }


async def say(tx: Tx, staff: Staff, state: str, capacity: int | None, now: datetime) -> Presence:
    """What an advisor says of himself. Repeating it is a sign of life, and costs next to nothing."""
    post = await post_of(tx, staff)
    known = await repository.by_id(tx, staff.id)
    if known is not None and says_nothing_new(known, post, state, capacity):
        await repository.seen(tx, [staff.id], now)
        return known
    numbers = await limits(tx)
    await repository.ensure(tx, post, numbers.presence_capacity, now)
    before = await repository.lock(tx, staff.id)
    after = await repository.set_state(tx, post, state, capacity, now)
    if state != "offline":
        await deadlines.set_deadline(tx, SILENCE, staff.id, now + numbers.presence_silence)
    if before is None or before.state != state:
        await _changed(tx, after, "chosen", now)
    if state == "online":
        await dispatch.pull(tx, staff.id, now)
    elif before is not None and before.state != state:
        await _let_go(tx, after, await _lying_with(tx, after.staff_id, gone=state == "offline"), now)
    await board.show(tx, after, before.branch_id if before else None)
    return after


def says_nothing_new(known: Presence, post: dict[str, Any], state: str, capacity: int | None) -> bool:
    """Whether all this is known already."""
    same_post = all(getattr(known, name) == value for name, value in post.items())
    return same_post and known.state == state and capacity in (None, known.capacity) and known.left_at is None


async def _changed(tx: Tx, presence: Presence, reason: str, now: datetime) -> None:
    await repository.keep_shift(tx, presence, now)
    if presence.state == "offline":
        await deadlines.clear_deadline(tx, SILENCE, presence.staff_id)
    fact = PresenceChanged(
        customer_id=None,
        staff_id=presence.staff_id,
        branch_id=presence.branch_id,
        state=presence.state,
        reason=reason,
        at=now,
    )
    await log.publish(tx, fact, now=now)


async def _lying_with(tx: Tx, staff_id: UUID, *, gone: bool) -> list[UUID]:
    """What must not stay with somebody who is away: his offers; and when he is gone, whom he owes an answer."""
    offered = await offers.offers_of_staff(tx, staff_id)
    return sorted({*offered, *(await enquiries.unanswered_of(tx, staff_id) if gone else [])})


async def _let_go(tx: Tx, presence: Presence, lying: Sequence[UUID], now: datetime) -> None:
    """Give all of it to others. His presence row is locked, so nothing new comes to him meanwhile."""
    held = await enquiries.lock(tx, *lying)
    withdrawn = await offers.withdraw_of_staff(tx, presence.staff_id, [enquiry.id for enquiry in held], now)
    for enquiry in held:
        if enquiry.id in withdrawn:
            await topics.hide_offers(tx, enquiry.id, [presence.staff_id])
            await dispatch.left_over(tx, enquiry, now)
        elif enquiry.owner_id == presence.staff_id and enquiry.awaiting_since is not None:
            await dispatch.give_back(tx, enquiry, "offline", now)


async def gone(tx: Tx, presence: Presence, lying: Sequence[UUID], reason: str, now: datetime) -> None:
    """The product found out by itself that he is not there. His presence row is locked."""
    after = await repository.set_offline(tx, presence.staff_id, now)
    await _changed(tx, after, reason, now)
    await _let_go(tx, after, lying, now)
    await board.show(tx, after, presence.branch_id)


async def post_changed(tx: Tx, staff: Staff, now: datetime) -> None:
    """His branch, licence or name is another one; whether he is there stays as it is."""
    presence = await repository.lock(tx, staff.id)
    if presence is not None and presence.state != "offline":
        after = await repository.set_state(tx, await post_of(tx, staff), presence.state, None, presence.last_seen)
        await board.show(tx, after, presence.branch_id)


async def dismissed(tx: Tx, staff_id: UUID, now: datetime) -> None:
    """He may not serve customers any more."""
    presence = await repository.lock(tx, staff_id)
    if presence is not None and presence.state != "offline":
        await gone(tx, presence, await _lying_with(tx, staff_id, gone=True), "dismissed", now)


async def left(tx: Tx, staff_id: UUID, now: datetime) -> None:
    """His last live connection has ended; unless he is seen again soon he is offline."""
    presence = await repository.left(tx, staff_id, now)
    if presence is not None:
        await deadlines.set_deadline(tx, SILENCE, staff_id, now + (await limits(tx)).presence_grace)


async def silences_due(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
    """Nothing was heard of an advisor for too long, or his connection did not come back."""
    numbers = await limits(tx)
    for deadline in due:
        staff_id = UUID(deadline.subject)
        presence = await repository.lock_free(tx, staff_id)
        if presence is None:
            if await repository.by_id(tx, staff_id) is not None:
                await deadlines.set_deadline(tx, SILENCE, staff_id, now + dispatch.SOON)
            continue
        if presence.state == "offline":
            continue
        ends = presence.last_seen + numbers.presence_silence
        if presence.left_at is not None:
            ends = min(ends, presence.left_at + numbers.presence_grace)
        if ends > now:
            await deadlines.set_deadline(tx, SILENCE, staff_id, ends)
            continue
        lying = await _lying_with(tx, staff_id, gone=True)
        if len(await enquiries.lock_free(tx, lying)) < len(lying):
            await deadlines.set_deadline(tx, SILENCE, staff_id, now + dispatch.SOON)
            continue
        await gone(tx, presence, lying, "silent" if presence.left_at is None else "disconnected", now)
