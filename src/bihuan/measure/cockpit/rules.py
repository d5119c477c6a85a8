"""What the cockpit says of the counted: periods, comparisons, leaks. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bihuan.kit.time import EXCHANGE, TradingCalendar
from bihuan.measure.counters.rules import hour_of

STAGES = ("collect", "understand", "decide", "reach", "serve", "credit", "measure", "learn")


@dataclass(frozen=True)
class Period:
    """From `since` until before `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Figure:
    """A figure of a period, and the same of an earlier one; a rate with what it was counted from.

    An estimate carries its 95% interval, and how many were in each of the arms it compares.
    """

    metric: str
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    before: float | None = None
    relative: bool = False
    low: float | None = None
    high: float | None = None
    sizes: tuple[tuple[str, int], ...] = ()

    @property
    def change(self) -> float | None:
        """Since before: relative for counts, a difference for all else; None where there is nothing to compare."""
        if self.value is None or self.before is None:
            return None
        if not self.relative:
            return self.value - self.before
        return (self.value - self.before) / self.before if self.before else None


@dataclass(frozen=True)
class Leak:
    """Where a stage loses most, and whether somebody must act."""

    metric: str
    detail: str
    numerator: int
    denominator: int
    act: bool

    @property
    def share(self) -> float | None:
        """None where nothing was counted."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Stage:
    """One of the eight stages."""

    stage: str
    figure: Figure
    leak: Leak | None


@dataclass(frozen=True)
class Need:
    """Something that waits for a person."""

    kind: str
    count: int
    oldest_at: datetime | None


@dataclass(frozen=True)
class Settlement:
    """Net new assets of the last day whose fund flows the counter has told, in yuan; `compared_with` as for today."""

    day: date
    compared_with: date
    net: Figure
    inflow: float
    outflow: float
    planned: float | None


@dataclass(frozen=True)
class Cockpit:
    """The loop at a moment."""

    as_of: datetime
    compared_with: date
    loop: tuple[Stage, ...]
    opened_today: Figure
    planned_today: float | None
    settlement: Settlement | None
    experience: tuple[Figure, ...]
    efficiency: tuple[Figure, ...]
    cost: tuple[Figure, ...]
    needs: tuple[Need, ...]


def midnight(day: date) -> datetime:
    """The start of a day in exchange time."""
    return datetime.combine(day, time(0), EXCHANGE)


def today_until(now: datetime) -> Period:
    """The exchange's day so far, this very moment included."""
    return Period(midnight(now.astimezone(EXCHANGE).date()), now + timedelta(microseconds=1))


def day_before(day: date, calendar: TradingCalendar) -> date:
    """The latest same weekday before that is of the same kind, trading or not; within four weeks, else a week before.

    After a week of holidays the comparison would otherwise be with one of them.
    """
    weeks = [day - timedelta(weeks=n) for n in range(1, 5)]
    return next((d for d in weeks if calendar.is_trading_day(d) == calendar.is_trading_day(day)), weeks[0])


def same_on(period: Period, day: date) -> Period:
    """The same times of another day."""
    shift = midnight(day) - midnight(period.since.astimezone(EXCHANGE).date())
    return Period(period.since + shift, period.until + shift)


def whole_day(day: date) -> Period:
    """A day of exchange time."""
    return Period(midnight(day), midnight(day + timedelta(days=1)))


def last_days(now: datetime, days: int) -> Period:
    """So many times 24 hours until now, this very moment included."""
    return Period(now - timedelta(days=days), now + timedelta(microseconds=1))


def whole_hours(period: Period) -> Period:
    """The period with its last hour filled up: counters of an hour that is not over hold only what has happened."""
    return Period(period.since, hour_of(period.until) + timedelta(hours=1))


def last_trading_day(now: datetime, calendar: TradingCalendar) -> Period:
    """From the start of the last trading day before today to last midnight, with the free days in between.

    On a Monday that is Friday to Sunday: applications come on free days too, and belong to somebody's morning.
    """
    today = now.astimezone(EXCHANGE).date()
    day = today - timedelta(days=1)
    while not calendar.is_trading_day(day):
        day -= timedelta(days=1)
    return Period(midnight(day), midnight(today))


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def planned(monthly: int, day: date, calendar: TradingCalendar) -> float:
    """A day's part of a month's plan: each trading day the same, other days none.

    >>> planned(40, date(2026, 3, 10), TradingCalendar.of({}))  # 22 weekdays, no calendar known
    1.8181818181818181
    """
    if not calendar.is_trading_day(day):
        return 0.0
    first = month_of(day)
    after = (first + timedelta(days=32)).replace(day=1)
    days = calendar.trading_days_between(first, after)
    return monthly / days if days else 0.0


def count(metric: str, now: float, before: float) -> Figure:
    """A plain number and the one before."""
    return Figure(metric, now, before=before, relative=True)


def quantity(metric: str, now: float | None, before: float | None) -> Figure:
    """A measured value, None where there was nothing to measure."""
    return Figure(metric, now, before=before)


def rate(metric: str, now: tuple[float, float], before: tuple[float, float]) -> Figure:
    """Numerator over denominator; None where the denominator is zero."""
    return Figure(metric, share(*now), *now, before=share(*before))


def share(numerator: float, denominator: float) -> float | None:
    """None where there is nothing to divide by."""
    return numerator / denominator if denominator else None


def worst(metric: str, parts: Mapping[str, float], of: Mapping[str, float] | float, act_above: float) -> Leak | None:
    """The largest part as a leak; None where nothing leaks. `of` is its denominator, common to all or each part's own.

    >>> worst("refused_messages", {"quiet_hours": 3, "cap": 1}, 10, 0.5)
    Leak(metric='refused_messages', detail='quiet_hours', numerator=3, denominator=10, act=False)
    """
    if not any(parts.values()):
        return None
    detail = max(sorted(parts), key=lambda name: parts[name])
    whole = of if isinstance(of, int | float) else of.get(detail, 0.0)
    part = share(parts[detail], whole)
    return Leak(metric, detail, round(parts[detail]), round(whole), part is not None and part > act_above)


def rank(own: float, all_values: Iterable[float]) -> int:
    """1 for the best; those with the same value share a rank.

    >>> rank(5, [7, 5, 5, 1])
    2
    """
    return 1 + sum(value > own for value in all_values)
