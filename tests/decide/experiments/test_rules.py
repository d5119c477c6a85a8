"""Assignment: stable, in proportion, indifferent to everybody else."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bihuan.decide.experiments.rules import assign, fault_of, point

ARMS = {"control": 0.2, "message": 0.4, "person": 0.4}


@st.composite
def weights(draw: st.DrawFn) -> dict[str, float]:
    """Weights of two to five arms that sum to 1."""
    raw = draw(st.lists(st.integers(0, 100), min_size=2, max_size=5).filter(any))
    return {f"arm{n}": one / sum(raw) for n, one in enumerate(raw)}


@given(st.uuids(), weights(), st.text(max_size=20))
def test_everybody_has_one_arm_and_never_one_of_weight_nought(who: UUID, arms: dict[str, float], salt: str) -> None:
    arm = assign(salt, "e", arms, who)
    assert arms[arm] > 0
    assert assign(salt, "e", dict(reversed(list(arms.items()))), who) == arm


@given(st.text(max_size=20), weights())
def test_proportions_come_out_as_asked(salt: str, arms: dict[str, float]) -> None:
    n = 4000
    found = Counter(assign(salt, "e", arms, UUID(int=number)) for number in range(n))
    for arm, weight in arms.items():
        assert abs(found[arm] / n - weight) < 6 * (max(weight * (1 - weight), 1e-4) / n) ** 0.5 + 1e-9


def test_proportions_of_the_rescue() -> None:
    n = 30_000
    found = Counter(assign("opening-rescue-1", "opening-rescue", ARMS, UUID(int=number << 64)) for number in range(n))
    assert all(abs(found[arm] / n - weight) < 0.01 for arm, weight in ARMS.items())


def test_another_salt_or_experiment_deals_anew() -> None:
    people = [UUID(int=number) for number in range(2000)]
    same = [assign("a", "e", ARMS, one) == assign("b", "e", ARMS, one) for one in people]
    other = [assign("a", "e", ARMS, one) == assign("a", "f", ARMS, one) for one in people]
    chance = sum(weight**2 for weight in ARMS.values())
    assert abs(sum(same) / 2000 - chance) < 0.05
    assert abs(sum(other) / 2000 - chance) < 0.05


@given(st.uuids(), st.floats(0, 1))
def test_shifting_one_edge_moves_only_those_between_the_old_and_the_new(who: UUID, edge: float) -> None:
    before = assign("s", "e", {"a": 0.5, "b": 0.5}, who)
    after = assign("s", "e", {"a": edge, "b": 1 - edge}, who)
    if not min(0.5, edge) <= point("s", "e", who) < max(0.5, edge):
        assert before == after


def test_impossible_weights_are_refused() -> None:
    assert fault_of({"control": 0.2, "message": 0.8}, ARMS) is not None
    assert fault_of({**ARMS, "message": -0.4, "person": 1.2}, ARMS) is not None
    assert fault_of({**ARMS, "message": float("nan")}, ARMS) is not None
    assert fault_of({"control": 1 / 3, "message": 1 / 3, "person": 1 / 3}, ARMS) is None
