"""Claiming over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from bihuan.kit.http import Now, Page, RequestTx
from bihuan.people.facade import EnquiryClaimer, EnquiryReader, EnquirySupervisor
from bihuan.serve.claims import service
from bihuan.serve.enquiries import lists, topics
from bihuan.serve.enquiries.schemas import AssignIn, EnquiryOut, TransferIn

router = APIRouter(tags=["serve"])


@router.get("/offers")
async def list_offers(advisor: EnquiryClaimer, tx: RequestTx) -> Page[EnquiryOut]:
    """What is offered to you now, longest waiting first. The live topic `offers:{staff_id}` carries the changes."""
    return Page(items=[EnquiryOut.of(enquiry) for enquiry in await topics.offered(tx, advisor.id)])


@router.get("/conversations/mine")
async def list_own_conversations(advisor: EnquiryClaimer, tx: RequestTx) -> Page[EnquiryOut]:
    """The conversations you hold. The live topic `enquiries:{staff_id}` carries the changes."""
    return Page(items=[EnquiryOut.of(enquiry) for enquiry in await lists.of_owner(tx, advisor.id)])


@router.post("/enquiries/{enquiry_id}/claim")
async def claim(enquiry_id: UUID, advisor: EnquiryClaimer, tx: RequestTx, now: Now) -> EnquiryOut:
    """Grab an open enquiry. 409 with the winner's name when somebody was faster, 403 when it was never offered."""
    return EnquiryOut.of(await service.claim(tx, enquiry_id, advisor, now))


@router.post("/enquiries/{enquiry_id}/decline")
async def decline(enquiry_id: UUID, advisor: EnquiryClaimer, tx: RequestTx, now: Now) -> EnquiryOut:
    """Not me: the next is asked. 403 when it was never offered."""
    return EnquiryOut.of(await service.decline(tx, enquiry_id, advisor, now))


@router.post("/enquiries/{enquiry_id}/release")
async def release_enquiry(enquiry_id: UUID, advisor: EnquiryClaimer, tx: RequestTx, now: Now) -> EnquiryOut:
    """Give back what you hold: somebody else is looked for."""
    return EnquiryOut.of(await service.release(tx, enquiry_id, advisor, now))


@router.post("/enquiries/{enquiry_id}/assign")
async def assign(
    enquiry_id: UUID, given: AssignIn, supervisor: EnquirySupervisor, tx: RequestTx, now: Now
) -> EnquiryOut:
    """Have somebody serve him, full or not. 409 when he is served already."""
    return EnquiryOut.of(await service.assign(tx, enquiry_id, supervisor, given.staff_id, now))


@router.post("/enquiries/{enquiry_id}/transfer")
async def transfer(enquiry_id: UUID, given: TransferIn, by: EnquiryReader, tx: RequestTx, now: Now) -> EnquiryOut:
    """Hand on what you hold (a supervisor: what anybody holds), with a note for whoever has it next.

    To a colleague within your data scope: 409 unless he is online, has room, and is licensed where that is needed. To
    a branch, or to whoever is free: somebody is looked for there.
    """
    return EnquiryOut.of(await service.transfer(tx, enquiry_id, by, given.staff_id, given.branch, given.note, now))
