"""Enquiries follow their customer: a visitor who turns out to be a user, and one who moves to another home."""

from datetime import datetime
from uuid import UUID

from bihuan.customers import facade as customers
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.serve.conversations import repository as messages
from bihuan.serve.conversations import service as conversations
from bihuan.serve.dispatch import service as dispatch
from bihuan.serve.enquiries import repository, service, topics
from bihuan.serve.enquiries.row import Enquiry
from bihuan.serve.enquiries.rules import Live, goes_on


async def merge(tx: Tx, visitor_id: UUID, into_id: UUID, now: datetime) -> None:
    """Everything a visitor asked, now the user's. Of two under way one is closed, its questions asked in the other."""
    await repository.lock_customers(tx, [visitor_id, into_id])
    asked = await repository.of_customers(tx, [visitor_id])
    if not asked:
        return
    his = next((enquiry for enquiry in asked if enquiry.state != "closed"), None)
    users = await repository.active(tx, [into_id]) if his else None
    kept, open_questions = None, ""
    if his is not None and users is not None:
        kept, ended = (his, users) if goes_on(_live(his), _live(users)) else (users, his)
        if ended.awaiting_since is not None:
            open_questions = "\n".join(one.text for one in await messages.unanswered(tx, ended.id))
        await service.closed(tx, ended, "merged", now, into_id=kept.id)
    label = (await customers.labels(tx, [into_id])).get(into_id)
    home = await service.home_of(tx, into_id)
    for enquiry in asked:
        merged = await repository.merge(tx, enquiry.id, into_id, label.name_masked if label else "")
        await topics.show(tx, merged, enquiry)
        if home.branch_id is not None and merged.state != "closed":
            await move(tx, merged, home.branch_id, home.own_staff_id, now)
    if kept is not None and open_questions:
        stands = (await repository.lock(tx, kept.id))[0]
        await conversations.customer_says(tx, stands, open_questions, f"merged:{visitor_id}", now)


async def move(tx: Tx, enquiry: Enquiry, branch_id: UUID, staff_id: UUID | None, now: datetime) -> None:
    """The customer's home is another one. Who waits is offered to it, beginning with its first ring."""
    branch = await people.branch(tx, branch_id)
    moved = await repository.move(tx, enquiry.id, branch_id, branch.region_id if branch else None, staff_id)
    if moved is None:
        return
    if moved.in_dispatch and moved.branch_id != enquiry.branch_id:
        moved = await dispatch.restart(tx, moved, now)
    await topics.show(tx, moved, enquiry)


def _live(enquiry: Enquiry) -> Live:
    return Live(enquiry.state, enquiry.asked_at, enquiry.claimed_at)
