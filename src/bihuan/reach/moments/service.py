"""Moments: each stall is weighed once, messaged at most once, and kept whatever became of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.decide.facts import RescueAssigned
from bihuan.kit import deadlines, ids
from bihuan.kit.deadlines import Deadline
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.reach.moments import repository
from bihuan.reach.moments.repository import Moment
from bihuan.reach.moments.rules import OPEN, Progress, first_state, latest, overtaken
from bihuan.reach.sending import gate, queue

PERSON_DEADLINE = "reach.person_deadline"


async def assigned(tx: Tx, house: House, facts: Sequence[RescueAssigned], now: datetime) -> None:
    """Weigh new stalls: hold those of the control arm, message at once, or give a person his time first."""
    if not facts:
        return
    policy = await repository.policy(tx)
    progress = await repository.progress(tx, [fact.opening_id for fact in facts])
    for fact in sorted(facts, key=_whose):
        moment = _moment(fact, progress[fact.opening_id], policy.person_deadline_s, now)
        if not await repository.add(tx, moment):
            continue
        if moment.state == "waiting" and moment.due_at is not None:
            await deadlines.set_deadline(tx, PERSON_DEADLINE, moment.id, moment.due_at)
        elif moment.state == "due":
            await gate.pass_through(tx, house, moment, progress[fact.opening_id], now)


def _moment(fact: RescueAssigned, progress: Progress, person_deadline_s: int, now: datetime) -> Moment:
    made = Moment(
        id=ids.new_id(),
        opening_id=fact.opening_id,
        stuck_at=fact.stuck_at,
        last_fact_at=fact.last_fact_at,
        customer_id=fact.customer_id,
        branch_id=fact.branch_id,
        step=fact.step,
        experiment=fact.experiment,
        arm=fact.arm,
        state="held",
        reason=None,
        due_at=None,
        created_at=now,
        settled_at=None,
    )
    state = first_state(fact.arm, made.stall, progress)
    due_at = now + timedelta(seconds=person_deadline_s) if state == "waiting" else None
    return Moment(**{**vars(made), "state": state, "due_at": due_at, "settled_at": None if state in OPEN else now})


async def turned(tx: Tx, turns: Iterable[tuple[str, Progress]], now: datetime) -> None:
    """Applications moved on, or advisors took, contacted or put back: end what is overtaken, revive what is not."""
    noted: dict[str, Progress] = {}
    for opening, turn in turns:
        noted[opening] = latest(noted[opening], turn) if opening in noted else turn
    if not noted:
        return
    await repository.note(tx, noted)
    openings = sorted(noted)
    progress = await repository.progress(tx, openings)
    ended: list[UUID] = []
    for moment in await repository.of_openings(tx, openings, [*OPEN, "taken"]):
        end = overtaken(moment.stall, progress[moment.opening_id])
        if moment.state == "taken":
            if end is None and moment.due_at is not None:
                await _revive(tx, moment, now)
        elif end is not None:
            await repository.settle(tx, moment.id, end, now, due_at=moment.due_at)
            ended.append(moment.id)
    if ended:
        await deadlines.clear_deadline(tx, PERSON_DEADLINE, *ended)
        await deadlines.clear_deadline(tx, gate.DEFERRED, *ended)


async def _revive(tx: Tx, moment: Moment, now: datetime) -> None:
    """An advisor put it back without contact: what is left of the person's time runs on."""
    due_at = max(moment.due_at or now, now)
    await repository.settle(tx, moment.id, "waiting", now, due_at=due_at)
    await deadlines.set_deadline(tx, PERSON_DEADLINE, moment.id, due_at)


async def fell_due(tx: Tx, house: House, due: Sequence[Deadline], now: datetime) -> None:
    """The time of a person, or a quiet window, is over: message those that still stand."""
    moments = await repository.by_ids(tx, [UUID(deadline.subject) for deadline in due])
    progress = await repository.progress(tx, sorted({moment.opening_id for moment in moments}))
    for moment in sorted(moments, key=_whose):
        if moment.state in OPEN:
            await gate.pass_through(tx, house, moment, progress[moment.opening_id], now)


async def fall_back(tx: Tx, house: House, due: Sequence[Deadline], now: datetime) -> None:
    """A text certainly never arrived: where the stall still stands, the inbox has the message instead."""
    moments = await repository.by_ids(tx, [UUID(deadline.subject) for deadline in due])
    progress = await repository.progress(tx, sorted({moment.opening_id for moment in moments}))
    for moment in sorted(moments, key=_whose):
        if moment.state == "messaged":
            await gate.pass_through(tx, house, moment, progress[moment.opening_id], now)


async def moved(tx: Tx, to: Mapping[UUID, UUID]) -> None:
    """Customers (keys) went to another branch (values): their moments and deliveries go with them."""
    for customer_id in await repository.who_stalled(tx, to) if to else []:
        await repository.move(tx, customer_id, to[customer_id])
        await queue.move(tx, customer_id, to[customer_id])


def _whose(found: RescueAssigned | Moment) -> str:
    """Contacts are reserved in the order of customers, so that two transactions never wait for each other."""
    return str(found.customer_id)
