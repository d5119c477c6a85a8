"""`presence:<branch|all>`: who is on duty, for those who oversee the branch, and each one's colleagues."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bihuan.kit import live
from bihuan.kit.errors import Forbidden
from bihuan.kit.live import TopicKind
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Permission, Staff
from bihuan.serve.presence import repository, service
from bihuan.serve.presence.schemas import PresenceOut


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
        str(found.staff_id): PresenceOut.of(found, await service.load_of(tx, found.staff_id)).model_dump(mode="json")
        for found in await repository.on_duty(tx, scope)
    }


TOPICS = (TopicKind("presence", _oversees, _on_duty),)
