"""`presence:<branch|all>`: who is on duty, for those who oversee the branch, and each one's colleagues."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bihuan.kit import live
from bihuan.kit.errors import Forbidden
from bihuan.kit.live import TopicKind
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Permission, Staff
from bihuan.serve.enquiries import lists
from bihuan.serve.presence import repository
from bihuan.serve.presence.repository import Presence
from bihuan.serve.presence.schemas import PresenceOut


async def load_of(tx: Tx, staff_id: UUID) -> int:
    """The conversations he holds that count towards his capacity."""
    return sum(enquiry.origin == "customer" for enquiry in await lists.of_owner(tx, staff_id))


async def show(tx: Tx, presence: Presence, before_branch: UUID | None = None) -> None:
    """Change his row on the boards of those who oversee him; whoever is offline leaves them."""
    row = None
    if presence.state != "offline":
        row = PresenceOut.of(presence, await load_of(tx, presence.staff_id)).model_dump(mode="json")
    await live.change(tx, "presence:all", presence.staff_id, row)
    if presence.branch_id is not None:
        await live.change(tx, f"presence:{presence.branch_id}", presence.staff_id, row)
    if before_branch is not None and before_branch != presence.branch_id:
        await live.change(tx, f"presence:{before_branch}", presence.staff_id, None)


async def show_load(tx: Tx, staff_id: UUID) -> None:
    """He holds a conversation more or less."""
    presence = await repository.by_id(tx, staff_id)
    if presence is not None and presence.state != "offline":
        await show(tx, presence)


async def _oversees(tx: Tx, principal: Any, argument: str) -> None:
    if not isinstance(principal, Staff) or not principal.may(Permission.ENQUIRY_READ):
        raise Forbidden("permission", "Ask an operator for a role that may read enquiries.")
    if not principal.sees(None if argument == "all" else _id(argument)):
        raise Forbidden("scope", "Choose a branch within your data scope.")


def _id(argument: str) -> UUID:
    try:
        return UUID(argument)
    except ValueError as error:
        raise Forbidden("topic", "Name the topic with the id of a branch, or all.") from error


async def _on_duty(tx: Tx, principal: Any, argument: str) -> Mapping[str, live.Row]:
    scope: tuple[str, dict[str, object]] = ("true", {})
    if argument != "all":
        scope = ("branch_id = %(branch)s", {"branch": _id(argument)})
    return {
        str(found.staff_id): PresenceOut.of(found, await load_of(tx, found.staff_id)).model_dump(mode="json")
        for found in await repository.on_duty(tx, scope)
    }


TOPICS = (TopicKind("presence", _oversees, _on_duty),)
