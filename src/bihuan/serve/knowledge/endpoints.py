"""Approved knowledge over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from bihuan.kit.http import Now, Page, RequestTx
from bihuan.people.facade import KnowledgeAuthor, KnowledgeReader
from bihuan.serve.knowledge import repository, service
from bihuan.serve.knowledge.schemas import KnowledgeIn, KnowledgeOut, TrialHit, TrialIn, TrialOut

router = APIRouter(tags=["serve"])


@router.get("/knowledge")
async def list_knowledge(
    staff: KnowledgeReader,
    tx: RequestTx,
    now: Now,
    status: Literal["draft", "approved", "expired"] | None = None,
    topic: Annotated[str | None, Query(max_length=40)] = None,
) -> Page[KnowledgeOut]:
    """All entries by topic, narrowed by status and topic."""
    found = await repository.entries(tx, service.today_of(now), status, topic)
    return Page(items=[KnowledgeOut.of(entry) for entry in found])


@router.post("/knowledge", status_code=201)
async def write_knowledge(given: KnowledgeIn, staff: KnowledgeAuthor, tx: RequestTx, now: Now) -> KnowledgeOut:
    """Write a draft. The bot uses it once somebody else has approved it (see /approvals)."""
    return KnowledgeOut.of(await service.write(tx, given, staff, now))


@router.post("/knowledge/trial")
async def try_knowledge(given: TrialIn, staff: KnowledgeReader, tx: RequestTx, now: Now) -> TrialOut:
    """What the bot would do with a question now, and how near each entry comes. Nothing is recorded."""
    trial = await service.tried(tx, given.text, now)
    return TrialOut.model_validate(
        {
            "answers": trial.answer is not None,
            "reason": trial.reason,
            "threshold": trial.threshold,
            "hits": [
                TrialHit.model_validate(
                    {
                        "id": hit.entry_id,
                        "topic": trial.topics[hit.entry_id],
                        "phrasing": hit.phrasing,
                        "score": round(hit.score, 4),
                    }
                )
                for hit in trial.hits
            ],
        }
    )


@router.get("/knowledge/{entry_id}")
async def get_knowledge(entry_id: UUID, staff: KnowledgeReader, tx: RequestTx, now: Now) -> KnowledgeOut:
    """One entry."""
    return KnowledgeOut.of(await service.one(tx, entry_id, now))


@router.post("/knowledge/{entry_id}/retire")
async def retire_knowledge(entry_id: UUID, staff: KnowledgeAuthor, tx: RequestTx, now: Now) -> KnowledgeOut:
    """Stop answering with it. 409 when it is not approved."""
    return KnowledgeOut.of(await service.retire(tx, entry_id, staff, now))
