"""The SQL of experiments' outcomes."""

from dataclasses import dataclass

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

# What became of each arm. Everybody assigned counts in the arm he was meant for, reached or not.
ARMS = """
SELECT arm, count(*) AS n, count(opened_at) AS opened, count(resumed_at) AS resumed,
       count(*) FILTER (WHERE contacted_at <= exposed_at + make_interval(secs => %(in_time)s)
                          AND (resumed_at IS NULL OR contacted_at < resumed_at)) AS reached_in_time,
       count(*) FILTER (WHERE person_contacted_at <= exposed_at + make_interval(secs => %(in_time)s)
                          AND (resumed_at IS NULL OR person_contacted_at < resumed_at)) AS reached_by_person,
       count(*) FILTER (WHERE opened_at IS NULL AND left_at IS NULL) AS under_way,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM contacted_at - exposed_at)::float8)
         AS median_seconds_to_contact,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM resumed_at - exposed_at)::float8)
         AS median_seconds_to_resume
  FROM measure_exposure_outcome
 WHERE experiment = %(experiment)s AND version = %(version)s
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
    median_seconds_to_contact: float | None
    median_seconds_to_resume: float | None


async def arms(tx: Tx, experiment: str, version: int, in_time_seconds: float) -> dict[str, ArmRow]:
    """The arms that anybody was assigned to."""
    found = await postgres.read(tx, ArmRow, ARMS, experiment=experiment, version=version, in_time=in_time_seconds)
    return {row.arm: row for row in found}
