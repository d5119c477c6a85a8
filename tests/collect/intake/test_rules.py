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
def test_an_unbelievable_clock_says_nothing_and_moves_no_event(off: timedelta, ahead: bool) -> None:
    assert rules.clock_of(track(), NOW + off if ahead else NOW - off, NOW) is None
    verdict = judge(track(timestamp=NOW.isoformat()), skew=-off if ahead else off)
    assert isinstance(verdict, rules.Accepted)
    assert verdict.occurred_at == NOW


@given(st.lists(st.floats(min_value=0, max_value=30), min_size=1, max_size=20), st.floats(-7200, 7200))
def test_network_delay_is_not_taken_for_skew(delays: list[float], behind: float) -> None:
    seen: tuple[timedelta, ...] = ()
    for n, delay in enumerate(delays):
        at = NOW + timedelta(minutes=n)
        clock = rules.clock_of(track(), at - timedelta(seconds=delay + behind), at)
        assert clock is not None
        seen = rules.recent(seen, clock[1])
    assert len(seen) == min(len(delays), rules.RECENT)
    least = min(delays[-rules.RECENT :])
    assert abs(rules.skew_of(seen).total_seconds() - behind - least) < 1e-3


@given(anything, anything, anything)
def test_any_message_says_of_its_clock_something_or_nothing(anonymous: object, user: object, sent: object) -> None:
    clock = rules.clock_of({"anonymousId": anonymous, "userId": user, "sentAt": sent}, None, NOW)
    assert clock is None or (clock[0] and abs(clock[1]) <= rules.MOST_SKEW)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=30))
def test_what_is_set_back_to_the_arrival_keeps_its_order_then_that_of_the_message_ids(
    sent: list[tuple[int, int]],
) -> None:
    verdicts = [judge(track(messageId=f"m{m}", timestamp=(NOW + timedelta(days=day)).isoformat())) for day, m in sent]
    accepted = [each for each in verdicts if isinstance(each, rules.Accepted)]
    placed = rules.in_order(accepted)
    assert [each.message_id for each in placed] == [f"m{m}" for _, m in sent]
    back = [(each.occurred_at, was) for each, was in zip(placed, sent, strict=True) if was[0] > 1]
    assert [was for _, was in sorted(back, key=lambda pair: pair[0])] == sorted(was for _, was in back)
    assert all(NOW - timedelta(seconds=1) < at <= NOW for at, _ in back)


@pytest.mark.parametrize("zeros", ["0", "000", "00000000-0000-0000-0000-000000000000", "0-0"])
def test_zeros_of_any_length_name_nobody(zeros: str) -> None:
    assert rules.identifier(zeros) is None
    assert rules.identifier(zeros + "7") is not None


@pytest.mark.parametrize(("kind", "field"), [("alias", "previousId"), ("group", "groupId")])
def test_who_an_alias_or_a_group_names_must_be_somebody(kind: str, field: str) -> None:
    for nobody in ("undefined", "NaN", "-1", "", "0000"):
        refused = judge({"type": kind, "userId": "u1", field: nobody})
        assert isinstance(refused, rules.Rejected)
        assert refused.reason == "nobody"
    assert isinstance(judge({"type": kind, "userId": "u1", field: "u1"}), rules.Accepted)


@pytest.mark.parametrize(("length", "taken"), [(99, True), (100, False)])
def test_a_message_id_stays_under_a_hundred_characters(length: int, taken: bool) -> None:
    assert isinstance(judge(track(messageId="m" * length)), rules.Accepted) == taken


@given(st.text())
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    at = rules.parse_time(text)
    assert at is None or at.tzinfo is UTC
