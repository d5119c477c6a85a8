"""Prices, promises and thresholds that figures stand on."""

from typing import Annotated

from fastapi import APIRouter, Path

from bihuan.kit import audit
from bihuan.kit.errors import NotFound
from bihuan.kit.http import Now, Page, RequestTx
from bihuan.measure.assumptions import repository
from bihuan.measure.assumptions.repository import Assumption
from bihuan.measure.assumptions.schemas import AssumptionIn, AssumptionOut
from bihuan.people.facade import MeasureReader, PeopleAdmin

router = APIRouter(tags=["measure"])


@router.get("/measure-assumptions")
async def measure_assumptions(staff: MeasureReader, tx: RequestTx) -> Page[AssumptionOut]:
    """What a message and an advisor's minute cost, what is promised, what counts as in time."""
    return Page(items=[_out(found) for found in await repository.assumptions(tx)])


@router.put("/measure-assumptions/{name}")
async def set_measure_assumption(
    name: Annotated[str, Path(max_length=100)], given: AssumptionIn, staff: PeopleAdmin, tx: RequestTx, now: Now
) -> AssumptionOut:
    """Put the firm's own number in. 404 for an unknown name."""
    if not await repository.change(tx, name, given.value):
        raise NotFound("assumption", "Take a name from the list of assumptions.")
    await audit.record(tx, staff.id, "measure:assumption:changed", name, {"value": str(given.value)}, now)
    return next(_out(found) for found in await repository.assumptions(tx) if found.name == name)


def _out(found: Assumption) -> AssumptionOut:
    return AssumptionOut(
        name=found.name,
        value=found.value,
        unit=found.unit,
        meaning={"zh-CN": found.meaning_zh, "en": found.meaning_en},
        origin=found.origin,
    )
