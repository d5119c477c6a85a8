"""How often somebody may try."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.people.sessions.rules import network_of, subjects_of, wait_after

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


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_a_household_is_one_address(address: object, suffix: int) -> None:
    neighbour = type(address)(int(address) >> 64 << 64 | suffix)  # type: ignore[call-overload]
    assert network_of(str(address)) == network_of(str(neighbour))


@given(st.text(max_size=30), st.text(max_size=30))
def test_subjects_do_not_collide(login: str, address: str) -> None:
    own, shared = subjects_of(login, address)
    assert own != shared
    assert subjects_of(login + "x", address)[0] != own
    assert subjects_of(login + "x", address)[1] == shared
