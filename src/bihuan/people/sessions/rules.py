"""How often somebody may try to sign in."""

import hashlib
import ipaddress
from datetime import datetime, timedelta
from math import ceil
from typing import Protocol


class Counted(Protocol):
    """Attempts in a window."""

    @property
    def tried(self) -> int: ...
    @property
    def since(self) -> datetime: ...


# An address may stand for a whole branch behind one router; it gets so many times the attempts of one login.
ADDRESS_FACTOR = 20


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


def subjects_of(login: str, address: str) -> tuple[bytes, bytes]:
    """What is counted for one attempt: this login at this address, and this address."""
    network = network_of(address)
    return subject_of("login", login.lower(), network), subject_of("address", network)


def wait_after(counted: Counted, allowed: int, pause: timedelta, at: datetime) -> int:
    """Seconds to wait, 0 while the attempts stay within what is allowed; at most the pause.

    The pause runs from the first attempt of the window, so that a person who keeps trying is let in again.
    """
    if counted.tried <= allowed:
        return 0
    return max(1, ceil((counted.since + pause - at).total_seconds()))
