"""What serve can say of itself, in sums."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Figures:
    """One period. Seconds are product time; a wait runs from asking for a person to his first answer.

    `double_claimed` counts pairs of owners who had one enquiry at the same time, `lost` those under way for which
    nothing is set down to happen; both must be 0.
    """

    asked: int
    answered_by_bot: int
    asked_for_person: int
    claimed: int
    answered_by_person: int
    closed: int
    callbacks_owed: int
    waiting_now: int
    double_claimed: int
    lost: int
    wait_median_s: float | None
    wait_p90_s: float | None
    rated: int
    stars: float | None
    refused_messages: int
    advisor_hours: float
    rescues_offered: int
    rescues_taken: int
    rescues_contacted: int
    rescued: int


# Every enquiry under way has the deadline that keeps it moving: the next ring while somebody is looked for, the silence
# of an owner who owes an answer, else the end of a conversation that nobody continues.
ASLEEP = """
(e.state <> 'closed' AND NOT EXISTS (
   SELECT 1 FROM kit_deadline d
    WHERE d.subject = e.id::text
      AND d.kind = CASE WHEN e.state IN ('waiting', 'callback_owed') THEN 'serve.ring'
                        WHEN e.awaiting_since IS NOT NULL THEN 'serve.silence'
                        ELSE 'serve.idle' END))
"""

# Enquiries by the time they were asked.
FIGURES = f"""
WITH e AS (
  SELECT *, extract(epoch FROM first_answer_at - person_asked_at)::float8 AS wait
    FROM serve_enquiry
   WHERE origin = 'customer' AND asked_at >= %(since)s AND asked_at < %(until)s
     AND (%(branches)s::uuid[] IS NULL OR branch_id = ANY(%(branches)s))
), r AS (
  SELECT * FROM serve_rescue
   WHERE stuck_at >= %(since)s AND stuck_at < %(until)s
     AND (%(branches)s::uuid[] IS NULL OR branch_id = ANY(%(branches)s))
)
SELECT count(*) AS asked,
       count(*) FILTER (WHERE e.bot_answered_at IS NOT NULL) AS answered_by_bot,
       count(*) FILTER (WHERE e.person_asked_at IS NOT NULL) AS asked_for_person,
       count(*) FILTER (WHERE EXISTS (SELECT 1 FROM serve_ownership o WHERE o.enquiry_id = e.id)) AS claimed,
       count(*) FILTER (WHERE e.first_answer_at IS NOT NULL) AS answered_by_person,
       count(*) FILTER (WHERE e.state = 'closed') AS closed,
       count(*) FILTER (WHERE e.callback_at IS NOT NULL) AS callbacks_owed,
       count(*) FILTER (WHERE e.state IN ('waiting', 'callback_owed')) AS waiting_now,
       count(*) FILTER (WHERE EXISTS (
         SELECT 1 FROM serve_ownership a JOIN serve_ownership b ON b.enquiry_id = a.enquiry_id AND b.id > a.id
          WHERE a.enquiry_id = e.id AND a.began_at < coalesce(b.ended_at, 'infinity')
            AND b.began_at < coalesce(a.ended_at, 'infinity'))) AS double_claimed,
       count(*) FILTER (WHERE {ASLEEP}) AS lost,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY e.wait) AS wait_median_s,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY e.wait) AS wait_p90_s,
       count(e.stars) AS rated,
       avg(e.stars)::float8 AS stars,
       (SELECT count(*) FROM serve_refusal f
         WHERE f.at >= %(since)s AND f.at < %(until)s
           AND (%(branches)s::uuid[] IS NULL OR f.branch_id = ANY(%(branches)s))) AS refused_messages,
       (SELECT coalesce(sum(extract(epoch FROM least(coalesce(s.ended_at, %(until)s), %(until)s)
                                             - greatest(s.started_at, %(since)s))) / 3600, 0)::float8
          FROM serve_shift s
         WHERE s.started_at < %(until)s AND coalesce(s.ended_at, %(until)s) > %(since)s
           AND (%(branches)s::uuid[] IS NULL OR s.branch_id = ANY(%(branches)s))) AS advisor_hours,
       (SELECT count(*) FROM r WHERE r.offered_at IS NOT NULL) AS rescues_offered,
       (SELECT count(*) FROM r WHERE r.taken_at IS NOT NULL) AS rescues_taken,
       (SELECT count(*) FROM r WHERE r.contacted_at IS NOT NULL) AS rescues_contacted,
       (SELECT count(*) FROM r WHERE r.stuck_at < r.contacted_at AND r.contacted_at < r.next_step_at) AS rescued
  FROM e
"""


async def asleep(tx: Tx) -> list[UUID]:
    """Enquiries under way for which nothing is set down to happen: there must be none, whatever has happened."""
    return [row["id"] for row in await postgres.rows(tx, f"SELECT e.id FROM serve_enquiry e WHERE {ASLEEP}")]


async def figures(tx: Tx, since: datetime, until: datetime, branch_ids: Collection[UUID] | None = None) -> Figures:
    """The period from `since` up to `until`, of some branches or (None) of the whole firm."""
    branches = None if branch_ids is None else list(branch_ids)
    return (await postgres.read(tx, Figures, FIGURES, since=since, until=until, branches=branches))[0]
