"""Known answers of the statistics, and what must hold for all counts."""

import csv
import gzip
from collections import Counter
from collections.abc import Callable
from math import isclose
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from bihuan.measure.experiments.rules import (
    NEEDED_PER_ARM,
    Arm,
    Counted,
    Interval,
    chi2_tail,
    compare,
    confidence_sequence,
    newcombe,
    sample_ratio,
    two_proportions,
    verdict,
    wilson,
)

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


@st.composite
def counts(draw: st.DrawFn) -> Counted:
    n = draw(st.integers(0, 2000))
    return Counted(draw(st.integers(0, n)), n)


# Newcombe 1998, table II, contrasts (a) to (h), method 10.
@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0000),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_newcombes_own_examples(a: int, m: int, b: int, n: int, low: float, high: float) -> None:
    found = newcombe(Counted(a, m), Counted(b, n))
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(counted=counts())
def test_a_share_lies_inside_its_interval(counted: Counted) -> None:
    found = wilson(counted)
    assert (found is None) == (counted.n == 0)
    if found:
        assert 0 <= found.low <= found.value <= found.high <= 1


@given(treated=counts(), reference=counts())
def test_a_difference_lies_inside_its_interval_and_turns_with_the_arms(treated: Counted, reference: Counted) -> None:
    found, turned = newcombe(treated, reference), newcombe(reference, treated)
    assert (found is None) == (treated.n == 0 or reference.n == 0)
    if found and turned:
        assert -1 <= found.low <= found.value <= found.high <= 1
        assert isclose(found.low, -turned.high, abs_tol=1e-12)


@given(treated=counts(), reference=counts())
def test_a_sequence_is_wider_than_a_single_look_and_turns_with_the_arms(treated: Counted, reference: Counted) -> None:
    found, turned = confidence_sequence(treated, reference), confidence_sequence(reference, treated)
    assert (found is None) == (treated.n == 0 or reference.n == 0)
    if found and turned:
        assert -1 <= found.low <= found.value <= found.high <= 1
        assert isclose(found.low, -turned.high, abs_tol=1e-12)
        once = newcombe(treated, reference)
        assert once is not None
        if min(treated.n, reference.n) >= NEEDED_PER_ARM and found.low > -1 and found.high < 1:
            assert found.high - found.low > once.high - once.low


Intervals = Callable[[Counted, Counted], Interval | None]


def false_alarms(interval: Intervals, share: float, runs: int = 400, most: int = 1000) -> float:
    """How many of `runs` experiments without any effect ever show one, looked at after every tenth pair."""
    alarms = 0
    for run in range(runs):
        hits = np.random.default_rng([11, run]).random((2, most)) < share
        seen = hits.cumsum(axis=1)[:, 9::10]
        looks = [
            (Counted(int(a), n), Counted(int(b), n)) for a, b, n in zip(*seen, range(10, most + 1, 10), strict=True)
        ]
        found = [interval(a, b) for a, b in looks if a.n >= NEEDED_PER_ARM]
        alarms += any(each is not None and (each.low > 0 or each.high < 0) for each in found)
    return alarms / runs


@pytest.mark.parametrize("share", [0.05, 0.35, 0.7])
def test_looking_again_and_again_raises_no_false_alarm(share: float) -> None:
    assert false_alarms(confidence_sequence, share) <= 0.05


def test_an_interval_of_a_single_look_does_raise_them() -> None:
    """The broken control: what the state was read from before."""
    assert false_alarms(newcombe, 0.35) > 0.2


def test_a_real_effect_is_found_all_the_same() -> None:
    """Eleven points, what the rescue is worth in the round table's figures, from two thousand applications."""
    found = confidence_sequence(Counted(460, 1000), Counted(350, 1000))
    assert found is not None
    assert found.low > 0


@given(share=st.integers(1, 9), n=st.integers(10, 400).map(lambda n: n * 10))
def test_more_people_make_an_interval_narrower(share: int, n: int) -> None:
    few, many = wilson(Counted(share * n // 10, n)), wilson(Counted(share * n // 5, 2 * n))
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


@given(treated=counts(), reference=counts())
def test_the_two_proportion_test_is_the_2_by_2_chi_square(treated: Counted, reference: Counted) -> None:
    table = [[treated.hits, treated.n - treated.hits], [reference.hits, reference.n - reference.hits]]
    columns = [table[0][0] + table[1][0], table[0][1] + table[1][1]]
    assume(treated.n and reference.n)
    found = two_proportions(treated, reference)
    assert (found is None) == (0 in columns)
    if found:
        known = stats.chi2_contingency(table, correction=False)
        assert found[0] ** 2 == pytest.approx(known.statistic, rel=1e-9, abs=1e-9)
        assert found[1] == pytest.approx(known.pvalue, rel=1e-6, abs=1e-12)


@given(x=st.floats(0, 200), df=st.integers(1, 12))
def test_the_tail_of_chi_square(x: float, df: int) -> None:
    assert chi2_tail(x, df) == pytest.approx(stats.chi2.sf(x, df), rel=1e-8, abs=1e-14)


@given(
    observed=st.dictionaries(st.sampled_from("abc"), st.integers(0, 5000), min_size=1),
    weights=st.fixed_dictionaries({arm: st.floats(0.05, 1) for arm in "abc"}),
)
def test_the_sample_ratio_is_pearsons(observed: dict[str, int], weights: dict[str, float]) -> None:
    found = sample_ratio(observed, weights)
    n = sum(observed.values())
    assume(n)
    known = stats.chisquare(
        [observed.get(arm, 0) for arm in "abc"], [n * weights[arm] / sum(weights.values()) for arm in "abc"]
    )
    assert found.chi2 == pytest.approx(known.statistic)
    assert found.p == pytest.approx(known.pvalue, abs=1e-12)
    assert found.alarm == (found.p is not None and found.p < 0.001)


def test_sample_ratios_that_are_told_at_once() -> None:
    weights = {"control": 0.2, "message": 0.4, "person": 0.4}
    assert sample_ratio({}, weights).p is None
    assert not sample_ratio({"control": 200, "message": 400, "person": 410}, weights).alarm
    assert sample_ratio({"control": 300, "message": 400, "person": 400}, weights).alarm
    assert sample_ratio({"control": 200, "message": 400, "person": 400, "stray": 1}, weights).alarm
    # The published check of the experiment below: 44,700 against 45,489 of equal arms, p about 0.0086.
    assert sample_ratio({"a": 44_700, "b": 45_489}, {"a": 1, "b": 1}).p == pytest.approx(0.00861, abs=5e-5)


def arm(name: str, hits: int, n: int) -> Arm:
    counted = Counted(hits, n)
    return Arm(name, 0.5, counted, counted, counted, counted, 0, None, None)


@pytest.mark.parametrize(
    ("treated", "reference", "state"),
    [
        ((20, 29), (2, 400), "too_early"),
        ((0, 40), (0, 40), "too_early"),
        ((25, 50), (24, 50), "no_difference_yet"),
        ((45, 50), (20, 50), "better"),
        ((20, 50), (45, 50), "worse"),
        ((30, 30), (0, 30), "better"),
    ],
)
def test_what_may_be_said(treated: tuple[int, int], reference: tuple[int, int], state: str) -> None:
    found = compare(arm("person", *treated), arm("message", *reference), headline=True)
    assert found.state == state
    even = sample_ratio({"person": 100, "message": 100}, {"person": 1, "message": 1})
    odd = sample_ratio({"person": 100, "message": 300}, {"person": 1, "message": 1})
    assert verdict([found], even) == state
    assert verdict([found], odd) == "broken"


@given(treated=counts(), reference=counts())
def test_turning_the_arms_turns_the_verdict(treated: Counted, reference: Counted) -> None:
    there = compare(arm("a", treated.hits, treated.n), arm("b", reference.hits, reference.n), headline=True)
    back = compare(arm("b", reference.hits, reference.n), arm("a", treated.hits, treated.n), headline=True)
    turned = {"better": "worse", "worse": "better"}
    assert back.state == turned.get(there.state, there.state)


def table(path: Path, arm_column: str, outcome_column: str) -> dict[str, Counted]:
    if not path.exists():
        pytest.skip(f"the public data set is not at {path}")
    opener = gzip.open if path.suffix == ".gz" else open
    hits, n = Counter[str](), Counter[str]()
    with opener(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row[arm_column] and row[outcome_column]:
                n[row[arm_column]] += 1
                hits[row[arm_column]] += row[outcome_column] in ("True", "TRUE", "1", "1.0")
    return {name: Counted(hits[name], n[name]) for name in n}


@pytest.mark.parametrize(("outcome", "z", "p"), [("retention_1", 1.511, 0.1307), ("retention_7", 2.422, 0.01545)])
def test_a_published_experiment_with_a_mobile_game(outcome: str, z: float, p: float) -> None:
    arms = table(SHARED / "cookie_cats" / "cookie_cats.csv.gz", "version", outcome)
    found = two_proportions(arms["gate_30"], arms["gate_40"])
    assert found is not None
    assert (round(found[0], 3), float(f"{found[1]:.4g}")) == (z, p)


def test_a_published_field_experiment_with_incentives() -> None:
    arms = table(SHARED / "causal_known_answers" / "thornton_hiv.csv", "any", "got")
    none, some = (arms[key] for key in sorted(arms))
    assert (none.n, some.n) == (623, 2211)
    found = newcombe(some, none)
    assert found is not None
    assert found.value == pytest.approx(0.7892 - 0.3387, abs=1e-4)
    assert found.low > 0.4
