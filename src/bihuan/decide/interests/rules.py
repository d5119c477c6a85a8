"""How much a customer cares for a topic: one unit per event, halved every 30 days.

Kept in units of a fixed day, so that an event adds the same whenever it arrives and nothing has to be decayed.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

HALF_LIFE = timedelta(days=30)
_ORIGIN = datetime(2020, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)  # within what a double can hold
LONGEST_TOPIC = 60
MOST_TOPICS = 10


def units(at: datetime) -> float:
    """What one event at this time adds.

    >>> units(_ORIGIN), units(_ORIGIN + HALF_LIFE)
    (1.0, 2.0)
    """
    return float(2.0 ** ((min(max(at, _FIRST), _LAST) - _ORIGIN) / HALF_LIFE))


def shares(found: Mapping[str, float], now: datetime, most: int = 20) -> dict[str, float]:
    """The strongest topics, each as a share of the strongest; what has faded below a hundredth of an event is gone.

    >>> shares({"基金": units(_ORIGIN) * 4, "新股": units(_ORIGIN)}, _ORIGIN)
    {'基金': 1.0, '新股': 0.25}
    """
    alive = {topic: value for topic, value in found.items() if value >= 0.01 * units(now)}
    strongest = max(alive.values(), default=1.0)
    ordered = sorted(alive.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return {topic: round(value / strongest, 6) for topic, value in ordered}


def topics_of(properties: Mapping[str, object]) -> list[str]:
    """The topics an event names in `topic` or `topics`.

    >>> topics_of({"topic": "基金", "topics": ["新股", "基金", 7]})
    ['基金', '新股']
    """
    named = properties.get("topics")
    texts: Iterable[object] = [properties.get("topic"), *(named if isinstance(named, list) else [])]
    found = {text.strip(): None for text in texts if isinstance(text, str)}
    return [topic for topic in found if 0 < len(topic) <= LONGEST_TOPIC][:MOST_TOPICS]
