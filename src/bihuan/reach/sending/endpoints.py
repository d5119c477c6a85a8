"""Deliveries and moments over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from bihuan.customers import facade as customers
from bihuan.kit.http import Cursor, Limit, Page, RequestTx, cursor_of, moment_of
from bihuan.people.facade import DeliveryReader
from bihuan.reach.sending import reading
from bihuan.reach.sending.schemas import DeliveryOut, DeliveryState, MomentOut, MomentState

router = APIRouter(tags=["reach"])

BranchId = Annotated[UUID | None, Query(description="only this branch's")]
OpeningId = Annotated[str | None, Query(max_length=200, description="only this application's")]


@router.get("/deliveries")
async def list_deliveries(
    staff: DeliveryReader,
    tx: RequestTx,
    branch: BranchId = None,
    customer: UUID | None = None,
    opening: OpeningId = None,
    state: DeliveryState | None = None,
    channel: Annotated[str | None, Query(pattern="^(sms|inbox)$")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[DeliveryOut]:
    """Messages that left the house or are about to, newest first, within the data scope."""
    found = await reading.deliveries(
        tx,
        staff,
        branch=branch,
        customer=customer,
        opening=opening,
        state=state,
        channel=channel,
        before=moment_of(cursor),
        limit=limit + 1,
    )
    page = found[:limit]
    following = cursor_of(page[-1].created_at.isoformat(), page[-1].id) if len(found) > limit else None
    names = await customers.masked_names(tx, (delivery.customer_id for delivery in page))
    return Page(items=[DeliveryOut.of(one, names.get(one.customer_id, "")) for one in page], next=following)


@router.get("/moments")
async def list_moments(
    staff: DeliveryReader,
    tx: RequestTx,
    branch: BranchId = None,
    opening: OpeningId = None,
    state: MomentState | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[MomentOut]:
    """Stalls in every arm and what became of each, newest first, within the data scope; refusals with their reason."""
    found = await reading.stalls(
        tx, staff, branch=branch, opening=opening, state=state, before=moment_of(cursor), limit=limit + 1
    )
    page = found[:limit]
    following = cursor_of(page[-1].created_at.isoformat(), page[-1].id) if len(found) > limit else None
    names = await customers.masked_names(tx, (moment.customer_id for moment in page))
    return Page(items=[MomentOut.of(one, names.get(one.customer_id, "")) for one in page], next=following)
