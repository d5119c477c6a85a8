"""The opening desk, live: one row per application on which the applicant has the next move."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from bihuan.customers import facade as customers
from bihuan.customers.facade import Label
from bihuan.kit import live
from bihuan.kit.errors import Forbidden, Invalid
from bihuan.kit.live import Row, TopicKind
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.facade import Permission, Staff
from bihuan.understand.openings import lists
from bihuan.understand.openings.lists import Asked
from bihuan.understand.openings.repository import Opening
from bihuan.understand.openings.rules import WAITING

PREFIX = "openings"
EVERYWHERE = "all"
_MOST = 5000

FIELDS = (
    "customer_id", "branch_id", "channel", "state", "step", "first_fact_at", "last_fact_at", "stuck_at", "stuck_since",
    "stuck_reason", "times_stuck", "returned_step", "returned_reason",
)  # fmt: skip


def row(opening: Opening, labels: Mapping[UUID, Label]) -> Row:
    """An application as the desk shows it, with the customer's masked name, or number where no name is known."""
    label = labels.get(opening.customer_id) if opening.customer_id else None
    name = (label.name_masked or label.phone_masked) if label else ""
    return {"id": opening.opening_id, "customer": name, **{name: getattr(opening, name) for name in FIELDS}}


async def _labels(tx: Tx, openings: Iterable[Opening]) -> dict[UUID, Label]:
    return await customers.labels(tx, [opening.customer_id for opening in openings if opening.customer_id])


def _topics(opening: Opening) -> list[str]:
    branch = [f"{PREFIX}:{opening.branch_id}"] if opening.branch_id else []
    return [f"{PREFIX}:{EVERYWHERE}", *branch]


def _shown(opening: Opening | None) -> bool:
    return opening is not None and opening.state in WAITING


async def show(tx: Tx, before: Mapping[str, Opening], after: Mapping[str, Opening]) -> None:
    """Tell everybody at the desk what differs between two states of some applications."""
    changed = [opening for opening in after.values() if _shown(opening) and before.get(opening.opening_id) != opening]
    labels = await _labels(tx, changed)
    for was in before.values():
        now = after.get(was.opening_id)
        gone = set(_topics(was) if _shown(was) else ()) - set(_topics(now) if now and _shown(now) else ())
        for topic in sorted(gone):
            await live.change(tx, topic, was.opening_id, None)
    for opening in changed:
        for topic in _topics(opening):
            await live.change(tx, topic, opening.opening_id, row(opening, labels))


async def authorise(tx: Tx, principal: Any, argument: str) -> None:
    """Staff who may read the desk, each of the branches he sees; all branches at once for those who see all."""
    if not isinstance(principal, Staff) or not principal.may(Permission.OPENING_READ):
        raise Forbidden("topic", "Sign in with a role that reads the opening desk.")
    if argument != EVERYWHERE and not principal.sees(_branch(argument)):
        raise Forbidden("topic", "This branch is outside your data scope.")
    if argument == EVERYWHERE and principal.branch_ids is not None:
        raise Forbidden("topic", "Subscribe to the branches of your data scope one by one.")


def _branch(argument: str) -> UUID:
    try:
        return UUID(argument)
    except ValueError as error:
        raise Invalid("topic", "Name a branch by its id, or `all`.") from error


async def snapshot(tx: Tx, principal: Any, argument: str) -> dict[str, Row]:
    """The desk as it stands now."""
    scope, params = people.scope_sql("o.branch_id", principal)
    branch = None if argument == EVERYWHERE else _branch(argument)
    asked = Asked(scope, params, sorted(WAITING), branch_id=branch)
    found = await lists.page(tx, asked, None, _MOST)
    labels = await _labels(tx, found)
    return {opening.opening_id: row(opening, labels) for opening in found}


TOPIC = TopicKind(PREFIX, authorise, snapshot)
