"""The demo phone's own data over HTTP. 404 outside demo mode."""

from fastapi import APIRouter

from bihuan.demo.phone import service
from bihuan.demo.phone.schemas import MeOut, OrderIn, OrderOut, ShelfOut
from bihuan.demo.stage.service import cast_of
from bihuan.kit.http import Now, RequestTx
from bihuan.people.facade import CustomerCaller, DemoHouse

router = APIRouter(tags=["demo"])


@router.get("/demo/me")
async def read_demo_customer(house: DemoHouse, caller: CustomerCaller, tx: RequestTx, now: Now) -> MeOut:
    """You as your app shows you: branch, advisor, risk level, holdings."""
    return await service.me(tx, caller, cast_of(house).get("items", {}), now)


@router.get("/demo/products")
async def list_demo_products(house: DemoHouse, caller: CustomerCaller, tx: RequestTx) -> ShelfOut:
    """What a search in the app finds, suitable or not."""
    return ShelfOut(items=await service.shelf(tx, cast_of(house).get("items", {})))


@router.post("/demo/orders")
async def ask_for_demo_product(
    house: DemoHouse, given: OrderIn, caller: CustomerCaller, tx: RequestTx, now: Now
) -> OrderOut:
    """Ask for a product by yourself: what the gate says. Nothing is bought."""
    return await service.order(tx, caller, given.item, now)
