"""What was known of a customer, over HTTP."""

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from bihuan.customers.history import service
from bihuan.customers.history.rules import valid_on
from bihuan.customers.history.schemas import HistoryOut, VersionOut
from bihuan.customers.profiles.endpoints import within_scope
from bihuan.kit.http import HouseDep, RequestTx
from bihuan.kit.time import EXCHANGE
from bihuan.people.facade import CustomerReader

router = APIRouter(tags=["customers"])


@router.get("/customers/{customer_id}/history")
async def read_history(
    customer_id: UUID,
    staff: CustomerReader,
    house: HouseDep,
    tx: RequestTx,
    on: Annotated[date | None, Query(description="only what was valid on this day (exchange time)")] = None,
    view: Annotated[
        Literal["valid", "known"],
        Query(
            description="with `on`: `valid` as we know today that it was on that day; `known` as we knew it at the end"
            " of that day, without what later files told"
        ),
    ] = "valid",
) -> HistoryOut:
    """Each imported attribute's versions, sensitive ones masked. 404 outside the caller's scope."""
    profile = await within_scope(tx, customer_id, staff)
    ends = datetime.combine(on, time(), EXCHANGE) + timedelta(days=1) if on and on < date.max else None
    found = await service.history(tx, house.cipher, profile.id, ends if view == "known" else None)
    return HistoryOut(items=[VersionOut(**asdict(one)) for one in (valid_on(found, on) if on else found)])
