"""Folding tracked events into a profile; independent of the order in which lanes deliver them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kit import ids
from bihuan.kit.log import Entry

_LONGEST = 200

# What messages go to, and what decides how a person is treated. Anybody who has a page's public key can say it of
# anybody, so from there it only fills what the firm's own systems and imports left empty.
SENSITIVE = frozenset({"name", "phone", "email", "birth_year", "gender", "tier"})


@dataclass
class Touch:
    """What one batch says of one customer."""

    customer_id: UUID
    user_id: str | None
    anonymous_id: str | None
    first_seen: datetime
    last_seen: datetime
    events: int = 0
    channel: str | None = None
    campaign: str | None = None
    staff_code: str | None = None
    city: str | None = None
    first_touch: datetime | None = None
    traits: dict[str, tuple[str, Any]] = field(default_factory=dict)
    offered: dict[str, tuple[str, Any]] = field(default_factory=dict)  # sensitive ones from untrusted keys


@dataclass(frozen=True)
class Alias:
    """A visitor's device was seen with a user signed in."""

    visitor_id: UUID
    into_id: UUID
    first_at: datetime
    message_id: str
    reason: str


def order_key(entry: Entry) -> str:
    """A text that sorts like (occurred_at, message id), to remember with a value which event set it."""
    return f"{entry.occurred_at.isoformat(timespec='microseconds')} {entry.message_id or entry.seq}"


def touches(entries: Iterable[Entry]) -> list[Touch]:
    """One Touch per customer of the batch, sorted by id (the order in which rows are locked)."""
    found: dict[UUID, Touch] = {}
    for entry in entries:
        if entry.customer_id is None:
            continue
        touch = found.get(entry.customer_id)
        if touch is None:
            touch = found[entry.customer_id] = Touch(
                entry.customer_id,
                entry.user_id,
                None if entry.user_id else entry.anonymous_id,
                entry.occurred_at,
                entry.occurred_at,
            )
        _count(touch, entry)
    return [found[key] for key in sorted(found)]


# Only a body with one of these can say where a customer came from; others are counted without being decoded.
_ORIGIN_MARKS = ('"campaign"', '"channel"', '"staff_code"', '"city"')


def _count(touch: Touch, entry: Entry) -> None:
    touch.events += 1
    touch.first_seen = min(touch.first_seen, entry.occurred_at)
    touch.last_seen = max(touch.last_seen, entry.occurred_at)
    arrival = origin(entry) if any(mark in entry.text for mark in _ORIGIN_MARKS) else None
    if arrival and (touch.first_touch is None or entry.occurred_at < touch.first_touch):
        touch.first_touch = entry.occurred_at
        touch.channel, touch.campaign, touch.staff_code, touch.city = arrival
    if entry.name == "identify":
        key = order_key(entry)
        for name, value in _traits(entry.body).items():
            if name in SENSITIVE and not entry.trusted:
                touch.offered.setdefault(name, (key, value))
            elif name not in touch.traits or touch.traits[name][0] < key:
                touch.traits[name] = (key, value)


def news(
    touch: Touch, filled: Collection[str], order: Mapping[str, str]
) -> tuple[dict[str, tuple[str, Any]], dict[str, str]]:
    """The traits a touch may write, and the order keys to remember with them.

    `filled` are the sensitive traits a customer has already, `order` the keys that set his traits. What was only
    offered is remembered without its key, so that whatever the firm says of it later is newer.
    """
    said = {name: pair for name, pair in touch.traits.items() if order.get(name, "") < pair[0]}
    offered = {name: pair for name, pair in touch.offered.items() if name not in filled and name not in touch.traits}
    return {**offered, **said}, {name: key for name, (key, _) in said.items()}


def origin(entry: Entry) -> tuple[str | None, str | None, str | None, str | None] | None:
    """Channel, campaign, staff code and city an event arrives with; None when it says nothing of them."""
    properties = entry.properties
    context = entry.body.get("context")
    campaign = context.get("campaign") if isinstance(context, dict) else None
    campaign = campaign if isinstance(campaign, dict) else {}
    found = (
        _text(properties.get("channel")) or _text(campaign.get("source")),
        _text(properties.get("campaign")) or _text(campaign.get("name")),
        _text(properties.get("staff_code")),
        _text(properties.get("city")),
    )
    return found if any(found) else None


def _traits(body: Mapping[str, Any]) -> dict[str, Any]:
    """The traits of an identify call; some SDKs put them into the context."""
    context = body.get("context")
    inner = context.get("traits") if isinstance(context, dict) else None
    traits: dict[str, Any] = {}
    for found in (inner, body.get("traits")):
        if isinstance(found, dict):
            traits.update({str(name)[:_LONGEST]: value for name, value in found.items() if value is not None})
    return traits


def _text(found: object) -> str | None:
    return found.strip()[:_LONGEST] or None if isinstance(found, str) else None


def aliases(entries: Iterable[Entry]) -> list[Alias]:
    """Devices seen with a signed-in user; of several, the earliest per device counts."""
    found: dict[UUID, Alias] = {}
    for entry in entries:
        pair = alias_of(entry)
        if pair is None:
            continue
        visitor_id, into_id = pair
        alias = Alias(visitor_id, into_id, entry.occurred_at, entry.message_id or str(entry.seq), entry.name)
        known = found.get(visitor_id)
        if known is None or (alias.first_at, alias.message_id) < (known.first_at, known.message_id):
            found[visitor_id] = alias
    return [found[key] for key in sorted(found)]


def alias_of(entry: Entry) -> tuple[UUID, UUID] | None:
    """(visitor, user) when the event shows that they are one; equal ids say nothing."""
    if entry.user_id is None or entry.anonymous_id is None or entry.user_id == entry.anonymous_id:
        return None
    return ids.customer_of_visitor(entry.anonymous_id), ids.customer_of_user(entry.user_id)
