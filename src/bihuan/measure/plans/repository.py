"""The SQL of plans."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Plan:
    """Accounts a branch is to open in the month that begins on `month`."""

    branch_id: UUID
    month: date
    accounts: int


SET = """
INSERT INTO measure_plan (branch_id, month, accounts) VALUES (%(branch_id)s, %(month)s, %(accounts)s)
ON CONFLICT (branch_id, month) DO UPDATE SET accounts = excluded.accounts
"""


async def put(tx: Tx, plan: Plan) -> None:
    """Set or replace a plan."""
    await postgres.execute(tx, SET, **vars(plan))


async def of_month(tx: Tx, month: date, scope: str = "true", params: dict[str, Any] | None = None) -> list[Plan]:
    """The plans of a month within a scope, by branch."""
    return await postgres.read(
        tx,
        Plan,
        f"SELECT branch_id, month, accounts FROM measure_plan WHERE month = %(month)s AND {scope} ORDER BY branch_id",
        month=month,
        **(params or {}),
    )


async def total(tx: Tx, month: date) -> int | None:
    """All branches' plans of a month together; None where none is set."""
    found = await of_month(tx, month)
    return sum(plan.accounts for plan in found) if found else None
