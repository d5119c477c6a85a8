"""What a message must be to become an entry of the log, and when it happened."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import isfinite, log10
from typing import Any
from uuid import UUID

from bihuan.kit import ids
from bihuan.kit.log import is_of_a_room

TYPES = frozenset({"track", "identify", "page", "screen", "group", "alias"})

# Identifiers that name nobody: SDK defaults and slips seen in the wild (wire.md, "Identity safeguards").
NOBODY = frozenset({"", "-1", "0", "null", "none", "nil", "undefined", "nan", "anonymous", "guest", "unknown", "true",
                    "false", "[object object]", "00000000-0000-0000-0000-000000000000"})  # fmt: skip

# Names that move money, credit or an application: only the firm's own systems may send them.
TRUSTED_NAMES = ("opening:", "deposit:", "trade:", "flow:", "account:")

# Clocks that are off by more are no clocks: such a time says nothing of how far the device runs behind.
MOST_SKEW = timedelta(days=30)

# So many requests of a device tell how its clock goes.
RECENT = 8

# Objects and lists inside one another. What reads events later (browsers, validators) breaks at some hundreds.
DEEPEST = 64

_ZEROS = re.compile(r"^[0-]*0[0-]*$")  # all zeros, those of a UUID among them
_LONGEST_ID = 200
_LONGEST_NAME = 200
LONGEST_MESSAGE_ID = 99  # "under 100 characters"


@dataclass(frozen=True)
class Accepted:
    """A message that may enter the log."""

    name: str
    customer_id: UUID
    user_id: str | None
    anonymous_id: str | None
    message_id: str
    occurred_at: datetime
    body: dict[str, Any]
    ahead: datetime | None = None  # the time it gave itself, where that lies too far ahead to be kept


@dataclass(frozen=True)
class Rejected:
    """Why a message waits in quarantine: a stable reason, and what is wrong in words."""

    reason: str
    detail: str


@dataclass(frozen=True)
class Limits:
    """What intake lets through, from the settings."""

    event_bytes: int
    future: timedelta
    skew: timedelta


def identifier(found: object) -> str | None:
    """A usable identifier, or None for one that names nobody. Numbers are taken as text.

    >>> identifier("  u1 "), identifier(None), identifier("NULL"), identifier(42)
    ('u1', None, None, '42')
    """
    if isinstance(found, bool) or not isinstance(found, str | int):
        return None
    text = str(found).strip()
    if text.lower() in NOBODY or _ZEROS.match(text) or len(text) > _LONGEST_ID:
        return None
    return text


def parse_time(found: object) -> datetime | None:
    """An ISO 8601 time as SDKs send it, aware, in UTC; None for anything else. Without an offset it is UTC.

    >>> parse_time("2026-01-05T09:30:00+08:00")
    datetime.datetime(2026, 1, 5, 1, 30, tzinfo=datetime.timezone.utc)
    """
    if not isinstance(found, str) or not 10 <= len(found) <= 40:
        return None
    try:
        at = datetime.fromisoformat(found)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if 1990 <= at.year <= 2200 else None


def name_of(message: dict[str, Any]) -> str:
    """The name under which a message stands in the log: the event's own, or its type."""
    kind, event = message.get("type"), message.get("event")
    if kind != "track":
        return str(kind)
    return event.strip() if isinstance(event, str) else ""


def judge(
    message: object, *, size: int, trusted: bool, received_at: datetime, skew: timedelta | None, limits: Limits
) -> Accepted | Rejected:
    """Whether a decoded message may enter the log; `size` is its bytes with what the envelope adds to it.

    `skew` is how far the device's clock runs behind the server's, where known and large; it is added to the event's
    time. A time further ahead than `limits.future` is set back to the arrival.
    """
    if not isinstance(message, dict):
        return Rejected("shape", "a message must be a JSON object")
    wrong = _wrong(message, size, trusted, limits)
    if wrong:
        return wrong
    user_id, anonymous_id = identifier(message.get("userId")), identifier(message.get("anonymousId"))
    if user_id:
        customer_id = ids.customer_of_user(user_id)
    elif anonymous_id:
        customer_id = ids.customer_of_visitor(anonymous_id)
    else:
        return Rejected("nobody", "send userId or anonymousId; values such as null, -1 or 0 name nobody")
    message_id = message.get("messageId")
    at = parse_time(message.get("originalTimestamp")) or parse_time(message.get("timestamp")) or received_at
    if skew is not None and limits.skew < abs(skew) <= MOST_SKEW:
        at += skew
    ahead = at if at > received_at + limits.future else None
    return Accepted(
        name_of(message),
        customer_id,
        user_id,
        anonymous_id,
        message_id if isinstance(message_id, str) and message_id else str(ids.new_id()),
        at if ahead is None else received_at,
        message,
        ahead,
    )


def in_order(found: Sequence[Accepted]) -> list[Accepted]:
    """The messages of one request, those set back to its arrival a microsecond apart in the order they were sent in.

    Their own times, then their message ids give that order; everybody who reads the log sees it.
    """
    back = sorted(
        (n for n, each in enumerate(found) if each.ahead), key=lambda n: (found[n].ahead, found[n].message_id)
    )
    placed = list(found)
    for rank, n in enumerate(back):
        placed[n] = replace(found[n], occurred_at=found[n].occurred_at - timedelta(microseconds=len(back) - 1 - rank))
    return placed


def _wrong(message: dict[str, Any], size: int, trusted: bool, limits: Limits) -> Rejected | None:
    name = name_of(message)
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        return Rejected("type", f"type must be one of {', '.join(sorted(TYPES))}")
    if size > limits.event_bytes:
        return Rejected("size", f"a message may have {limits.event_bytes} bytes, this one has {size}")
    depth, swelling = measured(message)
    if depth > DEEPEST:
        return Rejected("depth", f"a message may nest {DEEPEST} objects and lists in one another")
    if size + swelling > limits.event_bytes:
        return Rejected(
            "size", f"its numbers take {size + swelling} bytes written out, of {limits.event_bytes} at most"
        )
    fault = fault_of_name(name)
    if fault:
        return Rejected("name", fault)
    message_id = message.get("messageId")
    if message_id is not None and (not isinstance(message_id, str) or len(message_id) > LONGEST_MESSAGE_ID):
        return Rejected("message-id", f"messageId must be a text of at most {LONGEST_MESSAGE_ID} characters")
    other = {"alias": "previousId", "group": "groupId"}.get(kind)
    if other and message.get(other) is not None and identifier(message[other]) is None:
        return Rejected("nobody", f"{other} names nobody: leave it out, or send the one that is meant")
    for field in ("properties", "traits", "context"):
        if not isinstance(message.get(field, {}), dict | None):
            return Rejected("shape", f"{field} must be an object")
    if not trusted and name.startswith(TRUSTED_NAMES):
        return Rejected("untrusted", f"{name} may only come from the firm's own systems: send it with a server key")
    return None


def fault_of_name(name: str) -> str | None:
    """Why no tracked event may bear this name, whoever sends it; None when it may.

    >>> fault_of_name("credit:account:credited")
    "names that begin with credit: are this product's own; choose another"
    """
    if not name:
        return "a track message needs an event name, as text"
    if len(name) > _LONGEST_NAME:
        return f"an event name may have {_LONGEST_NAME} characters"
    if is_of_a_room(name):
        return f"names that begin with {name.partition(':')[0]}: are this product's own; choose another"
    return None


def measured(message: dict[str, Any]) -> tuple[int, int]:
    """How deep a message nests, and how many bytes its numbers take on top when PostgreSQL writes them out.

    Stops counting beyond DEEPEST.

    >>> measured({"a": [{"b": 1}]}), measured({"a": 1e300})
    ((3, 0), (1, 300))
    """
    depth, swelling = 0, 0
    level: list[Any] = [message]
    while level and depth <= DEEPEST:
        depth += 1
        inner: list[Any] = []
        for outer in level:
            values: Iterable[Any] = outer.values() if isinstance(outer, dict) else outer
            for value in values:
                kind = type(value)
                if kind is dict or kind is list:
                    inner.append(value)
                elif kind is float and value and isfinite(value):
                    swelling += _digits(value)
        level = inner
    return depth, swelling


def _digits(number: float) -> int:
    exponent = int(log10(abs(number)))
    return abs(exponent) if abs(exponent) > 16 else 0  # JSON itself writes shorter ones out


def clock_of(message: dict[str, Any], sent_at: datetime | None, received_at: datetime) -> tuple[str, timedelta] | None:
    """The device of a message and how long ago it says it sent this; None when it does not say so believably."""
    device = identifier(message.get("anonymousId")) or identifier(message.get("userId"))
    sent = parse_time(message.get("sentAt")) or sent_at
    if device is None or sent is None or "\0" in device or abs(received_at - sent) > MOST_SKEW:
        return None
    return device, received_at - sent


def recent(earlier: Sequence[timedelta], latest: timedelta) -> tuple[timedelta, ...]:
    """What a device's last requests said of its clock, with one more."""
    return (*earlier, latest)[-RECENT:]


def skew_of(seen: Sequence[timedelta]) -> timedelta:
    """How far a clock runs behind: the least `received - sent` of its recent requests.

    The least, because everything above it is network delay: the specification's formula would fold that delay into
    the event's time.
    """
    return min(seen)
