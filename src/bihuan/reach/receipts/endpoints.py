"""The text gateway's callback."""

from typing import Annotated

from fastapi import APIRouter, Header, Request

from bihuan.kit.http import HouseDep, Now, RequestTx
from bihuan.reach.receipts import service
from bihuan.reach.receipts.schemas import ReportIn, ReportOut

router = APIRouter(tags=["reach"])


_BODY = {"application/json": {"schema": ReportIn.model_json_schema(ref_template="#/components/schemas/{model}")}}


@router.post("/sms/receipts", openapi_extra={"requestBody": {"required": True, "content": _BODY}})
async def take_sms_report(
    request: Request,
    house: HouseDep,
    tx: RequestTx,
    now: Now,
    x_timestamp: Annotated[str | None, Header(max_length=20)] = None,
    x_signature: Annotated[str | None, Header(max_length=200)] = None,
) -> ReportOut:
    """Receipts and replies, signed as the calls to the gateway are. 401 for one that is unsigned, stale or forged."""
    report = service.believed(house, await request.body(), x_timestamp, x_signature)
    return await service.take(tx, house, report, now)
