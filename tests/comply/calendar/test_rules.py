"""The days of a year and the closures that they tell of."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.comply.calendar.rules import LONGEST, Closure, closures_of, days_of, fault_of

YEARS = st.integers(2010, 2100)


@st.composite
def announced(draw: st.DrawFn) -> tuple[int, list[Closure]]:
    """A year and some closures within it."""
    year = draw(YEARS)
    found = []
    for _ in range(draw(st.integers(0, 8))):
        first = draw(st.dates(date(year, 1, 1), date(year, 12, 31)))
        last = min(first + timedelta(days=draw(st.integers(0, 10))), date(year, 12, 31))
        found.append(Closure(first, last, draw(st.sampled_from(["", "春节", "国庆"]))))
    return year, found


@given(announced())
def test_a_year_has_all_its_days_and_trades_on_weekdays_that_nobody_closed(told: tuple[int, list[Closure]]) -> None:
    year, closures = told
    days = days_of(year, closures)
    assert len(days) == (date(year + 1, 1, 1) - date(year, 1, 1)).days
    for day, is_open in days.items():
        assert is_open == (day.weekday() < 5 and not any(one.first <= day <= one.last for one in closures))


@given(announced())
def test_what_is_shown_can_be_sent_back_and_changes_nothing(told: tuple[int, list[Closure]]) -> None:
    year, closures = told
    days = days_of(year, closures)
    assert days_of(year, closures_of(days, {})) == days


@given(announced(), st.dates(date(2010, 1, 1), date(2100, 12, 31)))
def test_days_that_are_over_never_change(told: tuple[int, list[Closure]], today: date) -> None:
    year, closures = told
    standing = days_of(year, [])
    if fault_of(year, closures, today, standing) is None:
        planned = days_of(year, closures)
        assert all(planned[day] == is_open for day, is_open in standing.items() if day < today)


@pytest.mark.parametrize(
    ("closure", "said"),
    [
        (Closure(date(2026, 12, 31), date(2027, 1, 1), ""), "within 2027"),
        (Closure(date(2027, 2, 9), date(2027, 2, 8), ""), "ends on or after"),
        (Closure(date(2027, 2, 1), date(2027, 2, 1) + timedelta(days=LONGEST), ""), "at most"),
    ],
)
def test_nonsense_is_refused_with_the_closure_it_is_about(closure: Closure, said: str) -> None:
    assert said in (fault_of(2027, [closure], date(2026, 11, 25), {}) or "")
