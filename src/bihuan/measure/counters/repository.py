"""The SQL of counters."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx


class Count(NamedTuple):
    """What is counted: a metric, the hour it fell into, the branch it concerns, and a channel, reason or slot."""

    metric: str
    hour: datetime
    branch_id: UUID | None = None
    detail: str = ""


# The cursor of the lane moves in the same transaction, so that nothing is counted twice.
ADD = """
INSERT INTO measure_counter AS c (metric, hour, branch_id, detail, lane, n)
SELECT metric, hour, branch_id, detail, %(lane)s, n
  FROM jsonb_to_recordset(%(rows)s::jsonb)
       AS r(metric text, hour timestamptz, branch_id uuid, detail text, n bigint)
 ORDER BY metric, hour, branch_id, detail
ON CONFLICT (metric, hour, branch_id, detail, lane) DO UPDATE SET n = c.n + excluded.n
"""


async def add(tx: Tx, lane: int, counts: Counter[Count]) -> None:
    """Count what one batch of a lane held."""
    if counts:
        rows = [{**count._asdict(), "n": n} for count, n in counts.items()]
        await postgres.execute(tx, ADD, lane=lane, rows=msgspec.json.encode(rows).decode())


# Totals of a period. Of an hour that the end cuts, the elapsed part is taken; who means all of it says so.
TOTALS = """
SELECT metric, detail,
       sum(n * least(1.0, extract(epoch FROM %(until)s::timestamptz - hour) / 3600))::float8 AS n
  FROM measure_counter
 WHERE metric = ANY(%(metrics)s) AND hour >= %(since)s AND hour < %(until)s
 GROUP BY metric, detail
"""


async def totals(tx: Tx, metrics: list[str], since: datetime, until: datetime) -> dict[str, dict[str, float]]:
    """By metric and detail how often, between the full hour `since` and `until`."""
    found: dict[str, dict[str, float]] = {metric: {} for metric in metrics}
    for row in await postgres.rows(tx, TOTALS, metrics=metrics, since=since, until=until):
        found[row["metric"]][row["detail"]] = row["n"]
    return found


LAST_HOUR = """
SELECT max(hour) FROM measure_counter WHERE metric = ANY(%(metrics)s) AND hour < %(before)s AND n > 0
"""


async def last_hour(tx: Tx, metrics: list[str], before: datetime) -> datetime | None:
    """The last full hour before a moment in which any of these was counted."""
    found: datetime | None = await postgres.value(tx, LAST_HOUR, metrics=metrics, before=before)
    return found
