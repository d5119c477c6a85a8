"""The exchange's days as the simulator knows them: it is outside the product and reads them for itself."""

import warnings
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bihuan.kit.time import AFTERNOON, EXCHANGE, MORNING, TradingCalendar

Floats = npt.NDArray[np.float64]
EXCHANGE_OFFSET = 8 * 3600  # seconds ahead of UTC; China has kept no summer time since 1991


@lru_cache(maxsize=1)
def exchange_days() -> TradingCalendar:
    """XSHG's trading days of the last three years to the end of what is published."""
    import exchange_calendars  # slow to import; the server, which plays nobody, never needs it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the package uses what pandas is about to change
        calendar = exchange_calendars.get_calendar("XSHG")
    last = calendar.last_session.date()
    first = max(calendar.first_session.date(), last - timedelta(days=3 * 366))
    open_days = {stamp.date() for stamp in calendar.sessions_in_range(first.isoformat(), last.isoformat())}
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return TradingCalendar.of({day: day in open_days for day in span})


def trading_days_ending(calendar: TradingCalendar, end: date, count: int) -> list[date]:
    """The last `count` trading days up to and including `end`, in order."""
    days: list[date] = []
    day = end
    while len(days) < count:
        if calendar.is_trading_day(day):
            days.append(day)
        day -= timedelta(days=1)
    return days[::-1]


def local_hour(at: float) -> float:
    """The hour of the day in Shanghai, 0..24, of seconds since the epoch."""
    return (at + EXCHANGE_OFFSET) % 86400 / 3600


class Sessions:
    """The hours in which the video desk works: the exchange's sessions over some days, as sorted seconds."""

    def __init__(self, calendar: TradingCalendar, first: date, days: int) -> None:
        spans = [
            (_seconds(first + timedelta(days=n), a), _seconds(first + timedelta(days=n), b))
            for n in range(days)
            if calendar.is_trading_day(first + timedelta(days=n))
            for a, b in (MORNING, AFTERNOON)
        ]
        self.starts = [a for a, _ in spans]
        self.ends = [b for _, b in spans]

    def next_open(self, at: float) -> float:
        """`at` itself within a session, else the start of the next one; infinity beyond the days known."""
        return float(self.next_opens(np.array([at]))[0])

    def next_opens(self, at: Floats) -> Floats:
        """`next_open` of many."""
        starts, ends = np.append(self.starts, np.inf), np.append(self.ends, np.inf)
        index = np.searchsorted(ends, at, side="right")
        return np.asarray(np.maximum(at, starts[np.minimum(index, len(starts) - 1)]))

    def after(self, at: Floats, span: float) -> Floats:
        """The moments at which so many seconds of session time have passed since each of `at`."""
        marks = np.column_stack([self.starts, self.ends]).ravel()
        lengths = np.where(np.arange(len(marks) - 1) % 2 == 0, np.diff(marks), 0.0)
        passed = np.concatenate([[0.0], np.cumsum(lengths)])
        done = np.interp(at, marks, passed) + span
        # Just above the end of a session means its end, so the inverse takes the earliest moment.
        first = np.searchsorted(passed, done, side="left")
        before = np.clip(first - 1, 0, len(marks) - 1)
        moment = marks[before] + (done - passed[before])
        return np.asarray(np.where(first >= len(marks), np.inf, moment))


def _seconds(day: date, clock: time) -> float:
    return datetime.combine(day, clock, EXCHANGE).timestamp()
