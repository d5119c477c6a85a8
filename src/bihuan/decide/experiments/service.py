"""Experiments: assign stuck openings to arms, and let operators change weights and status."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from bihuan.customers import facade as customers
from bihuan.decide.experiments import repository, rules
from bihuan.decide.experiments.defaults import RESCUE
from bihuan.decide.experiments.repository import Assignment, Exposure
from bihuan.decide.experiments.rules import Experiment
from bihuan.decide.facts import RescueAssigned
from bihuan.kit import audit, log
from bihuan.kit.errors import Conflict, Invalid, NotFound
from bihuan.kit.postgres import Tx
from bihuan.understand import facade as understand
from bihuan.understand.facts import OpeningStuck


async def assign_rescues(tx: Tx, stuck: Sequence[OpeningStuck], now: datetime) -> None:
    """Tell the arm of each stall. The first stall of an opening is its exposure; later ones keep the arm.

    Counted are only those whose arm was drawn under the version in force: an arm of earlier weights, or one that
    was picked by hand, is kept and told, and belongs to no sample. While the experiment rests, or where nobody knows
    the customer, the arm is the experiment's `otherwise`, and nothing is recorded. A stall that was broken before it
    was read here, as after a worker's rest, is told to nobody.
    """
    found = await repository.current(tx, RESCUE)
    if not found:
        return
    experiment = found[0]
    lasting = await _lasting(tx, stuck)
    known = await repository.arms_of_openings(tx, RESCUE, {fact.opening_id for fact in lasting})
    fresh = [fact for fact in lasting if fact.opening_id not in known] if experiment.running else []
    given = await _give(tx, experiment, fresh, now)
    counted = await _expose(tx, experiment, fresh, given, now)
    for fact in sorted(lasting, key=lambda one: (one.stuck_at, one.opening_id)):
        mine = given.get(fact.opening_id)
        arm = known.get(fact.opening_id) or (mine.arm if mine else experiment.otherwise)
        await log.publish(tx, _assigned(fact, experiment, arm, counted.get(fact.opening_id) is fact), now=now)


async def _lasting(tx: Tx, stuck: Sequence[OpeningStuck]) -> list[OpeningStuck]:
    """The stalls that still last, as far as the log has been read."""
    openings = await understand.openings(tx, {fact.opening_id for fact in stuck})
    return [
        fact
        for fact in stuck
        if (opening := openings.get(fact.opening_id)) is None or opening.last_fact_at <= fact.last_fact_at
    ]


async def _give(tx: Tx, experiment: Experiment, stuck: Sequence[OpeningStuck], now: datetime) -> dict[str, Assignment]:
    """The assignment behind each of these openings; none where nobody knows the customer."""
    told = {fact.opening_id: fact.customer_id for fact in stuck if fact.customer_id is not None}
    canonical = await customers.canonical(tx, list(told.values()))
    who = {opening_id: canonical.get(customer_id, customer_id) for opening_id, customer_id in told.items()}
    drawn = {
        customer_id: rules.assign(experiment.salt, experiment.key, experiment.arms, customer_id)
        for customer_id in who.values()
    }
    arms = await repository.assign(tx, experiment.key, experiment.version, drawn, now) if drawn else {}
    return {opening_id: arms[customer_id] for opening_id, customer_id in who.items()}


async def _expose(
    tx: Tx, experiment: Experiment, stuck: Sequence[OpeningStuck], given: Mapping[str, Assignment], now: datetime
) -> dict[str, OpeningStuck]:
    """Record the first stall of each opening whose arm counts; these stalls."""
    first: dict[str, OpeningStuck] = {}
    for fact in sorted(stuck, key=lambda one: one.stuck_at):
        mine = given.get(fact.opening_id)
        if mine is not None and mine.version == experiment.version and not mine.picked:
            first.setdefault(fact.opening_id, fact)
    await repository.expose(tx, [_exposure(fact, experiment, given[fact.opening_id], now) for fact in first.values()])
    return first


def _exposure(fact: OpeningStuck, experiment: Experiment, given: Assignment, now: datetime) -> Exposure:
    return Exposure(
        experiment=experiment.key,
        opening_id=fact.opening_id,
        version=experiment.version,
        customer_id=given.customer_id,
        arm=given.arm,
        exposed_at=now,
        step=fact.step,
        branch_id=fact.branch_id,
        channel=fact.channel,
    )


def _assigned(fact: OpeningStuck, experiment: Experiment, arm: str, exposed: bool) -> RescueAssigned:
    return RescueAssigned(
        customer_id=fact.customer_id,
        opening_id=fact.opening_id,
        branch_id=fact.branch_id,
        channel=fact.channel,
        step=fact.step,
        last_fact_at=fact.last_fact_at,
        stuck_at=fact.stuck_at,
        times=fact.times,
        experiment=experiment.key,
        version=experiment.version,
        arm=arm,
        exposed=exposed,
        reason=fact.reason,
    )


async def pick(tx: Tx, key: str, customer_id: UUID, arm: str, now: datetime) -> str:
    """Give a customer an arm by hand, unless he has one: as an example, never as part of a sample. The arm he has.

    Raises NotFound for an unknown experiment, Invalid for an arm it has not.
    """
    found = await repository.current(tx, key)
    if not found:
        raise NotFound("experiment", "There is no such experiment.")
    if arm not in found[0].arms:
        raise Invalid("experiment-arms", f"The arms are {', '.join(sorted(found[0].arms))}.")
    return (await repository.assign(tx, key, found[0].version, {customer_id: arm}, now, picked=True))[customer_id].arm


async def change(
    tx: Tx,
    key: str,
    version: int,
    arms: Mapping[str, float] | None,
    status: str | None,
    reason: str,
    actor: str,
    now: datetime,
) -> Experiment:
    """Change weights (which makes a new version) or status. Raises NotFound, Conflict for a stale version, Invalid.

    Nobody who has an arm gets another one by it.
    """
    was = await repository.held(tx, key)
    if was is None:
        raise NotFound("experiment", "There is no such experiment.")
    if was.version != version:
        raise Conflict("experiment-version", "Somebody changed it meanwhile; look again.", version=was.version)
    made = was
    if arms is not None and dict(arms) != dict(was.arms):
        fault = rules.fault_of(arms, was.arms)
        if fault:
            raise Invalid("experiment-arms", fault)
        made = dataclasses.replace(made, version=version + 1, arms=dict(arms), started_at=now, edited_by=actor)
        await repository.end(tx, key, now)
        await repository.add(tx, made)
    if status is not None and status != was.status:
        made = dataclasses.replace(made, status=status)
        await repository.set_status(tx, key, status)
    detail = {"version": made.version, "arms": dict(made.arms), "status": made.status, "reason": reason}
    await audit.record(tx, actor, "decide:experiment:changed", key, detail, now)
    return made
