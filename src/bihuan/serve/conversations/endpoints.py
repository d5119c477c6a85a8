"""Conversations over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from bihuan.kit.http import Cursor, HouseDep, Limit, Now, Page, RequestTx, cursor_of, moment_of
from bihuan.people.facade import AuditReader, Caller, EnquiryParty, scope_sql
from bihuan.serve.conversations import repository, service, stopping
from bihuan.serve.conversations.schemas import ConversationOut, MessageIn, RefusalOut, SaidOut
from bihuan.serve.conversations.service import Said
from bihuan.serve.conversations.stopping import Stopped
from bihuan.serve.enquiries import service as enquiries
from bihuan.serve.enquiries.schemas import MessageOut, MyEnquiryOut

router = APIRouter(tags=["serve"])


@router.post("/enquiries/{enquiry_id}/messages", status_code=201)
async def say(
    enquiry_id: UUID, given: MessageIn, party: EnquiryParty, tx: RequestTx, now: Now, house: HouseDep
) -> SaidOut:
    """Say something: the customer, or the advisor who holds the enquiry. The same `client_id` says it once.

    A customer's message in a closed enquiry takes it up again, or goes on in the one he has under way: `enquiry`
    names it. 422 `wording` or `hidden_answers` names the phrases of staff that must not leave; 409 `contact-refused`
    when a customer who has not answered may not be written to again.
    """
    if isinstance(party, Caller):
        return _said(await enquiries.say(tx, party, enquiry_id, given.text, given.client_id, now))
    try:
        return _said(await service.staff_says(tx, enquiry_id, party, given.text, given.client_id, now))
    except Stopped as stopped:
        await stopping.keep(house.postgres, stopped, party, now)
        raise


def _said(said: Said) -> SaidOut:
    return SaidOut(
        message=MessageOut.of(said.message),
        replies=[MessageOut.of(reply) for reply in said.replies],
        warnings=said.message.warnings,
        enquiry=MyEnquiryOut.of(said.enquiry),
    )


@router.get("/enquiries/{enquiry_id}/messages")
async def list_messages(
    enquiry_id: UUID, party: EnquiryParty, tx: RequestTx, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0
) -> ConversationOut:
    """The conversation from a number on."""
    found = await service.read(tx, party, enquiry_id, after)
    return ConversationOut(items=[MessageOut.of(message) for message in found])


@router.get("/wording/stopped")
async def list_stopped(
    reader: AuditReader, tx: RequestTx, cursor: Cursor = None, limit: Limit = 50
) -> Page[RefusalOut]:
    """What staff wrote and the product did not let out, newest first."""
    found = await repository.refusals(tx, scope_sql("branch_id", reader), moment_of(cursor), limit + 1)
    page = found[:limit]
    following = cursor_of(page[-1].at.isoformat(), page[-1].id) if len(found) > limit else None
    return Page(items=[RefusalOut.of(refusal) for refusal in page], next=following)
