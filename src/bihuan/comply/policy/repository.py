"""All SQL about policy."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from bihuan.comply.policy.rules import Policy, policy_of
from bihuan.kit import postgres
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Row:
    """One number, where it comes from, and who changed it last."""

    key: str
    value: Any
    source: str
    changed_by: str | None
    changed_at: datetime | None


async def rows(tx: Tx) -> list[Row]:
    """All rows, by key."""
    return await postgres.read(
        tx, Row, "SELECT key, value, source, changed_by, changed_at FROM comply_policy ORDER BY key"
    )


async def policy(tx: Tx) -> Policy:
    """The policy in force."""
    return policy_of({row.key: row.value for row in await rows(tx)})


async def set_row(tx: Tx, key: str, value: Any, source: str, actor: str, now: datetime) -> None:
    """Change one number."""
    await postgres.execute(
        tx,
        "UPDATE comply_policy SET value = %(value)s::jsonb, source = %(source)s, changed_by = %(actor)s,"
        " changed_at = %(now)s WHERE key = %(key)s",
        key=key,
        value=msgspec.json.encode(value).decode(),
        source=source,
        actor=actor,
        now=now,
    )
