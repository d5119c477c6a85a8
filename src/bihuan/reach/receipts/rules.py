"""Signatures both ways between Bihuan and a text gateway, and what a reply means."""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

# How far a signed call's time may lie from ours, for clocks that differ and calls that are repeated. Real time.
WINDOW = timedelta(minutes=5)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) over `timestamp.body` in hex: the header X-Signature.

    >>> signature("s", "1700000000", b"{}")[:16]
    'e9232c9945da8456'
    """
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def fault_of_signature(
    secret: str, timestamp: str | None, given: str | None, body: bytes, real_now: datetime
) -> str | None:
    """Why a call is not believed, or None: `secret-missing`, `unsigned`, `stale`, `forged`.

    `timestamp` is in whole seconds since 1970, and part of what is signed, so that an old call cannot be sent again.
    """
    if not secret:
        return "secret-missing"
    if not timestamp or not given:
        return "unsigned"
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return "unsigned"
    if abs(real_now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        return "stale"
    expected = signature(secret, timestamp, body).encode()
    return None if hmac.compare_digest(expected, given.encode()) else "forged"


def is_opt_out(text: str, words: Iterable[str]) -> bool:
    """Whether a reply says "no more of these": one of the words alone, whatever its case, width or punctuation.

    >>> is_opt_out(" t。", ["T"]), is_opt_out("Thanks", ["T"]), is_opt_out("ＴＤ", ["TD"])
    (True, False, True)
    """
    said = _plain(text)
    return any(said == _plain(word) for word in words)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())
