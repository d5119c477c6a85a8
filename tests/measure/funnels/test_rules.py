"""Chains, windows and steps."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kit.errors import Invalid
from bihuan.measure.funnels.rules import parse_steps, parse_window, steps_of, walk

START = datetime(2026, 3, 2, tzinfo=UTC)

times = st.lists(st.integers(0, 20), max_size=8).map(lambda ns: [START + timedelta(seconds=n) for n in sorted(ns)])
histories = st.fixed_dictionaries(dict.fromkeys("ABC", times))
paths = st.lists(st.sampled_from("ABC"), min_size=1, max_size=5)
windows = st.integers(0, 25).map(lambda n: timedelta(seconds=n))


@given(steps=paths, window=windows, events=histories)
def test_a_chain_is_ordered_within_its_window_and_of_real_events(
    steps: list[str], window: timedelta, events: dict[str, list[datetime]]
) -> None:
    chain = walk(steps, window, events)
    assert chain == sorted(chain)
    assert not chain or chain[-1] - chain[0] <= window
    left = {name: list(own) for name, own in events.items()}
    for name, moment in zip(steps, chain, strict=False):
        left[name].remove(moment)  # each event counts once


@given(steps=paths, window=windows, events=histories, more=st.integers(0, 10))
def test_a_longer_window_never_comes_less_far(
    steps: list[str], window: timedelta, events: dict[str, list[datetime]], more: int
) -> None:
    assert len(walk(steps, window + timedelta(seconds=more), events)) >= len(walk(steps, window, events))


@given(steps=paths, window=windows, events=histories)
def test_no_chain_comes_further(steps: list[str], window: timedelta, events: dict[str, list[datetime]]) -> None:
    assert len(walk(steps, window, events)) == furthest(steps, window, events)


def furthest(steps: list[str], window: timedelta, events: dict[str, list[datetime]]) -> int:
    """By trying every chain."""

    def reach(k: int, first: datetime, last: datetime, used: frozenset[tuple[str, int]]) -> int:
        if k == len(steps):
            return k
        found = [
            reach(k + 1, first, moment, used | {(steps[k], n)})
            for n, moment in enumerate(events[steps[k]])
            if last <= moment <= first + window and (steps[k], n) not in used
        ]
        return max(found, default=k)

    starts = enumerate(events[steps[0]])
    return max((reach(1, moment, moment, frozenset({(steps[0], n)})) for n, moment in starts), default=0)


@pytest.mark.parametrize("text", ["", "30", "d", "0d", "-1d", "1.5h", "9999d", "3661d", "30 d", "１d", "1" * 12 + "s"])
def test_windows_that_are_none(text: str) -> None:
    with pytest.raises(Invalid):
        parse_window(text)


@given(n=st.integers(1, 3660))
def test_windows_in_days(n: int) -> None:
    assert parse_window(f"{n}d") == timedelta(days=n)


@pytest.mark.parametrize("text", ["", ",", "a,,b", ",".join("abcdefghijklmnopq"), "x" * 501])
def test_steps_that_make_no_funnel(text: str) -> None:
    with pytest.raises(Invalid):
        parse_steps(text)


def test_each_step_carries_its_denominators() -> None:
    found = steps_of(["a", "b", "c"], [10, 5, 0], [None, 3.0, None])
    assert [(s.customers, s.first, s.previous) for s in found] == [(10, 10, 10), (5, 10, 10), (0, 10, 5)]
    assert [s.step_conversion for s in found] == [1.0, 0.5, 0.0]
