"""Who may dispute an entry, who may judge, and until when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

VERDICTS = ("upheld", "moved")


@dataclass(frozen=True)
class Standing:
    """An entry as a dispute sees it: its kind, whether it still stands, who holds it and whose claims lost."""

    kind: str
    reversed: bool
    written_at: datetime
    holders: frozenset[UUID]
    losers: frozenset[UUID]


def bar_to_dispute(standing: Standing, branch_id: UUID | None, now: datetime, window: timedelta) -> str | None:
    """Why this branch may not dispute the entry, or None: `final` (only first entries can be disputed, a correction
    was judged already), `reversed`, `not-a-loser`, `too-late`.
    """
    if standing.kind != "acquisition":
        return "final"
    if standing.reversed:
        return "reversed"
    if branch_id is None or branch_id not in standing.losers:
        return "not-a-loser"
    if now > standing.written_at + window:
        return "too-late"
    return None


def bar_to_judge(
    judge_branch: UUID | None, judge_scope: Collection[UUID] | None, parties: Collection[UUID]
) -> str | None:
    """Why this person may not judge between these branches, or None: `own-branch`, `outside-scope`.

    >>> a, b, c = UUID(int=1), UUID(int=2), UUID(int=3)
    >>> bar_to_judge(None, [a, b], [a, b]) is None
    True
    >>> bar_to_judge(a, None, [a, b]), bar_to_judge(None, [a, c], [a, b])
    ('own-branch', 'outside-scope')
    """
    if judge_branch is not None and judge_branch in parties:
        return "own-branch"
    if judge_scope is not None and not set(parties) <= set(judge_scope):
        return "outside-scope"
    return None
