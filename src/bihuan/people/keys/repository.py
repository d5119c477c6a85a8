"""All SQL about keys."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.crypto import token_hash
from bihuan.kit.postgres import Tx
from bihuan.people.types import Source


@dataclass(frozen=True)
class Key:
    """A key as staff see it: `hint` is its beginning, the rest was shown once and is not stored."""

    id: UUID
    kind: str
    name: str
    scopes: list[str]
    hint: str
    created_by: str
    created_at: datetime
    revoked_at: datetime | None


COLUMNS = "id, kind, name, scopes, hint, created_by, created_at, revoked_at"


async def source_of_key(tx: Tx, key: str) -> Source | None:
    """Who sends with this key; None for one that is unknown or revoked."""
    row = await postgres.one(
        tx,
        "SELECT id, name, kind, scopes FROM people_key WHERE token_hash = %(token_hash)s AND revoked_at IS NULL",
        token_hash=token_hash(key),
    )
    return Source(row["id"], row["name"], row["kind"], frozenset(row["scopes"])) if row else None


async def keys(tx: Tx) -> list[Key]:
    """All keys, newest first."""
    return await postgres.read(tx, Key, f"SELECT {COLUMNS} FROM people_key ORDER BY created_at DESC, id DESC")


async def key(tx: Tx, key_id: UUID) -> Key | None:
    """One key, or None."""
    return await postgres.read_one(tx, Key, f"SELECT {COLUMNS} FROM people_key WHERE id = %(id)s", id=key_id)


async def lock_name(tx: Tx, name: str) -> None:
    """Two makers of keys of the same name wait for each other, until the transaction ends."""
    await postgres.execute(tx, "SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 2))", name=name)


async def other_kind_named(tx: Tx, name: str, kind: str) -> bool:
    """Whether a key of another kind has sent under this name: its message ids must not meet untrusted ones."""
    return bool(
        await postgres.value(
            tx,
            "SELECT EXISTS (SELECT 1 FROM people_key WHERE name = %(name)s AND kind <> %(kind)s)",
            name=name,
            kind=kind,
        )
    )


async def add(tx: Tx, made: Key, hashed: bytes) -> None:
    """Store a key's hash."""
    await postgres.execute(
        tx,
        "INSERT INTO people_key (id, kind, name, scopes, token_hash, hint, created_by, created_at)"
        " VALUES (%(id)s, %(kind)s, %(name)s, %(scopes)s, %(hashed)s, %(hint)s, %(created_by)s, %(created_at)s)",
        hashed=hashed,
        **{name: value for name, value in vars(made).items() if name != "revoked_at"},
    )


async def revoke(tx: Tx, key_id: UUID, now: datetime) -> bool:
    """Revoke a key; False when it was revoked before."""
    touched = await postgres.execute(
        tx,
        "UPDATE people_key SET revoked_at = %(now)s WHERE id = %(id)s AND revoked_at IS NULL",
        id=key_id,
        now=now,
    )
    return touched == 1
