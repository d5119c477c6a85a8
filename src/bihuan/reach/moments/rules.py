"""What a stall calls for in each arm, and whether it still stands."""

from dataclasses import dataclass
from datetime import datetime

# States in which a moment still waits for something; the others are its end.
OPEN = ("waiting", "due", "deferred")


@dataclass(frozen=True)
class Progress:
    """What is known of an application beside its stall: the latest time of each kind of turn.

    `moved_at` any step of the applicant or the review, `taken_at`, `released_at` and `contacted_at` an advisor.
    """

    moved_at: datetime | None = None
    taken_at: datetime | None = None
    released_at: datetime | None = None
    contacted_at: datetime | None = None
    returned_at: datetime | None = None
    returned_step: str | None = None


def latest(one: Progress, other: Progress) -> Progress:
    """What is known after two turns, in whatever order they are heard of.

    >>> from datetime import UTC
    >>> early, late = (Progress(moved_at=datetime(2026, 3, day, tzinfo=UTC)) for day in (1, 2))
    >>> latest(late, early) == latest(early, late) == late
    True
    """
    returned = other if one.returned_at is None or (other.returned_at or one.returned_at) > one.returned_at else one
    return Progress(
        moved_at=_later(one.moved_at, other.moved_at),
        taken_at=_later(one.taken_at, other.taken_at),
        released_at=_later(one.released_at, other.released_at),
        contacted_at=_later(one.contacted_at, other.contacted_at),
        returned_at=returned.returned_at,
        returned_step=returned.returned_step,
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


@dataclass(frozen=True)
class Stall:
    """The application was silent since `last_fact_at` and counted as stuck from `stuck_at`."""

    step: str
    last_fact_at: datetime
    stuck_at: datetime


def overtaken(stall: Stall, progress: Progress) -> str | None:
    """How a stall has ended already: `resumed` by the applicant, `taken` by an advisor; None while it stands.

    Facts of one application may be read in any order, so only their times count: a step that was done during the
    silence ends it, even if it is heard of later. An advisor who put it back without contact does not end it.
    """
    if progress.moved_at is not None and progress.moved_at > stall.last_fact_at:
        return "resumed"
    if progress.contacted_at is not None and progress.contacted_at >= stall.stuck_at:
        return "taken"
    taken, released = progress.taken_at, progress.released_at
    if taken is not None and taken >= stall.stuck_at and (released is None or released < taken):
        return "taken"
    return None


def first_state(arm: str, stall: Stall, progress: Progress) -> str:
    """Where a moment begins: control is `held`, message `due` at once, person `waiting` for an advisor.

    An arm that reach does not know is held: a message that should not have gone cannot be called back.
    """
    begin = {"message": "due", "person": "waiting"}.get(arm)
    if begin is None:
        return "held"
    return overtaken(stall, progress) or begin


def occasion_of(stall: Stall, progress: Progress) -> str:
    """`opening-returned` while the step is the one a review sent back and nothing moved since, else `opening-stuck`."""
    returned = progress.returned_at
    if returned is None or progress.returned_step != stall.step:
        return "opening-stuck"
    moved_since = progress.moved_at is not None and progress.moved_at > returned
    return "opening-stuck" if moved_since else "opening-returned"
