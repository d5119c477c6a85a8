"""The text gateway's callback."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request

from bihuan.kit.http import HouseDep, Now, RequestTx
from bihuan.reach.receipts import service
from bihuan.reach.receipts.schemas import ReportIn, ReportOut

router = APIRouter(tags=["reach"])


async def signed(
    request: Request,
    house: HouseDep,
    x_timestamp: Annotated[str | None, Header(max_length=20, description="whole seconds since 1970")] = None,
    x_signature: Annotated[
        str | None, Header(max_length=200, description="HMAC-SHA256 over timestamp.body, in hex")
    ] = None,
) -> None:
    """Only the gateway comes through: 401 for a call that is unsigned, stale or forged."""
    service.check_signature(house, await request.body(), x_timestamp, x_signature)


@router.post("/sms/receipts", dependencies=[Depends(signed)])
async def take_sms_report(house: HouseDep, tx: RequestTx, now: Now, report: ReportIn) -> ReportOut:
    """Receipts and replies, signed as the calls to the gateway are. What was reported before counts once."""
    return await service.take(tx, house, report, now)
