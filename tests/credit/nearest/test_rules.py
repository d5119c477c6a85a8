"""An account nobody claims goes to a branch, near and with room where there is one, and always to some branch."""

from uuid import UUID

from hypothesis import given
from hypothesis.strategies import (
    builds,
    dictionaries,
    floats,
    integers,
    lists,
    none,
    one_of,
    permutations,
    sampled_from,
)

from bihuan.credit.nearest.rules import Candidate, Place, kilometres, nearest

CITIES = ["上海", "杭州", "广州", ""]
latitudes, longitudes = one_of(none(), floats(-90, 90)), one_of(none(), floats(-180, 180))
candidates = builds(
    lambda n, city, lat, lon, capacity: Candidate(UUID(int=n), f"B{n:03d}", city, lat, lon, capacity),
    integers(1, 50),
    sampled_from(CITIES),
    latitudes,
    longitudes,
    integers(0, 5),
)
branches = lists(candidates, max_size=8, unique_by=lambda c: c.branch_id)
places = builds(Place, one_of(none(), sampled_from(CITIES)), latitudes, longitudes)
counts = dictionaries(integers(1, 50).map(lambda n: UUID(int=n)), integers(0, 8))


@given(place=places, known=branches, taken=counts)
def test_there_is_always_one_of_the_branches(place: Place, known: list[Candidate], taken: dict[UUID, int]) -> None:
    found = nearest(place, known, taken)
    assert (found is None) == (not known)
    assert found is None or found in {c.branch_id for c in known}


@given(place=places, known=branches, taken=counts)
def test_a_full_branch_is_taken_only_when_all_are_full(
    place: Place, known: list[Candidate], taken: dict[UUID, int]
) -> None:
    found = nearest(place, known, taken)
    roomy = {c.branch_id for c in known if taken.get(c.branch_id, 0) < c.capacity}
    assert not roomy or found in roomy


@given(place=places, known=branches, taken=counts, order=permutations(range(8)))
def test_the_order_of_branches_does_not_matter(
    place: Place, known: list[Candidate], taken: dict[UUID, int], order: list[int]
) -> None:
    shuffled = [known[n] for n in order if n < len(known)]
    assert nearest(place, known, taken) == nearest(place, shuffled, taken)


@given(known=branches, taken=counts, city=sampled_from(CITIES[:3]))
def test_a_branch_with_room_in_the_city_goes_before_any_other(
    known: list[Candidate], taken: dict[UUID, int], city: str
) -> None:
    there = {c.branch_id for c in known if c.city == city and taken.get(c.branch_id, 0) < c.capacity}
    if there:
        assert nearest(Place(city), known, taken) in there


@given(a=floats(-90, 90), b=floats(-180, 180), c=floats(-90, 90), d=floats(-180, 180))
def test_distances_are_those_of_a_globe(a: float, b: float, c: float, d: float) -> None:
    there, back = kilometres((a, b), (c, d)), kilometres((c, d), (a, b))
    assert 0 <= there <= 20016
    assert abs(there - back) < 1e-6
