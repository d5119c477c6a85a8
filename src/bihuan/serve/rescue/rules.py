"""What becomes of a stuck application, by its arm and by what is heard of it. Pure."""

from datetime import datetime

PERSON = "person"

# Which consent a contact needs: an advisor's own message reaches the same handset as a text message.
CONSENT_CHANNEL = {"chat": "chat", "call": "call", "message": "sms"}


def first_state(arm: str) -> str:
    """`open` on the desk for the arm that a person helps; `held` for those the experiment leaves to themselves.

    >>> first_state("control")
    'held'
    """
    return "open" if arm == PERSON else "held"


def moved_on(last_fact_at: datetime, seen_until: datetime) -> bool:
    """Whether the applicant was heard of after the moment the stall was told of."""
    return last_fact_at > seen_until


def late(at: datetime, last_fact_at: datetime) -> bool:
    """Whether a turn that is heard of now happened before the stall, and so says nothing about its end."""
    return at <= last_fact_at


def may_conclude(contacted_at: datetime | None, outcome: str) -> bool:
    """Whether an advisor may say how it ended: only who has reached out knows, save that nobody could be helped.

    >>> may_conclude(None, "no_answer"), may_conclude(None, "ineligible")
    (False, True)
    """
    return contacted_at is not None or outcome == "ineligible"


def follows(contacted_at: datetime | None, next_step_at: datetime, window_ends: datetime) -> bool:
    """Whether a step done after the advisor had put the rescue down still counts as following his contact."""
    return contacted_at is not None and contacted_at < next_step_at <= window_ends
