"""The opening desk over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from bihuan.kit.errors import Invalid
from bihuan.kit.http import Cursor, HouseDep, Limit, RequestTx, cursor_of, parts_of
from bihuan.people.facade import OpeningDeskReader
from bihuan.understand.openings import reading, service
from bihuan.understand.openings.schemas import (
    OpeningCounts,
    OpeningDetail,
    OpeningOut,
    OpeningPage,
    OpeningStepsOut,
    State,
    StepOut,
    Tab,
)

router = APIRouter(tags=["understand"])

BranchId = Annotated[UUID | None, Query(description="only applications this branch serves")]
StepCode = Annotated[str | None, Query(max_length=60, description="only applications that stand at this step")]
Stuck = Annotated[bool | None, Query(description="only those that are stuck, or only those that are not")]


@router.get("/opening-steps")
async def list_opening_steps(staff: OpeningDeskReader, tx: RequestTx) -> OpeningStepsOut:
    """The steps of an account opening in their order."""
    return OpeningStepsOut(items=[StepOut.of(step) for step in await reading.steps(tx)])


@router.get("/openings")
async def list_openings(
    staff: OpeningDeskReader,
    tx: RequestTx,
    tab: Annotated[Tab, Query(description="all: under way and sent back")] = "all",
    state: Annotated[list[State] | None, Query(description="these states instead of a tab")] = None,
    branch: BranchId = None,
    step: StepCode = None,
    customer: Annotated[UUID | None, Query(description="only this customer's applications")] = None,
    stuck: Stuck = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> OpeningPage:
    """Applications within the data scope, the latest sign of life first."""
    asked = reading.asked(staff, tab, state, branch=branch, step=step, customer=customer, stuck=stuck)
    found = await reading.page(tx, asked, _after(cursor), limit)
    following = cursor_of(found[-1].last_fact_at.isoformat(), found[-1].opening_id) if len(found) == limit else None
    return OpeningPage(items=[OpeningOut.of(opening) for opening in found], next=following)


def _after(cursor: str | None) -> tuple[datetime, str] | None:
    parts = parts_of(cursor, 2)
    if parts is None:
        return None
    try:
        return datetime.fromisoformat(parts[0]), parts[1]
    except ValueError as error:
        raise Invalid("cursor", "Use the `next` of the page before, unchanged.") from error


@router.get("/openings/counts")
async def count_openings(staff: OpeningDeskReader, tx: RequestTx, branch: BranchId = None) -> OpeningCounts:
    """The figures on the desk's tabs, within the data scope."""
    return await reading.counts(tx, reading.asked(staff, "all", None, branch=branch))


@router.get("/openings/{opening_id}")
async def read_opening(
    staff: OpeningDeskReader, tx: RequestTx, house: HouseDep, opening_id: Annotated[str, Path(max_length=200)]
) -> OpeningDetail:
    """One application with the history of its steps. 404 when there is none within the data scope."""
    seen = await service.frame(tx, house.calendar, house.clock.now())
    return await reading.detail(tx, staff, opening_id, seen)
