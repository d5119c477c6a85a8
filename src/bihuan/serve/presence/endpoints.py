"""Presence over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from bihuan.kit.errors import NotFound
from bihuan.kit.http import Now, Page, RequestTx
from bihuan.people.facade import EnquiryClaimer, EnquiryReader, scope_sql
from bihuan.serve.presence import repository, service, topics
from bihuan.serve.presence.schemas import PresenceIn, PresenceOut

router = APIRouter(tags=["serve"])


@router.put("/presence")
async def set_presence(given: PresenceIn, advisor: EnquiryClaimer, tx: RequestTx, now: Now) -> PresenceOut:
    """Say whether you are there, and how many conversations you take at once. Repeating it is a sign of life.

    Coming online brings offers of what waits; going offline gives back what was offered and what is unanswered.
    """
    presence = await service.say(tx, advisor, given.state, given.capacity, now)
    return PresenceOut.of(presence, await topics.load_of(tx, presence.staff_id))


@router.get("/presence/mine")
async def read_own_presence(advisor: EnquiryClaimer, tx: RequestTx) -> PresenceOut:
    """What the product takes you to be. 404 before the first time on duty."""
    presence = await repository.by_id(tx, advisor.id)
    if presence is None:
        raise NotFound("presence", "You were never on duty; say that you are online.")
    return PresenceOut.of(presence, await topics.load_of(tx, presence.staff_id))


@router.get("/presence")
async def list_presence(reader: EnquiryReader, tx: RequestTx, branch: UUID | None = None) -> Page[PresenceOut]:
    """Who is on duty within your data scope."""
    scope, params = scope_sql("branch_id", reader)
    narrowed = f"{scope} AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)"
    found = await repository.on_duty(tx, (narrowed, {**params, "branch": branch}))
    return Page(items=[PresenceOut.of(one, await topics.load_of(tx, one.staff_id)) for one in found])
