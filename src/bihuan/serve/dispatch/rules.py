"""Who is offered a waiting enquiry, and when the circle widens. Pure: everything it weighs is an argument."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True)
class Ring:
    """One widening of the circle of advisors who are offered an enquiry."""

    position: int
    name: str
    reach: str  # own | branch | region | everyone
    size: int  # most advisors offered at once
    patience: timedelta  # after this, the next ring


@dataclass(frozen=True)
class Candidate:
    """An advisor who is online, as dispatch weighs him."""

    staff_id: UUID
    branch_id: UUID | None
    region_id: UUID | None
    licensed: bool
    capacity: int
    load: int  # conversations he holds
    offers: int  # offers he has not answered
    last_claimed_at: datetime | None

    @property
    def spare(self) -> int:
        """Conversations he can still take."""
        return self.capacity - self.load


@dataclass(frozen=True)
class Wanted:
    """What an enquiry asks of an advisor. `passed_over` declined it or went silent on it."""

    own_staff_id: UUID | None
    branch_id: UUID | None
    region_id: UUID | None
    needs_licence: bool
    passed_over: frozenset[UUID]
    offered: frozenset[UUID]  # those who hold an offer now


@dataclass(frozen=True)
class Move:
    """What to do with a waiting enquiry: offer it to `staff_ids`, look again at `until`; or a call back is owed."""

    position: int
    staff_ids: tuple[UUID, ...]
    until: datetime | None
    callback_owed: bool = False


def next_ring(rings: Sequence[Ring], waited: timedelta) -> Ring | None:
    """The ring an enquiry belongs to after `waited`, or None when all are exhausted and a call back is owed.

    >>> rings = [Ring(1, "own advisor", "own", 1, timedelta(seconds=8)),
    ...          Ring(2, "branch", "branch", 5, timedelta(seconds=20))]
    >>> next_ring(rings, timedelta(seconds=9)).name
    'branch'
    """
    for ring in rings:
        if waited < ring.patience:
            return ring
        waited -= ring.patience
    return None


def reaches(ring: Ring, wanted: Wanted, candidate: Candidate) -> bool:
    """Whether the ring is wide enough for this advisor. A customer without a branch is everyone's."""
    if ring.reach == "everyone":
        return True
    if ring.reach == "own":
        return candidate.staff_id == wanted.own_staff_id
    if ring.reach == "branch":
        return wanted.branch_id is not None and candidate.branch_id == wanted.branch_id
    return wanted.region_id is not None and candidate.region_id == wanted.region_id


def may_serve(wanted: Wanted, candidate: Candidate) -> bool:
    """Whether he may be offered it at all: room for one more, licensed where that is needed, not passed over."""
    return (
        candidate.spare > 0
        and (candidate.licensed or not wanted.needs_licence)
        and candidate.staff_id not in wanted.passed_over
        and candidate.staff_id not in wanted.offered
    )


def chosen(ring: Ring, wanted: Wanted, candidates: Collection[Candidate]) -> tuple[UUID, ...]:
    """Those of the ring who are offered it: fewest open conversations first, then who has waited longest for one."""
    fit = [c for c in candidates if reaches(ring, wanted, c) and may_serve(wanted, c)]
    fit.sort(key=lambda c: (c.load, c.offers, c.last_claimed_at is not None, c.last_claimed_at, c.staff_id))
    return tuple(c.staff_id for c in fit[: max(0, ring.size)])


def advance(
    rings: Sequence[Ring],
    wanted: Wanted,
    candidates: Collection[Candidate],
    at: int,
    asked_at: datetime,
    now: datetime,
) -> Move:
    """The next move of an enquiry that waits at ring position `at` (0: none yet).

    A ring where nobody can be asked costs no waiting: the next one is tried at once, and then those inside the
    circle who have become free meanwhile. When nobody is left the enquiry waits in the widest ring until its whole
    patience since `asked_at` is spent, for somebody may come online; then a call back is owed.
    """
    ahead = [ring for ring in rings if ring.position > at]
    circle = [ring for ring in rings if ring.position <= at]
    last = rings[-1].position if rings else 0
    for position, ring in [(ring.position, ring) for ring in ahead] + [(last, ring) for ring in circle]:
        staff_ids = chosen(ring, wanted, candidates)
        if staff_ids:
            return Move(position, staff_ids, now + ring.patience)
    patience_ends = asked_at + sum((ring.patience for ring in rings), timedelta())
    if now < patience_ends:
        return Move(last, (), patience_ends)
    return Move(last, (), None, callback_owed=True)


def may_pull(rings: Sequence[Ring], at: int, wanted: Wanted, candidate: Candidate) -> bool:
    """Whether somebody who has just become free may be offered an enquiry that waits at ring position `at`."""
    return may_serve(wanted, candidate) and any(
        reaches(ring, wanted, candidate) for ring in rings if ring.position <= at
    )
