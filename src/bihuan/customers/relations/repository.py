"""The SQL of relations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from bihuan.customers.relations.rules import Move
from bihuan.kit import ids, postgres
from bihuan.kit.postgres import Tx

OF_CUSTOMER = """
SELECT r.customer_id, r.kind, r.branch_id, r.staff_id, r.share, r.valid_from, r.valid_to, r.reason
  FROM customers_relation r
 WHERE r.customer_id = ANY(%(ids)s)
   AND (%(at)s::timestamptz IS NULL OR (r.valid_from <= %(at)s AND (r.valid_to IS NULL OR r.valid_to > %(at)s)))
 ORDER BY r.kind, r.valid_from DESC, r.id
"""

CLOSE = """
UPDATE customers_relation r SET valid_to = m.at
  FROM unnest(%(customers)s::uuid[], %(kinds)s::text[], %(ats)s::timestamptz[]) AS m(customer_id, kind, at)
 WHERE r.customer_id = m.customer_id AND r.kind = m.kind
   AND r.valid_from <= m.at AND (r.valid_to IS NULL OR r.valid_to > m.at)
"""

# What is heard of late begins in the past and ends where a later relation of its kind had begun.
BEGIN = """
INSERT INTO customers_relation (id, customer_id, kind, branch_id, staff_id, share, valid_from, valid_to, reason)
SELECT m.id, m.customer_id, m.kind, m.branch_id, m.staff_id, m.share, m.at,
       (SELECT min(later.valid_from) FROM customers_relation later
         WHERE later.customer_id = m.customer_id AND later.kind = m.kind AND later.valid_from > m.at),
       m.reason
  FROM unnest(%(ids)s::uuid[], %(customers)s::uuid[], %(kinds)s::text[], %(branches)s::uuid[],
              %(staff)s::uuid[], %(shares)s::numeric[], %(ats)s::timestamptz[], %(reasons)s::text[])
       AS m(id, customer_id, kind, branch_id, staff_id, share, at, reason)
"""

HELD_SINCE = """
SELECT EXISTS (SELECT 1 FROM customers_relation r
                WHERE r.customer_id = %(id)s AND r.kind = %(kind)s AND (r.valid_to IS NULL OR r.valid_to > %(at)s))
"""

ADVISORS = """
SELECT DISTINCT ON (c.id) c.id, r.staff_id
  FROM unnest(%(ids)s::uuid[]) AS c(id)
  LEFT JOIN customers_alias a ON a.visitor_id = c.id
  JOIN customers_relation r ON r.customer_id = coalesce(a.into_id, c.id)
 WHERE r.kind = 'service' AND r.valid_to IS NULL AND r.staff_id IS NOT NULL
 ORDER BY c.id, r.share DESC, r.id
"""


@dataclass(frozen=True)
class Relation:
    """A dated relation of a customer to a branch and, mostly, a person; `share` is above 0 and at most 1."""

    customer_id: UUID
    kind: str
    branch_id: UUID
    staff_id: UUID | None
    share: Decimal
    valid_from: datetime
    valid_to: datetime | None
    reason: str


async def of(tx: Tx, customers: Sequence[UUID], at: datetime | None) -> list[Relation]:
    """Relations of customers, of a moment or (None) of all time."""
    return await postgres.read(tx, Relation, OF_CUSTOMER, ids=list(customers), at=at)


async def held_since(tx: Tx, customer_id: UUID, kind: str, at: datetime) -> bool:
    """Whether the customer has a relation of this kind at a moment or later."""
    return bool(await postgres.value(tx, HELD_SINCE, id=customer_id, kind=kind, at=at))


async def close(tx: Tx, ended: Sequence[tuple[UUID, str, datetime]]) -> None:
    """End the relations of these customers and kinds that hold at the moment given."""
    customers, kinds, ats = zip(*ended, strict=True) if ended else ((), (), ())
    await postgres.execute(tx, CLOSE, customers=list(customers), kinds=list(kinds), ats=list(ats))


async def begin(tx: Tx, moves: Sequence[Move]) -> None:
    """Begin relations."""
    await postgres.execute(
        tx,
        BEGIN,
        ids=[ids.new_id() for _ in moves],
        customers=[m.customer_id for m in moves],
        kinds=[m.kind for m in moves],
        branches=[m.branch_id for m in moves],
        staff=[m.staff_id for m in moves],
        shares=[m.share for m in moves],
        ats=[m.at for m in moves],
        reasons=[m.reason for m in moves],
    )


async def advisors(tx: Tx, customers: Sequence[UUID]) -> dict[UUID, UUID]:
    """The advisor of each customer who has one: the largest share of his current service relation."""
    return {row["id"]: row["staff_id"] for row in await postgres.rows(tx, ADVISORS, ids=list(customers))}
