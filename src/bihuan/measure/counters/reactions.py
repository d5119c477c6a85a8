"""Counting, as the log is read."""

from collections import Counter

from bihuan.decide.facts import DecisionMade
from bihuan.kit.log import TRACKED, Batch, Entry, Reaction
from bihuan.kit.postgres import Tx
from bihuan.measure.counters import repository
from bihuan.measure.counters.repository import Count
from bihuan.measure.counters.rules import counted, hour_of
from bihuan.reach.facts import MessageRefused, MessageSent

EVENTS = "events"
DECISIONS = "decisions"
EMPTY = "empty_decisions"
SENT = "messages_sent"
REFUSED = "messages_refused"


def _counts(entry: Entry) -> list[Count]:
    hour = hour_of(entry.occurred_at)
    if entry.kind == TRACKED:
        return [Count(EVENTS, hour)]
    if entry.name == DecisionMade.NAME:
        made = DecisionMade.of(entry)
        filled = {shown.slot for shown in made.shown}
        empty = [Count(EMPTY, hour, None, slot) for slot in made.slots if slot not in filled]
        return [Count(DECISIONS, hour, None, slot) for slot in made.slots] + empty
    if entry.name == MessageSent.NAME:
        sent = MessageSent.of(entry)
        return [Count(SENT, hour, sent.branch_id, sent.channel)]
    refused = MessageRefused.of(entry)
    return [Count(REFUSED, hour, refused.branch_id, refused.reason)]


async def react(batch: Batch, tx: Tx) -> None:
    """Count the entries of one lane."""
    counts = Counter(
        count for entry in batch.entries if counted(entry.occurred_at, batch.now) for count in _counts(entry)
    )
    await repository.add(tx, batch.entries[0].lane, counts)


COUNT = Reaction("measure.count", frozenset({TRACKED, DecisionMade.NAME, MessageSent.NAME, MessageRefused.NAME}), react)
