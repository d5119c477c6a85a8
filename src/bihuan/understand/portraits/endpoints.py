"""Portraits over HTTP."""

from fastapi import APIRouter

from bihuan.kit.http import HouseDep
from bihuan.people.facade import TagReader
from bihuan.understand.portraits import reading
from bihuan.understand.portraits.schemas import BaseOut, By

router = APIRouter(tags=["understand"])


@router.get("/customer-base")
async def read_customer_base(staff: TagReader, house: HouseDep, by: By = "age_band") -> BaseOut:
    """Who the customers within your data scope are: groups with customers and assets, and how unevenly assets lie."""
    return await reading.base(house, staff, by)
