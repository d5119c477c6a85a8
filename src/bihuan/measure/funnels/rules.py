"""What a funnel is: pure, without an engine. The archive's SQL computes the same and is tested against `walk`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan.kit.errors import Invalid

MOST_STEPS = 16
LONGEST_WINDOW = timedelta(days=3660)
SHOWN_GROUPS = 10

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class FunnelQuery:
    """An ordered funnel. `since` and `until` bound the first step only; `by` is a property of its event."""

    steps: tuple[str, ...]
    window: timedelta = timedelta(days=30)
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Step:
    """One measured step. `first` and `previous` are the denominators of the two conversions."""

    name: str
    customers: int
    first: int
    previous: int
    median_seconds: float | None

    @property
    def conversion(self) -> float | None:
        """Share of those at the first step who came this far."""
        return self.customers / self.first if self.first else None

    @property
    def step_conversion(self) -> float | None:
        """Share of those at the step before who came this far."""
        return self.customers / self.previous if self.previous else None


@dataclass(frozen=True)
class Group:
    """The funnel of one value of the breakdown property; None where the first event lacks it."""

    value: str | None
    is_other: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class FunnelResult:
    """The funnel over all customers, and per value when a breakdown was asked for."""

    query: FunnelQuery
    steps: tuple[Step, ...]
    breakdown: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Mark:
    """One bar of a funnel: those who reached the step (1 for the first), or with `lost` those who came to the one
    before and no further; of the whole funnel, or of those whose first step carried `value`.
    """

    step: int
    lost: bool = False
    value: str | None = None

    def check(self, query: FunnelQuery) -> None:
        """Raises Invalid for a bar the funnel does not have."""
        if not 1 + self.lost <= self.step <= len(query.steps):
            raise Invalid("mark", f"Name a step from {1 + self.lost} to {len(query.steps)}.")
        if self.value is not None and query.by is None:
            raise Invalid("mark", "Name the property whose value this is.")


def parse_window(text: str) -> timedelta:
    """A window as people write it. Raises Invalid for another form, zero, or more than ten years.

    >>> parse_window("30d"), parse_window("90m")
    (datetime.timedelta(days=30), datetime.timedelta(seconds=5400))
    """
    found = re.fullmatch(r"([0-9]{1,9})([smhdw])", text.strip())
    window = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found and int(found[1]) else None
    if window is None or window > LONGEST_WINDOW:
        raise Invalid("window", "Write the window as a number with s, m, h, d or w, up to 3660d: 90m, 24h, 30d.")
    return window


def parse_steps(text: str) -> tuple[str, ...]:
    """Step names from one comma-separated text. Raises Invalid for none, an empty one, or too many.

    >>> parse_steps("opening:visit, opening:account:opened")
    ('opening:visit', 'opening:account:opened')
    """
    return checked_steps([part.strip() for part in text.split(",")])


def checked_steps(steps: Sequence[str]) -> tuple[str, ...]:
    """The steps, if they make a funnel. Raises Invalid."""
    if not steps or not all(steps) or len(steps) > MOST_STEPS or max(map(len, steps)) > 500:
        raise Invalid("steps", f"Name 1 to {MOST_STEPS} events in their order, separated by commas.")
    return tuple(steps)


def walk(
    steps: Sequence[str],
    window: timedelta,
    events: Mapping[str, Sequence[datetime]],
    until: datetime | None = None,
) -> list[datetime]:
    """The chain of one customer: the times of the steps he reached, in order; empty without a first step.

    `events` are his event times by name, sorted. A chain begins at one first step (before `until`) and takes the
    earliest event for each step that is not before the one before it and not later than `window` after the first;
    events may share a time stamp, and one event counts for one step. Among the chains that come furthest, the one
    that begins earliest counts.
    """
    best: list[datetime] = []
    for start, first in enumerate(events.get(steps[0], ())):
        if until is not None and first >= until:
            break
        chain, used = [first], {steps[0]: start}
        for name in steps[1:]:
            taken = _next(events.get(name, ()), chain[-1], used.get(name, -1))
            if taken is None or events[name][taken] - first > window:
                break
            chain.append(events[name][taken])
            used[name] = taken
        if len(chain) > len(best):
            best = chain
    return best


def _next(times: Sequence[datetime], after: datetime, used: int) -> int | None:
    return next((n for n in range(used + 1, len(times)) if times[n] >= after), None)


def steps_of(names: Sequence[str], customers: Sequence[int], medians: Sequence[float | None]) -> tuple[Step, ...]:
    """Steps with their denominators, from counts and medians in the order of the names."""
    first = customers[0] if customers else 0
    before: Iterable[int] = (first, *customers)
    return tuple(
        Step(name, count, first, previous, median)
        for name, count, previous, median in zip(names, customers, before, medians, strict=False)
    )
