"""The in-app inbox over HTTP, for the customer's app."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter

from bihuan.kit.errors import Forbidden
from bihuan.kit.http import Cursor, Limit, Now, Page, RequestTx, cursor_of, moment_of
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Caller, CustomerCaller
from bihuan.reach.inbox import service
from bihuan.reach.inbox.schemas import InboxMessageOut

router = APIRouter(tags=["reach"])


@router.get("/inbox")
async def list_inbox(
    caller: CustomerCaller, tx: RequestTx, cursor: Cursor = None, limit: Limit = 50
) -> Page[InboxMessageOut]:
    """The calling customer's messages, newest first."""
    found = await service.page(tx, caller.customer_id, moment_of(cursor), limit + 1)
    page = found[:limit]
    following = cursor_of(page[-1].created_at.isoformat(), page[-1].id) if len(found) > limit else None
    return Page(items=[InboxMessageOut.of(message) for message in page], next=following)


@router.post("/inbox/{message_id}/read")
async def read_inbox_message(message_id: UUID, caller: CustomerCaller, tx: RequestTx, now: Now) -> InboxMessageOut:
    """Mark a message as read; again does nothing."""
    return InboxMessageOut.of(await service.read(tx, caller.customer_id, message_id, now))


async def may_look(tx: Tx, principal: object, argument: str) -> None:
    """Topic `inbox:<customer id>`, for that customer alone."""
    if not isinstance(principal, Caller) or str(principal.customer_id) != argument:
        raise Forbidden("scope", "This is somebody else's inbox.")


async def snapshot(tx: Tx, principal: Caller, argument: str) -> Mapping[str, dict[str, object]]:
    """The latest messages of the customer."""
    found = await service.page(tx, principal.customer_id, None, 50)
    return {str(message.id): service.row_of(message) for message in found}
