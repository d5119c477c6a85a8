"""Read a story from the applicant's timeline."""

from bihuan.customers import facade as customers
from bihuan.demo.tour.schemas import Happened, StoryOut
from bihuan.kit.house import House
from bihuan.understand import facade as understand

_MOST = 200  # a story is a few dozen facts long


async def story(house: House, opening_id: str) -> StoryOut:
    """What has happened to the applicant. Raises Unavailable when the archive does not answer."""
    async with house.postgres.transaction() as tx:
        opening = await understand.opening(tx, opening_id)
        if opening is None or opening.customer_id is None:
            return StoryOut(customer_id=None, happened=[])
        customer_id = (await customers.canonical(tx, [opening.customer_id]))[opening.customer_id]
    entries = await customers.timeline(house.postgres, house.clickhouse, customer_id, None, _MOST)
    facts = [Happened(name=entry.name, at=entry.occurred_at) for entry in entries if entry.kind == "fact"]
    return StoryOut(customer_id=customer_id, happened=facts[::-1])
