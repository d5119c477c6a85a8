"""The text gateway's callback."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request

from bihuan.kit.http import HouseDep, Now, RequestTx
from bihuan.reach.receipts import service
from bihuan.reach.receipts.schemas import ReportIn, ReportOut

router = APIRouter(tags=["reach"])


# The body is read raw, for its signature, so its shape is told here.
_SHAPE = ReportIn.model_json_schema()


def _whole(part: Any) -> Any:
    """The schema without references: this one stands outside the components that they would point to."""
    if isinstance(part, list):
        return [_whole(each) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _whole(_SHAPE["$defs"][part["$ref"].rpartition("/")[2]])
    return {name: _whole(value) for name, value in part.items() if name != "$defs"}


_BODY = {"application/json": {"schema": _whole(_SHAPE)}}


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
