"""The catalogue and its slots over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from bihuan.decide.catalogue import repository, service
from bihuan.decide.catalogue.schemas import (
    ItemIn,
    ItemOut,
    ItemPage,
    ItemPatch,
    ItemVersions,
    Kind,
    SlotOut,
    SlotsOut,
    changes_of,
)
from bihuan.kit.errors import NotFound
from bihuan.kit.http import Cursor, Limit, Now, RequestTx, cursor_of, parts_of
from bihuan.people.facade import CatalogueEditor, CatalogueReader

router = APIRouter(tags=["decide"])

ItemCode = Annotated[str, Path(max_length=80)]


@router.get("/catalogue")
async def list_catalogue(
    staff: CatalogueReader,
    tx: RequestTx,
    kind: Annotated[Kind | None, Query(description="only items of this kind")] = None,
    active: Annotated[bool | None, Query(description="only items that may be shown, or only the others")] = None,
    q: Annotated[str | None, Query(max_length=100, description="part of a code or a name")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> ItemPage:
    """The items in force, by code."""
    after = parts_of(cursor, 1)
    found = await repository.page(tx, kind, active, q or None, after[0] if after else "", limit)
    following = cursor_of(found[-1].code) if len(found) == limit else None
    return ItemPage(items=[ItemOut.of(item) for item in found], next=following)


@router.post("/catalogue", status_code=201)
async def add_item(staff: CatalogueEditor, tx: RequestTx, now: Now, given: ItemIn) -> ItemOut:
    """A new item. 409 when its code exists; 422 when it may not stand (a product without a risk level)."""
    fields = {**changes_of(given), "code": given.code, "kind": given.kind}
    return ItemOut.of(await service.add(tx, fields, staff.login, now))


@router.get("/catalogue/{code}")
async def read_item(staff: CatalogueReader, tx: RequestTx, code: ItemCode) -> ItemVersions:
    """All versions of an item, the latest first."""
    found = await repository.versions(tx, code)
    if not found:
        raise NotFound("item", "There is no item of this code.")
    return ItemVersions(items=[ItemOut.of(item) for item in found])


@router.patch("/catalogue/{code}")
async def change_item(staff: CatalogueEditor, tx: RequestTx, now: Now, code: ItemCode, given: ItemPatch) -> ItemOut:
    """A new version of an item; the one before stays for evidence. 409 when somebody changed it meanwhile."""
    return ItemOut.of(await service.change(tx, code, given.version, changes_of(given), staff.login, now))


@router.get("/slots")
async def list_slots(staff: CatalogueReader, tx: RequestTx) -> SlotsOut:
    """The places of the app that decisions fill, in their order."""
    return SlotsOut(items=[SlotOut.of(slot) for slot in await repository.slots(tx)])
