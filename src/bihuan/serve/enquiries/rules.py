"""How an enquiry may end, and which of two goes on. Pure."""

from dataclasses import dataclass
from datetime import datetime


def may_close(
    owner_answered_at: datetime | None, awaiting_since: datetime | None, callback_at: datetime | None, outcome: str
) -> bool:
    """Whether staff may end an enquiry: its present owner has answered, or nobody waits for an answer.

    A call that was owed is an answer too, given elsewhere.

    >>> from datetime import UTC
    >>> asked = datetime(2026, 3, 2, tzinfo=UTC)
    >>> may_close(None, asked, None, "answered"), may_close(None, asked, asked, "called_back")
    (False, True)
    """
    if owner_answered_at is not None or awaiting_since is None:
        return True
    return callback_at is not None and outcome == "called_back"


@dataclass(frozen=True)
class Live:
    """An enquiry under way, as far as it matters which of two of one customer goes on."""

    state: str
    asked_at: datetime
    claimed_at: datetime | None


def goes_on(one: Live, other: Live) -> bool:
    """Whether `one` goes on when both turn out to be the same customer's: the one a person serves, else the one that
    waits for a person; of two alike the one that was claimed, or asked, first.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, tzinfo=UTC)
    >>> goes_on(Live("waiting", at, None), Live("claimed", at, at))
    False
    """
    return _order(one) <= _order(other)


def _order(live: Live) -> tuple[int, datetime]:
    rank = {"claimed": 0, "waiting": 1, "callback_owed": 1}.get(live.state, 2)
    return rank, live.claimed_at or live.asked_at
