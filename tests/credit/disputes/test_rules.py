"""Only a loser may object, in time and to a first entry; only somebody above both branches may judge."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis.strategies import booleans, builds, frozensets, integers, none, one_of, sampled_from

from bihuan.credit.disputes.rules import Standing, bar_to_dispute, bar_to_judge

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
WINDOW = timedelta(days=30)
ids = integers(1, 6).map(lambda n: UUID(int=n))
standings = builds(
    Standing,
    kind=sampled_from(["acquisition", "assist", "reversal", "correction"]),
    reversed=booleans(),
    written_at=integers(0, 60).map(lambda days: NOW - timedelta(days=days)),
    holders=frozensets(ids, max_size=2),
    losers=frozensets(ids, max_size=3),
)


@given(standing=standings, branch=one_of(none(), ids))
def test_whoever_may_dispute_lost_in_time_a_first_entry_that_stands(standing: Standing, branch: UUID | None) -> None:
    allowed = bar_to_dispute(standing, branch, NOW, WINDOW) is None
    assert allowed == (
        standing.kind == "acquisition"
        and not standing.reversed
        and branch in standing.losers
        and NOW - standing.written_at <= WINDOW
    )


@given(own=one_of(none(), ids), scope=one_of(none(), frozensets(ids)), parties=frozensets(ids, min_size=1, max_size=3))
def test_no_judge_of_either_branch_and_none_who_sees_one_side_only(
    own: UUID | None, scope: frozenset[UUID] | None, parties: frozenset[UUID]
) -> None:
    allowed = bar_to_judge(own, scope, parties) is None
    assert allowed == (own not in parties and (scope is None or parties <= scope))
