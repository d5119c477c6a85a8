"""Read an experiment."""

from datetime import datetime

from bihuan.decide import facade as decide
from bihuan.kit.errors import NotFound
from bihuan.kit.postgres import Tx
from bihuan.measure.assumptions import repository as assumptions
from bihuan.measure.experiments import repository, rules
from bihuan.measure.experiments.repository import ArmRow
from bihuan.measure.experiments.rules import Arm, Counted, Result


async def result(tx: Tx, key: str, now: datetime) -> Result:
    """The running version of an experiment by intention to treat. Raises NotFound for an unknown key."""
    experiment = await decide.experiment(tx, key)
    if experiment is None:
        raise NotFound("experiment", "Take the key of an experiment from the list of experiments.")
    in_time = (await assumptions.values(tx))["rescue.in_time_seconds"]
    rows = await repository.arms(tx, key, experiment.version, in_time)
    names = rules.ordered(experiment.arms, experiment.control)
    arms = {name: _arm(name, experiment.arms[name], rows.get(name)) for name in names}
    ratio = rules.sample_ratio({name: row.n for name, row in rows.items()}, experiment.arms)
    comparisons = tuple(
        rules.compare(arms[arm], arms[against], headline=n == 0)
        for n, (arm, against) in enumerate(rules.pairs(names, experiment.control))
    )
    return Result(
        key=key,
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
        median_seconds_to_contact=row.median_seconds_to_contact,
        median_seconds_to_resume=row.median_seconds_to_resume,
    )
