"""Lists of the ledger, each within a data scope."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.credit.ledger import repository, showing
from bihuan.credit.ledger.repository import Entry, Tally
from bihuan.kit import postgres
from bihuan.kit.errors import Forbidden
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Permission, Staff, scope_sql

_LIVE_ROWS = 200


async def entries(
    tx: Tx,
    staff: Staff,
    *,
    branch: UUID | None = None,
    side: str = "all",
    advisor: UUID | None = None,
    customer: UUID | None = None,
    opening: str | None = None,
    kind: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    entry_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[Entry]:
    """A page of entries in which a branch of the data scope won or lost, newest first."""
    scope_share, params = scope_sql("s.branch_id", staff)
    scope_lost, _ = scope_sql("l.branch_id", staff)
    before_at, before_id = before or (None, None)
    return await postgres.read(
        tx,
        Entry,
        repository.listing(scope_share, scope_lost),
        branch=branch,
        side=side,
        staff=advisor,
        customer=customer,
        opening=opening,
        kind=kind,
        since=since,
        until=until,
        id=entry_id,
        before_at=before_at,
        before_id=before_id,
        limit=limit,
        **params,
    )


async def seen_entry(tx: Tx, staff: Staff, entry_id: UUID) -> Entry | None:
    """One entry, if it is within the data scope."""
    found = await entries(tx, staff, entry_id=entry_id, limit=1)
    return found[0] if found else None


async def tallies(
    tx: Tx, staff: Staff, *, by_staff: bool, since: datetime | None, until: datetime | None
) -> list[Tally]:
    """What each branch, or person, of the data scope is credited with."""
    scope, params = scope_sql("s.branch_id", staff)
    return await postgres.read(tx, Tally, repository.tallies(scope, by_staff), since=since, until=until, **params)


async def may_look(tx: Tx, principal: object, argument: str) -> None:
    """Topics `credits:<branch>` and `disputes:<branch>` for those who see the branch, `:all` for those who see all."""
    if not isinstance(principal, Staff) or not principal.may(Permission.CREDIT_READ):
        raise Forbidden("permission", "Sign in as somebody who may see credits.")
    branch = branch_of(argument)
    if not (principal.branch_ids is None if branch is None else principal.sees(branch)):
        raise Forbidden("scope", "This branch is outside your data scope.")


async def snapshot(tx: Tx, principal: Staff, argument: str) -> Mapping[str, dict[str, Any]]:
    """The latest entries in which a branch won or lost, or of all branches."""
    found = await entries(tx, principal, branch=branch_of(argument), limit=_LIVE_ROWS)
    return {str(row.id): row.model_dump(mode="json") for row in await showing.shown(tx, found)}


def branch_of(argument: str) -> UUID | None:
    """The branch a topic names, None for `all`. Raises Forbidden for what is neither."""
    if argument == "all":
        return None
    try:
        return UUID(argument)
    except ValueError as error:
        raise Forbidden("topic", "Name a branch's id, or all.") from error
