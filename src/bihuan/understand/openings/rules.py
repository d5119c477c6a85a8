"""What is known of one application: its state, its turning points, its stalls, its clocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.understand.openings.course import Course

RETURNED = "opening:returned"
WAITING = frozenset({"under_way", "sent_back"})  # states in which the applicant has the next move

# Of an event's properties only these are kept; what was answered or scored never leaves the event.
KEPT = ("channel", "staff_code", "branch_code", "reason", "step", "city")
DEGREES = {"latitude": 90, "longitude": 180}
_LONGEST = 200
_DECIMALS = 3  # a hundred metres are near enough to tell the nearest branch, and no address


@dataclass(frozen=True)
class Event:
    """One step event of an application. `known_user` says that its customer is a registered user, not a visitor."""

    occurred_at: datetime
    message_id: str
    name: str
    customer_id: UUID | None = None
    known_user: bool = False
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def order(self) -> tuple[datetime, str]:
        """The order in which events are taken."""
        return (self.occurred_at, self.message_id)


@dataclass
class StepState:
    """How one step stands. `passed` means that a later milestone proves it done although its event never came."""

    started_at: datetime | None = None
    done_at: datetime | None = None
    passed: bool = False
    attempts: int = 0
    failed_at: datetime | None = None
    reason: str | None = None
    barred: str | None = None
    sent_back: int = 0

    @property
    def done(self) -> bool:
        """Whether the applicant has this step behind him."""
        return self.done_at is not None or self.passed


@dataclass(frozen=True)
class Stall:
    """A silence that outlasted the clock of the step at which it happened and was broken at `ended_at`."""

    step: str
    last_fact_at: datetime
    stuck_at: datetime
    ended_at: datetime


@dataclass(frozen=True)
class Turn:
    """A turning point. `key` names it within its application: however events arrive, each key turns up once."""

    kind: str  # started, advanced, returned, submitted, opened, ineligible
    key: str
    at: datetime
    step: str | None
    next_step: str | None = None
    again: bool = False
    reason: str | None = None


@dataclass(frozen=True)
class Place:
    """Where an applicant said he was: a city's name, or degrees, or both."""

    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None


NOWHERE = Place()


@dataclass(frozen=True)
class OpeningState:
    """Where one application stands after all its events. `step` is the first that is not done.

    `staff_code` is the first that any event brought, `staff_code_at` the time of that event; `place` the last told.
    """

    state: str  # under_way, sent_back, submitted, opened, ineligible
    step: str | None
    steps: Mapping[str, StepState]
    first_fact_at: datetime
    last_fact_at: datetime
    customer_id: UUID | None = None
    channel: str | None = None
    staff_code: str | None = None
    staff_code_at: datetime | None = None
    chosen_branch: str | None = None
    place: Place = NOWHERE
    submitted_at: datetime | None = None
    opened_at: datetime | None = None
    returned_step: str | None = None
    returned_reason: str | None = None
    stalls: Sequence[Stall] = ()
    turns: Sequence[Turn] = ()

    @property
    def reason(self) -> str | None:
        """Why the last attempt at the current step failed, where it did."""
        return self.steps[self.step].reason if self.step else None


def stuck_at(state: OpeningState, course: Course) -> datetime | None:
    """When the applicant counts as stuck unless something happens before; None while no clock runs.

    No clock runs after submission, after the account is open, and for who may not open one.
    """
    if state.state not in WAITING or state.step is None:
        return None
    return course.runs_out(state.step, state.last_fact_at)


def abandoned_at(state: OpeningState, after: timedelta) -> datetime | None:
    """When the application counts as abandoned unless something happens before."""
    return state.last_fact_at + after if state.state in WAITING else None


def ran_out(stuck: datetime | None, abandoned: datetime, now: datetime) -> datetime | None:
    """The latest moment up to now at which a clock of an application ran out; None while none has.

    >>> from datetime import UTC
    >>> ten, week = datetime(2026, 3, 10, 10, tzinfo=UTC), timedelta(days=7)
    >>> ran_out(ten, ten + week, ten + timedelta(hours=1)) == ten
    True
    """
    return max((at for at in (stuck, abandoned) if at is not None and at <= now), default=None)


def new_turns(before: OpeningState | None, after: OpeningState) -> list[Turn]:
    """The turning points that `after` has and `before` had not, in the order in which they happened."""
    known = {turn.key for turn in before.turns} if before else set()
    return [turn for turn in after.turns if turn.key not in known]


def kept(properties: Mapping[str, object]) -> dict[str, str]:
    """Those properties of a step event that the state is folded from, as short texts.

    >>> kept({"channel": "search", "score": 71, "step": ["id"], "reason": ""})
    {'channel': 'search'}
    """
    texts = {
        key: str(value)[:_LONGEST]
        for key, value in properties.items()
        if key in KEPT and isinstance(value, str | int) and not isinstance(value, bool) and str(value)
    }
    return texts | _degrees(properties)


def _degrees(properties: Mapping[str, object]) -> dict[str, str]:
    """Latitude and longitude, where both are told and are some; alike however a store writes numbers."""
    told = {
        key: round(float(value), _DECIMALS)
        for key, most in DEGREES.items()
        if isinstance(value := properties.get(key), int | float) and not isinstance(value, bool) and abs(value) <= most
    }
    return {key: str(value) for key, value in told.items()} if len(told) == len(DEGREES) else {}
