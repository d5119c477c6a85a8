"""When people arrive: a rate per product time of day, and a non-homogeneous Poisson process over it by thinning.

Pure: the random generator is an argument. Source of the shape: the issue (evening peaks of openings, a surge at
9:15-9:45, lunch dip, weekends and holidays lower); the weights themselves are guesses.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from bihuan.kit.time import EXCHANGE, TradingCalendar
from bihuan.sim.behaviour.parameters import Arrivals, Channel
from bihuan.sim.calendar import local_hour

Floats = npt.NDArray[np.float64]


def day_weights(arrivals: Arrivals, hours: Floats) -> Floats:
    """The weight of each hour of a trading day (0..24), surge included.

    >>> day_weights(Arrivals(), np.array([9.5, 12.2])).round(2).tolist()
    [1.46, 0.6]
    """
    at, weight = np.array(arrivals.curve).T
    start, end, factor = arrivals.surge
    surge = np.where((hours >= start) & (hours < end), factor, 1.0)
    return np.asarray(np.interp(hours, at, weight) * surge)


def peak(arrivals: Arrivals) -> float:
    """An upper bound of the weight at any moment of any day."""
    return max(weight for _, weight in arrivals.curve) * max(arrivals.surge[2], 1.0)


def weight_at(arrivals: Arrivals, calendar: TradingCalendar, at: float) -> float:
    """The weight of one moment (seconds since the epoch): time of day, weekend and holiday together."""
    local = datetime.fromtimestamp(at, UTC).astimezone(EXCHANGE)
    weight = float(day_weights(arrivals, np.array([local_hour(at)]))[0])
    if calendar.is_trading_day(local.date()):
        return weight
    return weight * (arrivals.weekend if local.weekday() >= 5 else arrivals.holiday)


def next_arrival(rate: Callable[[float], float], bound: float, now: float, rng: np.random.Generator) -> float:
    """The next point after `now` of a Poisson process with `rate` per second, which never exceeds `bound`.

    Thinning (Lewis and Shedler 1979): candidates at the bound, each kept with probability rate / bound.
    """
    at = now
    while True:
        at += rng.exponential(1 / bound)
        if rng.random() * bound < rate(at):
            return at


def visits_per_start(channels: tuple[Channel, ...]) -> float:
    """How many visitors it takes, on average, for one application to begin."""
    return sum(c.share for c in channels) / sum(c.share * c.starts for c in channels)
