"""How an enquiry may end."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis.strategies import builds, datetimes, none, sampled_from, timezones

from bihuan.serve.enquiries.rules import Live, goes_on, may_close

moments = datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=timezones()).map(
    lambda at: at.astimezone(UTC)
)
outcomes = sampled_from(["answered", "no_reply", "called_back", "withdrawn"])


@given(awaiting=moments, callback=none() | moments, outcome=outcomes)
def test_whoever_waits_is_answered_or_called_back(awaiting: datetime, callback: datetime | None, outcome: str) -> None:
    called = callback is not None and outcome == "called_back"
    assert may_close(None, awaiting, callback, outcome) == called


@given(answered=moments, awaiting=none() | moments, callback=none() | moments, outcome=outcomes)
def test_whoever_has_answered_may_close(
    answered: datetime, awaiting: datetime | None, callback: datetime | None, outcome: str
) -> None:
    assert may_close(answered, awaiting, callback, outcome)
    assert may_close(None, None, callback, outcome)


lives = builds(Live, sampled_from(["bot", "waiting", "callback_owed", "claimed"]), moments, none() | moments)


@given(one=lives, other=lives)
def test_of_two_one_goes_on_and_a_person_is_not_left_for_none(one: Live, other: Live) -> None:
    assert goes_on(one, other) or goes_on(other, one)
    if one.state == "claimed" != other.state:
        assert goes_on(one, other)
    if one.state == "bot" != other.state:
        assert not goes_on(one, other)
