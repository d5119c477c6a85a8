"""Set and read plans."""

from datetime import date, datetime
from uuid import UUID

from bihuan.kit import audit
from bihuan.kit.errors import NotFound
from bihuan.kit.postgres import Tx
from bihuan.measure.plans import repository
from bihuan.measure.plans.repository import Plan
from bihuan.people import facade as people
from bihuan.people.facade import Staff


async def plans(tx: Tx, staff: Staff, month: date) -> list[Plan]:
    """The plans of a month for the branches this person sees."""
    scope, params = people.scope_sql("branch_id", staff)
    return await repository.of_month(tx, month.replace(day=1), scope, params)


async def set_plan(tx: Tx, staff: Staff, branch_id: UUID, month: date, accounts: int, now: datetime) -> Plan:
    """Set what a branch is to open in a month. Raises NotFound for an unknown branch."""
    if await people.branch(tx, branch_id) is None:
        raise NotFound("branch", "Take the id of a branch from the list of branches.")
    plan = Plan(branch_id, month.replace(day=1), accounts)
    await repository.put(tx, plan)
    detail = {"month": plan.month.isoformat(), "accounts": accounts}
    await audit.record(tx, staff.id, "measure:plan:set", branch_id, detail, now)
    return plan
