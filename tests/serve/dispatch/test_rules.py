"""Rings and choices."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bihuan.serve.dispatch.rules import Candidate, Move, Ring, Wanted, advance, chosen, may_pull, next_ring, reaches

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
PEOPLE = [UUID(int=n) for n in range(1, 9)]
BRANCHES = [UUID(int=100 + n) for n in range(4)]
REGIONS = {branch: UUID(int=200 + n // 2) for n, branch in enumerate(BRANCHES)}

seconds = st.integers(1, 300).map(lambda n: timedelta(seconds=n))
moments = st.integers(-10_000, 10_000).map(lambda n: NOW + timedelta(seconds=n))
people = st.sampled_from(PEOPLE)


@st.composite
def rings(draw: st.DrawFn) -> list[Ring]:
    reaches = draw(st.lists(st.sampled_from(["own", "branch", "region", "everyone"]), min_size=1, max_size=5))
    return [Ring(n + 1, f"ring {n}", reach, draw(st.integers(1, 4)), draw(seconds)) for n, reach in enumerate(reaches)]


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    found = []
    for staff_id in draw(st.lists(people, unique=True)):
        branch = draw(st.sampled_from([None, *BRANCHES]))
        found.append(
            Candidate(
                staff_id,
                branch,
                REGIONS.get(branch) if branch else None,
                draw(st.booleans()),
                draw(st.integers(1, 4)),
                draw(st.integers(0, 5)),
                draw(st.integers(0, 3)),
                draw(st.none() | moments),
            )
        )
    return found


@st.composite
def wanteds(draw: st.DrawFn) -> Wanted:
    branch = draw(st.sampled_from([None, *BRANCHES]))
    return Wanted(
        draw(st.none() | people),
        branch,
        REGIONS.get(branch) if branch else None,
        draw(st.booleans()),
        draw(st.frozensets(people, max_size=3)),
        draw(st.frozensets(people, max_size=3)),
    )


def position(rings: list[Ring], ring: Ring | None) -> int:
    return len(rings) if ring is None else rings.index(ring)


@given(rings(), st.integers(0, 2000), st.integers(0, 2000))
def test_an_enquiry_never_moves_back_to_an_earlier_ring(rings: list[Ring], waited: int, longer: int) -> None:
    earlier = next_ring(rings, timedelta(seconds=waited))
    later = next_ring(rings, timedelta(seconds=waited + longer))
    assert position(rings, later) >= position(rings, earlier)


@given(rings(), wanteds(), candidates())
def test_only_those_are_chosen_who_are_within_reach_and_may_serve(
    rings: list[Ring], wanted: Wanted, candidates: list[Candidate]
) -> None:
    by_id = {candidate.staff_id: candidate for candidate in candidates}
    for ring in rings:
        staff_ids = chosen(ring, wanted, candidates)
        assert len(set(staff_ids)) == len(staff_ids) <= ring.size
        for staff_id in staff_ids:
            candidate = by_id[staff_id]
            assert reaches(ring, wanted, candidate)
            assert candidate.load < candidate.capacity
            assert candidate.licensed or not wanted.needs_licence
            assert staff_id not in wanted.passed_over | wanted.offered


@given(rings(), wanteds(), candidates())
def test_nobody_with_more_conversations_is_preferred(
    rings: list[Ring], wanted: Wanted, candidates: list[Candidate]
) -> None:
    by_id = {candidate.staff_id: candidate for candidate in candidates}
    for ring in rings:
        staff_ids = chosen(ring, wanted, candidates)
        everybody = chosen(Ring(ring.position, ring.name, ring.reach, 100, ring.patience), wanted, candidates)
        for left_out in set(everybody) - set(staff_ids):
            assert all(by_id[staff_id].load <= by_id[left_out].load for staff_id in staff_ids)


@given(rings(), wanteds(), candidates(), st.integers(0, 6), moments)
def test_a_move_always_leads_on(
    rings: list[Ring], wanted: Wanted, candidates: list[Candidate], at: int, asked_at: datetime
) -> None:
    move = advance(rings, wanted, candidates, at, asked_at, NOW)
    assert move.position >= min(at, rings[-1].position)
    if move.staff_ids:
        assert not move.callback_owed
        assert move.until is not None
        assert move.until > NOW
    elif move.callback_owed:
        assert asked_at + sum((ring.patience for ring in rings), timedelta()) <= NOW
    else:
        assert move.until is not None
        assert move.until > NOW


@given(rings(), wanteds(), candidates())
def test_nobody_is_asked_who_could_be_asked_nearer(
    rings: list[Ring], wanted: Wanted, candidates: list[Candidate]
) -> None:
    move = advance(rings, wanted, candidates, 0, NOW, NOW)
    if move.staff_ids:
        assert all(not chosen(ring, wanted, candidates) for ring in rings if ring.position < move.position)


@given(rings(), wanteds(), candidates())
def test_asking_on_and_on_ends_with_a_call_back(rings: list[Ring], wanted: Wanted, candidates: list[Candidate]) -> None:
    at, now, offered = 0, NOW, set(wanted.offered)
    for _ in range(len(rings) + len(candidates) + 2):
        asking = Wanted(**{**vars(wanted), "offered": frozenset(offered)})
        move: Move = advance(rings, asking, candidates, at, NOW, now)
        if move.callback_owed:
            return
        assert not offered & set(move.staff_ids)
        offered |= set(move.staff_ids)
        assert move.until is not None
        at, now = move.position, move.until
    raise AssertionError("the customer would wait for ever")


@given(rings(), wanteds(), candidates(), st.integers(0, 6))
def test_whoever_becomes_free_is_offered_what_his_ring_waits_for(
    rings: list[Ring], wanted: Wanted, candidates: list[Candidate], at: int
) -> None:
    for candidate in candidates:
        within = any(chosen(ring, wanted, [candidate]) for ring in rings if ring.position <= at)
        assert may_pull(rings, at, wanted, candidate) is within


def test_the_service_centre_is_everyone_too() -> None:
    agent = Candidate(PEOPLE[0], None, None, False, 1, 0, 0, None)
    nobody = Wanted(None, None, None, False, frozenset(), frozenset())
    assert [reaches(Ring(1, "r", reach, 1, timedelta(1)), nobody, agent) for reach in ("own", "branch", "region")] == [
        False,
        False,
        False,
    ]
    assert reaches(Ring(1, "r", "everyone", 1, timedelta(1)), nobody, agent)
