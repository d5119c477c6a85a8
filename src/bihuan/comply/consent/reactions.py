"""Consent that arrives as a tracked event `Consent Changed` with purpose, channel and granted."""

from bihuan.comply.consent import service
from bihuan.comply.consent.repository import Said
from bihuan.comply.consent.rules import ALL
from bihuan.kit.errors import Invalid
from bihuan.kit.log import Batch, Entry, Reaction
from bihuan.kit.postgres import Tx

CHANGED = "Consent Changed"


async def react(batch: Batch, tx: Tx) -> None:
    """Enter what customers said into the ledger.

    A write key stands in public pages, so anybody may send with it: a refusal is taken from everyone, a grant only
    from the firm's own systems. What a trusted system sends must be well formed, else it is set aside for staff.
    """
    said = []
    for entry in batch.named(CHANGED):
        word = _word(entry)
        if word is not None:
            said.append(word)
        elif entry.trusted:
            raise Invalid("consent", "Send purpose, channel and granted (true or false).", message_id=entry.message_id)
    await service.say(tx, said, batch.now)


def _word(entry: Entry) -> Said | None:
    purpose, channel = entry.properties.get("purpose"), entry.properties.get("channel", ALL)
    granted = entry.properties.get("granted")
    if entry.customer_id is None or not isinstance(granted, bool) or not service.known(purpose, channel):
        return None
    if granted and not entry.trusted:
        return None
    return Said(
        customer_id=entry.customer_id,
        purpose=str(purpose),
        channel=str(channel),
        granted=granted,
        decided_at=entry.occurred_at,
        source="event",
        actor=f"source:{entry.source}",
        origin=f"message:{entry.source}:{entry.message_id or entry.seq}",
    )


REACTION = Reaction("comply consent", frozenset({CHANGED}), react)
