"""Live topics of enquiries: what each side sees, told with every change.

`me:<customer>` a customer's enquiries, `conversation:<enquiry>` its messages, `offers:<staff>` what lies before an
advisor, `enquiries:<staff>` the conversations he holds, `waiting:<branch|all>` who waits for a person.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from bihuan.kit import ids, live
from bihuan.kit.errors import Forbidden
from bihuan.kit.live import TopicKind
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Caller, Permission, Staff
from bihuan.serve.conversations import repository as messages
from bihuan.serve.conversations.repository import Message
from bihuan.serve.dispatch import repository as dispatch
from bihuan.serve.enquiries import lists, repository
from bihuan.serve.enquiries.row import Enquiry
from bihuan.serve.enquiries.schemas import EnquiryOut, MessageOut, MyEnquiryOut, row_of

_MINE = 20  # enquiries a customer's chat shows


async def show(tx: Tx, enquiry: Enquiry, before: Enquiry | None = None) -> None:
    """Tell everybody concerned how the enquiry stands; `before` is how it stood, None when it is new."""
    row = row_of(EnquiryOut.of(enquiry))
    await live.change(tx, f"me:{enquiry.customer_id}", enquiry.id, row_of(MyEnquiryOut.of(enquiry)))
    if before is not None:
        await _take_away(tx, before, enquiry)
    if enquiry.state == "claimed":
        await live.change(tx, f"enquiries:{enquiry.owner_id}", enquiry.id, row)
    if enquiry.in_dispatch:
        for topic in _waiting(enquiry):
            await live.change(tx, topic, enquiry.id, row)
        await show_offers(tx, enquiry, await dispatch.offered_to(tx, enquiry.id))


async def _take_away(tx: Tx, before: Enquiry, enquiry: Enquiry) -> None:
    if before.customer_id != enquiry.customer_id:
        await live.change(tx, f"me:{before.customer_id}", enquiry.id, None)
    if before.state == "claimed" and (enquiry.state != "claimed" or before.owner_id != enquiry.owner_id):
        await live.change(tx, f"enquiries:{before.owner_id}", enquiry.id, None)
    for topic in set(_waiting(before)) - set(_waiting(enquiry)):
        await live.change(tx, topic, enquiry.id, None)


def _waiting(enquiry: Enquiry) -> list[str]:
    if not enquiry.in_dispatch:
        return []
    return ["waiting:all"] + ([f"waiting:{enquiry.branch_id}"] if enquiry.branch_id else [])


async def show_offers(tx: Tx, enquiry: Enquiry, staff_ids: Iterable[UUID]) -> None:
    """These advisors see it before them."""
    row = row_of(EnquiryOut.of(enquiry))
    for staff_id in staff_ids:
        await live.change(tx, f"offers:{staff_id}", enquiry.id, row)


async def hide_offers(tx: Tx, enquiry_id: UUID, staff_ids: Iterable[UUID]) -> None:
    """These advisors see it no more."""
    for staff_id in staff_ids:
        await live.change(tx, f"offers:{staff_id}", enquiry_id, None)


async def show_message(tx: Tx, message: Message) -> None:
    """Both sides see what was said."""
    await live.change(tx, f"conversation:{message.enquiry_id}", message.number, row_of(MessageOut.of(message)))


def selves(caller: Caller) -> list[UUID]:
    """The customer ids a caller stands for: his own, and his device's until the two are merged."""
    if caller.user_id is None or caller.anonymous_id is None:
        return [caller.customer_id]
    return [caller.customer_id, ids.customer_of_visitor(caller.anonymous_id)]


async def may_read(tx: Tx, principal: object, enquiry: Enquiry) -> bool:
    """Whether this customer or member of staff may read the conversation."""
    if isinstance(principal, Caller):
        return enquiry.customer_id in selves(principal)
    if not isinstance(principal, Staff) or not principal.may(Permission.ENQUIRY_READ):
        return False
    if principal.id == enquiry.owner_id or principal.sees(enquiry.branch_id):
        return True
    return principal.id in await dispatch.offered_to(tx, enquiry.id)


def _id(argument: str) -> UUID:
    try:
        return UUID(argument)
    except ValueError as error:
        raise Forbidden("topic", "Name the topic with an id.") from error


async def _may_read_conversation(tx: Tx, principal: Any, argument: str) -> None:
    enquiry = await repository.by_id(tx, _id(argument))
    if enquiry is None or not await may_read(tx, principal, enquiry):
        raise Forbidden("scope", "This conversation is not yours to read.")


async def _conversation(tx: Tx, principal: Any, argument: str) -> Mapping[str, live.Row]:
    said = await messages.of_enquiry(tx, _id(argument))
    return {str(message.number): row_of(MessageOut.of(message)) for message in said}


async def _is_me(tx: Tx, principal: Any, argument: str) -> None:
    if not isinstance(principal, Caller) or _id(argument) != principal.customer_id:
        raise Forbidden("scope", "This is somebody else's chat.")


async def _mine(tx: Tx, principal: Any, argument: str) -> Mapping[str, live.Row]:
    return {str(e.id): row_of(MyEnquiryOut.of(e)) for e in await lists.of_customer(tx, [_id(argument)], _MINE)}


async def _is_own(tx: Tx, principal: Any, argument: str) -> None:
    if not isinstance(principal, Staff) or _id(argument) != principal.id:
        raise Forbidden("scope", "This is a colleague's desk.")
    if not principal.may(Permission.ENQUIRY_READ):
        raise Forbidden("permission", "Ask an operator for a role that may read enquiries.")


async def _offers(tx: Tx, principal: Any, argument: str) -> Mapping[str, live.Row]:
    return _rows(await offered(tx, _id(argument)))


async def offered(tx: Tx, staff_id: UUID) -> list[Enquiry]:
    """What lies before an advisor, longest waiting first."""
    found = [await repository.by_id(tx, enquiry_id) for enquiry_id in await dispatch.offers_of_staff(tx, staff_id)]
    return [enquiry for enquiry in found if enquiry is not None]


async def _held(tx: Tx, principal: Any, argument: str) -> Mapping[str, live.Row]:
    return _rows(await lists.of_owner(tx, _id(argument)))


async def _oversees(tx: Tx, principal: Any, argument: str) -> None:
    if not isinstance(principal, Staff) or not principal.may(Permission.ENQUIRY_READ):
        raise Forbidden("permission", "Ask an operator for a role that may read enquiries.")
    if not principal.sees(None if argument == "all" else _id(argument)):
        raise Forbidden("scope", "Choose a branch within your data scope.")


async def _who_waits(tx: Tx, principal: Any, argument: str) -> Mapping[str, live.Row]:
    return _rows(await lists.in_dispatch(tx, None if argument == "all" else _id(argument)))


def _rows(found: Collection[Enquiry]) -> Mapping[str, live.Row]:
    return {str(enquiry.id): row_of(EnquiryOut.of(enquiry)) for enquiry in found}


TOPICS = (
    TopicKind("me", _is_me, _mine),
    TopicKind("conversation", _may_read_conversation, _conversation),
    TopicKind("offers", _is_own, _offers),
    TopicKind("enquiries", _is_own, _held),
    TopicKind("waiting", _oversees, _who_waits),
)
