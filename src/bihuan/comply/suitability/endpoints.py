"""Suitability over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from bihuan.comply.scope import Homes, canonical_in_scope
from bihuan.comply.suitability import repository, service
from bihuan.comply.suitability.schemas import (
    AssessmentList,
    AssessmentOut,
    InvestorOut,
    ProductQuery,
    SuitabilityOut,
    VerdictOut,
)
from bihuan.kit.http import Limit, Now, RequestTx
from bihuan.kit.time import EXCHANGE
from bihuan.people.facade import SuitabilityReader

router = APIRouter(tags=["comply"])


@router.get("/suitability")
async def read_suitability(
    asked: Annotated[ProductQuery, Query()], staff: SuitabilityReader, homes: Homes, tx: RequestTx, now: Now
) -> SuitabilityOut:
    """May this customer be offered a product like this, and why not. 404 outside the data scope."""
    user = await canonical_in_scope(tx, asked.customer, staff, homes)
    verdict = await service.may_offer(tx, user, asked.product(), now)
    investor = (await repository.investors(tx, [user], now))[user]
    today = now.astimezone(EXCHANGE).date()
    return SuitabilityOut(investor=InvestorOut.of(user, investor, today), verdict=VerdictOut.of(verdict))


@router.get("/customers/{customer_id}/assessments")
async def list_assessments(
    customer_id: UUID, staff: SuitabilityReader, homes: Homes, tx: RequestTx, now: Now, limit: Limit = 50
) -> AssessmentList:
    """The assessment in force, and all there were. Answers of the questionnaire are not kept here."""
    user = await canonical_in_scope(tx, customer_id, staff, homes)
    investor = (await repository.investors(tx, [user], now))[user]
    kept = await repository.history(tx, await repository.same_person(tx, user), limit)
    return AssessmentList(
        investor=InvestorOut.of(user, investor, now.astimezone(EXCHANGE).date()),
        items=[AssessmentOut.of(one) for one in kept],
    )
