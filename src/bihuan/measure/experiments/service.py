"""Read an experiment."""

from datetime import datetime, timedelta

from bihuan.decide import facade as decide
from bihuan.decide.facade import Experiment
from bihuan.kit.errors import NotFound
from bihuan.kit.postgres import Tx
from bihuan.measure.assumptions import repository as assumptions
from bihuan.measure.experiments import repository, rules
from bihuan.measure.experiments.repository import ArmRow
from bihuan.measure.experiments.rules import Arm, Counted, Reading, Result

ArmRows = dict[str, ArmRow]


async def reading(tx: Tx, key: str, now: datetime) -> Reading:
    """The running version of an experiment in both views. Raises NotFound for an unknown key."""
    experiment, numbers = await _experiment(tx, key), await assumptions.values(tx)
    horizon, in_time = numbers["experiment.horizon_seconds"], numbers["rescue.in_time_seconds"]
    everybody = await repository.arms_now(tx, key, experiment.version, in_time)
    settled = await repository.arms_within(tx, key, experiment.version, in_time, horizon, now)
    return Reading(
        horizon=timedelta(seconds=horizon),
        settled=_result(experiment, settled, everybody, now),
        immediate=_result(experiment, everybody, everybody, now),
    )


async def result(tx: Tx, key: str, now: datetime) -> Result:
    """The running version of an experiment in the immediate view: all assigned so far, as they stand now.

    `bihuan demo --json` prints this one: its runs are over before any horizon is. Raises NotFound for an unknown key.
    """
    experiment, numbers = await _experiment(tx, key), await assumptions.values(tx)
    everybody = await repository.arms_now(tx, key, experiment.version, numbers["rescue.in_time_seconds"])
    return _result(experiment, everybody, everybody, now)


async def _experiment(tx: Tx, key: str) -> Experiment:
    found = await decide.experiment(tx, key)
    if found is None:
        raise NotFound("experiment", "Take the key of an experiment from the list of experiments.")
    return found


def _result(experiment: Experiment, rows: ArmRows, everybody: ArmRows, now: datetime) -> Result:
    """By intention to treat; whether the assignment works is judged by everybody, however young."""
    names = rules.ordered(experiment.arms, experiment.control)
    arms = {name: _arm(name, experiment.arms[name], rows.get(name)) for name in names}
    ratio = rules.sample_ratio({name: row.n for name, row in everybody.items()}, experiment.arms)
    comparisons = tuple(
        rules.compare(arms[arm], arms[against], headline=n == 0)
        for n, (arm, against) in enumerate(rules.pairs(names, experiment.control))
    )
    return Result(
        key=experiment.key,
        version=experiment.version,
        as_of=now,
        state=rules.verdict(comparisons, ratio),
        arms=tuple(arms.values()),
        comparisons=comparisons,
        sample_ratio=ratio,
    )


def _arm(name: str, weight: float, row: ArmRow | None) -> Arm:
    if row is None:
        nobody = Counted(0, 0)
        return Arm(name, weight, nobody, nobody, nobody, nobody, 0, None, None)
    return Arm(
        arm=name,
        weight=weight,
        completion=Counted(row.opened, row.n),
        resumed=Counted(row.resumed, row.n),
        reached_in_time=Counted(row.reached_in_time, row.n),
        reached_by_person=Counted(row.reached_by_person, row.n),
        under_way=row.under_way,
        median_seconds_to_reach=row.median_seconds_to_reach,
        median_seconds_to_resume=row.median_seconds_to_resume,
    )
