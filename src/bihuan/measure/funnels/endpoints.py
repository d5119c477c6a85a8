"""Funnels and the events they can be made of."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from bihuan.kit.http import Cursor, HouseDep, Limit, Page, cursor_of, moment_of
from bihuan.kit.time import EXCHANGE
from bihuan.measure.funnels import repository, service
from bihuan.measure.funnels.rules import FunnelQuery, Mark, parse_steps, parse_window
from bihuan.measure.funnels.schemas import EventNameOut, EventPropertyOut, FunnelCustomerOut, FunnelOut
from bihuan.people.facade import CustomerHistoryReader, MeasureAnalyst

router = APIRouter(tags=["measure"])


def _query(
    steps: Annotated[str, Query(max_length=4000, description="event names in their order, separated by commas")],
    window: Annotated[str, Query(max_length=20, description="from the first step: 90m, 24h, 30d")] = "30d",
    by: Annotated[str | None, Query(max_length=200, description="property of the first step's event")] = None,
    since: Annotated[
        datetime | None, Query(alias="from", description="earliest first step; without a zone it is exchange time")
    ] = None,
    until: Annotated[datetime | None, Query(alias="to", description="first steps before this")] = None,
) -> FunnelQuery:
    return FunnelQuery(parse_steps(steps), parse_window(window), by or None, _aware(since), _aware(until))


Asked = Annotated[FunnelQuery, Depends(_query)]


@router.get("/funnel")
async def funnel(staff: MeasureAnalyst, house: HouseDep, query: Asked) -> FunnelOut:
    """How many customers came how far, in order, within the window. 422 when the query breaks its limits."""
    return FunnelOut.of(await service.funnel(house.clickhouse, query))


@router.get("/funnel/customers")
async def funnel_customers(
    staff: MeasureAnalyst,
    reader: CustomerHistoryReader,
    house: HouseDep,
    query: Asked,
    step: Annotated[int, Query(ge=1, description="1 for the first")],
    lost: Annotated[bool, Query(description="those who came to the step before and no further")] = False,
    value: Annotated[str | None, Query(max_length=1000, description="only those of this value of `by`")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[FunnelCustomerOut]:
    """The customers behind one bar of the funnel, who began last first."""
    after = moment_of(cursor)
    found = await service.behind(house, query, Mark(step, lost, value), after, limit + 1)
    page = found[:limit]
    following = cursor_of(page[-1].first_at.isoformat(), page[-1].customer_id) if len(found) > limit else None
    return Page(items=page, next=following)


def _aware(at: datetime | None) -> datetime | None:
    """A time without a zone is exchange time."""
    return at.replace(tzinfo=EXCHANGE) if at is not None and at.tzinfo is None else at


@router.get("/event-names")
async def event_names(
    staff: MeasureAnalyst,
    house: HouseDep,
    q: Annotated[str, Query(max_length=200, description="part of the name")] = "",
) -> Page[EventNameOut]:
    """The event names of the archive, most frequent first, 500 at most."""
    found = await repository.event_names(house.clickhouse, q)
    return Page(items=[EventNameOut(**row) for row in found])


@router.get("/event-properties")
async def event_properties(
    staff: MeasureAnalyst, house: HouseDep, name: Annotated[str, Query(min_length=1, max_length=500)]
) -> Page[EventPropertyOut]:
    """The properties of an event, from its latest 10,000 occurrences."""
    found = await repository.event_properties(house.clickhouse, name)
    return Page(items=[EventPropertyOut(**row) for row in found])
