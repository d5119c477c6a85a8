"""Arms and times of a rescue."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.serve.rescue.rules import first_state, follows, late, may_conclude, moved_on

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
moments = st.integers(-1000, 1000).map(lambda n: NOW + timedelta(seconds=n))


@given(st.text())
def test_only_the_person_arm_is_on_the_desk(arm: str) -> None:
    assert (first_state(arm) == "open") is (arm == "person")


@given(moments, moments)
def test_gone_on_means_heard_of_since(last: datetime, seen: datetime) -> None:
    assert moved_on(last, seen) is (last > seen)


@given(st.none() | moments, moments, moments)
def test_a_step_follows_a_contact_only_after_it_and_in_time(
    contacted_at: datetime | None, step_at: datetime, ends: datetime
) -> None:
    expected = contacted_at is not None and contacted_at < step_at and step_at <= ends
    assert follows(contacted_at, step_at, ends) is expected


@given(moments, moments)
def test_what_happened_before_the_silence_says_nothing_about_its_end(at: datetime, last: datetime) -> None:
    assert late(at, last) is (at <= last)


@given(st.none() | moments, st.text())
def test_only_who_reached_out_knows_how_it_ended(contacted_at: datetime | None, outcome: str) -> None:
    assert may_conclude(contacted_at, outcome) is (contacted_at is not None or outcome == "ineligible")
