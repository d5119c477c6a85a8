"""The SQL of plans."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Plan:
    """What a branch is to bring in the month that begins on `month`: accounts opened, and net new assets in yuan."""

    branch_id: UUID
    month: date
    accounts: int
    net_assets: int | None = None


SET = """
INSERT INTO measure_plan (branch_id, month, accounts, net_assets)
VALUES (%(branch_id)s, %(month)s, %(accounts)s, %(net_assets)s)
ON CONFLICT (branch_id, month) DO UPDATE SET accounts = excluded.accounts, net_assets = excluded.net_assets
"""


async def put(tx: Tx, plan: Plan) -> None:
    """Set or replace a plan."""
    await postgres.execute(tx, SET, **vars(plan))


async def of_month(tx: Tx, month: date, scope: str = "true", params: dict[str, Any] | None = None) -> list[Plan]:
    """The plans of a month within a scope, by branch."""
    return await postgres.read(
        tx,
        Plan,
        "SELECT branch_id, month, accounts, net_assets FROM measure_plan"
        f" WHERE month = %(month)s AND {scope} ORDER BY branch_id",
        month=month,
        **(params or {}),
    )


@dataclass(frozen=True)
class Total:
    """All branches' plans of a month together; None where none is set."""

    accounts: int | None
    net_assets: int | None


TOTAL = """
SELECT sum(accounts)::bigint AS accounts, sum(net_assets)::bigint AS net_assets
  FROM measure_plan WHERE month = %(month)s
"""


async def total(tx: Tx, month: date) -> Total:
    """All branches' plans of a month together."""
    return await postgres.read_one(tx, Total, TOTAL, month=month) or Total(None, None)
