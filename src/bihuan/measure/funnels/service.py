"""Measure a funnel."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.customers import facade as customers
from bihuan.kit.clickhouse import ClickHouse
from bihuan.kit.errors import Forbidden
from bihuan.kit.house import House
from bihuan.measure.funnels import repository
from bihuan.measure.funnels.rules import FunnelQuery, FunnelResult, Group, Mark, checked_steps, steps_of
from bihuan.measure.funnels.schemas import FunnelCustomerOut


async def funnel(clickhouse: ClickHouse, query: FunnelQuery) -> FunnelResult:
    """How many customers came how far, and how fast.

    Raises Invalid for steps that make no funnel, Forbidden for a breakdown by what was answered, QueryTooCostly
    beyond the query's limits.
    """
    names = checked_steps(query.steps)
    _guard_answers(query)
    nobody: list[dict[str, Any]] = [{"counts": [0] * len(names), "medians": [None] * len(names)}]
    everybody, *groups = await repository.funnel(clickhouse, query) or nobody
    return FunnelResult(
        query,
        steps_of(names, everybody["counts"], everybody["medians"]),
        tuple(
            Group(row["label"], bool(row["is_other"]), steps_of(names, row["counts"], row["medians"]))
            for row in groups
            if query.by
        ),
    )


def _guard_answers(query: FunnelQuery) -> None:
    """What somebody answered or signed stays hidden from staff, also as the name of a group. Raises Forbidden."""
    if query.by is not None and customers.hides_answers(query.steps[0]):
        raise Forbidden("answers", "What was answered at this step is hidden; break the funnel down by another event.")


async def behind(
    house: House, query: FunnelQuery, mark: Mark, after: tuple[datetime, UUID] | None, limit: int
) -> list[FunnelCustomerOut]:
    """The customers of one bar, who began last first. Raises Invalid for a bar the funnel does not have, Forbidden as
    `funnel`.
    """
    mark.check(query)
    _guard_answers(query)
    rows = await repository.behind(house.clickhouse, query, mark, after, limit)
    async with house.postgres.transaction() as tx:
        labels = await customers.labels(tx, [row["customer_id"] for row in rows])
    found = []
    for row in rows:
        label = labels.get(row["customer_id"])
        told = {"name": label.name_masked, "branch_id": label.branch_id} if label else {"name": "", "branch_id": None}
        found.append(FunnelCustomerOut(**row, **told))
    return found
