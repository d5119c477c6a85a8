"""Asking and keeping consent."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from bihuan.comply.consent import repository
from bihuan.comply.consent.repository import Said
from bihuan.comply.consent.rules import ALL, CHANNELS, PURPOSES, Consent, imported_counts, standing
from bihuan.comply.facts import ConsentChanged
from bihuan.comply.policy import repository as policy_repository
from bihuan.kit import log
from bihuan.kit.errors import Invalid
from bihuan.kit.postgres import Tx


async def consents(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, dict[tuple[str, str], Consent]]:
    """What each customer allows, for every purpose and channel."""
    policy = await policy_repository.policy(tx)
    words = await repository.latest(tx, customer_ids)
    return {customer_id: standing(said, policy.personalisation) for customer_id, said in words.items()}


async def consented(tx: Tx, customer_id: UUID, purpose: str, channel: str) -> bool:
    """Whether this customer allows this purpose on this channel. Raises Invalid for one that does not exist."""
    if channel == ALL or not known(purpose, channel):
        raise Invalid("consent", f"Ask about one of {', '.join(PURPOSES)} on one of {', '.join(CHANNELS)}.")
    return (await consents(tx, [customer_id]))[customer_id][purpose, channel].granted


async def personalised(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, bool]:
    """Whether each customer is shown what fits him; the switch 不看个性化 turns it off for all channels at once."""
    return {
        customer_id: held["personalisation", "inbox"].granted
        for customer_id, held in (await consents(tx, customer_ids)).items()
    }


async def say(tx: Tx, said: Sequence[Said], now: datetime) -> None:
    """Enter words into the ledger, and tell the rooms of those that are new to it.

    Raises Invalid for a purpose or channel that does not exist.
    """
    _check(said)
    facts = [
        ConsentChanged(one.customer_id, one.purpose, one.channel, one.granted, one.decided_at, one.source)
        for one in await repository.add(tx, said)
    ]
    await log.publish(tx, *facts, now=now)


async def import_words(tx: Tx, said: Sequence[Said]) -> int:
    """Enter what a bulk file says where it is new, with the source `import`; how many words were.

    The rooms are not told one by one: who must know what a customer allows asks the ledger.
    """
    _check(said)
    words = await repository.latest(tx, {one.customer_id for one in said})
    new = [
        replace(one, source="import")
        for one in said
        if imported_counts(words[one.customer_id], one.purpose, one.channel, one.granted)
    ]
    return len(await repository.add(tx, new))


def _check(said: Sequence[Said]) -> None:
    for one in said:
        if not known(one.purpose, one.channel):
            raise Invalid("consent", f"Choose from {', '.join(PURPOSES)}, on {', '.join(CHANNELS)} or {ALL}.")


def known(purpose: object, channel: object) -> bool:
    """Whether there is such a purpose and channel; `all` is one."""
    return purpose in PURPOSES and (channel == ALL or channel in CHANNELS)
