"""Experiments: assign stuck openings to arms, and let operators change weights and status."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from bihuan.customers import facade as customers
from bihuan.decide.experiments import repository, rules
from bihuan.decide.experiments.defaults import RESCUE
from bihuan.decide.experiments.repository import Exposure
from bihuan.decide.experiments.rules import Experiment
from bihuan.decide.facts import RescueAssigned
from bihuan.kit import audit, log
from bihuan.kit.errors import Conflict, Invalid, NotFound
from bihuan.kit.postgres import Tx
from bihuan.understand.facts import OpeningStuck


async def assign_rescues(tx: Tx, stuck: Sequence[OpeningStuck], now: datetime) -> None:
    """Tell the arm of each stall. The first stall of an opening is its exposure; later ones keep the arm.

    While the experiment rests, or where nobody knows the customer, the arm is the experiment's `otherwise`, and
    nothing is recorded.
    """
    found = await repository.current(tx, RESCUE)
    if not found:
        return
    experiment = found[0]
    known = await repository.arms_of_openings(tx, RESCUE, {fact.opening_id for fact in stuck})
    fresh = [fact for fact in stuck if fact.opening_id not in known] if experiment.running else []
    given = await _expose(tx, experiment, fresh, now)
    told: set[str] = set()
    for fact in sorted(stuck, key=lambda one: (one.stuck_at, one.opening_id)):
        arm = known.get(fact.opening_id) or given.get(fact.opening_id) or experiment.otherwise
        exposed = fact.opening_id in given and fact.opening_id not in told
        told.add(fact.opening_id)
        await log.publish(tx, _assigned(fact, experiment, arm, exposed), now=now)


async def _expose(tx: Tx, experiment: Experiment, stuck: Sequence[OpeningStuck], now: datetime) -> dict[str, str]:
    """Record the first of these stalls of each opening; the arm of each."""
    first: dict[str, OpeningStuck] = {}
    for fact in sorted(stuck, key=lambda one: one.stuck_at):
        if fact.customer_id is not None:
            first.setdefault(fact.opening_id, fact)
    canonical = await customers.canonical(tx, [fact.customer_id for fact in first.values() if fact.customer_id])
    who = {
        opening_id: canonical.get(fact.customer_id, fact.customer_id)
        for opening_id, fact in first.items()
        if fact.customer_id
    }
    wanted = {
        customer_id: rules.assign(experiment.salt, experiment.key, experiment.arms, customer_id)
        for customer_id in who.values()
    }
    arms = await repository.assign(tx, experiment.key, experiment.version, wanted, now) if wanted else {}
    exposures = [_exposure(first[opening_id], experiment, who[opening_id], arms, now) for opening_id in first]
    await repository.expose(tx, exposures)
    return {one.opening_id: one.arm for one in exposures}


def _exposure(
    fact: OpeningStuck, experiment: Experiment, customer_id: UUID, arms: Mapping[UUID, str], now: datetime
) -> Exposure:
    return Exposure(
        experiment=experiment.key,
        opening_id=fact.opening_id,
        version=experiment.version,
        customer_id=customer_id,
        arm=arms[customer_id],
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
