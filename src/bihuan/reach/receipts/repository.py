"""All SQL about receipts."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

ADD = """
INSERT INTO reach_receipt (id, kind, delivery_id, told, at)
VALUES (%(id)s, %(kind)s, %(delivery_id)s, %(told)s::jsonb, %(at)s)
ON CONFLICT (id) DO NOTHING
"""


async def add(tx: Tx, receipt_id: str, kind: str, delivery_id: UUID, told: dict[str, Any], at: datetime) -> bool:
    """Whether this is heard for the first time."""
    touched = await postgres.execute(
        tx,
        ADD,
        id=f"{kind}:{delivery_id}:{receipt_id}",
        kind=kind,
        delivery_id=delivery_id,
        told=msgspec.json.encode(told).decode(),
        at=at,
    )
    return touched == 1
