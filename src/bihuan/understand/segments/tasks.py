"""The evaluation of one segment as a job."""

from typing import Any
from uuid import UUID

from bihuan.kit.errors import Conflict, NotFound
from bihuan.kit.house import House
from bihuan.kit.jobs import enqueue, job
from bihuan.kit.postgres import Tx
from bihuan.understand.segments import service

EVALUATE = "understand.evaluate_segment"


@job(EVALUATE, queue="heavy", attempts=3, wait_s=10)
async def evaluate_segment(context: Any, segment_id: str) -> None:
    """Evaluate a segment; where that runs already or it is gone, there is nothing to do."""
    house: House = context.additional_context["house"]
    try:
        await service.evaluate(house, UUID(segment_id))
    except (Conflict, NotFound):
        return


async def ask(tx: Tx, segment_id: UUID) -> bool:
    """Have a segment evaluated soon; False where that is waiting already."""
    return await enqueue(tx, EVALUATE, once=f"{EVALUATE}:{segment_id}", segment_id=str(segment_id))
