"""Disputes over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from bihuan.credit.disputes import service, showing
from bihuan.credit.disputes.schemas import DisputeIn, DisputeOut, DisputeState, VerdictIn
from bihuan.kit.http import Cursor, Limit, Now, Page, RequestTx, cursor_of, moment_of
from bihuan.people.facade import CreditDisputer, CreditJudge, CreditReader

router = APIRouter(tags=["credit"])


@router.post("/credits/{entry_id}/disputes", status_code=201)
async def open_dispute(entry_id: UUID, staff: CreditDisputer, tx: RequestTx, now: Now, given: DisputeIn) -> DisputeOut:
    """Object to an entry for one's branch, once. 403 says why it cannot, 409 when the branch did before."""
    dispute = await service.open_dispute(tx, entry_id, staff, given.reason, now)
    return (await showing.shown(tx, [dispute], staff))[0]


@router.get("/disputes")
async def list_disputes(
    staff: CreditReader,
    tx: RequestTx,
    state: DisputeState | None = None,
    branch: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[DisputeOut]:
    """Disputes in which a branch of the data scope is a party, newest first."""
    found = await showing.page(tx, staff, state=state, branch=branch, before=moment_of(cursor), limit=limit + 1)
    rows = await showing.shown(tx, found[:limit], staff)
    following = cursor_of(rows[-1].opened_at.isoformat(), rows[-1].id) if len(found) > limit else None
    return Page(items=rows, next=following)


@router.post("/disputes/{dispute_id}/decide")
async def decide_dispute(dispute_id: UUID, staff: CreditJudge, tx: RequestTx, now: Now, given: VerdictIn) -> DisputeOut:
    """Judge between the branches. 403 for a judge of either, 409 when it was decided."""
    dispute = await service.decide(tx, dispute_id, staff, given.verdict, given.ruling, now)
    return (await showing.shown(tx, [dispute], staff))[0]
