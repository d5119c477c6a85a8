"""What a message must be to enter the log, and when it happened."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.intake import rules
from bihuan.kit import ids
from bihuan.kit import log as the_log

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
LIMITS = rules.Limits(32_768, timedelta(hours=24), timedelta(seconds=60))

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
messages = st.dictionaries(
    st.sampled_from(["type", "event", "userId", "anonymousId", "messageId", "timestamp", "properties", "traits"]),
    anything | st.sampled_from(["track", "identify", "u1", "2026-03-10T01:00:00Z"]),
)


def judge(message: object, trusted: bool = False, skew: timedelta | None = None) -> rules.Accepted | rules.Rejected:
    return rules.judge(message, size=100, trusted=trusted, received_at=NOW, skew=skew, limits=LIMITS)


def track(**more: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Signed In", "userId": "u1", **more}


@given(messages | anything)
def test_every_message_gets_a_verdict_and_what_is_accepted_has_a_customer_and_a_sane_time(message: object) -> None:
    verdict = judge(message)
    if isinstance(verdict, rules.Accepted):
        assert verdict.user_id or verdict.anonymous_id
        assert verdict.name
        assert verdict.occurred_at <= NOW + LIMITS.future
    else:
        assert verdict.reason
        assert verdict.detail


@given(st.sampled_from(sorted(rules.NOBODY)), st.booleans())
def test_values_that_name_nobody_are_no_identifier(text: str, upper: bool) -> None:
    assert rules.identifier(text.upper() if upper else text) is None


def test_a_user_is_the_same_customer_on_every_device() -> None:
    first, second = judge(track(anonymousId="a")), judge(track(anonymousId="b"))
    assert isinstance(first, rules.Accepted)
    assert isinstance(second, rules.Accepted)
    assert first.customer_id == second.customer_id == ids.customer_of_user("u1")


def test_only_the_firms_own_systems_send_steps_of_an_opening() -> None:
    message = track(event="opening:account:opened")
    refused = judge(message)
    assert isinstance(refused, rules.Rejected)
    assert refused.reason == "untrusted"
    assert isinstance(judge(message, trusted=True), rules.Accepted)


@pytest.mark.parametrize("trusted", [False, True])
@given(st.sampled_from(sorted(the_log.ROOMS)), st.text(max_size=50))
def test_nobody_outside_speaks_in_a_rooms_name(trusted: bool, room: str, rest: str) -> None:
    refused = judge(track(event=f"{room}:{rest}"), trusted=trusted)
    assert isinstance(refused, rules.Rejected)
    assert refused.reason == "name"


@given(anything)
def test_what_nests_too_deep_for_its_readers_is_refused(inner: object) -> None:
    for levels in (rules.DEEPEST - 20, rules.DEEPEST + 1):
        nested: object = inner
        for n in range(levels):
            nested = [nested] if n % 2 else {"a": nested}
        verdict = judge(track(properties={"a": nested}))
        refused = isinstance(verdict, rules.Rejected) and verdict.reason == "depth"
        assert refused == (levels > rules.DEEPEST)


def test_numbers_count_as_they_are_stored() -> None:
    verdict = judge(track(properties={"a": [1e300] * 200}))
    assert isinstance(verdict, rules.Rejected)
    assert verdict.reason == "size"


@given(st.timedeltas(min_value=timedelta(hours=-48), max_value=timedelta(hours=240)))
def test_a_time_too_far_ahead_is_set_back_to_the_arrival(ahead: timedelta) -> None:
    verdict = judge(track(timestamp=(NOW + ahead).isoformat()))
    assert isinstance(verdict, rules.Accepted)
    assert verdict.occurred_at == (NOW + ahead if ahead <= LIMITS.future else NOW)


@given(st.timedeltas(min_value=timedelta(hours=-3), max_value=timedelta(hours=3)))
def test_a_clock_is_corrected_only_when_it_is_far_off(skew: timedelta) -> None:
    verdict = judge(track(timestamp=NOW.isoformat()), skew=skew)
    assert isinstance(verdict, rules.Accepted)
    assert verdict.occurred_at == (NOW + skew if abs(skew) > LIMITS.skew else NOW)


@given(st.timedeltas(min_value=rules.MOST_SKEW + timedelta(seconds=1), max_value=timedelta(days=70_000)), st.booleans())
def test_an_unbelievable_clock_moves_no_event_not_even_those_of_others(off: timedelta, ahead: bool) -> None:
    estimate = rules.Skew()
    assert estimate.of("device", NOW + off if ahead else NOW - off, NOW) is None
    assert estimate.of("device", NOW - timedelta(minutes=5), NOW) == timedelta(minutes=5)
    verdict = judge(track(timestamp=NOW.isoformat()), skew=-off if ahead else off)
    assert isinstance(verdict, rules.Accepted)
    assert verdict.occurred_at == NOW


@given(st.lists(st.floats(min_value=0, max_value=30), min_size=1, max_size=20), st.floats(-7200, 7200))
def test_network_delay_is_not_taken_for_skew(delays: list[float], behind: float) -> None:
    estimate = rules.Skew(recent=len(delays))
    found = None
    for n, delay in enumerate(delays):
        at = NOW + timedelta(minutes=n)
        found = estimate.of("device", at - timedelta(seconds=delay) - timedelta(seconds=behind), at)
    assert found is not None
    assert abs(found.total_seconds() - behind - min(delays)) < 1e-3


@given(st.text())
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    at = rules.parse_time(text)
    assert at is None or at.tzinfo is UTC
