"""Which applications are the caller's. The doors of everything here are the people room's: demo mode, a token."""

from bihuan.kit import ids
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Caller
from bihuan.understand import facade as understand
from bihuan.understand.facade import Opening


async def openings_of(tx: Tx, caller: Caller) -> list[Opening]:
    """The caller's applications as user and as visitor, the latest sign of life first."""
    own = {caller.customer_id}
    if caller.anonymous_id is not None:
        own.add(ids.customer_of_visitor(caller.anonymous_id))
    found = [opening for customer_id in own for opening in await understand.openings_of(tx, customer_id)]
    return sorted(found, key=lambda opening: opening.last_fact_at, reverse=True)
