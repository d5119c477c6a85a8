"""Templates follow the second person's decision."""

from bihuan.kit.log import Batch, Reaction
from bihuan.kit.postgres import Tx
from bihuan.people.facts import ApprovalDecided
from bihuan.reach.templates import service


async def react(batch: Batch, tx: Tx) -> None:
    """Approve or reject the versions that were waiting."""
    for entry in batch.entries:
        await service.decided(tx, ApprovalDecided.of(entry), batch.now)


REACTION = Reaction("reach.templates", frozenset({ApprovalDecided.NAME}), react)
