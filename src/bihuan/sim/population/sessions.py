"""How people use the app: sessions along a path (news, watchlist, search, holdings, products, service).

A session may end in an order. What leads each person to his orders differs and lasts, so that a portrait can find
it (row M2).

Vectorised: one call draws all sessions of one day as columns of events.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bihuan.sim.population.book import Book, popular
from bihuan.sim.population.products import CATALOGUE, SHARES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Strings = np.ndarray[Any, np.dtype[np.str_]]

PATHS = ("news", "watchlist", "search", "holdings", "products", "service")
NEWS, WATCHLIST, SEARCH, HOLDINGS, PRODUCTS, SERVICE = range(6)
EVENTS = (
    "App Opened", "Signed In", "Screen Viewed", "News Read", "Quote Viewed", "Watchlist Added", "Search Done",
    "Product Viewed", "Order Placed",
)  # fmt: skip
OPENED, SIGNED, SCREEN, READ, QUOTE, WATCH, SOUGHT, LOOKED, ORDER = range(9)
SCREENS = ("news", "watchlist", "search", "holdings", "wealth", "me", "order", "ipo", "transfer", "help", "disclosure")
TOPICS = ("大盘", "科技", "医药", "新能源", "银行", "消费", "宏观", "新股", "基金", "海外")
NONE, SUBJECT, OTHER = 0, 1, 2
ALWAYS, IF_ORDER = 1.0, -1.0


@dataclass(frozen=True)
class Stop:
    """One event of a path: how often it happens, the mean seconds before it, and what it is about."""

    event: int
    screen: str = ""
    chance: float = ALWAYS
    gap: float = 12.0
    about: int = NONE


_START = (Stop(OPENED), Stop(SIGNED, chance=0.5, gap=4))
_END = (Stop(SCREEN, "order", IF_ORDER, 15, SUBJECT), Stop(ORDER, "", IF_ORDER, 25, SUBJECT))
SCRIPTS: tuple[tuple[Stop, ...], ...] = (
    (*_START, Stop(SCREEN, "news"), Stop(READ, gap=8, about=SUBJECT), Stop(READ, chance=0.6, gap=45, about=OTHER),
     Stop(READ, chance=0.35, gap=50, about=SUBJECT), Stop(QUOTE, chance=0.6, gap=30, about=SUBJECT),
     Stop(WATCH, chance=0.12, gap=10, about=SUBJECT), *_END),
    (*_START, Stop(SCREEN, "watchlist"), Stop(QUOTE, chance=0.7, about=OTHER), Stop(QUOTE, chance=0.5, about=OTHER),
     Stop(QUOTE, about=SUBJECT), *_END),
    (*_START, Stop(SCREEN, "search", gap=5), Stop(SOUGHT, gap=6, about=SUBJECT), Stop(QUOTE, about=SUBJECT),
     Stop(WATCH, chance=0.35, gap=20, about=SUBJECT), *_END),
    (*_START, Stop(SCREEN, "holdings"), Stop(QUOTE, chance=0.8, gap=20, about=SUBJECT),
     Stop(READ, chance=0.2, gap=30, about=SUBJECT), Stop(QUOTE, chance=0.4, gap=30, about=SUBJECT), *_END),
    (*_START, Stop(SCREEN, "wealth"), Stop(LOOKED, chance=0.6, gap=15, about=OTHER),
     Stop(LOOKED, gap=20, about=SUBJECT), Stop(SCREEN, "disclosure", IF_ORDER, 40, SUBJECT), *_END),
    (*_START, Stop(SCREEN, "me"), Stop(SCREEN, "ipo", 0.4), Stop(SCREEN, "transfer", 0.35), Stop(SCREEN, "help", 0.2)),
)  # fmt: skip
APART_S = 1200.0  # hardly any path takes longer
LONGEST = max(len(script) for script in SCRIPTS)
# Chance that a session on each path ends in an order, before the person's own inclination.
INCLINATION = np.array([0.55, 0.8, 0.75, 0.85, 0.5, 0.0])
# Whoever looks at what he holds sells more often than he adds to it.
SELLING = np.array([0.4, 0.55, 0.35, 0.80, 0.15, 0.0])


def _table(read: Any, kind: type) -> npt.NDArray[Any]:
    """One attribute of all stops as (path, position), padded with stops that never happen."""
    pad = Stop(SCREEN, "", 0.0)
    return np.array([[read(s) for s in (*script, *[pad] * (LONGEST - len(script)))] for script in SCRIPTS], kind)


_EVENT = _table(lambda s: s.event, int)
_SCREEN = _table(lambda s: SCREENS.index(s.screen) if s.screen else -1, int)
_CHANCE = _table(lambda s: s.chance, float)
_GAP = _table(lambda s: s.gap, float)
_ABOUT = _table(lambda s: s.about, int)


@dataclass(frozen=True)
class Habits:
    """What lasts about each customer: his mix of paths and how readily he orders."""

    paths: Floats  # (customers, 6), cumulative shares
    eagerness: Floats

    @classmethod
    def draw(cls, n: int, rng: np.random.Generator) -> "Habits":
        """Most people have one way they mostly come."""
        mix = rng.dirichlet([0.45, 0.6, 0.35, 0.6, 0.3, 0.35], n)
        return cls(np.cumsum(mix, 1), np.minimum(rng.gamma(1.5, 1.0, n), 3.0))


@dataclass(frozen=True)
class Visits:
    """All sessions of a day: who, when it starts (seconds of the day), which path, about which item."""

    who: Ints
    start: Floats
    path: Ints
    item: Ints
    other: Ints
    wants: Bools  # would order at the end


def draw_visits(
    activity: Floats, minute_shares: Floats, habits: Habits, book: Book, rng: np.random.Generator
) -> Visits:
    """Draw one day's sessions; `activity` is the expected number of each customer, `minute_shares` sum to 1."""
    who = np.repeat(np.arange(len(activity)), rng.poisson(activity))
    start = rng.choice(len(minute_shares), len(who), p=minute_shares) * 60.0 + rng.random(len(who)) * 60
    who, start = _one_at_a_time(who, start)
    n = len(who)
    path = np.minimum((rng.random(n)[:, None] > habits.paths[who]).sum(1), 5)
    liked = popular(n, rng)
    held = book.any_share(who, rng)
    own = (held >= 0) & ((path == HOLDINGS) | (rng.random(n) < 0.3))
    product = SHARES + rng.integers(0, len(CATALOGUE), n)
    item = np.where(path == PRODUCTS, product, np.where(own, held, liked))
    other = np.where(path == PRODUCTS, SHARES + rng.integers(0, len(CATALOGUE), n), popular(n, rng))
    wants = rng.random(n) < INCLINATION[path] * habits.eagerness[who]
    return Visits(who, start, path, item, other, wants)


def _one_at_a_time(who: Ints, start: Floats) -> tuple[Ints, Floats]:
    """Without the visits that would begin while the same person's last one may still be going on."""
    order = np.lexsort((start, who))
    who, start = who[order], start[order]
    apart = np.ones(len(who), bool)
    apart[1:] = (who[1:] != who[:-1]) | (np.diff(start) > APART_S)
    return who[apart], start[apart]


@dataclass(frozen=True)
class Stops:
    """All events of a day in columns, `visit` pointing into the visits. `second` is the time of day."""

    visit: Ints
    event: Ints
    second: Floats
    screen: Ints
    item: Ints  # -1 for none


def timings(visits: Visits, rng: np.random.Generator) -> tuple[Floats, Bools]:
    """When each stop of each visit would be (visits, LONGEST), and which happen regardless of an order."""
    gaps = _GAP[visits.path] * rng.standard_exponential((len(visits.who), LONGEST))
    happens = rng.random(gaps.shape) < _CHANCE[visits.path]
    gaps[:, 0] = 0
    planned = happens | (_CHANCE[visits.path] < 0)
    return visits.start[:, None] + np.cumsum(np.where(planned, gaps, 0), 1), happens


def flatten(visits: Visits, at: Floats, happens: Bools, ordered: Bools) -> Stops:
    """The events that took place; `ordered` marks the visits whose order was placed."""
    placed = happens | ((_CHANCE[visits.path] < 0) & ordered[:, None])
    visit, stop = np.nonzero(placed)
    path = visits.path[visit]
    about = _ABOUT[path, stop]
    item = np.select([about == SUBJECT, about == OTHER], [visits.item[visit], visits.other[visit]], -1)
    return Stops(visit, _EVENT[path, stop], at[visit, stop], _SCREEN[path, stop], item)
