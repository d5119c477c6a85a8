"""The loop as figures, and a branch's morning."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from bihuan.kit.http import HouseDep, Now, RequestTx
from bihuan.measure.cockpit import morning, service
from bihuan.measure.cockpit.schemas import CockpitOut, MorningOut
from bihuan.people.facade import CockpitReader, MeasureReader

router = APIRouter(tags=["measure"])


@router.get("/cockpit")
async def cockpit(staff: CockpitReader, house: HouseDep, tx: RequestTx, now: Now) -> CockpitOut:
    """The eight stages, experience beside efficiency and cost, and what needs a person now, over the whole firm."""
    return CockpitOut.of(await service.cockpit(tx, now, house.calendar))


@router.get("/morning")
async def morning_page(
    staff: MeasureReader,
    house: HouseDep,
    tx: RequestTx,
    now: Now,
    branch: Annotated[UUID | None, Query(description="one's own when not given")] = None,
) -> MorningOut:
    """The last trading day of a branch against plan and the others, and what waits there. 403 outside one's scope."""
    return MorningOut.of(await morning.morning(tx, morning.branch_of(staff, branch), now, house.calendar))
