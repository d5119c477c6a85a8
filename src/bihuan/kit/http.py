"""What every HTTP edge shares: one transaction per request, the product's time, pages, problems."""

import base64
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import msgspec
from fastapi import Depends, Query, Request
from pydantic import BaseModel

from bihuan.kit.errors import Invalid
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx

T = TypeVar("T")


def house_of(request: Request) -> House:
    """The house of this server process."""
    house: House = request.app.state.house
    return house


HouseDep = Annotated[House, Depends(house_of)]


async def _transaction(house: HouseDep) -> AsyncIterator[Tx]:
    async with house.postgres.transaction() as tx:
        yield tx


# Ends when the endpoint has returned and before the answer leaves: who reads an answer may rely on its commit.
RequestTx = Annotated[Tx, Depends(_transaction, scope="function")]


def _now(house: HouseDep) -> datetime:
    return house.clock.now()


Now = Annotated[datetime, Depends(_now)]


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is the cursor of the following one."""

    items: list[T]
    next: str | None = None


Limit = Annotated[int, Query(ge=1, le=500, description="most items of one page")]
Cursor = Annotated[str | None, Query(max_length=400, description="the `next` of the page before")]


def cursor_of(*parts: object) -> str:
    """An opaque cursor from the sort key of a page's last item."""
    return base64.urlsafe_b64encode(msgspec.json.encode([str(part) for part in parts])).decode()


def parts_of(cursor: str | None, count: int) -> list[str] | None:
    """The sort key a cursor holds. Raises Invalid for one that is not ours."""
    if cursor is None:
        return None
    try:
        parts = msgspec.json.decode(base64.urlsafe_b64decode(cursor.encode()), type=list[str])
    except (ValueError, msgspec.DecodeError) as error:
        raise Invalid("cursor", "Use the `next` of the page before, unchanged.") from error
    if len(parts) != count:
        raise Invalid("cursor", "Use the `next` of the page before, unchanged.")
    return parts


def moment_of(cursor: str | None) -> tuple[datetime, UUID] | None:
    """The (time, id) a cursor of a list sorted by both holds. Raises Invalid for one that is not ours."""
    parts = parts_of(cursor, 2)
    if parts is None:
        return None
    try:
        at, row_id = datetime.fromisoformat(parts[0]), UUID(parts[1])
    except ValueError as error:
        raise Invalid("cursor", "Use the `next` of the page before, unchanged.") from error
    if at.tzinfo is None:
        raise Invalid("cursor", "Use the `next` of the page before, unchanged.")
    return at, row_id
