"""The audit trail: who did what to whom, and who looked. Append-only, in the transaction of the deed itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bihuan.kit import ids, postgres
from bihuan.kit.postgres import Tx

RECORD = """
INSERT INTO kit_audit (id, actor, action, subject, detail, at)
VALUES (%(id)s, %(actor)s, %(action)s, %(subject)s, %(detail)s::jsonb, %(at)s)
"""

OF_SUBJECT = """
SELECT id, actor, action, subject, detail, at FROM kit_audit
 WHERE (%(subject)s::text IS NULL OR subject = %(subject)s) ORDER BY at DESC, id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Deed:
    """One line of the trail."""

    id: UUID
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    at: datetime


async def record(tx: Tx, actor: object, action: str, subject: object, detail: dict[str, Any], now: datetime) -> None:
    """Write one line. `actor` and `subject` are ids; `action` is `room:subject:verb`; `detail` holds no secrets."""
    await postgres.execute(
        tx,
        RECORD,
        id=ids.new_id(),
        actor=str(actor),
        action=action,
        subject=str(subject),
        detail=msgspec.json.encode(detail).decode(),
        at=now,
    )


async def trail(tx: Tx, subject: str | None, limit: int = 200) -> list[Deed]:
    """The latest lines, of one subject or of all."""
    return await postgres.read(tx, Deed, OF_SUBJECT, subject=subject, limit=limit)
