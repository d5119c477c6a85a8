"""The query behind a portrait: one row per customer of whom compliance knows anything."""

from collections.abc import Collection
from uuid import UUID

import pyarrow as pa
from psycopg import sql

from bihuan.kit.mirror import Source

# The latest assessment, the latest guess, and the latest word of consent per purpose and channel.
PORTRAIT = """
WITH assessed AS (
  SELECT DISTINCT ON (customer_id, source) customer_id, source, level, lowest_category, term, kinds, goals,
         assessed_at, valid_until
    FROM comply_assessment WHERE {assessed} ORDER BY customer_id, source, assessed_at DESC
), said AS (
  SELECT DISTINCT ON (customer_id, purpose, channel) customer_id, purpose, channel, granted
    FROM comply_consent WHERE {said} ORDER BY customer_id, purpose, channel, decided_at DESC, id DESC
), consent AS (
  SELECT customer_id,
         string_agg(purpose || ':' || channel, '|' ORDER BY purpose, channel) FILTER (WHERE granted) AS granted,
         string_agg(purpose || ':' || channel, '|' ORDER BY purpose, channel) FILTER (WHERE NOT granted) AS refused
    FROM said GROUP BY customer_id
), investor AS (
  SELECT customer_id, investor_class, qualified, permissions FROM comply_investor
   WHERE merged_into IS NULL AND {investor}
)
SELECT coalesce(investor.customer_id, own.customer_id, consent.customer_id, guess.customer_id)::text,
       own.level, own.lowest_category, own.assessed_at, own.valid_until, own.term, array_to_string(own.kinds, '|'),
       array_to_string(own.goals, '|'), guess.level, investor.investor_class, investor.qualified,
       array_to_string(investor.permissions, '|'), consent.granted, consent.refused
  FROM investor
  FULL JOIN (SELECT * FROM assessed WHERE source = 'assessed') own USING (customer_id)
  FULL JOIN (SELECT * FROM assessed WHERE source = 'predicted') guess USING (customer_id)
  FULL JOIN consent USING (customer_id)
"""

COLUMNS = {
    "customer_id": pa.string(), "risk_level": pa.uint8(), "lowest_category": pa.bool_(),
    "assessed_at": pa.timestamp("us", tz="UTC"), "valid_until": pa.date32(), "term": pa.string(),
    "wanted_kinds": pa.string(), "goals": pa.string(), "predicted_level": pa.uint8(), "investor_class": pa.string(),
    "qualified": pa.bool_(), "permissions": pa.string(), "granted": pa.string(), "refused": pa.string(),
}  # fmt: skip


def portrait(ids: Collection[UUID] | None) -> Source:
    """Everybody compliance knows anything of, or those of them with these ids."""
    whom = sql.SQL("true") if ids is None else sql.SQL("customer_id = ANY({})").format(sql.Literal(sorted(ids)))
    return Source(sql.SQL(PORTRAIT).format(assessed=whom, said=whom, investor=whom), COLUMNS)
