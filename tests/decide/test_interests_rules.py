"""Interests: the order of events does not matter, and old ones fade."""

import math
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.decide.interests.rules import HALF_LIFE, shares, topics_of, units

moments = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), moments), max_size=30), moments)
def test_shares_do_not_depend_on_the_order_of_events(events: list[tuple[str, datetime]], now: datetime) -> None:
    def summed(ordered: list[tuple[str, datetime]]) -> dict[str, float]:
        found: dict[str, float] = {}
        for topic, at in ordered:
            found[topic] = found.get(topic, 0.0) + units(at)
        return shares(found, now)

    forward, backward = summed(events), summed(events[::-1])
    assert forward.keys() == backward.keys()
    assert all(math.isclose(forward[topic], backward[topic], abs_tol=2e-6) for topic in forward)
    assert not forward or max(forward.values()) == 1.0


@given(moments)
def test_an_event_is_worth_half_after_a_half_life_and_nothing_after_a_year(at: datetime) -> None:
    assert math.isclose(units(at + HALF_LIFE), 2 * units(at), rel_tol=1e-9)
    assert shares({"a": units(at)}, at + timedelta(days=365)) == {}


@given(
    st.dictionaries(
        st.sampled_from(["topic", "topics", "x"]), st.recursive(st.none() | st.text() | st.integers(), st.lists)
    )
)
def test_topics_are_short_texts_whatever_is_sent(properties: dict[str, object]) -> None:
    found = topics_of(properties)
    assert len(found) == len(set(found)) <= 10
    assert all(isinstance(topic, str) and 0 < len(topic) <= 60 for topic in found)
