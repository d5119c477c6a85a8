"""Joining traces does not depend on order, grouping or repetition."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.measure.folded.rules import Kind, Shape, Trace, joined, trace

SHAPE = Shape("t", {"id": "text"}, (Kind("first_at", {"what": "text"}), Kind("last_at", {"what2": "text"}, False)))
START = datetime(2026, 3, 10, tzinfo=UTC)

moments = st.tuples(st.integers(0, 3).map(lambda n: START + timedelta(seconds=n)), st.sampled_from("ab"))
traces = st.lists(
    st.builds(
        Trace,
        st.sampled_from(["x", "y"]).map(lambda key: (key,)),
        st.dictionaries(st.sampled_from(["first_at", "last_at"]), moments),
    ),
    max_size=8,
)


@given(traces=traces, cut=st.integers(0, 8), data=st.data())
def test_a_row_is_the_same_however_its_facts_arrive(traces: list[Trace], cut: int, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(traces))
    in_parts = joined(SHAPE, [*joined(SHAPE, shuffled[:cut]), *joined(SHAPE, shuffled[cut:]), *shuffled])
    assert in_parts == joined(SHAPE, traces)


@given(traces=traces)
def test_the_first_and_the_last_moment_stay(traces: list[Trace]) -> None:
    for row in joined(SHAPE, traces):
        own = [one.moments for one in traces if one.key == row.key]
        firsts = [moments["first_at"] for moments in own if "first_at" in moments]
        lasts = [moments["last_at"] for moments in own if "last_at" in moments]
        assert row.moments.get("first_at") == min(firsts, default=None)
        assert row.moments.get("last_at") == max(lasts, default=None)


def test_a_moment_with_something_missing_says_nothing() -> None:
    assert trace("x", first_at=(START, None), last_at=None).moments == {}
    assert trace(("x", 1), first_at=START) == Trace(("x", 1), {"first_at": (START,)})
