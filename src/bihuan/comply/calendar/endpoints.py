"""The exchange's calendar over HTTP."""

from fastapi import APIRouter

from bihuan.comply.calendar import service
from bihuan.comply.calendar.rules import Closure
from bihuan.comply.calendar.schemas import Year, YearIn, YearOut
from bihuan.kit.http import Now, RequestTx
from bihuan.people.facade import PolicyKeeper, PolicyReader

router = APIRouter(tags=["comply"])


@router.get("/trading-days/{year}")
async def read_trading_days(year: Year, staff: PolicyReader, tx: RequestTx) -> YearOut:
    """The exchange's closures in a year, and whether they have been announced yet."""
    return await service.read(tx, year)


@router.put("/trading-days/{year}")
async def set_trading_days(year: Year, given: YearIn, staff: PolicyKeeper, tx: RequestTx, now: Now) -> YearOut:
    """Set a year as the exchange announced it. Days that are over stay as they were: 422 where one would change."""
    closures = [Closure(one.first, one.last, one.name) for one in given.closures]
    return await service.set_year(tx, year, closures, given.source, staff, now)
