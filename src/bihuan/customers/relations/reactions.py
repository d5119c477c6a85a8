"""An account that was credited gives the customer its acquisition and, where none is, its service relation."""

from uuid import UUID

from bihuan.customers.relations import repository, service
from bihuan.kit.house import House
from bihuan.kit.log import Batch, Reaction
from bihuan.kit.postgres import Tx

CREDITED = "credit:account:credited"  # a fact of a later room is known here by its name only


def reaction(house: House) -> Reaction:
    """Moves relations as credit was given."""

    async def react(batch: Batch, tx: Tx) -> None:
        for entry in batch.entries:
            if entry.customer_id is None:
                continue
            branch_id = UUID(entry.body["branch_id"])
            staff = entry.body.get("staff_id")
            staff_id = UUID(staff) if staff else None
            current = {r.kind for r in await repository.of(tx, [entry.customer_id], batch.now)}
            await service.move(
                tx, entry.customer_id, "acquisition", branch_id, staff_id, "credit", batch.now, since=entry.occurred_at
            )
            if "service" not in current:
                await service.move(
                    tx, entry.customer_id, "service", branch_id, staff_id, "credit", batch.now, since=entry.occurred_at
                )

    return Reaction("customers.relations", frozenset({CREDITED}), react)
