"""Tags over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from bihuan.kit import audit
from bihuan.kit.http import HouseDep, Now, RequestTx
from bihuan.people.facade import CustomerHistoryReader, TagReader, TagRefresher
from bihuan.understand.tags import reading, tasks
from bihuan.understand.tags.schemas import CustomerTagsOut, RefreshIn, RefreshOut, TagPageOut, TagsOut

router = APIRouter(tags=["understand"])


@router.get("/tags")
async def list_tags(staff: TagReader, house: HouseDep) -> TagsOut:
    """All tags by family, of how many customers within your data scope each is known, and how fresh that is."""
    return await reading.page(house, staff)


@router.post("/tags/refresh", status_code=202)
async def refresh_tags(given: RefreshIn, staff: TagRefresher, tx: RequestTx, now: Now) -> RefreshOut:
    """Have all tags brought up to now. Readers see the last good version until that is done."""
    await audit.record(tx, staff.id, "understand:tags:refresh", "all", {"whole": given.whole}, now)
    return RefreshOut(asked=await tasks.ask(tx, whole=given.whole))


@router.get("/tags/{code}")
async def read_tag(
    code: Annotated[str, Path(max_length=60)],
    staff: TagReader,
    house: HouseDep,
    value: Annotated[str | None, Query(max_length=200, description="only customers with this value as samples")] = None,
) -> TagPageOut:
    """One tag: definition, how its values are spread, how that changed, some customers who have it."""
    return await reading.one(house, staff, code, value)


@router.get("/customers/{customer_id}/tags")
async def list_customer_tags(customer_id: UUID, staff: CustomerHistoryReader, house: HouseDep) -> CustomerTagsOut:
    """All tags of a customer within your data scope; a value of null means that there is no data."""
    return await reading.of_customer(house, staff, customer_id)
