"""How an enquiry may end. Pure."""

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
