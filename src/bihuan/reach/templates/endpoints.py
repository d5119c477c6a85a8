"""Templates over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from bihuan.kit.errors import Invalid
from bihuan.kit.http import Cursor, Limit, Now, Page, RequestTx, cursor_of, parts_of
from bihuan.people.facade import TemplateAuthor, TemplateReader
from bihuan.reach.templates import repository, service
from bihuan.reach.templates.schemas import TemplateEdit, TemplateIn, TemplateOut

router = APIRouter(tags=["reach"])


@router.get("/templates")
async def list_templates(
    staff: TemplateReader,
    tx: RequestTx,
    now: Now,
    name: Annotated[str | None, Query(max_length=80, description="all versions of this one")] = None,
    occasion: Literal["opening-stuck", "opening-returned"] | None = None,
    language: Literal["zh-CN", "en"] | None = None,
    channel: Literal["sms", "inbox"] | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[TemplateOut]:
    """The latest version of each template, by name; with `name` all its versions, newest first."""
    found = await repository.listed(
        tx,
        name=name,
        occasion=occasion,
        language=language,
        channel=channel,
        after=_after(cursor),
        limit=limit + 1,
    )
    page = found[:limit]
    following = cursor_of(page[-1].name, page[-1].version) if len(found) > limit else None
    return Page(items=[TemplateOut.of(template, now) for template in page], next=following)


def _after(cursor: str | None) -> tuple[str, int] | None:
    parts = parts_of(cursor, 2)
    if parts is None:
        return None
    name, version = parts
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Invalid("cursor", "Use the `next` of the page before, unchanged.")
    return name, int(version)


@router.post("/templates", status_code=201)
async def create_template(staff: TemplateAuthor, tx: RequestTx, now: Now, given: TemplateIn) -> TemplateOut:
    """Write a draft. A known name makes its next version; 409 while that name has an undecided one."""
    return TemplateOut.of(await service.create(tx, staff, now, **given.model_dump()), now)


@router.patch("/templates/{template_id}")
async def edit_template(
    template_id: UUID, staff: TemplateAuthor, tx: RequestTx, now: Now, given: TemplateEdit
) -> TemplateOut:
    """Change a draft in place; of a decided version make the next one. 409 while it waits for its approval."""
    return TemplateOut.of(await service.edit(tx, template_id, staff, now, **given.model_dump()), now)


@router.post("/templates/{template_id}/submit")
async def submit_template(template_id: UUID, staff: TemplateAuthor, tx: RequestTx, now: Now) -> TemplateOut:
    """Hand a draft to a second person. 422 names phrases that may not be said."""
    return TemplateOut.of(await service.submit(tx, template_id, staff, now), now)


@router.post("/templates/{template_id}/withdraw")
async def withdraw_template(template_id: UUID, staff: TemplateAuthor, tx: RequestTx, now: Now) -> TemplateOut:
    """Take back what waits for an approval; only who asked for it may."""
    return TemplateOut.of(await service.withdraw(tx, template_id, staff, now), now)
