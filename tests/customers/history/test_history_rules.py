"""History is a set of records: in whatever order they come, it says the same."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bihuan.customers.history.rules import Record, latest, valid_on, versions

DAY = date(2026, 1, 1)
START = datetime(2026, 6, 1, tzinfo=UTC)


@st.composite
def record(draw: st.DrawFn) -> Record:
    values: dict[str, Any] = draw(
        st.dictionaries(st.sampled_from(["tier", "city"]), st.sampled_from("ABC"), min_size=1)
    )
    return Record(
        DAY + timedelta(days=draw(st.integers(0, 5))),
        START + timedelta(days=draw(st.integers(0, 2))),
        repr(sorted(values.items())).encode(),
        values,
    )


RECORDS = st.lists(record(), max_size=8)


@given(records=RECORDS, data=st.data())
def test_any_order_of_records_gives_the_same_history(records: list[Record], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(records))
    assert versions(shuffled) == versions(records)
    assert latest(shuffled) == latest(records)


@given(records=RECORDS)
def test_said_twice_is_said_once(records: list[Record]) -> None:
    assert versions(records + records) == versions(records)


@given(records=RECORDS)
def test_versions_of_an_attribute_follow_each_other_and_differ(records: list[Record]) -> None:
    found = versions(records)
    for one, following in itertools.pairwise(found):
        if one.attribute == following.attribute:
            assert one.valid_to == following.valid_from > one.valid_from
            assert one.value != following.value
        else:
            assert one.valid_to is None


@given(records=RECORDS, days=st.integers(-1, 6))
def test_on_any_day_one_version_at_most_is_valid_and_it_is_what_the_records_until_then_say(
    records: list[Record], days: int
) -> None:
    day = DAY + timedelta(days=days)
    found = {version.attribute: version.value for version in valid_on(versions(records), day)}
    assert found == latest(one for one in records if one.valid_from <= day)


def test_of_one_day_the_record_learned_later_is_the_correction() -> None:
    first = Record(DAY, START, b"b", {"tier": "A"})
    later = Record(DAY, START + timedelta(hours=1), b"a", {"tier": "B"})
    assert [(v.value, v.recorded_at) for v in versions([later, first])] == [("B", later.recorded_at)]
