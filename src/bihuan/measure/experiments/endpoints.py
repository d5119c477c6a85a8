"""Results of experiments."""

from typing import Annotated

from fastapi import APIRouter, Path

from bihuan.kit.http import Now, RequestTx
from bihuan.measure.experiments import service
from bihuan.measure.experiments.schemas import ExperimentResultOut
from bihuan.people.facade import ExperimentReader

router = APIRouter(tags=["measure"])


@router.get("/experiments/{key}/result")
async def experiment_result(
    key: Annotated[str, Path(max_length=200)], staff: ExperimentReader, tx: RequestTx, now: Now
) -> ExperimentResultOut:
    """An experiment by assignment: completion per arm, differences with intervals, sample-ratio check."""
    return ExperimentResultOut.of_reading(await service.reading(tx, key, now))
