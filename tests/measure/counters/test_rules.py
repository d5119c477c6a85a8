"""Hours and amounts as the counters take them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bihuan.measure.counters.rules import REMEMBERED, cents, counted, hour_of

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(MOMENTS)
def test_a_moment_lies_in_its_hour_and_an_hour_in_itself(at: datetime) -> None:
    hour = hour_of(at)
    assert hour <= at < hour + timedelta(hours=1)
    assert hour_of(hour) == hour


@given(MOMENTS, st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_what_is_counted_stays_counted_until_it_is_forgotten(now: datetime, age: timedelta) -> None:
    assert counted(now - age, now) == (age <= REMEMBERED)


json = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.integers()))


@given(json)
def test_whatever_a_sender_calls_an_amount_is_whole_cents_that_add_up(amount: Any) -> None:
    assert 0 <= cents(amount) < 10**14 + 1


@given(st.integers(1, 10**12))
def test_an_amount_in_cents_is_kept_to_the_cent_however_it_is_spelled(whole: int) -> None:
    yuan = f"{whole // 100}.{whole % 100:02d}"
    assert cents(yuan) == cents(float(yuan)) == whole
