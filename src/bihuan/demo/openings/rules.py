"""The numbers of a played application, and the messages by which its steps are told. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bihuan.kit import ids


@dataclass(frozen=True)
class Numbers:
    """The firm's number of the application and of the user it will make."""

    opening_id: str
    user_id: str


@dataclass(frozen=True)
class Played:
    """One step event; `ago` is how long before now it happened."""

    event: str
    ago: timedelta = timedelta(0)
    properties: Mapping[str, Any] = field(default_factory=dict)


def numbered(seed: str) -> Numbers:
    """Numbers that follow from a seed.

    >>> numbered("x") == numbered("x")
    True
    """
    tail = hashlib.sha256(seed.encode()).hexdigest()[:12]
    return Numbers(f"D{tail}", f"d{tail}")


def messages(
    steps: Sequence[Played],
    opening_id: str,
    user_id: str | None,
    anonymous_id: str | None,
    traits: Mapping[str, Any],
    now: datetime,
) -> list[dict[str, Any]]:
    """What the opening system sends, in the wire's form: the steps, after an `identify` where something is known."""
    who = {name: value for name, value in (("userId", user_id), ("anonymousId", anonymous_id)) if value}
    first = now - max((step.ago for step in steps), default=timedelta(0))
    told: list[dict[str, Any]] = []
    if traits and user_id:
        told.append({"type": "identify", "traits": dict(traits), "timestamp": first.isoformat()})
    told += [
        {
            "type": "track",
            "event": step.event,
            "properties": {**step.properties, "opening_id": opening_id},
            # Told together they keep their order.
            "timestamp": (now - step.ago + timedelta(microseconds=place)).isoformat(),
        }
        for place, step in enumerate(steps)
    ]
    return [{**who, "messageId": str(ids.new_id()), **message} for message in told]
