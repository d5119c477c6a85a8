"""What sources send, and what was imported, over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from bihuan.collect.imports import repository as imports
from bihuan.collect.recent import service
from bihuan.kit.http import Limit, RequestTx
from bihuan.people.facade import EventReader, ImportReader

router = APIRouter(tags=["collect"])


class EventOut(BaseModel):
    """A tracked event of the log: names, phones and papers masked, and of one that may carry answers its name only."""

    seq: int
    name: str
    source: str
    user_id: str | None
    anonymous_id: str | None
    customer_id: UUID | None
    message_id: str | None
    occurred_at: datetime
    received_at: datetime
    trusted: bool
    body: dict[str, Any]


class ImportOut(BaseModel):
    """How far the import of a file has come."""

    id: UUID
    kind: str
    digest: str
    file_name: str
    next_row: int
    accepted: int
    duplicates: int
    rejected: int
    started_at: datetime
    finished_at: datetime | None
    customers: int
    versions: int
    odd: int


@router.get("/events/recent")
async def list_recent_events(
    staff: EventReader,
    tx: RequestTx,
    source: Annotated[str | None, Query(max_length=200)] = None,
    name: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = 100,
) -> list[EventOut]:
    """The latest tracked events, latest first."""
    return [EventOut(**row) for row in await service.latest(tx, source, name, limit)]


@router.get("/imports")
async def list_imports(staff: ImportReader, tx: RequestTx, limit: Limit = 50) -> list[ImportOut]:
    """The latest imports, with their progress."""
    return [ImportOut(**vars(found)) for found in await imports.imports(tx, limit)]
