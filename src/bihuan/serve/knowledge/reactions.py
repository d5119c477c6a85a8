"""A second person has decided about a draft."""

from uuid import UUID

from bihuan.kit import audit
from bihuan.kit.log import Batch, Reaction
from bihuan.kit.postgres import Tx
from bihuan.people.facts import ApprovalDecided
from bihuan.serve.knowledge import repository
from bihuan.serve.knowledge.service import APPROVAL


async def react(batch: Batch, tx: Tx) -> None:
    """An approved draft is answered with from now on; a rejected one stays a draft."""
    for fact in map(ApprovalDecided.of, batch.entries):
        if fact.kind != APPROVAL or fact.state != "approved":
            continue
        if await repository.approve(tx, UUID(fact.subject), fact.decided_by, batch.now):
            await audit.record(tx, fact.decided_by, "serve:knowledge:approved", fact.subject, {}, batch.now)


REACTION = Reaction("serve: approved knowledge", frozenset({ApprovalDecided.NAME}), react)
