"""Openings: take in events, keep each application's row right, tell its turns and its silences."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.customers import facade as customers
from bihuan.kit import deadlines, log
from bihuan.kit.postgres import Tx
from bihuan.kit.time import TradingCalendar
from bihuan.people import facade as people
from bihuan.understand.openings import desk, news, repository, rules
from bihuan.understand.openings.course import Course, WitnessHours, windows_of
from bihuan.understand.openings.folding import fold_all
from bihuan.understand.openings.repository import Opening, Setting
from bihuan.understand.openings.rules import Event, OpeningState

SILENCE = "understand.stuck"
# A sweeper that finds an application held by a lane, or a lane behind, looks again after this.
_HELD = timedelta(seconds=1)


@dataclass(frozen=True)
class Frame:
    """What the state of an application depends on besides its events."""

    course: Course
    setting: Setting
    now: datetime


async def frame(tx: Tx, calendar: TradingCalendar, now: datetime) -> Frame:
    """The frame in which events are to be folded at `now`."""
    setting = await repository.setting(tx)
    hours = WitnessHours(calendar, windows_of(setting.witness_hours))
    return Frame(Course(await repository.steps(tx), hours), setting, now)


async def take(tx: Tx, seen: Frame, arrived: Mapping[str, Collection[Event]], touched: Collection[str]) -> None:
    """Take in events by application, and look again at applications touched by other news (a merge, a move).

    Publishes each turning point once: those that all events together have and those stored before had not.
    """
    await repository.lock(tx, touched, new=arrived.keys())
    known = await repository.events(tx, {*touched, *arrived})
    shown = await repository.openings(tx, known)
    await repository.add_events(tx, arrived)
    together = {opening_id: [*stored, *arrived.get(opening_id, ())] for opening_id, stored in known.items()}
    states = fold_all(together, seen.course)
    openings = await rows(tx, states, seen)
    await repository.store(tx, openings.values())
    before = fold_all(known, seen.course)
    told = [
        fact
        for opening_id, state in states.items()
        for fact in news.of_turns(openings[opening_id], rules.new_turns(before.get(opening_id), state))
    ]
    await log.publish(tx, *news.in_order(told), now=seen.now)
    await after(tx, seen, shown, openings)


async def fall_silent(tx: Tx, seen: Frame, ids: Collection[str]) -> None:
    """The clocks of these applications ran out: tell of each silence once, whatever was published before.

    What a lane holds at the moment is put off: that lane may be about to break the silence. So is what ran out while
    entries that had come before lie unread: the next step may be among them, as after a worker's rest.
    """
    shown = await repository.openings(tx, ids)
    held = await repository.lock_free(tx, _heard_out(shown, await repository.unread_since(tx), seen))
    await deadlines.set_deadlines(tx, SILENCE, [(opening_id, seen.now + _HELD) for opening_id in shown.keys() - held])
    known = await repository.events(tx, held)
    openings = await rows(tx, fold_all(known, seen.course), seen)
    await repository.store(tx, openings.values())
    announced = seen.now - seen.setting.told_within
    stuck = [o for o in openings.values() if o.stuck_since is not None and o.stuck_since >= announced]
    gone = [o for o in openings.values() if o.state == "abandoned"]
    told = [
        *map(news.of_stall, await repository.tell(tx, "stuck", stuck, seen.now)),
        *map(news.of_end, await repository.tell(tx, "abandoned", gone, seen.now)),
    ]
    await log.publish(tx, *told, now=seen.now)
    await _watch(tx, openings.values(), seen, swept=True)
    await desk.show(tx, shown, openings)


def _heard_out(shown: Mapping[str, Opening], unread: datetime | None, seen: Frame) -> set[str]:
    """The applications whose lanes have read everything that came in before their clocks ran out."""
    ends = {
        opening_id: rules.ran_out(opening.stuck_at, opening.last_fact_at + seen.setting.abandoned_after, seen.now)
        for opening_id, opening in shown.items()
    }
    return {opening_id for opening_id, end in ends.items() if unread is None or end is None or end < unread}


async def after(tx: Tx, seen: Frame, before: Mapping[str, Opening], openings: Mapping[str, Opening]) -> None:
    """What follows from new rows: when to look again, and what the desk shows."""
    await _watch(tx, openings.values(), seen, swept=False)
    gone = before.keys() - openings.keys()
    if gone:
        await deadlines.clear_deadline(tx, SILENCE, *sorted(gone))
    await desk.show(tx, before, openings)


async def _watch(tx: Tx, openings: Collection[Opening], seen: Frame, *, swept: bool) -> None:
    """Set down when to look at each application next: when its clock runs out, then when nobody waits any more."""
    due: list[tuple[object, datetime]] = []
    for opening in openings:
        if opening.state in rules.WAITING or opening.state == "abandoned":
            moments = [opening.stuck_at, opening.last_fact_at + seen.setting.abandoned_after]
            ahead = [at for at in moments if at is not None and not (swept and at <= seen.now)]
            due += [(opening.opening_id, min(ahead))] if ahead else []
    await deadlines.set_deadlines(tx, SILENCE, due)
    over = {opening.opening_id for opening in openings} - {opening_id for opening_id, _ in due}
    if over:
        await deadlines.clear_deadline(tx, SILENCE, *sorted(over))


# --- rows ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Known:
    """What other rooms know of the people behind applications."""

    canonical: Mapping[UUID, UUID]
    by_code: Mapping[str, UUID]
    serving: Mapping[UUID, UUID | None]

    def customer(self, state: OpeningState) -> UUID | None:
        found = state.customer_id
        return self.canonical.get(found, found) if found else None

    def branch(self, state: OpeningState) -> UUID | None:
        chosen, customer_id = self.by_code.get(state.chosen_branch or ""), self.customer(state)
        return chosen or (self.serving.get(customer_id) if customer_id else None)


async def _known(tx: Tx, states: Collection[OpeningState]) -> _Known:
    canonical = await customers.canonical(tx, [state.customer_id for state in states if state.customer_id])
    by_code = {branch.code: branch.id for branch in await people.branches(tx)}
    found = _Known(canonical, by_code, {})
    homeless = {found.customer(state) for state in states if state.chosen_branch not in by_code} - {None}
    return _Known(canonical, by_code, await customers.branch_of(tx, [c for c in homeless if c]))


async def rows(tx: Tx, states: Mapping[str, OpeningState], seen: Frame) -> dict[str, Opening]:
    """The rows of these applications at the frame's time, with customer and branch as they are known now."""
    known = await _known(tx, states.values())
    return {opening_id: _row(opening_id, state, known, seen) for opening_id, state in states.items()}


def _row(opening_id: str, state: OpeningState, known: _Known, seen: Frame) -> Opening:
    over = rules.abandoned_at(state, seen.setting.abandoned_after)
    abandoned = over is not None and seen.now >= over
    due = rules.stuck_at(state, seen.course)
    stuck = due is not None and seen.now >= due
    return Opening(
        opening_id=opening_id,
        customer_id=known.customer(state),
        branch_id=known.branch(state),
        channel=state.channel,
        staff_code=state.staff_code,
        staff_code_at=state.staff_code_at,
        chosen_branch=state.chosen_branch,
        **vars(state.place),
        state="abandoned" if abandoned else state.state,
        step=state.step,
        steps=repository.steps_json(state.steps),
        first_fact_at=state.first_fact_at,
        last_fact_at=state.last_fact_at,
        submitted_at=state.submitted_at,
        opened_at=state.opened_at,
        returned_step=state.returned_step,
        returned_reason=state.returned_reason,
        stuck_at=None if abandoned else due,
        stuck_since=due if stuck and not abandoned else None,
        stuck_reason=state.reason,
        times_stuck=len(state.stalls) + stuck,
    )
