"""Enquiries over HTTP: the customer's side and the lists of staff."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from bihuan.kit.http import Cursor, Limit, Now, Page, RequestTx, cursor_of, moment_of
from bihuan.people.facade import CustomerCaller, EnquiryParty, EnquiryReader, scope_sql
from bihuan.serve.enquiries import lists, service, topics
from bihuan.serve.enquiries.schemas import (
    AskedOut,
    AskIn,
    CloseIn,
    EnquiryOut,
    EnquiryState,
    MessageOut,
    MineOut,
    MyEnquiryOut,
    RatingIn,
)

router = APIRouter(tags=["serve"])


@router.post("/enquiries", status_code=201)
async def ask(given: AskIn, caller: CustomerCaller, tx: RequestTx, now: Now) -> AskedOut:
    """Ask a question. Approved knowledge answers at once what it can, else advisors are offered it.

    While an enquiry of yours is under way the question continues that one. The same `client_id` asks once.
    """
    enquiry, said = await service.ask(tx, caller, given.text, given.opening_id, given.client_id, now)
    return AskedOut(enquiry=MyEnquiryOut.of(enquiry), messages=[MessageOut.of(message) for message in said])


@router.get("/enquiries/mine")
async def list_own_enquiries(caller: CustomerCaller, tx: RequestTx, limit: Limit = 20) -> MineOut:
    """Your own enquiries, latest first, and the live topic that carries their changes."""
    found = await lists.of_customer(tx, topics.selves(caller), limit)
    return MineOut(items=[MyEnquiryOut.of(enquiry) for enquiry in found], topic=f"me:{caller.customer_id}")


@router.post("/enquiries/{enquiry_id}/person")
async def ask_for_person(enquiry_id: UUID, caller: CustomerCaller, tx: RequestTx, now: Now) -> MyEnquiryOut:
    """The assistant's answer was not enough: have people asked. Again does nothing."""
    return MyEnquiryOut.of(await service.ask_person(tx, caller, enquiry_id, now))


@router.post("/enquiries/{enquiry_id}/rating")
async def rate(enquiry_id: UUID, given: RatingIn, caller: CustomerCaller, tx: RequestTx, now: Now) -> MyEnquiryOut:
    """Say how it was, 1 to 5; a later word replaces an earlier one. 409 before any answer."""
    return MyEnquiryOut.of(await service.rate(tx, enquiry_id, caller, given.stars, given.comment, now))


@router.post("/enquiries/{enquiry_id}/close")
async def close(
    enquiry_id: UUID, party: EnquiryParty, tx: RequestTx, now: Now, given: CloseIn | None = None
) -> MyEnquiryOut:
    """End it: its owner, a supervisor or the customer. Again does nothing."""
    return MyEnquiryOut.of(await service.close(tx, enquiry_id, party, (given or CloseIn()).outcome, now))


@router.get("/enquiries")
async def list_enquiries(
    reader: EnquiryReader,
    tx: RequestTx,
    state: Annotated[list[EnquiryState] | None, Query()] = None,
    branch: UUID | None = None,
    customer: Annotated[UUID | None, Query(description="only what this customer asked")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[EnquiryOut]:
    """Enquiries within your data scope and your own conversations, newest first."""
    states = [str(one) for one in state] if state else None
    scope = scope_sql("branch_id", reader)
    found = await lists.page(tx, scope, reader.id, states, branch, customer, moment_of(cursor), limit + 1)
    page = found[:limit]
    following = cursor_of(page[-1].asked_at.isoformat(), page[-1].id) if len(found) > limit else None
    return Page(items=[EnquiryOut.of(enquiry) for enquiry in page], next=following)


@router.get("/enquiries/{enquiry_id}")
async def read_enquiry(enquiry_id: UUID, reader: EnquiryReader, tx: RequestTx) -> EnquiryOut:
    """One enquiry within your data scope, yours, or offered to you."""
    return EnquiryOut.of(await service.one(tx, reader, enquiry_id))
