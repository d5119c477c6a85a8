"""The SQL of the cockpit and the morning page, over measure's own folded rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx
from bihuan.measure.cockpit.rules import Need, Period

# What happened in a period: openings, enquiries, ratings, outcomes, hours online. Waits are of all who asked in the
# period: who is still waiting at its end has waited until then, so that the longest waits are not left out.
FLOW = """
SELECT (SELECT count(*) FROM measure_opening WHERE started_at >= %(since)s AND started_at < %(until)s) AS started,
       (SELECT count(*) FROM measure_opening WHERE opened_at >= %(since)s AND opened_at < %(until)s) AS opened,
       (SELECT count(*) FROM measure_opening WHERE credited_at >= %(since)s AND credited_at < %(until)s) AS credited,
       asked.*, answered.*, person.*, rated.*, online.*
  FROM (SELECT count(*) AS asked,
               percentile_disc(0.9) WITHIN GROUP (
                 ORDER BY extract(epoch FROM least(first_answer_at, closed_at, %(until)s) - asked_at)::float8)
                 AS wait_p90
          FROM measure_enquiry WHERE asked_at >= %(since)s AND asked_at < %(until)s) asked,
       (SELECT count(*) AS answered, count(*) FILTER (WHERE by_bot) AS by_bot
          FROM measure_enquiry WHERE first_answer_at >= %(since)s AND first_answer_at < %(until)s) answered,
       (SELECT count(*) AS asked_person,
               percentile_disc(0.9) WITHIN GROUP (
                 ORDER BY extract(epoch FROM least(claimed_at, closed_at, %(until)s) - person_asked_at)::float8)
                 AS person_wait_p90
          FROM measure_enquiry WHERE person_asked_at >= %(since)s AND person_asked_at < %(until)s) person,
       (SELECT count(*) AS rated, count(*) FILTER (WHERE stars >= 4) AS satisfied, coalesce(sum(stars), 0) AS stars
          FROM measure_rating WHERE rated_at >= %(since)s AND rated_at < %(until)s) rated,
       (SELECT coalesce(sum(extract(epoch FROM least(next_at, %(until)s) - greatest(at, %(since)s))), 0)::float8 / 3600
                 AS hours_online
          FROM (SELECT at, state, coalesce(lead(at) OVER (PARTITION BY staff_id ORDER BY at), %(until)s) AS next_at
                  FROM measure_presence
                 WHERE at >= %(since)s - interval '1 day' AND at < %(until)s) spans
         WHERE state = 'online' AND next_at > %(since)s) online
"""


@dataclass(frozen=True)
class Flow:
    """What happened in a period; waits in seconds, None where nobody asked."""

    started: int
    opened: int
    credited: int
    asked: int
    wait_p90: float | None
    answered: int
    by_bot: int
    asked_person: int
    person_wait_p90: float | None
    rated: int
    satisfied: int
    stars: int
    hours_online: float


async def flow(tx: Tx, period: Period) -> Flow:
    """What happened in a period."""
    found = await postgres.read_one(tx, Flow, FLOW, since=period.since, until=period.until)
    assert found is not None  # noqa: S101  (a query of aggregates always has its row)
    return found


# An opening is under way until it led to an account, was refused, or was given up and not taken up again.
UNDER_WAY = """
opened_at IS NULL AND ineligible_at IS NULL AND (abandoned_at IS NULL OR advanced_at > abandoned_at)
"""
STUCK = "stuck_at > coalesce(advanced_at, '-infinity') AND stuck_at <= %(now)s"

OPENINGS_NOW = f"""
SELECT CASE WHEN {STUCK} THEN stuck_step END AS step, count(*) AS openings,
       min(stuck_at) FILTER (WHERE {STUCK}) AS oldest_at
  FROM measure_opening
 WHERE {UNDER_WAY} AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
 GROUP BY 1
"""


@dataclass(frozen=True)
class StuckStep:
    """Openings under way, by the step they are stuck at; None for those that are not stuck."""

    step: str | None
    openings: int
    oldest_at: datetime | None


async def openings_now(tx: Tx, now: datetime, branch_id: UUID | None = None) -> list[StuckStep]:
    """The openings under way, of one branch or of all."""
    return await postgres.read(tx, StuckStep, OPENINGS_NOW, now=now, branch=branch_id)


# What waits for a person. A rescue nobody holds, an enquiry beyond the promise or about to be, a call back owed, a
# dispute open.
NEEDS = """
SELECT 'stuck_openings' AS kind, count(*) AS count, min(offered_at) AS oldest_at FROM measure_rescue
 WHERE ended_at IS NULL AND offered_at <= %(now)s AND (taken_at IS NULL OR released_at >= taken_at)
   AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
UNION ALL
SELECT 'waiting_enquiries', count(*), min(person_asked_at) FROM measure_enquiry
 WHERE closed_at IS NULL AND person_asked_at < %(now)s - make_interval(secs => %(promise)s)
   AND callback_owed_at IS NULL AND (held_at IS NULL OR offered_at > held_at)
   AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
UNION ALL
SELECT 'promises_at_risk', count(*), min(person_asked_at) FROM measure_enquiry
 WHERE closed_at IS NULL AND person_asked_at >= %(now)s - make_interval(secs => %(promise)s)
   AND person_asked_at < %(now)s - make_interval(secs => %(promise)s * %(at_risk)s)
   AND callback_owed_at IS NULL AND (held_at IS NULL OR offered_at > held_at)
   AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
UNION ALL
SELECT 'owed_callbacks', count(*), min(callback_owed_at) FROM measure_enquiry
 WHERE closed_at IS NULL AND callback_owed_at <= %(now)s AND (held_at IS NULL OR callback_owed_at > held_at)
   AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
UNION ALL
SELECT 'open_disputes', count(*), min(opened_at) FROM measure_dispute
 WHERE decided_at IS NULL AND opened_at <= %(now)s AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
"""


async def needs(tx: Tx, now: datetime, numbers: Mapping[str, float], branch_id: UUID | None = None) -> dict[str, Need]:
    """What waits for a person, by kind, in a branch or everywhere; `numbers` are the firm's assumptions."""
    promise, at_risk = numbers["promise.person_seconds"], numbers["promise.at_risk_share"]
    found = await postgres.read(tx, Need, NEEDS, now=now, promise=promise, at_risk=at_risk, branch=branch_id)
    return {need.kind: need for need in found}


PROMISES = """
SELECT count(*) AS asked,
       count(*) FILTER (WHERE coalesce(claimed_at, least(closed_at, %(now)s), %(now)s)
                              > person_asked_at + make_interval(secs => %(promise)s)) AS missed
  FROM measure_enquiry
 WHERE person_asked_at >= %(since)s AND person_asked_at < %(until)s
   AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
"""


async def promises(
    tx: Tx, period: Period, now: datetime, promise_seconds: float, branch_id: UUID | None = None
) -> tuple[int, int]:
    """Of the enquiries that asked for a person in a period, how many waited longer than promised: (missed, asked)."""
    row = await postgres.one(
        tx,
        PROMISES,
        since=period.since,
        until=period.until,
        now=now,
        promise=promise_seconds,
        branch=branch_id,
    )
    return (row["missed"], row["asked"]) if row else (0, 0)


OUTCOMES_KNOWN = """
SELECT count(*) AS assigned, count(*) FILTER (WHERE opened_at IS NOT NULL OR left_at IS NOT NULL) AS known
  FROM measure_exposure_outcome
"""


async def outcomes_known(tx: Tx) -> tuple[int, int]:
    """Of all assignments, how many have an outcome: (known, assigned)."""
    row = await postgres.one(tx, OUTCOMES_KNOWN)
    return (row["known"], row["assigned"]) if row else (0, 0)


CREDITED_IN = "SELECT count(*) FROM measure_opening WHERE credited_at >= %(since)s AND credited_at < %(until)s"


async def accounts_credited(tx: Tx, period: Period) -> int:
    """Accounts credited in a period, over all branches."""
    found: int = await postgres.value(tx, CREDITED_IN, since=period.since, until=period.until)
    return found


# Accounts credited in a period, by the branch they belong to now.
CREDITED = """
SELECT credited_branch_id AS branch_id, count(*) AS accounts FROM measure_opening
 WHERE credited_at >= %(since)s AND credited_at < %(until)s GROUP BY credited_branch_id
"""


async def credited(tx: Tx, period: Period) -> dict[UUID, int]:
    """Accounts credited in a period, by the branch they belong to after all decided disputes."""
    found = await postgres.rows(tx, CREDITED, since=period.since, until=period.until)
    return {row["branch_id"]: row["accounts"] for row in found}


BRANCH_SERVICE = """
SELECT (SELECT count(*) FROM measure_assist
         WHERE at >= %(since)s AND at < %(until)s AND branch_id = %(branch)s) AS assists,
       count(*) AS rated, count(*) FILTER (WHERE stars >= 4) AS satisfied
  FROM measure_rating WHERE rated_at >= %(since)s AND rated_at < %(until)s AND branch_id = %(branch)s
"""


async def branch_service(tx: Tx, period: Period, branch_id: UUID) -> dict[str, int]:
    """A branch's assists and ratings in a period."""
    row = await postgres.one(tx, BRANCH_SERVICE, since=period.since, until=period.until, branch=branch_id)
    return row or {}


# The rows of the live topic are changed here and told there in one transaction: a snapshot is what was told.
SHOWN = "SELECT key, row FROM measure_cockpit_row"
SHOW = """
INSERT INTO measure_cockpit_row AS c (key, row)
SELECT key, row FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(key text, row jsonb)
ON CONFLICT (key) DO UPDATE SET row = excluded.row
"""


async def shown(tx: Tx) -> dict[str, dict[str, Any]]:
    """The rows as they were last told."""
    return {found["key"]: found["row"] for found in await postgres.rows(tx, SHOWN)}


async def show(tx: Tx, rows: Mapping[str, Any], gone: Collection[str]) -> None:
    """Write changed rows, and take away those that are gone."""
    await postgres.execute(
        tx, SHOW, rows=msgspec.json.encode([{"key": key, "row": row} for key, row in rows.items()]).decode()
    )
    await postgres.execute(tx, "DELETE FROM measure_cockpit_row WHERE key = ANY(%(gone)s)", gone=list(gone))
