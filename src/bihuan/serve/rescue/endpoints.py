"""The opening desk over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from bihuan.kit.http import Cursor, HouseDep, Limit, Now, Page, RequestTx, cursor_of, moment_of
from bihuan.people.facade import OpeningDeskReader, RescueAssigner, RescueTaker, scope_sql
from bihuan.serve.conversations.stopping import Stopped, keep
from bihuan.serve.enquiries.schemas import AssignIn
from bihuan.serve.rescue import repository, service
from bihuan.serve.rescue.schemas import ContactIn, ContactOut, OutcomeIn, RescueOut, RescueState

router = APIRouter(tags=["serve"])

OpeningId = Annotated[str, Path(max_length=200)]


@router.get("/rescues")
async def list_rescues(
    reader: OpeningDeskReader,
    tx: RequestTx,
    state: Annotated[list[RescueState] | None, Query()] = None,
    branch: UUID | None = None,
    opening: Annotated[str | None, Query(max_length=200)] = None,
    mine: bool = False,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[RescueOut]:
    """Stuck applications within your data scope, longest stuck first. `rescues:{branch}` carries the changes."""
    found = await repository.page(
        tx,
        scope_sql("branch_id", reader),
        states=[str(one) for one in state] if state else None,
        branch=branch,
        staff_id=reader.id if mine else None,
        opening_id=opening,
        after=moment_of(cursor),
        limit=limit + 1,
    )
    page = found[:limit]
    following = cursor_of(page[-1].stuck_at.isoformat(), page[-1].id) if len(found) > limit else None
    return Page(items=[RescueOut.of(rescue) for rescue in page], next=following)


@router.post("/openings/{opening_id}/take")
async def take(opening_id: OpeningId, advisor: RescueTaker, tx: RequestTx, now: Now) -> RescueOut:
    """Take a stuck application. 409 with the winner's name, or when it is held out by the experiment."""
    return RescueOut.of(await service.take(tx, opening_id, advisor, now))


@router.post("/openings/{opening_id}/assign")
async def assign_rescue(
    opening_id: OpeningId, given: AssignIn, manager: RescueAssigner, tx: RequestTx, now: Now
) -> RescueOut:
    """Give it to one of your people, from the desk or from whoever holds it. 409 when he is off duty or full."""
    return RescueOut.of(await service.assign(tx, opening_id, manager, given.staff_id, now))


@router.post("/openings/{opening_id}/contact")
async def contact(
    opening_id: OpeningId, given: ContactIn, advisor: RescueTaker, tx: RequestTx, now: Now, house: HouseDep
) -> ContactOut:
    """Reach out by chat (with the link back to the very step), or note a call or a message of your own.

    409 when the customer may not be contacted now: no consent, quiet hours, or enough contacts already.
    """
    try:
        done = await service.contact(tx, opening_id, advisor, given.channel, given.text, now)
    except Stopped as stopped:
        await keep(house.postgres, stopped, advisor, now)
        raise
    return ContactOut(rescue=RescueOut.of(done.rescue), enquiry_id=done.enquiry_id, link=done.link)


@router.post("/openings/{opening_id}/release")
async def release_rescue(opening_id: OpeningId, advisor: RescueTaker, tx: RequestTx, now: Now) -> RescueOut:
    """Put it back on the desk. 409 once the customer was contacted."""
    return RescueOut.of(await service.release(tx, opening_id, advisor, now))


@router.post("/openings/{opening_id}/outcome")
async def conclude(opening_id: OpeningId, given: OutcomeIn, advisor: RescueTaker, tx: RequestTx, now: Now) -> RescueOut:
    """Say how it ended."""
    return RescueOut.of(await service.conclude(tx, opening_id, advisor, given.outcome, given.note, now))
