"""Quiet hours and caps."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.comply.contacts.rules import WEEK, capped, quiet
from bihuan.comply.policy.rules import Cap, Policy
from bihuan.kit.time import EXCHANGE, TradingCalendar, within_daily

POLICY = Policy(
    valid_for_days=365,
    longest_days=730,
    high_risk_from=5,
    quiet_start=time(21),
    quiet_end=time(8),
    quiet_channels=frozenset({"sms", "push", "call"}),
    quiet_purposes=frozenset({"marketing", "service"}),
    marketing_on_trading_days_only=False,
    caps={"marketing": Cap(1, 3), "service": Cap(5, 15)},
    personalisation=True,
)
WEEKDAYS = TradingCalendar.of({})
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
clocks = st.times().map(lambda at: at.replace(microsecond=0))
noisy = st.sampled_from(["sms", "push", "call"])


@given(moments, clocks, clocks, noisy)
def test_a_wait_ends_when_noise_is_allowed(now: datetime, start: time, end: time, channel: str) -> None:
    policy = replace(POLICY, quiet_start=start, quiet_end=end)
    wait = quiet(policy, WEEKDAYS, channel, "service", now)
    assert (wait is not None) == within_daily(now, start, end)
    if wait is not None:
        assert wait.until is not None
        assert now < wait.until <= now + timedelta(days=1)
        assert quiet(policy, WEEKDAYS, channel, "service", wait.until) is None


@given(moments, st.sampled_from(["inbox", "chat"]))
def test_quiet_channels_never_wait(now: datetime, channel: str) -> None:
    assert quiet(POLICY, WEEKDAYS, channel, "marketing", now) is None


@given(moments, noisy)
def test_marketing_may_keep_off_days_without_trading(now: datetime, channel: str) -> None:
    policy = replace(POLICY, marketing_on_trading_days_only=True)
    wait = quiet(policy, WEEKDAYS, channel, "marketing", now)
    if wait is None:
        assert now.astimezone(EXCHANGE).weekday() < 5
    else:
        assert wait.until is not None
        assert wait.until > now
    assert quiet(policy, WEEKDAYS, "inbox", "service", now) is None


def test_the_holiday_is_asked_of_the_calendar() -> None:
    policy = replace(POLICY, marketing_on_trading_days_only=True)
    holiday = TradingCalendar.of({date(2026, 3, 10): False, date(2026, 3, 11): True})
    wait = quiet(policy, holiday, "inbox", "marketing", datetime(2026, 3, 10, 10, tzinfo=EXCHANGE))
    assert wait is not None
    assert (wait.reason, wait.until) == ("no-trading-day", datetime(2026, 3, 11, 8, tzinfo=EXCHANGE))


ages = st.lists(st.timedeltas(timedelta(0), timedelta(days=10)), max_size=20)
counts = st.integers(0, 8)


@given(moments, ages, counts, counts)
def test_never_more_than_the_caps(now: datetime, ago: list[timedelta], day: int, week: int) -> None:
    policy = replace(POLICY, caps={"marketing": Cap(day, week), "service": Cap(day, week)})
    earlier = [now - age for age in ago]
    wait = capped(policy, earlier, "marketing", now)
    today = sum(at.astimezone(EXCHANGE).date() == now.astimezone(EXCHANGE).date() for at in earlier)
    last = sum(at > now - WEEK for at in earlier)
    assert (wait is None) == (today < day and last < week)
    if wait is not None and wait.until is not None:
        assert wait.until > now


@given(moments, ages, st.integers(1, 8), st.integers(1, 8))
def test_waiting_until_then_frees_the_cap_that_was_full(
    now: datetime, ago: list[timedelta], day: int, week: int
) -> None:
    policy = replace(POLICY, caps={"marketing": Cap(day, week), "service": Cap(day, week)})
    earlier = [now - age for age in ago]
    wait = capped(policy, earlier, "marketing", now)
    if wait is not None:
        assert wait.until is not None
        later = capped(policy, earlier, "marketing", wait.until)
        assert later is None or later.reason != wait.reason


@given(moments, ages)
def test_service_is_not_bound_by_the_caps_of_marketing(now: datetime, ago: list[timedelta]) -> None:
    earlier = [now - age for age in ago]
    if capped(POLICY, earlier, "service", now):
        assert capped(POLICY, earlier, "marketing", now)
