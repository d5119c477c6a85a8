"""Keys over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response

from bihuan.kit.http import Now, RequestTx
from bihuan.people.access import KeyKeeper
from bihuan.people.keys import repository, service
from bihuan.people.keys.schemas import KeyIn, KeyList, KeyMade, KeyOut
from bihuan.people.sessions.browser import keep_secret

router = APIRouter(tags=["people"])


@router.get("/keys")
async def list_keys(staff: KeyKeeper, tx: RequestTx) -> KeyList:
    """All keys, newest first, without their secrets."""
    return KeyList(items=[KeyOut.of(key) for key in await repository.keys(tx)])


@router.post("/keys", status_code=201)
async def create_key(given: KeyIn, staff: KeyKeeper, response: Response, tx: RequestTx, now: Now) -> KeyMade:
    """Make a key. Its secret is in this answer and nowhere else. 409 when a key of the other kind has the name."""
    keep_secret(response)
    return KeyMade.made(await service.create(tx, given.kind, given.name, given.scopes, staff.id, now))


@router.delete("/keys/{key_id}", status_code=204)
async def revoke_key(key_id: UUID, staff: KeyKeeper, tx: RequestTx, now: Now) -> None:
    """Revoke a key. Intake follows within a minute, everything else at once."""
    await service.revoke(tx, key_id, staff.id, now)
