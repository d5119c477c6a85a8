"""Experiments over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path

from bihuan.decide.experiments import repository, service
from bihuan.decide.experiments.schemas import ExperimentOut, ExperimentPatch, ExperimentsOut
from bihuan.kit.errors import NotFound
from bihuan.kit.http import Now, RequestTx
from bihuan.people.facade import ExperimentEditor, ExperimentReader

router = APIRouter(tags=["decide"])

Key = Annotated[str, Path(max_length=80)]


@router.get("/experiments")
async def list_experiments(staff: ExperimentReader, tx: RequestTx) -> ExperimentsOut:
    """All experiments as they stand now."""
    found = await repository.current(tx)
    exposed = {one.key: await repository.exposed(tx, one.key) for one in found}
    return ExperimentsOut(items=[ExperimentOut.of(one, exposed[one.key].get(one.version, {})) for one in found])


@router.get("/experiments/{key}")
async def read_experiment(staff: ExperimentReader, tx: RequestTx, key: Key) -> ExperimentsOut:
    """All versions of one experiment, the latest first."""
    found = await repository.versions(tx, key)
    if not found:
        raise NotFound("experiment", "There is no such experiment.")
    exposed = await repository.exposed(tx, key)
    return ExperimentsOut(items=[ExperimentOut.of(one, exposed.get(one.version, {})) for one in found])


@router.patch("/experiments/{key}")
async def change_experiment(
    staff: ExperimentEditor, tx: RequestTx, now: Now, key: Key, given: ExperimentPatch
) -> ExperimentOut:
    """Change weights or status, on the record. 409 when somebody changed it meanwhile, 422 for impossible weights."""
    made = await service.change(tx, key, given.version, given.arms, given.status, given.reason, staff.login, now)
    exposed = await repository.exposed(tx, key)
    return ExperimentOut.of(made, exposed.get(made.version, {}))
