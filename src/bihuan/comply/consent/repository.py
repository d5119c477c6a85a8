"""All SQL about consent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from bihuan.comply.consent.rules import Word
from bihuan.kit import ids, postgres
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Said:
    """One word as it goes into the ledger. `origin` makes it count once however often it arrives."""

    customer_id: UUID
    purpose: str
    channel: str
    granted: bool
    decided_at: datetime
    source: str
    actor: str
    origin: str
    evidence: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a customer's ledger, for those who must prove it."""

    id: UUID
    purpose: str
    channel: str
    granted: bool
    decided_at: datetime
    source: str
    actor: str
    evidence: str


# The latest word per purpose and channel, of all ids of the same person. Of the same moment the refusal counts.
LATEST = """
SELECT DISTINCT ON (p.id, c.purpose, c.channel)
       p.id AS customer_id, c.purpose, c.channel, c.granted, c.decided_at, c.id::text AS rank, c.source
  FROM (SELECT u.id, same.id AS seen_as
          FROM unnest(%(ids)s::uuid[]) AS u(id)
          LEFT JOIN comply_investor v ON v.customer_id = u.id
         CROSS JOIN LATERAL (SELECT coalesce(v.merged_into, u.id) AS id
                             UNION SELECT customer_id FROM comply_investor
                                    WHERE merged_into = coalesce(v.merged_into, u.id)) same) p
  JOIN comply_consent c ON c.customer_id = p.seen_as
 ORDER BY p.id, c.purpose, c.channel, c.decided_at DESC, c.granted, c.id DESC
"""

ADD = """
INSERT INTO comply_consent (id, customer_id, purpose, channel, granted, decided_at, source, actor, evidence, origin)
SELECT * FROM unnest(%(id)s::uuid[], %(customer_id)s::uuid[], %(purpose)s::text[], %(channel)s::text[],
                     %(granted)s::boolean[], %(decided_at)s::timestamptz[], %(source)s::text[], %(actor)s::text[],
                     %(evidence)s::text[], %(origin)s::text[])
ON CONFLICT (customer_id, purpose, channel, origin) DO NOTHING
RETURNING customer_id, purpose, channel, origin
"""

LEDGER = """
SELECT id, purpose, channel, granted, decided_at, source, actor, evidence
  FROM comply_consent WHERE customer_id = ANY(%(ids)s)
 ORDER BY decided_at DESC, id DESC LIMIT %(limit)s
"""


async def latest(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, dict[tuple[str, str], Word]]:
    """The latest words of each customer, by purpose and channel."""
    found: dict[UUID, dict[tuple[str, str], Word]] = {customer_id: {} for customer_id in customer_ids}
    for row in await postgres.rows(tx, LATEST, ids=list(found)):
        customer_id = row.pop("customer_id")
        found[customer_id][row["purpose"], row["channel"]] = Word(**row)
    return found


async def add(tx: Tx, said: Sequence[Said]) -> list[Said]:
    """Enter words into the ledger; those that are new to it."""
    columns = {field.name: [getattr(one, field.name) for one in said] for field in fields(Said)}
    new = {tuple(row.values()) for row in await postgres.rows(tx, ADD, id=[ids.new_id() for _ in said], **columns)}
    return [one for one in said if (one.customer_id, one.purpose, one.channel, one.origin) in new]


async def ledger(tx: Tx, customer_ids: Collection[UUID], limit: int) -> list[Line]:
    """All that was said under these ids, newest first."""
    return await postgres.read(tx, Line, LEDGER, ids=list(customer_ids), limit=limit)
