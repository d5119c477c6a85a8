"""Periods and comparisons."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.kit.time import EXCHANGE, TradingCalendar
from bihuan.measure.cockpit import rules
from bihuan.measure.cockpit.rules import Figure, Period

# A spring with a week of holidays: 16 to 23 February 2026 are closed on weekdays too.
HOLIDAYS = {date(2026, 2, 16) + timedelta(days=n) for n in range(8)}
DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(120)]
CALENDAR = TradingCalendar.of({day: day.weekday() < 5 and day not in HOLIDAYS for day in DAYS})

moments = st.datetimes(datetime(2026, 2, 2), datetime(2026, 4, 20), timezones=st.just(UTC))


def test_after_a_week_of_holidays_the_week_before_them_is_compared() -> None:
    assert rules.day_before(date(2026, 2, 25), CALENDAR) == date(2026, 2, 11)
    assert rules.day_before(date(2026, 3, 10), CALENDAR) == date(2026, 3, 3)
    assert rules.day_before(date(2026, 2, 18), CALENDAR) == date(2026, 2, 11)  # no such Wednesday: a week before


@given(now=moments)
def test_a_day_is_compared_with_its_weekday_until_the_same_time(now: datetime) -> None:
    today = rules.today_until(now)
    day = now.astimezone(EXCHANGE).date()
    before = rules.same_on(today, rules.day_before(day, CALENDAR))
    last = (before.until - timedelta(microseconds=1)).astimezone(EXCHANGE)
    assert before.until - before.since == today.until - today.since <= timedelta(days=1)
    assert last.weekday() == now.astimezone(EXCHANGE).weekday()
    assert last.time() == now.astimezone(EXCHANGE).time()
    assert today.since <= now < today.until
    assert today.since.astimezone(EXCHANGE).hour == 0


@given(now=moments)
def test_every_day_belongs_to_one_morning(now: datetime) -> None:
    """The mornings of consecutive trading days follow each other without gap or overlap."""
    period = rules.last_trading_day(now, CALENDAR)
    first = period.since.astimezone(EXCHANGE).date()
    assert CALENDAR.is_trading_day(first)
    assert CALENDAR.trading_days_between(first, period.until.astimezone(EXCHANGE).date()) == 1
    assert period.until <= now < period.until + timedelta(days=1)


def test_mondays_morning_holds_the_weekend() -> None:
    period = rules.last_trading_day(datetime(2026, 3, 9, 8, 30, tzinfo=EXCHANGE), CALENDAR)
    assert period == Period(rules.midnight(date(2026, 3, 6)), rules.midnight(date(2026, 3, 9)))


@given(monthly=st.integers(0, 5000), day=st.sampled_from([day for day in DAYS if day < date(2026, 4, 1)]))
def test_a_months_days_add_up_to_its_plan_and_free_ones_add_nothing(monthly: int, day: date) -> None:
    month = [d for d in DAYS if (d.year, d.month) == (day.year, day.month)]
    assert abs(sum(rules.planned(monthly, d, CALENDAR) for d in month) - monthly) < 1e-6
    assert all(rules.planned(monthly, d, CALENDAR) == 0 for d in month if not CALENDAR.is_trading_day(d))


@given(now=moments)
def test_whole_hours_hold_the_period(now: datetime) -> None:
    period = Period(now - timedelta(hours=3), now)
    filled = rules.whole_hours(period)
    assert filled.since == period.since
    assert timedelta(0) < filled.until - now <= timedelta(hours=1)
    assert (filled.until.minute, filled.until.second, filled.until.microsecond) == (0, 0, 0)


@given(values=st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_ranks_are_of_the_field_and_only_equals_share_one(values: list[int]) -> None:
    ranks = [rules.rank(value, values) for value in values]
    assert all(1 <= rank <= len(values) for rank in ranks)
    assert all(
        (a < b) == (x > y) for x, a in zip(values, ranks, strict=True) for y, b in zip(values, ranks, strict=True)
    )


def test_changes() -> None:
    assert rules.count("events", 150, 100).change == 0.5
    assert rules.count("events", 150, 0).change is None
    assert rules.rate("satisfaction", (9, 10), (4, 5)).change == 9 / 10 - 4 / 5
    assert rules.rate("satisfaction", (0, 0), (4, 5)).value is None
    assert Figure("wait_p90", None, before=3.0).change is None


@given(parts=st.dictionaries(st.sampled_from("abc"), st.integers(0, 50)), of=st.integers(0, 200))
def test_the_worst_leak_is_the_largest_part(parts: dict[str, float], of: int) -> None:
    found = rules.worst("m", parts, of, 0.5)
    assert (found is None) == (sum(parts.values()) == 0)
    if found:
        assert found.numerator == max(parts.values())
        assert found.act == (of > 0 and found.numerator / of > 0.5)
