"""How often somebody may try to sign in."""

import hashlib
import ipaddress
from datetime import datetime, timedelta
from math import ceil
from typing import Protocol


class Counted(Protocol):
    """How often somebody tried, and since when (of a login anywhere: when last)."""

    @property
    def tried(self) -> int: ...
    @property
    def since(self) -> datetime: ...


# An address may stand for a whole branch behind one router; it gets so many times the attempts of one login.
ADDRESS_FACTOR = 20
# A login tried at addresses where it never proved itself gets so many times the attempts of one address; then each
# further one waits, twice as long as the one before, up to the pause. One password in five minutes is what is left to
# whoever guesses from a thousand machines, and to the person himself, on a new machine, while he does.
LOGIN_FACTOR = 4
# After so long without an attempt those of a login are forgotten: longer than any pause, or waiting would pay.
ATTEMPTS_LAST = timedelta(days=1)
# A person who works at a place signs in there at least once a quarter.
FAMILIAR_LASTS = timedelta(days=90)


def network_of(address: str) -> str:
    """The address itself, or the /64 network of an IPv6 address, of which one household has 2**64.

    >>> network_of("2001:db8::1") == network_of("2001:db8::2")
    True
    >>> network_of("203.0.113.7")
    '203.0.113.7'
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def subject_of(*parts: str) -> bytes:
    """A stable name, without the login itself, under which attempts are counted."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


def subjects_of(login: str, address: str) -> tuple[bytes, bytes, bytes]:
    """What is counted for one attempt: this login at this address, this address, this login anywhere."""
    network, name = network_of(address), login.lower()
    return subject_of("login", name, network), subject_of("address", network), subject_of("anywhere", name)


def wait_after(counted: Counted, allowed: int, pause: timedelta, at: datetime) -> int:
    """Seconds to wait, 0 while the attempts stay within what is allowed; at most the pause.

    The pause runs from the first attempt of the window, so that a person who keeps trying is let in again.
    """
    if counted.tried <= allowed:
        return 0
    return max(1, ceil((counted.since + pause - at).total_seconds()))


def wait_before(let_through: Counted, allowed: int, longest: timedelta, at: datetime) -> int:
    """Seconds until a login that was `let_through` so often, last at `since`, is let through again.

    None for the first `allowed`, then 1, 2, 4 and so on, at most `longest`. Who is refused loses nothing by it: else
    a stranger could shut a person out for as long as he likes.

    >>> from types import SimpleNamespace as Tried
    >>> last = Tried(tried=6, since=datetime(2026, 3, 10, 10, 0))
    >>> wait_before(last, 5, timedelta(minutes=5), last.since)
    2
    """
    if let_through.tried < allowed:
        return 0
    doubled = min(let_through.tried - allowed, 30)  # more is longer than any pause
    delay = min(timedelta(seconds=2**doubled), longest)
    return max(0, ceil((let_through.since + delay - at).total_seconds()))
