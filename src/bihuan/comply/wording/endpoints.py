"""Wording over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from bihuan.comply.wording import repository
from bihuan.comply.wording.repository import PhraseRow
from bihuan.comply.wording.rules import reduce
from bihuan.comply.wording.schemas import HitList, HitOut, PhraseEdit, PhraseIn, PhraseList, PhraseOut, TextIn
from bihuan.kit import audit, ids
from bihuan.kit.errors import Conflict, Invalid, NotFound
from bihuan.kit.http import Now, RequestTx
from bihuan.people.facade import PolicyKeeper, PolicyReader, WordingChecker

router = APIRouter(tags=["comply"])


@router.post("/wording/check")
async def check_wording(given: TextIn, staff: WordingChecker, tx: RequestTx) -> HitList:
    """What in this text must not be said, by somebody with this person's licence."""
    hits = await repository.check_text(tx, given.text, context=given.context, licensed=staff.licensed)
    return HitList(items=[HitOut.of(hit) for hit in hits])


@router.get("/wording/phrases")
async def list_phrases(staff: PolicyReader, tx: RequestTx) -> PhraseList:
    """The phrases that are watched for."""
    return PhraseList(items=[PhraseOut.of(row) for row in await repository.phrases(tx)])


@router.post("/wording/phrases", status_code=201)
async def add_phrase(given: PhraseIn, staff: PolicyKeeper, tx: RequestTx, now: Now) -> PhraseOut:
    """Watch for a phrase. 409 when it is watched for in this context already."""
    if len(reduce(given.phrase).text) < 2:
        raise Invalid("phrase", "A phrase has at least two letters, digits or characters.")
    row = PhraseRow(id=ids.new_id(), active=True, **given.model_dump())
    if not await repository.add(tx, row):
        raise Conflict("phrase", "This phrase is watched for already; change that one instead.")
    await audit.record(tx, staff.id, "comply:phrase:added", row.id, {"phrase": row.phrase}, now)
    return PhraseOut.of(row)


@router.patch("/wording/phrases/{phrase_id}")
async def change_phrase(phrase_id: UUID, given: PhraseEdit, staff: PolicyKeeper, tx: RequestTx, now: Now) -> PhraseOut:
    """Change severity or exceptions, or stop watching for it."""
    changes = given.model_dump()
    row = await repository.change(tx, phrase_id, changes)
    if row is None:
        raise NotFound("phrase", "There is no such phrase.")
    await audit.record(tx, staff.id, "comply:phrase:changed", phrase_id, changes, now)
    return PhraseOut.of(row)
