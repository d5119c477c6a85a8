"""The branch that takes an account nobody else has a claim on: near the customer, and with room this month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import asin, cos, inf, radians, sin, sqrt
from uuid import UUID

_EARTH_KM = 6371.0


@dataclass(frozen=True)
class Place:
    """Where a customer is, as far as he told: a city's name, or degrees, or neither."""

    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Candidate:
    """A branch that is open for business; `capacity` is how many new accounts it can look after in a month."""

    branch_id: UUID
    code: str
    city: str
    latitude: float | None
    longitude: float | None
    capacity: int


def nearest(place: Place, candidates: Iterable[Candidate], taken: Mapping[UUID, int]) -> UUID | None:
    """The nearest branch with room; `taken` counts this month's accounts. None when there is no branch at all.

    Where the place is unknown or several are equally near, the one with most room is taken. When none has room, the
    same order decides without regard to room: no account stays without a branch.
    """
    known = list(candidates)
    roomy = [c for c in known if taken.get(c.branch_id, 0) < c.capacity]
    here = _degrees(place, known)

    def order(candidate: Candidate) -> tuple[float, float, str]:
        room = candidate.capacity - taken.get(candidate.branch_id, 0)
        return (_distance(place, here, candidate), -room, candidate.code)

    best = min(roomy or known, key=order, default=None)
    return best.branch_id if best else None


def _degrees(place: Place, candidates: Iterable[Candidate]) -> tuple[float, float] | None:
    """The customer's own degrees, else those of a branch in his city."""
    if place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude
    for c in sorted(candidates, key=lambda c: c.code):
        if place.city and c.city == place.city and c.latitude is not None and c.longitude is not None:
            return c.latitude, c.longitude
    return None


def _distance(place: Place, here: tuple[float, float] | None, candidate: Candidate) -> float:
    if place.city and candidate.city == place.city and place.latitude is None:
        return 0.0
    if here is None or candidate.latitude is None or candidate.longitude is None:
        return inf
    return kilometres(here, (candidate.latitude, candidate.longitude))


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) in degrees, by the haversine formula.

    >>> round(kilometres((31.23, 121.47), (39.90, 116.41)))
    1067
    """
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, point)) for point in (a, b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(h))
