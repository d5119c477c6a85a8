"""Only what was signed just now with the shared secret is believed; only a plain word opts out."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis.strategies import binary, integers, sampled_from, text

from bihuan.reach.receipts.rules import WINDOW, fault_of_signature, is_opt_out, signature
from bihuan.sim.gateway import sign

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
WORDS = ["退订", "T", "TD", "N", "STOP"]


@given(body=binary(max_size=200), secret=text(min_size=1, max_size=20), seconds=integers(-300, 300))
def test_what_was_signed_within_the_window_is_believed(body: bytes, secret: str, seconds: int) -> None:
    stamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    assert fault_of_signature(secret, stamp, signature(secret, stamp, body), body, NOW) is None


@given(body=binary(max_size=50), other=binary(max_size=50), seconds=integers(301, 10**9), sense=sampled_from([1, -1]))
def test_nothing_else_is(body: bytes, other: bytes, seconds: int, sense: int) -> None:
    stamp = str(int(NOW.timestamp()))
    given_ = signature("s", stamp, body)
    if other != body:
        assert fault_of_signature("s", stamp, given_, other, NOW) == "forged"
    assert fault_of_signature("other", stamp, given_, body, NOW) == "forged"
    old = str(max(0, int(NOW.timestamp()) + sense * seconds))
    assert fault_of_signature("s", old, signature("s", old, body), body, NOW) == "stale"
    assert fault_of_signature("", stamp, signature("", stamp, body), body, NOW) == "secret-missing"
    assert timedelta(minutes=5) == WINDOW


@given(stamp=text(max_size=30), given_=text(max_size=80), body=binary(max_size=30))
def test_any_text_in_the_headers_is_answered(stamp: str, given_: str, body: bytes) -> None:
    assert fault_of_signature("s", stamp, given_, body, NOW) in ("unsigned", "stale", "forged")


@given(body=binary(max_size=100))
def test_the_simulated_gateway_signs_alike(body: bytes) -> None:
    assert signature("s", "1700000000", body) == sign("s", "1700000000", body)


@given(word=sampled_from(WORDS), around=sampled_from(["", " ", "。", "!", "\n", "～"]))
def test_a_word_alone_opts_out_in_any_dress(word: str, around: str) -> None:
    assert is_opt_out(f"{around}{word.lower()}{around}", WORDS)


@given(rest=text(alphabet="abcefgh", min_size=1))
def test_a_word_among_others_does_not(rest: str) -> None:
    assert not is_opt_out(f"T{rest}", WORDS)
    assert not is_opt_out(f"not now {rest}", WORDS)
