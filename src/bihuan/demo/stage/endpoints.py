"""The stage over HTTP."""

from fastapi import APIRouter, Response

from bihuan.demo.stage import service
from bihuan.demo.stage.schemas import ClockIn, ClockOut, StageOut
from bihuan.kit import house as houses
from bihuan.kit.http import HouseDep, RequestTx
from bihuan.people.facade import AtTheDemo

router = APIRouter(tags=["demo"])


@router.get("/demo/stage")
async def read_stage(house: HouseDep, tx: RequestTx, response: Response) -> StageOut:
    """What there is to play with; `on` is false outside demo mode."""
    response.headers["Cache-Control"] = "no-store"
    return await service.stage(tx, house) if house.settings.demo else service.OFF


@router.put("/demo/clock")
async def pace_demo_clock(house: AtTheDemo, tx: RequestTx, given: ClockIn) -> ClockOut:
    """Let the product's time run faster or slower from now on. 404 outside demo mode, 403 as for a seat."""
    await houses.pace_clock(tx, given.factor)
    clock = await houses.read_clock(tx)
    return ClockOut(now=clock.now().isoformat(), factor=clock.factor)
