"""The opening system over HTTP, for the demo's phone. 404 outside demo mode."""

from fastapi import APIRouter, Request

from bihuan.demo.openings import service
from bihuan.demo.openings.schemas import NumbersIn, NumbersOut, OwnOpenings, StepsIn, StepsOut
from bihuan.kit.http import Now, RequestTx
from bihuan.people.facade import AtTheDemo, CustomerCaller, DemoHouse

router = APIRouter(tags=["demo"])


@router.post("/demo/openings", status_code=201)
async def number_demo_opening(house: AtTheDemo, given: NumbersIn, tx: RequestTx, now: Now) -> NumbersOut:
    """Numbers for a new application and its future user."""
    numbers = await service.number(tx, given.arm, now)
    return NumbersOut(opening_id=numbers.opening_id, user_id=numbers.user_id)


@router.get("/demo/openings")
async def list_demo_openings(house: DemoHouse, caller: CustomerCaller, tx: RequestTx) -> OwnOpenings:
    """Your own applications, step by step."""
    return OwnOpenings(items=await service.own(tx, caller))


@router.post("/demo/opening-steps")
async def tell_demo_steps(
    house: DemoHouse, given: StepsIn, caller: CustomerCaller, request: Request, tx: RequestTx, now: Now
) -> StepsOut:
    """Have the opening system tell of steps of your own application. 200 once they are durable."""
    return StepsOut(told=await service.tell(tx, request.app.state.intake, caller, given, now))
