"""Approvals over HTTP. Rooms ask through the facade; here they are read and decided."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from bihuan.kit.errors import NotFound
from bihuan.kit.http import Cursor, Limit, Now, RequestTx, cursor_of, moment_of
from bihuan.kit.postgres import Tx
from bihuan.people.access import SignedIn
from bihuan.people.approvals import repository, service
from bihuan.people.approvals.schemas import ApprovalOut, ApprovalPage, Decision, State
from bihuan.people.rules import Permission, permissions_of
from bihuan.people.staff import repository as staff_repository
from bihuan.people.types import Approval, Staff

router = APIRouter(tags=["people"])


@router.get("/approvals")
async def list_approvals(
    staff: SignedIn,
    tx: RequestTx,
    state: Annotated[State | None, Query(description="only in this state")] = None,
    kind: Annotated[str | None, Query(max_length=60, description="only of this kind")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ApprovalPage:
    """Proposals one may decide, has made, or watches over; newest first."""
    watches = staff.may(Permission.APPROVAL_READ)
    visible = None if watches else [permission.value for permission in permissions_of(staff.roles)]
    found = await repository.listed(tx, state, kind, visible, staff.id, moment_of(cursor), limit)
    following = cursor_of(found[-1].asked_at.isoformat(), found[-1].id) if len(found) == limit else None
    return ApprovalPage(items=await _shown(tx, found, staff), next=following)


@router.get("/approvals/{approval_id}")
async def read_approval(approval_id: UUID, staff: SignedIn, tx: RequestTx) -> ApprovalOut:
    """One proposal."""
    found = await repository.one(tx, approval_id)
    if found is None or not _visible(found, staff):
        raise NotFound("approval", "There is no such proposal.")
    return (await _shown(tx, [found], staff))[0]


@router.post("/approvals/{approval_id}/decide")
async def decide_approval(approval_id: UUID, given: Decision, staff: SignedIn, tx: RequestTx, now: Now) -> ApprovalOut:
    """Approve or reject. 403 for its author and without the permission, 409 when it was decided before."""
    decided = await service.decide(tx, approval_id, approve=given.approve, comment=given.comment, by=staff, now=now)
    return (await _shown(tx, [decided], staff))[0]


@router.post("/approvals/{approval_id}/withdraw")
async def withdraw_approval(approval_id: UUID, staff: SignedIn, tx: RequestTx, now: Now) -> ApprovalOut:
    """Take one's own proposal back. 409 when it was decided before."""
    return (await _shown(tx, [await service.withdraw(tx, approval_id, staff, now)], staff))[0]


def _visible(approval: Approval, staff: Staff) -> bool:
    watches = staff.may(Permission.APPROVAL_READ) or staff.may_by_name(approval.permission)
    return watches or approval.author_id == staff.id


async def _shown(tx: Tx, approvals: list[Approval], reader: Staff) -> list[ApprovalOut]:
    wanted = {person for a in approvals for person in (a.author_id, a.decided_by) if person}
    people = await staff_repository.by_ids(tx, wanted)
    names = {person.id: person.name for person in people}
    return [ApprovalOut.of(approval, reader, names) for approval in approvals]
