"""The SQL of experiments' outcomes."""

from dataclasses import dataclass
from datetime import datetime

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

# What became of each arm. Everybody assigned counts in the arm he was meant for, reached or not. With a horizon:
# what happened within it of the stall, among those whose horizon is over. Without one (null): what happened so far,
# among all, also those who got stuck a moment ago.
ARMS = """
WITH looked_at AS (
  SELECT *, coalesce(exposed_at + make_interval(secs => %(horizon)s::float8), 'infinity') AS until
    FROM measure_exposure_outcome
   WHERE experiment = %(experiment)s AND version = %(version)s
), seen AS (
  SELECT arm, exposed_at, coalesce(least(opened_at, left_at) > until, true) AS under_way,
         CASE WHEN reached_at <= until THEN reached_at END AS reached_at,
         CASE WHEN person_reached_at <= until THEN person_reached_at END AS person_reached_at,
         CASE WHEN opened_at <= until THEN opened_at END AS opened_at,
         CASE WHEN resumed_at <= until THEN resumed_at END AS resumed_at
    FROM looked_at
   WHERE %(horizon)s::float8 IS NULL OR until <= %(now)s
)
SELECT arm, count(*) AS n, count(opened_at) AS opened, count(resumed_at) AS resumed,
       count(*) FILTER (WHERE reached_at <= exposed_at + make_interval(secs => %(in_time)s)
                          AND (resumed_at IS NULL OR reached_at < resumed_at)) AS reached_in_time,
       count(*) FILTER (WHERE person_reached_at <= exposed_at + make_interval(secs => %(in_time)s)
                          AND (resumed_at IS NULL OR person_reached_at < resumed_at)) AS reached_by_person,
       count(*) FILTER (WHERE under_way) AS under_way,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM reached_at - exposed_at)::float8)
         AS median_seconds_to_reach,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM resumed_at - exposed_at)::float8)
         AS median_seconds_to_resume
  FROM seen
 GROUP BY arm
"""


@dataclass(frozen=True)
class ArmRow:
    """Counts and medians of one arm."""

    arm: str
    n: int
    opened: int
    resumed: int
    reached_in_time: int
    reached_by_person: int
    under_way: int
    median_seconds_to_reach: float | None
    median_seconds_to_resume: float | None


async def arms_within(
    tx: Tx, experiment: str, version: int, in_time_seconds: float, horizon_seconds: float, now: datetime
) -> dict[str, ArmRow]:
    """What became of the arms within a horizon of the stall, among those whose horizon is over."""
    return await _arms(tx, experiment, version, in_time_seconds, horizon_seconds, now)


async def arms_now(tx: Tx, experiment: str, version: int, in_time_seconds: float) -> dict[str, ArmRow]:
    """What became of the arms so far, of everybody assigned."""
    return await _arms(tx, experiment, version, in_time_seconds, None, None)


async def _arms(
    tx: Tx, experiment: str, version: int, in_time: float, horizon: float | None, now: datetime | None
) -> dict[str, ArmRow]:
    found = await postgres.read(
        tx, ArmRow, ARMS, experiment=experiment, version=version, in_time=in_time, horizon=horizon, now=now
    )
    return {row.arm: row for row in found}
