"""The course of an opening: its steps as the firm's rows describe them, and the hours in which its clocks run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property

from bihuan.kit.time import EXCHANGE, TradingCalendar

_HORIZON_DAYS = 60  # the longest closure of the exchange is far shorter; beyond this the hours are simply empty


@dataclass(frozen=True)
class Step:
    """One step. Event names start, finish or fail it; `stuck_after` is the silence that counts as stuck."""

    code: str
    ordinal: int
    name_zh: str
    name_en: str
    milestone: str | None = None  # submitted, opened
    started_by: tuple[str, ...] = ()
    done_by: tuple[str, ...] = ()
    failed_by: tuple[str, ...] = ()
    final_reasons: tuple[str, ...] = ()
    stuck_after: timedelta | None = None
    needs_session: bool = False
    may_be_sent_back: bool = False
    answers_hidden: bool = False
    resume_path: str | None = None

    def resume_link(self, opening_id: str) -> str | None:
        """The deep link that brings an applicant back to this very step."""
        return self.resume_path.replace("{opening_id}", opening_id) if self.resume_path else None


@dataclass(frozen=True)
class WitnessHours:
    """When witnesses are at work: daily windows of exchange time on trading days."""

    calendar: TradingCalendar
    windows: Sequence[tuple[time, time]]

    def after(self, start: datetime, span: timedelta) -> datetime | None:
        """The moment at which so much working time has passed since `start`; None when no hours are left to pass."""
        day = start.astimezone(EXCHANGE).date()
        for _ in range(_HORIZON_DAYS):
            for opens, closes in self.windows if self.calendar.is_trading_day(day) else ():
                begin = max(start, datetime.combine(day, opens, EXCHANGE))
                end = datetime.combine(day, closes, EXCHANGE)
                if end - begin >= span:
                    return (begin + span).astimezone(start.tzinfo)
                span -= max(end - begin, timedelta(0))
            day += timedelta(days=1)
        return None


def windows_of(texts: Sequence[str]) -> tuple[tuple[time, time], ...]:
    """Daily windows from texts.

    >>> windows_of(["09:30-11:30"])
    ((datetime.time(9, 30), datetime.time(11, 30)),)
    """
    pairs = (text.split("-") for text in texts)
    return tuple(sorted((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs))


@dataclass(frozen=True)
class Course:
    """All steps in their order. Exactly one is the submission, exactly one opens the account."""

    steps: Sequence[Step]
    hours: WitnessHours
    _by: Mapping[str, Mapping[str, list[Step]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(sorted(self.steps, key=lambda step: step.ordinal)))
        named: dict[str, dict[str, list[Step]]] = {"started_by": {}, "done_by": {}, "failed_by": {}}
        for step in self.steps:
            for what, events in named.items():
                for event in getattr(step, what):
                    events.setdefault(event, []).append(step)
        object.__setattr__(self, "_by", named)

    def started_by(self, event: str) -> Sequence[Step]:
        """Steps that an event of this name starts."""
        return self._by["started_by"].get(event, ())

    def done_by(self, event: str) -> Sequence[Step]:
        """Steps that it finishes."""
        return self._by["done_by"].get(event, ())

    def failed_by(self, event: str) -> Sequence[Step]:
        """Steps of which it is a failed attempt."""
        return self._by["failed_by"].get(event, ())

    def step(self, code: str | None) -> Step | None:
        """The step of this code."""
        return self._codes.get(code or "")

    def returnable(self, code: str | None) -> Step | None:
        """The step of this code, if a review may send it back to the applicant."""
        step = self.step(code)
        fits = step is not None and step.may_be_sent_back and step.ordinal < self.submission.ordinal
        return step if fits else None

    def before(self, step: Step) -> Sequence[Step]:
        """The steps that come earlier."""
        return [earlier for earlier in self.steps if earlier.ordinal < step.ordinal]

    def runs_out(self, code: str, since: datetime) -> datetime | None:
        """When the clock of a step runs out if nothing happens after `since`; None for a step without one."""
        step = self._codes[code]
        if step.stuck_after is None:
            return None
        return self.hours.after(since, step.stuck_after) if step.needs_session else since + step.stuck_after

    @cached_property
    def _codes(self) -> Mapping[str, Step]:
        return {step.code: step for step in self.steps}

    @cached_property
    def submission(self) -> Step:
        """The step by which the applicant hands in."""
        return next(step for step in self.steps if step.milestone == "submitted")

    @cached_property
    def opened(self) -> Step:
        """The step with which the account exists."""
        return next(step for step in self.steps if step.milestone == "opened")

    @cached_property
    def application(self) -> Sequence[Step]:
        """What the applicant does, up to and including the submission."""
        return [step for step in self.steps if step.ordinal <= self.submission.ordinal]

    @cached_property
    def after_submission(self) -> Sequence[Step]:
        """The submission itself and what the firm does then, up to the account."""
        return [step for step in self.steps if self.submission.ordinal <= step.ordinal <= self.opened.ordinal]

    @cached_property
    def reopened(self) -> Sequence[Step]:
        """What a return undoes besides the step it names: submission and review."""
        return [step for step in self.after_submission if step is not self.opened]

    @cached_property
    def afterwards(self) -> Sequence[Step]:
        """What follows the account: first deposit, first trade."""
        return [step for step in self.steps if step.ordinal > self.opened.ordinal]

    @cached_property
    def shortest_clock(self) -> timedelta:
        """No silence up to this long is a stall."""
        return min((step.stuck_after for step in self.steps if step.stuck_after), default=timedelta.max)

    @cached_property
    def hidden_events(self) -> frozenset[str]:
        """Names of the events that may carry what an applicant answered."""
        hidden = [step for step in self.steps if step.answers_hidden]
        return frozenset(name for step in hidden for name in (*step.started_by, *step.done_by, *step.failed_by))

    @property
    def events(self) -> frozenset[str]:
        """All event names that mark a step."""
        return frozenset().union(*self._by.values())
