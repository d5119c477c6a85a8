"""Set and read plans."""

from dataclasses import replace
from datetime import date, datetime

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


async def set_plan(tx: Tx, staff: Staff, given: Plan, now: datetime) -> Plan:
    """Set what a branch is to bring in the month of a day. Raises NotFound for an unknown branch."""
    if await people.branch(tx, given.branch_id) is None:
        raise NotFound("branch", "Take the id of a branch from the list of branches.")
    plan = replace(given, month=given.month.replace(day=1))
    await repository.put(tx, plan)
    detail = {"month": plan.month.isoformat(), "accounts": plan.accounts, "net_assets": plan.net_assets}
    await audit.record(tx, staff.id, "measure:plan:set", plan.branch_id, detail, now)
    return plan
