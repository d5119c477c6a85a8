"""The door of everything here: demo mode, and for what is about a customer his token."""

from typing import Annotated

from fastapi import Depends

from bihuan.kit import ids
from bihuan.kit.errors import NotFound
from bihuan.kit.house import House
from bihuan.kit.http import HouseDep
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Caller
from bihuan.understand import facade as understand
from bihuan.understand.facade import Opening


def _demo_house(house: HouseDep) -> House:
    if not house.settings.demo:
        raise NotFound("demo", "This exists in demo mode only.")
    return house


DemoHouse = Annotated[House, Depends(_demo_house)]


async def openings_of(tx: Tx, caller: Caller) -> list[Opening]:
    """The caller's applications as user and as visitor, the latest sign of life first."""
    own = {caller.customer_id}
    if caller.anonymous_id is not None:
        own.add(ids.customer_of_visitor(caller.anonymous_id))
    found = [opening for customer_id in own for opening in await understand.openings_of(tx, customer_id)]
    return sorted(found, key=lambda opening: opening.last_fact_at, reverse=True)
