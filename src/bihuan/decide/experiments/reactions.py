"""A stuck opening meets the rescue experiment; a visitor who turns out to be a user takes his arm with him."""

from bihuan.customers.facts import VisitorMerged
from bihuan.decide.experiments import repository, service
from bihuan.kit.log import Batch, Reaction
from bihuan.kit.postgres import Tx
from bihuan.understand.facts import OpeningStuck


async def _react(batch: Batch, tx: Tx) -> None:
    merged = {fact.visitor_id: fact.into_id for fact in map(VisitorMerged.of, batch.named(VisitorMerged.NAME))}
    if merged:
        await repository.merge(tx, merged)
    stuck = [OpeningStuck.of(entry) for entry in batch.named(OpeningStuck.NAME)]
    if stuck:
        await service.assign_rescues(tx, stuck, batch.now)


REACTION = Reaction("decide.experiments", frozenset({OpeningStuck.NAME, VisitorMerged.NAME}), _react)
