"""Quarantine and poison over HTTP."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from bihuan.collect.quarantine import repository, service
from bihuan.collect.quarantine.schemas import DoneOut, PoisonOut, QuarantineCountOut, QuarantinedOut, ReplayIn, WholeOut
from bihuan.kit import log as the_log
from bihuan.kit.http import Cursor, HouseDep, Limit, Now, Page, RequestTx, cursor_of, parts_of
from bihuan.people.facade import QuarantineKeeper

router = APIRouter(tags=["collect"])


@router.get("/quarantine")
async def list_quarantine(
    staff: QuarantineKeeper,
    tx: RequestTx,
    resolved: bool = False,
    reason: Annotated[str | None, Query(max_length=50)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[QuarantinedOut]:
    """Messages that could not enter the log, latest first, with everything hidden that names a person."""
    after = parts_of(cursor, 2)
    found = await repository.waiting(
        tx, resolved=resolved, reason=reason, after=(after[0], after[1]) if after else None, limit=limit + 1
    )
    last = found[limit - 1] if len(found) > limit else None
    return Page(
        items=[
            QuarantinedOut(
                text=service.shown(bytes(q.raw)),
                **{name: value for name, value in asdict(q).items() if name != "raw"},
            )
            for q in found[:limit]
        ],
        next=cursor_of(last.received_at.isoformat(), last.id) if last else None,
    )


@router.get("/quarantine/counts")
async def count_quarantine(staff: QuarantineKeeper, tx: RequestTx) -> list[QuarantineCountOut]:
    """How many wait, by source and reason."""
    return [QuarantineCountOut(**row) for row in await repository.counts(tx)]


@router.post("/quarantine/{message_id}/open")
async def open_message(message_id: UUID, staff: QuarantineKeeper, tx: RequestTx, now: Now) -> WholeOut:
    """A message as it came, for its repair. Who opened it is recorded."""
    return WholeOut(text=await service.open_message(tx, message_id, staff, now))


@router.post("/quarantine/{message_id}/replay")
async def replay_message(
    message_id: UUID, asked: ReplayIn, staff: QuarantineKeeper, house: HouseDep, tx: RequestTx, now: Now
) -> DoneOut:
    """Let a message in at its own time, repaired or as it came."""
    await service.replay(tx, house.settings, message_id, asked.body, staff, now)
    return DoneOut()


@router.post("/quarantine/{message_id}/discard")
async def discard_message(message_id: UUID, staff: QuarantineKeeper, tx: RequestTx, now: Now) -> DoneOut:
    """Close a message without letting it in."""
    await service.discard(tx, message_id, staff, now)
    return DoneOut()


@router.get("/poison")
async def list_poison(
    staff: QuarantineKeeper, tx: RequestTx, resolved: bool = False, limit: Limit = 50, cursor: Cursor = None
) -> Page[PoisonOut]:
    """Log entries that a reaction could not swallow, latest first, with everything hidden that names a person."""
    after = parts_of(cursor, 2)
    place = (after[0], after[1]) if after else None
    found = await the_log.poisoned(tx, resolved=resolved, after=place, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return Page(
        items=[PoisonOut.of(entry) for entry in found[:limit]],
        next=cursor_of(last.set_aside_at.isoformat(), last.id) if last else None,
    )


@router.post("/poison/{entry_id}/open")
async def open_entry(entry_id: UUID, staff: QuarantineKeeper, tx: RequestTx, now: Now) -> WholeOut:
    """The whole body of an entry, for its repair. Who opened it is recorded."""
    return WholeOut(text=await service.open_poison(tx, entry_id, staff, now))


@router.post("/poison/{entry_id}/replay")
async def replay_entry(
    entry_id: UUID, asked: ReplayIn, staff: QuarantineKeeper, request: Request, tx: RequestTx, now: Now
) -> DoneOut:
    """Run all reactions over an entry again, repaired or as it was."""
    await service.replay_poison(tx, request.app.state.reactions, entry_id, asked.body, staff, now)
    return DoneOut()


@router.post("/poison/{entry_id}/discard")
async def discard_entry(entry_id: UUID, staff: QuarantineKeeper, tx: RequestTx, now: Now) -> DoneOut:
    """Close an entry without reacting to it."""
    await service.discard_poison(tx, entry_id, staff, now)
    return DoneOut()
