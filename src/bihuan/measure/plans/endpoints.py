"""Plans of the branches."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from bihuan.kit.http import Now, Page, RequestTx
from bihuan.measure.plans import service
from bihuan.measure.plans.repository import Plan
from bihuan.measure.plans.schemas import PlanIn, PlanOut
from bihuan.people.facade import MeasureReader, PeopleAdmin

router = APIRouter(tags=["measure"])


@router.get("/plans")
async def plans(
    staff: MeasureReader, tx: RequestTx, month: Annotated[date, Query(description="any day of the month")]
) -> Page[PlanOut]:
    """The plans of a month for the branches one sees."""
    return Page(items=[PlanOut(**vars(plan)) for plan in await service.plans(tx, staff, month)])


@router.put("/branches/{branch_id}/plan")
async def set_plan(branch_id: UUID, plan: PlanIn, staff: PeopleAdmin, tx: RequestTx, now: Now) -> PlanOut:
    """Set what a branch is to bring in a month. 404 for an unknown branch."""
    given = Plan(branch_id, plan.month, plan.accounts, plan.net_assets)
    return PlanOut(**vars(await service.set_plan(tx, staff, given, now)))
