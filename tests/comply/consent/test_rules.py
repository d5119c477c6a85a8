"""What a customer allows, from what he has said."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.comply.consent.rules import ALL, CHANNELS, PURPOSES, Word, default_of, imported_counts, standing

START = datetime(2026, 1, 1, tzinfo=UTC)

words = st.lists(
    st.builds(
        Word,
        purpose=st.sampled_from(PURPOSES),
        channel=st.sampled_from([*CHANNELS, ALL]),
        granted=st.booleans(),
        decided_at=st.integers(0, 5).map(lambda n: START + timedelta(hours=n)),
        rank=st.text("ab", max_size=2),
        source=st.just("customer"),
    ),
    max_size=12,
)


def latest(said: list[Word]) -> dict[tuple[str, str], Word]:
    found: dict[tuple[str, str], Word] = {}
    for word in sorted(said, key=lambda w: (w.decided_at, not w.granted, w.rank)):
        found[word.purpose, word.channel] = word
    return found


@given(words, st.booleans())
def test_the_last_word_about_a_channel_or_about_all_counts(said: list[Word], personalised: bool) -> None:
    held = standing(latest(said), personalised)
    assert set(held) == {(purpose, channel) for purpose in PURPOSES for channel in CHANNELS}
    for (purpose, channel), consent in held.items():
        about = [word for word in said if word.purpose == purpose and word.channel in (channel, ALL)]
        if not about:
            assert consent.since is None
            assert consent.granted == default_of(purpose, personalised)
            continue
        end = max(word.decided_at for word in about)
        final = [word.granted for word in about if word.decided_at == end]
        assert consent.since == end
        assert consent.granted == all(final)


def test_marketing_needs_a_word() -> None:
    held = standing({}, personalisation=True)
    assert not any(held["marketing", channel].granted for channel in CHANNELS)
    assert all(held["service", channel].granted for channel in CHANNELS)
    assert all(held["personalisation", channel].granted for channel in CHANNELS)


def test_refusing_all_takes_back_each() -> None:
    granted = Word("marketing", "sms", True, START, "1", "customer")
    refused = Word("marketing", ALL, False, START + timedelta(hours=1), "2", "customer")
    held = standing({("marketing", "sms"): granted, ("marketing", ALL): refused}, personalisation=True)
    assert not held["marketing", "sms"].granted


@given(words, st.sampled_from(PURPOSES), st.sampled_from([*CHANNELS, ALL]), st.booleans())
def test_a_file_never_grants_what_the_customer_refused_himself(
    said: list[Word], purpose: str, channel: str, granted: bool
) -> None:
    held = latest(said)
    touched = [c for c in CHANNELS if channel in (c, ALL)]
    refused = any(
        not word.granted for (p, c), word in held.items() if p == purpose and (c in (*touched, ALL) or channel == ALL)
    )
    if granted and refused:
        assert not imported_counts(held, purpose, channel, granted)
    if not any(p == purpose for p, _ in held):
        assert imported_counts(held, purpose, channel, granted)
