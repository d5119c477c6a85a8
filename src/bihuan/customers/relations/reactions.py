"""An account that was credited gives the customer its acquisition and, where none is, its service relation."""

import msgspec

from bihuan.customers.relations import repository, rules, service
from bihuan.kit.house import House
from bihuan.kit.log import Batch, Entry, Reaction
from bihuan.kit.postgres import Tx

CREDITED = "credit:account:credited"  # a fact of a later room is known here by its name only


def reaction(house: House) -> Reaction:
    """Moves relations as credit was given."""

    async def react(batch: Batch, tx: Tx) -> None:
        for credited in (_credited(entry) for entry in batch.entries if entry.customer_id is not None):
            has_service = await repository.held_since(tx, credited.customer_id, "service", credited.at)
            await service.move_many(tx, rules.moves_of(credited, has_service), batch.now)

    return Reaction("customers.relations", frozenset({CREDITED}), react)


def _credited(entry: Entry) -> rules.Credited:
    return msgspec.convert({**entry.body, "customer_id": entry.customer_id}, type=rules.Credited, strict=False)
