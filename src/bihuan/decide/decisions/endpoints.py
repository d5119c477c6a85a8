"""Decisions over HTTP: the app asks for them, staff read their evidence."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from bihuan.customers import facade as customers
from bihuan.decide.decisions import repository, service
from bihuan.decide.decisions.schemas import DecideIn, DecideOut, DecisionDetail, DecisionOut, DecisionPage
from bihuan.decide.decisions.service import Question
from bihuan.kit import ids
from bihuan.kit.errors import Forbidden, Invalid, NotFound
from bihuan.kit.http import Cursor, Limit, Now, RequestTx, cursor_of, parts_of
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Caller, DecideCaller, DecisionReader, Source, Staff

router = APIRouter(tags=["decide"])


@router.post("/decide")
async def decide(caller: DecideCaller, tx: RequestTx, now: Now, given: DecideIn) -> DecideOut:
    """Fill slots for a customer: lawful, ranked, each item with its reasons; the default where nothing fits.

    Called with a server key about anybody, or with a customer token about its own customer (403 about another).
    """
    asked_by = f"key:{caller.name}" if isinstance(caller, Source) else "customer"
    question = Question(given.slots, _customer(caller, given), asked_by, given.topics())
    return DecideOut.of(await service.decide(tx, question, now))


def _customer(caller: Source | Caller, given: DecideIn) -> UUID | None:
    named = None
    if given.user_id is not None:
        named = ids.customer_of_user(given.user_id)
    elif given.anonymous_id is not None:
        named = ids.customer_of_visitor(given.anonymous_id)
    if isinstance(caller, Source):
        return named
    if named is not None and named != caller.customer_id:
        raise Forbidden("customer", "A customer token speaks for its own customer only.")
    return caller.customer_id


@router.get("/decisions")
async def list_decisions(
    staff: DecisionReader,
    tx: RequestTx,
    customer: Annotated[UUID | None, Query(description="decisions about this customer")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DecisionPage:
    """Decisions, the latest first: of one customer within the data scope, or of all for who sees all branches."""
    await _check_scope(tx, staff, customer)
    found = await repository.page(tx, customer, _after(cursor), limit)
    following = cursor_of(found[-1].decided_at.isoformat(), found[-1].id) if len(found) == limit else None
    names = await customers.masked_names(tx, (decision.customer_id for decision in found))
    items = [DecisionOut.of(decision, names.get(decision.customer_id, "")) for decision in found]
    return DecisionPage(items=items, next=following)


def _after(cursor: str | None) -> tuple[datetime, UUID] | None:
    parts = parts_of(cursor, 2)
    if parts is None:
        return None
    try:
        return datetime.fromisoformat(parts[0]), UUID(parts[1])
    except ValueError as error:
        raise Invalid("cursor", "Use the `next` of the page before, unchanged.") from error


@router.get("/decisions/{decision_id}")
async def read_decision(staff: DecisionReader, tx: RequestTx, now: Now, decision_id: UUID) -> DecisionDetail:
    """One decision, every candidate's fate computed again from its evidence, and whether today's would differ."""
    found = await repository.decision(tx, decision_id)
    if found is None:
        raise NotFound("decision", "There is no such decision within your data scope.")
    await _check_scope(tx, staff, found.customer_id)
    names = await customers.masked_names(tx, [found.customer_id])
    return DecisionDetail.replayed(await service.replay(tx, found, now), names.get(found.customer_id, ""))


async def _check_scope(tx: Tx, staff: Staff, customer_id: UUID | None) -> None:
    if staff.branch_ids is None:
        return
    if customer_id is None:
        raise Forbidden("scope", "Name a customer of your branches.")
    canonical = (await customers.canonical(tx, [customer_id])).get(customer_id, customer_id)
    branch_id = (await customers.branch_of(tx, [canonical])).get(canonical)
    if not staff.sees(branch_id):
        raise NotFound("decision", "There is no such decision within your data scope.")
