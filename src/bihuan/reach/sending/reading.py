"""Lists of deliveries and moments, each within a data scope."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.errors import Forbidden
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Permission, Staff, scope_sql
from bihuan.reach.moments import repository as moments
from bihuan.reach.moments.repository import Moment
from bihuan.reach.sending import queue, repository
from bihuan.reach.sending.repository import Delivery

Before = tuple[datetime, UUID] | None
_LIVE_ROWS = 200


async def deliveries(
    tx: Tx,
    staff: Staff,
    *,
    branch: UUID | None = None,
    customer: UUID | None = None,
    opening: str | None = None,
    state: str | None = None,
    channel: str | None = None,
    before: Before = None,
    limit: int = 100,
) -> list[Delivery]:
    """A page of deliveries, newest first."""
    scope, params = scope_sql("branch_id", staff)
    before_at, before_id = before or (None, None)
    return await postgres.read(
        tx,
        Delivery,
        repository.listing(scope),
        branch=branch,
        customer=customer,
        opening=opening,
        state=state,
        channel=channel,
        before_at=before_at,
        before_id=before_id,
        limit=limit,
        **params,
    )


async def stalls(
    tx: Tx,
    staff: Staff,
    *,
    branch: UUID | None = None,
    opening: str | None = None,
    state: str | None = None,
    before: Before = None,
    limit: int = 100,
) -> list[Moment]:
    """A page of moments, newest first."""
    scope, params = scope_sql("branch_id", staff)
    before_at, before_id = before or (None, None)
    return await postgres.read(
        tx,
        Moment,
        moments.listing(scope),
        branch=branch,
        opening=opening,
        state=state,
        before_at=before_at,
        before_id=before_id,
        limit=limit,
        **params,
    )


async def may_look(tx: Tx, principal: object, argument: str) -> None:
    """Topic `deliveries:<branch>` for those who see the branch, `deliveries:all` for those who see all."""
    if not isinstance(principal, Staff) or not principal.may(Permission.DELIVERY_READ):
        raise Forbidden("permission", "Sign in as somebody who may see deliveries.")
    branch = branch_of(argument)
    if not (principal.branch_ids is None if branch is None else principal.sees(branch)):
        raise Forbidden("scope", "This branch is outside your data scope.")


async def snapshot(tx: Tx, principal: Staff, argument: str) -> Mapping[str, dict[str, object]]:
    """The latest deliveries of a branch or of all."""
    found = await deliveries(tx, principal, branch=branch_of(argument), limit=_LIVE_ROWS)
    return {str(delivery.id): queue.row_of(delivery) for delivery in found}


def branch_of(argument: str) -> UUID | None:
    """The branch a topic names, None for `all`. Raises Forbidden for what is neither."""
    if argument == "all":
        return None
    try:
        return UUID(argument)
    except ValueError as error:
        raise Forbidden("topic", "Name a branch's id, or all.") from error
