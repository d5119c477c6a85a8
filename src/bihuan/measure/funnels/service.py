"""Measure a funnel."""

from typing import Any

from bihuan.kit.clickhouse import ClickHouse
from bihuan.measure.funnels import repository
from bihuan.measure.funnels.rules import FunnelQuery, FunnelResult, Group, checked_steps, steps_of


async def funnel(clickhouse: ClickHouse, query: FunnelQuery) -> FunnelResult:
    """How many customers came how far, and how fast.

    Raises Invalid for steps that make no funnel, QueryTooCostly beyond the query's limits.
    """
    names = checked_steps(query.steps)
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
