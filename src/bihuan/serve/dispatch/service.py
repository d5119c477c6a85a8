"""Looking for somebody: offers ring by ring, back again after silence, pulled when somebody becomes free.

Locks are always taken in one order, presence before enquiry before offer; whoever holds an enquiry never waits for
a presence, and whoever fires a deadline never waits at all.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.kit import deadlines, log
from bihuan.kit.deadlines import Deadline
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.serve.dispatch import repository
from bihuan.serve.dispatch.rules import Candidate, Move, Ring, Wanted, advance, may_pull
from bihuan.serve.enquiries import repository as enquiries
from bihuan.serve.enquiries import told, topics
from bihuan.serve.enquiries.row import Enquiry
from bihuan.serve.limits.repository import limits
from bihuan.serve.presence import topics as board

RING = "serve.ring"
SILENCE = "serve.silence"
IDLE = "serve.idle"

SOON = timedelta(seconds=1)  # when a row was busy


async def begin(tx: Tx, enquiry: Enquiry, now: datetime) -> Enquiry:
    """From the bot to people: the first ring is asked."""
    waiting = await enquiries.to_dispatch(tx, enquiry.id, "person", now)
    if waiting is None:
        return enquiry
    await deadlines.clear_deadline(tx, IDLE, enquiry.id)
    return await widen(tx, waiting, now, before=enquiry)


async def restart(tx: Tx, enquiry: Enquiry, now: datetime) -> Enquiry:
    """Nobody who was asked is asked any more, and the first ring is asked again. The row is locked."""
    await topics.hide_offers(tx, enquiry.id, await repository.withdraw(tx, enquiry.id, now))
    waiting = await enquiries.restart(tx, enquiry.id, now)
    return enquiry if waiting is None else await widen(tx, waiting, now, before=enquiry)


async def to_licensed(tx: Tx, enquiry: Enquiry, now: datetime) -> Enquiry:
    """A waiting enquiry has become one of advice: only registered advisors are asked. The row is locked."""
    await topics.hide_offers(tx, enquiry.id, await repository.withdraw_unlicensed(tx, enquiry.id, now))
    return enquiry if await repository.offered_to(tx, enquiry.id) else await restart(tx, enquiry, now)


async def widen(tx: Tx, enquiry: Enquiry, now: datetime, *, before: Enquiry | None = None) -> Enquiry:
    """The next move of a waiting enquiry, whose row is locked."""
    rings = await repository.rings(tx)
    wanted = await wanted_of(tx, enquiry)
    move, staff_ids = await _next_move(tx, rings, wanted, enquiry, now)
    if staff_ids:
        return await _offer(tx, enquiry, before, rings, move, staff_ids, now)
    if not move.callback_owed:
        moved = await enquiries.set_ring(tx, enquiry.id, move.position, move.until, None)
        return await _waits(tx, enquiry, before, moved, move.until)
    retry = now + (await limits(tx)).enquiry_callback_retry
    if enquiry.state == "callback_owed":
        return await _waits(tx, enquiry, before, enquiry, retry)
    owed = await enquiries.owe_callback(tx, enquiry.id, move.position, retry, now)
    if owed is not None:
        await log.publish(tx, told.owed(owed, now), now=now)
    return await _waits(tx, enquiry, before, owed, retry)


async def _next_move(
    tx: Tx, rings: Sequence[Ring], wanted: Wanted, enquiry: Enquiry, now: datetime
) -> tuple[Move, tuple[UUID, ...]]:
    candidates = await repository.candidates(tx)
    asked_at = enquiry.dispatched_at or now
    while True:
        move = advance(rings, wanted, candidates, enquiry.ring or 0, asked_at, now)
        staff_ids = await repository.hold(tx, move.staff_ids) if move.staff_ids else ()
        if staff_ids or not move.staff_ids:
            return move, staff_ids
        # All of them are going offline or claiming at this very moment.
        candidates = [c for c in candidates if c.staff_id not in move.staff_ids]


async def _offer(
    tx: Tx,
    enquiry: Enquiry,
    before: Enquiry | None,
    rings: Sequence[Ring],
    move: Move,
    staff_ids: tuple[UUID, ...],
    now: datetime,
) -> Enquiry:
    offered = await repository.offer(tx, enquiry.id, move.position, staff_ids, now)
    moved = await enquiries.set_ring(tx, enquiry.id, move.position, move.until, now)
    name = next(ring.name for ring in rings if ring.position == move.position)
    await log.publish(tx, told.offered(moved or enquiry, name, tuple(offered), now), now=now)
    return await _waits(tx, enquiry, before, moved, move.until)


async def _waits(
    tx: Tx, enquiry: Enquiry, before: Enquiry | None, moved: Enquiry | None, until: datetime | None
) -> Enquiry:
    stands = moved or enquiry
    if until is not None:
        await deadlines.set_deadline(tx, RING, stands.id, until)
    await topics.show(tx, stands, before or enquiry)
    return stands


async def wanted_of(tx: Tx, enquiry: Enquiry) -> Wanted:
    """What the enquiry asks of an advisor. Who declined or was silent is asked again once a call back is owed."""
    offers = await repository.offers(tx, enquiry.id)
    sent_to = await people.branch(tx, enquiry.wanted_branch_id) if enquiry.wanted_branch_id else None
    passed = {
        offer.staff_id
        for offer in offers
        if offer.state in ("declined", "silent") and offer.ended_at is not None and offer.ended_at >= enquiry.asked_at
    }
    return Wanted(
        own_staff_id=None if sent_to else enquiry.own_staff_id,
        branch_id=sent_to.id if sent_to else enquiry.branch_id,
        region_id=sent_to.region_id if sent_to else enquiry.region_id,
        needs_licence=enquiry.needs_licence,
        passed_over=frozenset() if enquiry.state == "callback_owed" else frozenset(passed),
        offered=frozenset(offer.staff_id for offer in offers if offer.state == "offered"),
    )


def handover(enquiry: Enquiry, reason: str, note: str | None, now: datetime) -> dict[str, object]:
    """What the next owner sees of the one before."""
    name = (enquiry.owner or {}).get("name")
    return {"staff_id": enquiry.owner_id, "name": name, "reason": reason, "note": note, "at": now}


async def give_back(
    tx: Tx, enquiry: Enquiry, reason: str, now: datetime, *, note: str | None = None, branch_id: UUID | None = None
) -> Enquiry:
    """Its owner is `silent`, went `offline`, `released` or `transferred` it, or lacks the `licence`: somebody else is
    looked for, at the home of the customer or in the branch that is named. The row is locked.
    """
    told_next = handover(enquiry, reason, note, now)
    waiting = await enquiries.to_dispatch(tx, enquiry.id, reason, now, told_next, branch_id)
    if waiting is None or enquiry.owner_id is None:
        return enquiry
    ended = "withdrawn" if reason in ("offline", "licence") else "silent"
    await repository.settle(tx, enquiry.id, enquiry.owner_id, ended, now)
    await deadlines.clear_deadline(tx, SILENCE, enquiry.id)
    await deadlines.clear_deadline(tx, IDLE, enquiry.id)
    await board.show_load(tx, enquiry.owner_id)
    await log.publish(tx, told.returned(enquiry, enquiry.owner_id, reason, now), now=now)
    if enquiry.origin != waiting.origin:
        await log.publish(tx, told.asked(waiting), now=now)
    return await widen(tx, waiting, now, before=enquiry)


async def left_over(tx: Tx, enquiry: Enquiry, now: datetime) -> Enquiry:
    """One who was offered it is out. When nobody else holds an offer the next ring is asked at once."""
    if not enquiry.in_dispatch or await repository.offered_to(tx, enquiry.id):
        return enquiry
    return await widen(tx, enquiry, now)


async def pull(tx: Tx, staff_id: UUID, now: datetime) -> int:
    """Offer what waits to somebody who came online or became free; how many. His presence row is locked."""
    found = await repository.candidates(tx, staff_id)
    if not found:
        return 0
    rings = await repository.rings(tx)
    pulled, room = 0, _room(found[0])
    for enquiry_id in await repository.waiting_for(tx, staff_id):
        if pulled >= room:
            break
        for enquiry in await enquiries.lock_free(tx, [enquiry_id]):
            wanted = await wanted_of(tx, enquiry)
            if enquiry.in_dispatch and may_pull(rings, enquiry.ring or 0, wanted, found[0]):
                await _offer_to_one(tx, enquiry, staff_id, now)
                pulled += 1
    return pulled


def _room(candidate: Candidate) -> int:
    return candidate.spare - candidate.offers


async def _offer_to_one(tx: Tx, enquiry: Enquiry, staff_id: UUID, now: datetime) -> None:
    offered = await repository.offer(tx, enquiry.id, enquiry.ring or 0, (staff_id,), now)
    stands = await enquiries.set_ring(tx, enquiry.id, enquiry.ring or 0, enquiry.ring_until, now) or enquiry
    await log.publish(tx, told.offered(stands, "pulled", tuple(offered), now), now=now)
    await topics.show(tx, stands, enquiry)


async def rings_due(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
    """The patience of a ring is over."""
    for enquiry in await locked_of(tx, due, now):
        if enquiry.in_dispatch:
            await widen(tx, enquiry, now)


async def silences_due(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
    """A customer has waited too long for the advisor who claimed him."""
    numbers = await limits(tx)
    for enquiry in await locked_of(tx, due, now):
        if enquiry.state != "claimed" or enquiry.awaiting_since is None:
            continue
        until = silent_at(enquiry, numbers.enquiry_first_answer, numbers.enquiry_answer)
        if until <= now:
            await give_back(tx, enquiry, "silent", now)
        else:
            await deadlines.set_deadline(tx, SILENCE, enquiry.id, until)


def silent_at(enquiry: Enquiry, first_answer: timedelta, answer: timedelta) -> datetime:
    """When the owner counts as silent: soon after a claim, later inside a conversation."""
    claimed_at, awaiting_since = enquiry.claimed_at or enquiry.last_at, enquiry.awaiting_since or enquiry.last_at
    return claimed_at + first_answer if awaiting_since <= claimed_at else awaiting_since + answer


async def locked_of(tx: Tx, due: Sequence[Deadline], now: datetime) -> list[Enquiry]:
    """The enquiries of deadlines, locked; those that are busy come again in a second."""
    ids = [UUID(deadline.subject) for deadline in due]
    found = await enquiries.lock_free(tx, ids)
    busy = set(ids) - {enquiry.id for enquiry in found}
    if busy:
        await deadlines.set_deadlines(tx, due[0].kind, [(enquiry_id, now + SOON) for enquiry_id in busy])
    return found
