"""Making and revoking keys."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kit import audit, ids
from bihuan.kit.crypto import token_hash
from bihuan.kit.errors import Conflict, Invalid, NotFound
from bihuan.kit.postgres import Tx
from bihuan.people.keys import repository
from bihuan.people.keys.repository import Key
from bihuan.people.rules import faults_of_key
from bihuan.people.types import Source


@dataclass(frozen=True)
class NewKey:
    """A key just made, with the secret that is shown this once."""

    key: Key
    secret: str


async def source_of_key(tx: Tx, key: str) -> Source | None:
    """Who sends events with this key; None for one that is unknown or revoked, or has no scope to send."""
    found = await repository.source_of_key(tx, key)
    return found if found is not None and found.sends else None


async def create(tx: Tx, kind: str, name: str, scopes: Collection[str], actor: object, now: datetime) -> NewKey:
    """A new key. Raises Invalid for scopes its kind may not have, Conflict when the name belongs to another kind.

    Keys of one kind may share a name, which is how a key is exchanged for a fresh one.
    """
    faults = faults_of_key(kind, scopes)
    if faults:
        raise Invalid("key", faults[0])
    await repository.lock_name(tx, name)
    if await repository.other_kind_named(tx, name, kind):
        raise Conflict("key-name", "A key of another kind sends under this name; choose another name.")
    secret = f"{'wk' if kind == 'write' else 'sk'}_{secrets.token_urlsafe(32)}"
    made = Key(ids.new_id(), kind, name, sorted(set(scopes)), secret[:9], str(actor), now, None)
    await repository.add(tx, made, token_hash(secret))
    await audit.record(
        tx, actor, "people:key:created", made.id, {"kind": kind, "name": name, "scopes": made.scopes}, now
    )
    return NewKey(made, secret)


async def revoke(tx: Tx, key_id: UUID, actor: object, now: datetime) -> None:
    """The key opens nothing from now on. Raises NotFound, and Conflict when it was revoked before."""
    if await repository.key(tx, key_id) is None:
        raise NotFound("key", "There is no such key.")
    if not await repository.revoke(tx, key_id, now):
        raise Conflict("key-revoked", "This key was revoked before.")
    await audit.record(tx, actor, "people:key:revoked", key_id, {}, now)
