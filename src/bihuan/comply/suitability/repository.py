"""All SQL about investors and assessments."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bihuan.comply.suitability.rules import Investor
from bihuan.kit import postgres
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Assessment:
    """One answer sheet's result as it is kept."""

    customer_id: UUID
    assessed_at: datetime
    source: str
    level: int
    lowest_category: bool
    term: str | None
    kinds: list[str] | None
    goals: list[str] | None
    valid_until: date
    recorded_at: datetime


# Where a visitor became a user, the user's id stands for both.
CANONICAL = """
SELECT u.id, coalesce(i.merged_into, u.id) AS into_id
  FROM unnest(%(ids)s::uuid[]) AS u(id) LEFT JOIN comply_investor i ON i.customer_id = u.id
"""

# Each customer with his assessment in force: the latest he gave himself, as a visitor too, else a model's latest guess.
INVESTORS = """
SELECT u.id AS customer_id, a.level, coalesce(a.lowest_category, false) AS lowest_category,
       coalesce(a.source, 'none') AS source, a.valid_until, a.term, a.kinds, a.goals,
       coalesce(i.investor_class, 'ordinary') AS investor_class, coalesce(i.protected, false) AS protected,
       coalesce(i.qualified, false) AS qualified, i.permissions, i.birth_year
  FROM unnest(%(ids)s::uuid[]) AS u(id)
  LEFT JOIN comply_investor v ON v.customer_id = u.id
  LEFT JOIN comply_investor i ON i.customer_id = coalesce(v.merged_into, u.id)
  LEFT JOIN LATERAL (
    SELECT * FROM comply_assessment a
     WHERE a.assessed_at <= %(now)s
       AND a.customer_id = ANY (ARRAY(SELECT customer_id FROM comply_investor
                                       WHERE merged_into = coalesce(v.merged_into, u.id))
                                || coalesce(v.merged_into, u.id))
     ORDER BY a.source, a.assessed_at DESC, a.customer_id LIMIT 1) a ON true
"""

ADD_ASSESSMENTS = """
INSERT INTO comply_assessment (customer_id, assessed_at, source, level, lowest_category, term, kinds, goals,
                               valid_until, recorded_at)
VALUES (%(customer_id)s, %(assessed_at)s, %(source)s, %(level)s, %(lowest_category)s, %(term)s, %(kinds)s, %(goals)s,
        %(valid_until)s, %(recorded_at)s)
ON CONFLICT (customer_id, source, assessed_at) DO NOTHING
"""

# What is not given (null) stays as it is known.
WRITE_INVESTORS = """
INSERT INTO comply_investor AS i (customer_id, investor_class, protected, qualified, permissions, birth_year)
VALUES (%(customer_id)s, coalesce(%(investor_class)s, 'ordinary'), coalesce(%(protected)s, false),
        coalesce(%(qualified)s, false), coalesce(%(permissions)s::text[], '{}'), %(birth_year)s)
ON CONFLICT (customer_id) DO UPDATE SET
  investor_class = coalesce(%(investor_class)s, i.investor_class), protected = coalesce(%(protected)s, i.protected),
  qualified = coalesce(%(qualified)s, i.qualified), permissions = coalesce(%(permissions)s::text[], i.permissions),
  birth_year = coalesce(%(birth_year)s, i.birth_year)
"""

MERGE = """
INSERT INTO comply_investor AS i (customer_id, merged_into) VALUES (%(visitor_id)s, %(into_id)s)
ON CONFLICT (customer_id) DO UPDATE SET merged_into = excluded.merged_into
"""

HISTORY = """
SELECT customer_id, assessed_at, source, level, lowest_category, term, kinds, goals, valid_until, recorded_at
  FROM comply_assessment WHERE customer_id = ANY(%(ids)s)
 ORDER BY assessed_at DESC, source LIMIT %(limit)s
"""


async def canonical(tx: Tx, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The user behind each id; itself where it was never merged."""
    found = await postgres.rows(tx, CANONICAL, ids=list(set(ids)))
    return {row["id"]: row["into_id"] for row in found}


async def same_person(tx: Tx, customer_id: UUID) -> list[UUID]:
    """All ids under which this customer has been seen: the user's, and the visitors' that turned out to be him."""
    return [
        row["id"]
        for row in await postgres.rows(
            tx,
            "WITH own AS (SELECT coalesce((SELECT merged_into FROM comply_investor WHERE customer_id = %(id)s),"
            " %(id)s) AS id)"
            " SELECT id FROM own UNION SELECT customer_id FROM comply_investor JOIN own ON merged_into = own.id",
            id=customer_id,
        )
    ]


async def investors(tx: Tx, ids: Collection[UUID], now: datetime) -> dict[UUID, Investor]:
    """Every one of these ids as an investor; one of whom nothing is known is never assessed."""
    found = await postgres.rows(tx, INVESTORS, ids=list(set(ids)), now=now)
    for row in found:
        for name in ("kinds", "goals", "permissions"):
            row[name] = frozenset(row[name] or ())
    return {row["customer_id"]: Investor(**row) for row in found}


async def add_assessments(tx: Tx, sets: Sequence[dict[str, Any]]) -> None:
    """Keep results; one that is kept already is left as it is."""
    await postgres.execute_many(tx, ADD_ASSESSMENTS, sets)


async def history(tx: Tx, customer_ids: Collection[UUID], limit: int) -> list[Assessment]:
    """All results under these ids, newest first."""
    return await postgres.read(tx, Assessment, HISTORY, ids=list(customer_ids), limit=limit)


async def write_investors(tx: Tx, sets: Sequence[dict[str, Any]]) -> None:
    """Class, permissions and the like, as far as given."""
    await postgres.execute_many(tx, WRITE_INVESTORS, sets)


async def merge(tx: Tx, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """These visitors are those users."""
    await postgres.execute_many(
        tx, MERGE, [{"visitor_id": visitor, "into_id": into} for visitor, into in sorted(set(pairs))]
    )
