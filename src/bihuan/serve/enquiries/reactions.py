"""A visitor becomes a user, or a customer moves to another branch."""

from bihuan.customers.facts import RelationMoved, VisitorMerged
from bihuan.kit.log import Batch, Reaction
from bihuan.kit.postgres import Tx
from bihuan.serve.dispatch import service as dispatch
from bihuan.serve.enquiries import merging, repository, service


async def react(batch: Batch, tx: Tx) -> None:
    """Enquiries follow their customer. Few of the customers of a batch have any."""
    moves = [RelationMoved.of(entry) for entry in batch.named(RelationMoved.NAME)]
    into = {fact.visitor_id: fact.into_id for fact in map(VisitorMerged.of, batch.named(VisitorMerged.NAME))}
    for visitor_id in await repository.who_asked(tx, into) if into else []:
        await merging.merge(tx, visitor_id, into[visitor_id], batch.now)
    to = {fact.customer_id: fact for fact in moves if fact.kind == "service" and fact.customer_id is not None}
    for enquiry in await repository.of_customers(tx, to) if to else []:
        fact = to[enquiry.customer_id]
        await merging.move(tx, enquiry, fact.branch_id, fact.staff_id, batch.now)


REACTION = Reaction("serve.enquiries", frozenset({VisitorMerged.NAME, RelationMoved.NAME}), react)
DEADLINES = {
    dispatch.RING: dispatch.rings_due,
    dispatch.SILENCE: dispatch.silences_due,
    dispatch.IDLE: service.idles_due,
}
