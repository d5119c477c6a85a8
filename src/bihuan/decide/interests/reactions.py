"""What customers look at and click, and visitors who turn out to be users."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from bihuan.customers import facade as customers
from bihuan.customers.facts import VisitorMerged
from bihuan.decide.interests import repository, rules
from bihuan.kit.deadlines import Deadline
from bihuan.kit.log import TRACKED, Batch, Entry, Reaction
from bihuan.kit.postgres import Tx
from bihuan.kit.time import EXCHANGE

CLICKED = "Slot Item Clicked"
COUNT = "decide.popularity"
# A click counts for a month; popularity is counted anew every hour while there are clicks.
_MEMORY = timedelta(days=30)
_EVERY = timedelta(hours=1)
_MARK = '"topic'


async def _react(batch: Batch, tx: Tx) -> None:
    tracked = [entry for entry in batch.tracked if entry.customer_id is not None]
    await _learn(tx, [entry for entry in tracked if _MARK in entry.text])
    await _count_clicks(tx, [entry for entry in tracked if entry.name == CLICKED], batch.now)
    merged = {fact.visitor_id: fact.into_id for fact in map(VisitorMerged.of, batch.named(VisitorMerged.NAME))}
    if merged:
        await repository.merge(tx, merged)


async def _learn(tx: Tx, entries: Sequence[Entry]) -> None:
    found: dict[tuple[UUID, str], float] = {}
    for entry in entries:
        for topic in rules.topics_of(entry.properties):
            if entry.customer_id is not None:
                key = (entry.customer_id, topic)
                found[key] = found.get(key, 0.0) + rules.units(entry.occurred_at)
    if not found:
        return
    canonical = await customers.canonical(tx, list({customer_id for customer_id, _ in found}))
    together: dict[tuple[UUID, str], float] = {}
    for (customer_id, topic), units in found.items():
        key = (canonical.get(customer_id, customer_id), topic)
        together[key] = together.get(key, 0.0) + units
    await repository.add(tx, together)


async def _count_clicks(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
    found: Counter[tuple[str, date]] = Counter()
    for entry in entries:
        item = entry.properties.get("item")
        if isinstance(item, str) and 0 < len(item) <= 80:
            found[item, entry.occurred_at.astimezone(EXCHANGE).date()] += 1
    if found:
        await repository.add_clicks(tx, found)
        hour = now.replace(minute=0, second=0, microsecond=0)
        await repository.plan_count(tx, COUNT, hour + _EVERY)


REACTION = Reaction("decide.interests", frozenset({TRACKED, VisitorMerged.NAME}), _react)


async def on_count(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
    """Count popularity anew: each item's clicks of the last month as a share of the most clicked one's."""
    clicks = await repository.clicks_since(tx, now.astimezone(EXCHANGE).date() - _MEMORY)
    most = max(clicks.values(), default=0)
    if most:
        shares = {item: round(number / most, 6) for item, number in clicks.items()}
        await repository.write_count(tx, await repository.last_count(tx) + 1, shares, now)
