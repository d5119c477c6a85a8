"""What the rescue hears: stalls with their arm, every turn that ends one, and customers who become others or move."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog

from bihuan.customers import facade as customers
from bihuan.customers.facts import RelationMoved, VisitorMerged
from bihuan.decide.facts import RescueAssigned
from bihuan.kit import deadlines, log
from bihuan.kit.log import TRACKED, Batch, Entry, Reaction
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.facade import Permission
from bihuan.people.facts import StaffChanged
from bihuan.serve.facts import PresenceChanged
from bihuan.serve.limits.repository import limits
from bihuan.serve.rescue import repository, returning, rules, service, told, topics
from bihuan.serve.rescue.repository import Rescue
from bihuan.understand import facade as understand
from bihuan.understand.facade import Opening
from bihuan.understand.facts import (
    OpeningAbandoned,
    OpeningAdvanced,
    OpeningIneligible,
    OpeningOpened,
    OpeningSubmitted,
)

logger = structlog.get_logger()

# Any event of the application's own shows that the applicant is back.
STEP_EVENTS = "opening:*"
# How a rescue ends by itself. An account that opens while it stands means that it came late.
ENDS = {
    OpeningAdvanced.NAME: "resumed",
    OpeningSubmitted.NAME: "resumed",
    OpeningOpened.NAME: "late",
    OpeningAbandoned.NAME: "abandoned",
    OpeningIneligible.NAME: "ineligible",
}
STEPS = (OpeningAdvanced.NAME, OpeningSubmitted.NAME)
# After these an application may be stuck again, so one that is heard of late must not end a later stall.
PASSING = (*STEPS, OpeningAbandoned.NAME)


async def react(batch: Batch, tx: Tx) -> None:
    """Stalls come to the desk, and leave it by themselves when the applicant goes on."""
    await _follow_customers(tx, batch)
    await _follow_staff(tx, batch)
    turns = [(opening_id, entry) for entry in batch.entries if (opening_id := _opening_of(entry)) is not None]
    if not turns:
        return
    opening_ids = {opening_id for opening_id, _ in turns}
    standing = {rescue.opening_id: rescue for rescue in await repository.lock_active(tx, opening_ids)}
    stalls = [opening_id for opening_id, entry in turns if entry.name == RescueAssigned.NAME]
    openings = await understand.openings(tx, stalls) if stalls else {}
    for opening_id, entry in turns:
        stands = standing.pop(opening_id, None)
        if entry.name == RescueAssigned.NAME:
            stands = await _assigned(tx, RescueAssigned.of(entry), openings.get(opening_id), stands, batch.now)
        elif stands is not None:
            stands = await _turned(tx, stands, entry, batch.now)
        if stands is not None:
            standing[opening_id] = stands
    await _went_on(tx, turns, batch.now)


def _opening_of(entry: Entry) -> str | None:
    if entry.kind == TRACKED:
        found = entry.properties.get("opening_id")
        return str(found) if entry.trusted and isinstance(found, str | int) else None
    if entry.name in ENDS or entry.name == RescueAssigned.NAME:
        return str(entry.body["opening_id"])
    return None


async def _assigned(
    tx: Tx, fact: RescueAssigned, opening: Opening | None, stands: Rescue | None, now: datetime
) -> Rescue | None:
    """A stall comes to the desk, unless the applicant has gone on since."""
    if fact.customer_id is None:
        logger.warning("a stalled opening without a customer", opening_id=fact.opening_id)
        return stands
    if opening is not None and rules.moved_on(opening.last_fact_at, fact.last_fact_at):
        return stands
    label = (await customers.labels(tx, [fact.customer_id])).get(fact.customer_id)
    state = rules.first_state(fact.arm)
    made = await repository.insert(
        tx,
        opening_id=fact.opening_id,
        customer_id=fact.customer_id,
        customer_label=label.name_masked if label else "",
        branch_id=fact.branch_id,
        step=fact.step,
        reason=fact.reason,
        experiment=fact.experiment,
        arm=fact.arm,
        state=state,
        stuck_at=fact.stuck_at,
        last_fact_at=fact.last_fact_at,
        offered_at=now if state == "open" else None,
    )
    if made is None:
        return await _again(tx, fact, stands, now) if stands is not None else None
    if made.state == "open":
        await deadlines.set_deadline(tx, returning.OFFER, made.id, now + (await limits(tx)).rescue_offer)
        await log.publish(tx, told.offered(made, now), now=now)
    await topics.show(tx, made)
    return made


async def _again(tx: Tx, fact: RescueAssigned, stands: Rescue, now: datetime) -> Rescue:
    """Stuck once more before it was over. Whoever holds it holds this stall too, so that no message goes out beside
    him.
    """
    stall = {name: getattr(fact, name) for name in ("step", "reason", "stuck_at", "last_fact_at")}
    again = await repository.stalled_again(tx, stands.id, **stall)
    if again is None:
        return stands
    if again.state == "taken" and again.staff_id is not None and again.taken_at is not None:
        await log.publish(tx, told.taken(again, again.staff_id, again.taken_at), now=now)
    await topics.show(tx, again)
    return again


async def _turned(tx: Tx, rescue: Rescue, entry: Entry, now: datetime) -> Rescue | None:
    """The applicant was heard of: he is back, or it is over. What stands afterwards."""
    if entry.kind == TRACKED:
        back = await repository.resumed(tx, rescue.id, entry.occurred_at)
        if back is not None:
            await topics.show(tx, back)
        return back or rescue
    if entry.name in PASSING and rules.late(_at(entry.body), rescue.last_fact_at):
        return rescue
    next_step_at = _at(entry.body) if entry.name in STEPS else None
    await service.finish(tx, rescue, ENDS[entry.name], now, next_step_at=next_step_at)
    return None


async def _went_on(tx: Tx, turns: Sequence[tuple[str, Entry]], now: datetime) -> None:
    """A step done soon after an advisor had put the rescue down still followed his contact, and is told so."""
    steps = {opening_id: _at(entry.body) for opening_id, entry in turns if entry.name in STEPS}
    if not steps:
        return
    window = (await limits(tx)).rescue_follow
    for rescue in await repository.put_down(tx, list(steps)):
        at = steps[rescue.opening_id]
        ends = (rescue.finished_at or now) + window
        if rescue.next_step_at is None and rules.follows(rescue.contacted_at, at, ends):
            followed = await repository.followed(tx, rescue.id, at)
            if followed is not None:
                await log.publish(tx, told.finished(followed, now), now=now)


def _at(body: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(body["at"])


async def _follow_customers(tx: Tx, batch: Batch) -> None:
    """Rescues follow their customer when he becomes known, or moves to another branch."""
    into = {fact.visitor_id: fact.into_id for fact in map(VisitorMerged.of, batch.named(VisitorMerged.NAME))}
    for rescue in await repository.of_customers(tx, into) if into else []:
        into_id = into[rescue.customer_id]
        label = (await customers.labels(tx, [into_id])).get(into_id)
        await topics.show(tx, await repository.merge(tx, rescue.id, into_id, label.name_masked if label else ""))
    moves = [fact for fact in map(RelationMoved.of, batch.named(RelationMoved.NAME)) if fact.kind == "service"]
    to = {fact.customer_id: fact.branch_id for fact in moves if fact.customer_id is not None}
    for rescue in await repository.of_customers(tx, to) if to else []:
        moved = await repository.move(tx, rescue.id, to[rescue.customer_id])
        if moved is not None:
            await topics.show(tx, moved, rescue.branch_id)


async def _follow_staff(tx: Tx, batch: Batch) -> None:
    """What lies with somebody who has left goes back to the desk."""
    changed = {StaffChanged.of(entry).staff_id for entry in batch.named(StaffChanged.NAME)}
    staff = await people.staff_by_ids(tx, changed) if changed else {}
    for staff_id in sorted(changed):
        one = staff.get(staff_id)
        if one is None or not one.active or not one.may(Permission.RESCUE_TAKE):
            await returning.dismissed(tx, staff_id, batch.now)
    for fact in map(PresenceChanged.of, batch.named(PresenceChanged.NAME)):
        if fact.state == "offline":
            await returning.gone(tx, fact.staff_id, fact.at, batch.now)


REACTION = Reaction(
    "serve.rescue",
    frozenset(
        {
            *ENDS,
            RescueAssigned.NAME,
            VisitorMerged.NAME,
            RelationMoved.NAME,
            StaffChanged.NAME,
            PresenceChanged.NAME,
            STEP_EVENTS,
        }
    ),
    react,
)
DEADLINES = {
    returning.OFFER: returning.offers_due,
    returning.CONTACT: returning.contacts_due,
    returning.OUTCOME: returning.outcomes_due,
}
