"""Segments over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from bihuan.kit.http import HouseDep, Now, RequestTx
from bihuan.people.facade import SegmentAuthor, SegmentReader, TagReader
from bihuan.understand.segments import reading, repository, service, tasks
from bihuan.understand.segments.schemas import (
    EvaluateOut,
    PreviewIn,
    PreviewOut,
    SegmentEdit,
    SegmentIn,
    SegmentOut,
    SegmentPageOut,
    SegmentsOut,
)

router = APIRouter(tags=["understand"])


@router.get("/segments")
async def list_segments(staff: SegmentReader, tx: RequestTx) -> SegmentsOut:
    """All segments with their rules read aloud, by name."""
    found = await repository.segments(tx)
    return SegmentsOut(items=[reading.told(segment, found) for segment in found])


@router.post("/segments", status_code=201)
async def create_segment(given: SegmentIn, staff: SegmentAuthor, tx: RequestTx, now: Now) -> SegmentOut:
    """Make a segment; it is evaluated soon. 409 for a name that is taken, 422 for a rule that cannot be evaluated."""
    made = await service.create(tx, staff, now, **given.model_dump())
    await tasks.ask(tx, made.id)
    return reading.told(made, await repository.segments(tx))


@router.post("/segments/preview")
async def preview_segment(given: PreviewIn, staff: TagReader, house: HouseDep) -> PreviewOut:
    """Who within your data scope fits a rule now: how many, and some of them. Nothing is kept."""
    return await reading.preview(house, staff, given.rule)


@router.get("/segments/{segment_id}")
async def read_segment(segment_id: UUID, staff: TagReader, house: HouseDep) -> SegmentPageOut:
    """A segment, how it grew, what uses it, and members within your data scope."""
    return await reading.page(house, staff, segment_id)


@router.put("/segments/{segment_id}")
async def edit_segment(
    segment_id: UUID, given: SegmentEdit, staff: SegmentAuthor, tx: RequestTx, now: Now
) -> SegmentOut:
    """Its next version, evaluated soon. 409 when somebody was faster, 422 for a rule that asks for itself."""
    told = given.model_dump(exclude={"version"})
    made = await service.edit(tx, staff, segment_id, given.version, now, **told)
    await tasks.ask(tx, segment_id)
    return reading.told(made, await repository.segments(tx))


@router.delete("/segments/{segment_id}", status_code=204)
async def remove_segment(segment_id: UUID, staff: SegmentAuthor, tx: RequestTx, now: Now) -> None:
    """Forget a segment. 409 while another one asks for it."""
    await service.remove(tx, staff, segment_id, now)


@router.post("/segments/{segment_id}/evaluate", status_code=202)
async def evaluate_segment(segment_id: UUID, staff: SegmentAuthor, tx: RequestTx) -> EvaluateOut:
    """Have its members brought up to now."""
    await service.one(tx, segment_id)
    return EvaluateOut(asked=await tasks.ask(tx, segment_id))
