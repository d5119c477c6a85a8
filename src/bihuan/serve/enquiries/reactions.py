"""A visitor becomes a user, or a customer moves to another branch."""

from uuid import UUID

from bihuan.customers import facade as customers
from bihuan.customers.facts import RelationMoved, VisitorMerged
from bihuan.kit.log import Batch, Reaction
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.serve.dispatch import service as dispatch
from bihuan.serve.enquiries import repository, service, topics
from bihuan.serve.enquiries.repository import Enquiry


async def react(batch: Batch, tx: Tx) -> None:
    """Enquiries follow their customer. Few of the customers of a batch have any."""
    merges = [VisitorMerged.of(entry) for entry in batch.named(VisitorMerged.NAME)]
    moves = [RelationMoved.of(entry) for entry in batch.named(RelationMoved.NAME)]
    into = {fact.visitor_id: fact.into_id for fact in merges}
    for enquiry in await repository.of_customers(tx, into) if into else []:
        await _merged(tx, enquiry, into[enquiry.customer_id])
    to = {fact.customer_id: fact for fact in moves if fact.kind == "service" and fact.customer_id is not None}
    for enquiry in await repository.of_customers(tx, to) if to else []:
        await _moved(tx, enquiry, to[enquiry.customer_id])


async def _merged(tx: Tx, enquiry: Enquiry, into_id: UUID) -> None:
    label = (await customers.labels(tx, [into_id])).get(into_id)
    merged = await repository.merge(tx, enquiry.id, into_id, label.name_masked if label else "")
    await topics.show(tx, merged, enquiry)


async def _moved(tx: Tx, enquiry: Enquiry, fact: RelationMoved) -> None:
    branch = await people.branch(tx, fact.branch_id)
    region_id = branch.region_id if branch else None
    moved = await repository.move(tx, enquiry.id, fact.branch_id, region_id, fact.staff_id)
    if moved is not None:
        await topics.show(tx, moved, enquiry)


REACTION = Reaction("serve.enquiries", frozenset({VisitorMerged.NAME, RelationMoved.NAME}), react)
DEADLINES = {
    dispatch.RING: dispatch.rings_due,
    dispatch.SILENCE: dispatch.silences_due,
    dispatch.IDLE: service.idles_due,
}
