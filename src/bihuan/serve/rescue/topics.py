"""`rescues:<branch|all>`: what is stuck and not finished, by application, for the opening desk."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bihuan.kit import live
from bihuan.kit.errors import Forbidden
from bihuan.kit.live import TopicKind
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Permission, Staff
from bihuan.serve.enquiries.schemas import row_of
from bihuan.serve.rescue import repository
from bihuan.serve.rescue.repository import Rescue
from bihuan.serve.rescue.schemas import RescueOut


async def show(tx: Tx, rescue: Rescue, before_branch: UUID | None = None) -> None:
    """Tell the desks how the rescue stands; a finished one leaves them."""
    row = None if rescue.state == "finished" else row_of(RescueOut.of(rescue))
    await live.change(tx, "rescues:all", rescue.opening_id, row)
    if rescue.branch_id is not None:
        await live.change(tx, f"rescues:{rescue.branch_id}", rescue.opening_id, row)
    if before_branch is not None and before_branch != rescue.branch_id:
        await live.change(tx, f"rescues:{before_branch}", rescue.opening_id, None)


async def _oversees(tx: Tx, principal: Any, argument: str) -> None:
    if not isinstance(principal, Staff) or not principal.may(Permission.OPENING_READ):
        raise Forbidden("permission", "Ask an operator for a role that may read openings.")
    if not principal.sees(_branch(argument)):
        raise Forbidden("scope", "Choose a branch within your data scope.")


def _branch(argument: str) -> UUID | None:
    if argument == "all":
        return None
    try:
        return UUID(argument)
    except ValueError as error:
        raise Forbidden("topic", "Name the topic with the id of a branch, or all.") from error


async def _desk(tx: Tx, principal: Any, argument: str) -> Mapping[str, live.Row]:
    return {one.opening_id: row_of(RescueOut.of(one)) for one in await repository.on_desk(tx, _branch(argument))}


TOPICS = (TopicKind("rescues", _oversees, _desk),)
