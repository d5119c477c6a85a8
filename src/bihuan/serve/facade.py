"""The way into serve: presence for the server's sockets, figures and histories for the rooms after it."""

from datetime import datetime
from uuid import UUID

from bihuan.kit.postgres import Tx
from bihuan.serve.enquiries import lists as _lists
from bihuan.serve.enquiries.row import Enquiry
from bihuan.serve.figures.repository import Figures, figures
from bihuan.serve.presence.repository import Presence, seen
from bihuan.serve.presence.repository import by_id as presence_of
from bihuan.serve.presence.service import left
from bihuan.serve.rescue import repository as _rescues
from bihuan.serve.rescue.repository import Rescue

__all__ = [
    "Enquiry",
    "Figures",
    "Presence",
    "Rescue",
    "enquiries_of",
    "figures",
    "left",
    "presence_of",
    "rescues_of",
    "seen",
]


async def enquiries_of(tx: Tx, customer_ids: list[UUID], before: datetime | None = None) -> list[Enquiry]:
    """What a customer asked (up to a moment), latest first; `owner_id` is who serves or served him."""
    found = await _lists.of_customer(tx, customer_ids, 500)
    return [enquiry for enquiry in found if before is None or enquiry.asked_at < before]


async def rescues_of(tx: Tx, opening_id: str) -> list[Rescue]:
    """The stuck moments of an application, earliest first, with what was done about each."""
    everything: tuple[str, dict[str, object]] = ("true", {})
    return await _rescues.page(
        tx, everything, states=None, branch=None, staff_id=None, opening_id=opening_id, after=None, limit=500
    )
