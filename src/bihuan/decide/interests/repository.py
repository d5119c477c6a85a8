"""All SQL about interests and clicks."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

ADD = """
INSERT INTO decide_interest AS i (customer_id, topic, units)
SELECT customer_id, topic, units
  FROM unnest(%(customers)s::uuid[], %(topics)s::text[], %(units)s::float8[]) AS u(customer_id, topic, units)
 ORDER BY customer_id, topic
ON CONFLICT (customer_id, topic) DO UPDATE SET units = i.units + excluded.units
"""

# A visitor's interests become those of the user he turned out to be.
MERGE = """
WITH moved AS (
  DELETE FROM decide_interest i USING unnest(%(visitors)s::uuid[], %(users)s::uuid[]) AS u(visitor_id, into_id)
   WHERE i.customer_id = u.visitor_id AND u.visitor_id <> u.into_id
  RETURNING u.into_id, i.topic, i.units)
INSERT INTO decide_interest AS i (customer_id, topic, units)
SELECT into_id, topic, sum(units) FROM moved GROUP BY into_id, topic ORDER BY into_id, topic
ON CONFLICT (customer_id, topic) DO UPDATE SET units = i.units + excluded.units
"""

ALIAS = """
INSERT INTO decide_alias (visitor_id, into_id)
SELECT visitor_id, into_id FROM unnest(%(visitors)s::uuid[], %(users)s::uuid[]) AS u(visitor_id, into_id)
 WHERE visitor_id <> into_id ORDER BY visitor_id
ON CONFLICT (visitor_id) DO UPDATE SET into_id = excluded.into_id
"""

CLICKED = """
INSERT INTO decide_click AS c (item, day, clicks)
SELECT item, day, clicks FROM unnest(%(items)s::text[], %(days)s::date[], %(clicks)s::bigint[]) AS u(item, day, clicks)
 ORDER BY item, day
ON CONFLICT (item, day) DO UPDATE SET clicks = c.clicks + excluded.clicks
"""


async def add(tx: Tx, found: Mapping[tuple[UUID, str], float]) -> None:
    """Add units of interest by customer and topic."""
    await postgres.execute(
        tx,
        ADD,
        customers=[customer_id for customer_id, _ in found],
        topics=[topic for _, topic in found],
        units=list(found.values()),
    )


async def merge(tx: Tx, pairs: Mapping[UUID, UUID]) -> None:
    """These visitors are those users."""
    await postgres.execute(tx, ALIAS, visitors=list(pairs), users=list(pairs.values()))
    await postgres.execute(tx, MERGE, visitors=list(pairs), users=list(pairs.values()))


async def add_clicks(tx: Tx, found: Mapping[tuple[str, date], int]) -> None:
    """Add clicks by item and day."""
    await postgres.execute(
        tx,
        CLICKED,
        items=[item for item, _ in found],
        days=[day for _, day in found],
        clicks=list(found.values()),
    )


async def plan_count(tx: Tx, kind: str, due_at: datetime) -> None:
    """Have popularity counted at a time, unless that is planned already."""
    await postgres.execute(
        tx,
        "INSERT INTO kit_deadline (kind, subject, due_at) VALUES (%(kind)s, 'all', %(due_at)s) ON CONFLICT DO NOTHING",
        kind=kind,
        due_at=due_at,
    )


async def of_customers(tx: Tx, ids: Collection[UUID]) -> dict[str, float]:
    """The units of all topics of one person, under whichever ids he was seen."""
    found = await postgres.rows(
        tx,
        "SELECT topic, sum(units) AS units FROM decide_interest WHERE customer_id = ANY(%(ids)s) GROUP BY topic",
        ids=list(ids),
    )
    return {row["topic"]: row["units"] for row in found}


async def clicks_since(tx: Tx, day: date) -> dict[str, int]:
    """Clicks per item since a day."""
    found = await postgres.rows(
        tx, "SELECT item, sum(clicks)::bigint AS clicks FROM decide_click WHERE day >= %(day)s GROUP BY item", day=day
    )
    return {row["item"]: row["clicks"] for row in found}


async def last_count(tx: Tx) -> int:
    """The number of the last count of popularity; 0 before the first."""
    return int(await postgres.value(tx, "SELECT coalesce(max(count_no), 0) FROM decide_popularity_count"))


async def popularity(tx: Tx, count_no: int) -> dict[str, float]:
    """Each item's share in one count."""
    found = await postgres.rows(
        tx, "SELECT item, share FROM decide_popularity WHERE count_no = %(count_no)s", count_no=count_no
    )
    return {row["item"]: row["share"] for row in found}


async def write_count(tx: Tx, count_no: int, shares: Mapping[str, float], now: datetime) -> None:
    """Keep a new count."""
    await postgres.execute(
        tx,
        "INSERT INTO decide_popularity_count (count_no, counted_at) VALUES (%(count_no)s, %(now)s)",
        count_no=count_no,
        now=now,
    )
    await postgres.execute(
        tx,
        "INSERT INTO decide_popularity (count_no, item, share)"
        " SELECT %(count_no)s, item, share FROM unnest(%(items)s::text[], %(shares)s::float8[]) AS u(item, share)",
        count_no=count_no,
        items=list(shares),
        shares=list(shares.values()),
    )
