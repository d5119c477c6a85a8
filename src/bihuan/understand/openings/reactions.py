"""Step events of the firm's opening system, merges and moves of customers, and clocks that ran out."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from bihuan.customers.facts import RelationMoved, VisitorMerged
from bihuan.kit.deadlines import Deadline, Handler
from bihuan.kit.house import House
from bihuan.kit.log import Batch, Entry, Reaction
from bihuan.kit.postgres import Tx
from bihuan.understand.openings import repository, rules, service
from bihuan.understand.openings.archive import opening_named
from bihuan.understand.openings.rules import Event
from bihuan.understand.openings.service import SILENCE

__all__ = ["SILENCE", "event_of", "on_silence", "reaction"]

_log = structlog.get_logger()

EVENTS = frozenset({"opening:*", "deposit:first", "trade:first"})


def event_of(entry: Entry) -> Event:
    """A step event with what the state is folded from, and nothing else of it."""
    at, message_id = entry.order
    return Event(at, message_id, entry.name, entry.customer_id, entry.user_id is not None, rules.kept(entry.properties))


def reaction(house: House) -> Reaction:
    """Brings the applications that a batch speaks of up to date."""

    async def react(batch: Batch, tx: Tx) -> None:
        arrived = _arrived(batch)
        touched = await _touched(batch, tx)
        if arrived or touched:
            seen = await service.frame(tx, house.calendar, batch.now)
            await service.take(tx, seen, arrived, touched)

    return Reaction("understand.openings", EVENTS | {RelationMoved.NAME, VisitorMerged.NAME}, react)


def _arrived(batch: Batch) -> dict[str, list[Event]]:
    arrived: dict[str, list[Event]] = {}
    nameless = 0
    for entry in batch.tracked:
        opening_id = opening_named(entry.properties)
        if opening_id is None:
            nameless += 1
        elif entry.trusted:
            arrived.setdefault(opening_id, []).append(event_of(entry))
    if nameless:
        _log.warning("step events without an opening_id were left out", events=nameless)
    return arrived


async def _touched(batch: Batch, tx: Tx) -> list[str]:
    """Applications whose customer or branch may be another one now."""
    moved = [fact.customer_id for fact in map(RelationMoved.of, batch.named(RelationMoved.NAME))]
    merged = [VisitorMerged.of(entry) for entry in batch.named(VisitorMerged.NAME)]
    people = {*moved, *(fact.visitor_id for fact in merged), *(fact.into_id for fact in merged)} - {None}
    return await repository.of_customers(tx, [one for one in people if one]) if people else []


def on_silence(house: House) -> Handler:
    """The clocks of some applications ran out."""

    async def handle(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
        seen = await service.frame(tx, house.calendar, now)
        await service.fall_silent(tx, seen, [deadline.subject for deadline in due])

    return handle
