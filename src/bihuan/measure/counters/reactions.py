"""Counting, as the log is read."""

from collections import Counter

from bihuan.decide.facts import DecisionMade
from bihuan.kit.log import TRACKED, Batch, Entry, Reaction
from bihuan.kit.postgres import Tx
from bihuan.measure.counters import repository
from bihuan.measure.counters.repository import Count
from bihuan.measure.counters.rules import cents, counted, hour_of
from bihuan.reach.facts import MessageRefused, MessageSent

EVENTS = "events"
DECISIONS = "decisions"
EMPTY = "empty_decisions"
SENT = "messages_sent"
REFUSED = "messages_refused"
# Cash that moved between bank and account, in cents, as the counter tells it.
INFLOW = "cents_in"
OUTFLOW = "cents_out"
_FLOWS = {"flow:in": INFLOW, "flow:out": OUTFLOW}


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


def _cents(entry: Entry) -> Counter[Count]:
    """The amount of a fund flow that came from the firm's own systems."""
    if entry.name not in _FLOWS or not entry.trusted:
        return Counter()
    return Counter({Count(_FLOWS[entry.name], hour_of(entry.occurred_at)): cents(entry.properties.get("amount"))})


async def react(batch: Batch, tx: Tx) -> None:
    """Count the entries of one lane."""
    recent = [entry for entry in batch.entries if counted(entry.occurred_at, batch.now)]
    counts = Counter(count for entry in recent for count in _counts(entry))
    for entry in recent:
        counts.update(_cents(entry))
    await repository.add(tx, batch.entries[0].lane, counts)


COUNT = Reaction("measure.count", frozenset({TRACKED, DecisionMade.NAME, MessageSent.NAME, MessageRefused.NAME}), react)
