"""The rule book follows the second person's decision."""

from bihuan.credit.rulebook import service
from bihuan.kit.log import Batch, Reaction
from bihuan.kit.postgres import Tx
from bihuan.people.facts import ApprovalDecided


async def react(batch: Batch, tx: Tx) -> None:
    """Put versions in force or reject them."""
    for entry in batch.entries:
        await service.decided(tx, ApprovalDecided.of(entry), batch.now)


REACTION = Reaction("credit.rulebook", frozenset({ApprovalDecided.NAME}), react)
