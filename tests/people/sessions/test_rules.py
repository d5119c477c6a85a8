"""How often somebody may try."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.people.sessions.rules import network_of, subjects_of, wait_after, wait_before

NOW = datetime(2026, 3, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Tried:
    tried: int
    since: datetime


@given(st.integers(1, 50), st.integers(1, 20), st.integers(1, 3600), st.integers(0, 3600))
def test_one_waits_only_beyond_what_is_allowed_and_never_longer_than_the_pause(
    tried: int, allowed: int, pause: int, ago: int
) -> None:
    ago = min(ago, pause)
    wait = wait_after(Tried(tried, NOW - timedelta(seconds=ago)), allowed, timedelta(seconds=pause), NOW)
    assert (wait > 0) == (tried > allowed)
    assert wait <= pause


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 20), st.integers(1, 3600), st.integers(0, 3600))
def test_a_guessed_login_waits_longer_each_time_and_never_longer_than_the_pause(
    tried: int, more: int, allowed: int, pause: int, ago: int
) -> None:
    longest, since = timedelta(seconds=pause), NOW - timedelta(seconds=ago)
    wait = wait_before(Tried(tried, since), allowed, longest, NOW)
    assert wait <= wait_before(Tried(tried + more, since), allowed, longest, NOW) <= pause
    assert wait_before(Tried(tried, since), allowed, longest, since + longest) == 0
    if tried < allowed:
        assert wait == 0
    if tried >= allowed:
        assert wait_before(Tried(tried, NOW), allowed, longest, NOW) > 0


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_a_household_is_one_address(address: object, suffix: int) -> None:
    neighbour = type(address)(int(address) >> 64 << 64 | suffix)  # type: ignore[call-overload]
    assert network_of(str(address)) == network_of(str(neighbour))


@given(st.text(max_size=30), st.text(max_size=30))
def test_subjects_do_not_collide(login: str, address: str) -> None:
    own, shared, anywhere = subjects_of(login, address)
    assert len({own, shared, anywhere}) == 3
    other = subjects_of(login + "x", address)
    assert (other[0] != own, other[1] == shared, other[2] != anywhere) == (True, True, True)
    assert subjects_of(login.upper(), address + "x")[2] == subjects_of(login.upper().lower(), address)[2]
