"""The metrics catalogue."""

import msgspec
from fastapi import APIRouter

from bihuan.kit.http import Page
from bihuan.measure.metrics import catalogue
from bihuan.measure.metrics.schemas import MetricOut
from bihuan.people.facade import SignedIn

router = APIRouter(tags=["measure"])


@router.get("/metrics-catalogue")
async def metrics_catalogue(staff: SignedIn) -> Page[MetricOut]:
    """What every figure means: formula, numerator, denominator, window and population, in both languages."""
    return Page(
        items=[MetricOut.model_validate(msgspec.structs.asdict(metric)) for metric in catalogue.metrics().values()]
    )
