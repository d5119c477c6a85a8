"""A delivery only ever moves forward."""

from hypothesis import given
from hypothesis.strategies import booleans, integers, lists, sampled_from

from bihuan.reach.sending.rules import FORWARD, channels_of, gives_up, may_become, may_fall_back

states = sampled_from(sorted(FORWARD))


@given(wanted=lists(states, max_size=20))
def test_an_end_is_never_left(wanted: list[str]) -> None:
    state = "queued"
    ended = None
    for step in wanted:
        if may_become(state, step):
            state = step
        if ended is not None:
            assert state == ended
        if state in ("delivered", "failed", "refused"):
            ended = state


@given(state=sampled_from(["sent", "delivered", "failed", "refused"]))
def test_what_was_sent_is_never_sent_again(state: str) -> None:
    assert not may_become(state, "sending")
    assert not may_become(state, "queued")


@given(attempts=integers(0, 50), most=integers(1, 50))
def test_trying_ends(attempts: int, most: int) -> None:
    assert gives_up(max(attempts, most), most)
    assert not gives_up(most - 1, most)


def test_a_text_needs_both_a_number_and_a_gateway_and_the_inbox_is_always_there() -> None:
    assert [channels_of(phone, gateway) for phone in (True, False) for gateway in (True, False)] == [
        ("sms", "inbox"),
        ("inbox",),
        ("inbox",),
        ("inbox",),
    ]


@given(channel=sampled_from(["sms", "inbox"]), maybe_out=booleans())
def test_the_inbox_follows_only_a_text_that_certainly_never_arrived(channel: str, maybe_out: bool) -> None:
    assert may_fall_back(channel, maybe_out) is (channel == "sms" and not maybe_out)
