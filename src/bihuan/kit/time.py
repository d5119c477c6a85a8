"""Product time: one clock for all processes, and the exchange's calendar.

The clock's origin and factor are one row in PostgreSQL, so that every process tells the same time; the demo may
run it faster. Nothing else in the product differs between a real day and a compressed one.
"""

import asyncio
import time as real
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EXCHANGE = ZoneInfo("Asia/Shanghai")

MORNING = (time(9, 30), time(11, 30))
AFTERNOON = (time(13, 0), time(15, 0))


class Clock:
    """Tells the product's time; never runs backwards within a process."""

    def __init__(self, real_origin: datetime, product_origin: datetime, factor: float = 1.0) -> None:
        self._last = datetime.min.replace(tzinfo=UTC)
        self.set(real_origin, product_origin, factor)

    @classmethod
    def real(cls) -> "Clock":
        """A clock that tells real time."""
        now = datetime.now(UTC)
        return cls(now, now, 1.0)

    def set(self, real_origin: datetime, product_origin: datetime, factor: float) -> None:
        """Take over another origin and factor, as read from the shared row."""
        self._real_origin = real_origin
        self._product_origin = product_origin
        self.factor = factor

    def adopt(self, other: "Clock") -> None:
        """Take over what another clock, read from the shared row, tells."""
        self.set(other._real_origin, other._product_origin, other.factor)

    def now(self) -> datetime:
        """The product's time, aware, in UTC."""
        elapsed = datetime.fromtimestamp(real.time(), UTC) - self._real_origin
        self._last = max(self._last, self._product_origin + elapsed * self.factor)
        return self._last

    async def sleep(self, product_seconds: float) -> None:
        """Sleep so many seconds of product time."""
        await asyncio.sleep(max(0.0, product_seconds / self.factor))


class FixedClock(Clock):
    """A clock for tests that moves only when told."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now, now, 1.0)
        self.current = now

    def now(self) -> datetime:
        return self.current

    def advance(self, by: timedelta) -> datetime:
        """Move ahead and tell the new time."""
        self.current += by
        return self.current


@dataclass(frozen=True)
class TradingCalendar:
    """The exchange's trading days as a table; beyond its end weekdays count, and are marked provisional."""

    days: tuple[date, ...]
    last: date
    _set: frozenset[date] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_set", frozenset(self.days))

    @classmethod
    def of(cls, days: Mapping[date, bool]) -> "TradingCalendar":
        """From a table of `day -> open`; its last day is where knowledge ends."""
        return cls(tuple(sorted(day for day, is_open in days.items() if is_open)), max(days, default=date.min))

    def provisional(self, day: date) -> bool:
        """Whether the calendar says nothing of this day and its weekday is taken instead."""
        return day > self.last

    def is_trading_day(self, day: date) -> bool:
        """Whether the exchange trades on this day."""
        return day.weekday() < 5 if self.provisional(day) else day in self._set

    def in_session(self, at: datetime) -> bool:
        """Whether the exchange trades at this moment (continuous auction, 9:30-11:30 and 13:00-15:00)."""
        local = at.astimezone(EXCHANGE)
        clock = local.time()
        return self.is_trading_day(local.date()) and any(a <= clock < b for a, b in (MORNING, AFTERNOON))

    def next_session(self, at: datetime) -> datetime:
        """`at` itself while the exchange trades, else the start of the next session."""
        if self.in_session(at):
            return at
        local = at.astimezone(EXCHANGE)
        day = local.date()
        while True:
            if self.is_trading_day(day):
                for start, _ in (MORNING, AFTERNOON):
                    opening = datetime.combine(day, start, EXCHANGE)
                    if opening >= local:
                        return opening.astimezone(UTC)
            day += timedelta(days=1)

    def trading_day_before(self, day: date) -> date:
        """The last trading day before this one."""
        day -= timedelta(days=1)
        while not self.is_trading_day(day):
            day -= timedelta(days=1)
        return day

    def trading_days_between(self, first: date, last: date) -> int:
        """Trading days in [first, last)."""
        if self.provisional(last):
            span = (first + timedelta(days=n) for n in range((last - first).days))
            return sum(self.is_trading_day(day) for day in span)
        return bisect_left(self.days, last) - bisect_left(self.days, first)


def within_daily(at: datetime, start: time, end: time) -> bool:
    """Whether the local exchange time of `at` lies in [start, end); a window may cross midnight.

    >>> within_daily(datetime(2026, 1, 5, 22, 30, tzinfo=EXCHANGE), time(21), time(8))
    True
    """
    clock = at.astimezone(EXCHANGE).time()
    return start <= clock < end if start <= end else clock >= start or clock < end
