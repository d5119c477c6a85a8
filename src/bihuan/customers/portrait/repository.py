"""The query behind a portrait: one row per customer who is not merged into another."""

from collections.abc import Collection
from uuid import UUID

import pyarrow as pa
from psycopg import sql

from bihuan.kit.mirror import Source

# Each customer once, with his accounts and holdings added up as of their last settlement, and whom he belongs to now.
PORTRAIT = """
WITH chosen AS (
  SELECT c.* FROM customers_customer c WHERE c.merged_into IS NULL AND {chosen}
), account AS (
  SELECT a.customer_id, count(*) AS accounts, string_agg(DISTINCT a.kind, '|' ORDER BY a.kind) AS account_kinds,
         min(a.opened_on) AS opened_on, bool_and(a.status = 'closed') AS closed
    FROM customers_account a JOIN chosen ON chosen.id = a.customer_id GROUP BY a.customer_id
), product AS (
  SELECT a.customer_id, h.product, max(h.kind) AS kind, sum(h.value) AS value, max(h.as_of) AS as_of,
         min(h.matures_on) AS matures_on
    FROM customers_holding h JOIN customers_account a ON a.account_id = h.account_id
    JOIN chosen ON chosen.id = a.customer_id
   WHERE h.value > 0 GROUP BY a.customer_id, h.product
), placed AS (
  SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY value DESC, product) AS place FROM product
), holding AS (
  SELECT customer_id, sum(value) AS assets, max(as_of) AS as_of, min(matures_on) AS matures_on, count(*) AS products,
         max(value) AS top1, sum(value) FILTER (WHERE place <= 3) AS top3,
         string_agg(DISTINCT kind, '|' ORDER BY kind) AS kinds,
         coalesce(sum(value) FILTER (WHERE kind = 'share'), 0) AS shares,
         coalesce(sum(value) FILTER (WHERE kind = 'fund'), 0) AS funds,
         coalesce(sum(value) FILTER (WHERE kind IN ('structured_note', 'wealth', 'otc')), 0) AS wealth,
         coalesce(sum(value) FILTER (WHERE kind IN ('bond', 'repo')), 0) AS bonds,
         coalesce(sum(value) FILTER (WHERE kind IN ('margin', 'short')), 0) AS margin,
         coalesce(sum(value) FILTER (WHERE kind IN ('cash', 'cash_management')), 0) AS cash
    FROM placed GROUP BY customer_id
), relation AS (
  SELECT r.customer_id, bool_or(r.kind = 'contract') AS contracted,
         min(r.valid_from) FILTER (WHERE r.kind = 'service') AS served_since,
         bool_or(r.kind = 'service' AND r.staff_id IS NOT NULL) AS has_advisor
    FROM customers_relation r JOIN chosen ON chosen.id = r.customer_id
   WHERE r.valid_to IS NULL GROUP BY r.customer_id
)
SELECT c.id::text, c.user_id IS NOT NULL, c.branch_id::text, c.birth_year, c.gender, c.city, c.language, c.channel,
       c.staff_code, coalesce(c.opened_on, account.opened_on), c.first_seen, c.last_seen, c.traits::text,
       (c.name_sealed IS NOT NULL)::int + (c.phone_sealed IS NOT NULL)::int + (c.birth_year IS NOT NULL)::int
         + (c.gender IS NOT NULL)::int + (c.city IS NOT NULL)::int,
       account.accounts, account.account_kinds, coalesce(account.closed, false), holding.assets::float8, holding.as_of,
       holding.matures_on, holding.products, holding.top1::float8, holding.top3::float8, holding.kinds,
       holding.shares::float8, holding.funds::float8, holding.wealth::float8, holding.bonds::float8,
       holding.margin::float8, holding.cash::float8, coalesce(relation.contracted, false), relation.served_since,
       coalesce(relation.has_advisor, false)
  FROM chosen c LEFT JOIN account ON account.customer_id = c.id LEFT JOIN holding ON holding.customer_id = c.id
  LEFT JOIN relation ON relation.customer_id = c.id
"""

_TIME = pa.timestamp("us", tz="UTC")

COLUMNS = {
    "customer_id": pa.string(), "is_user": pa.bool_(), "branch_id": pa.string(), "birth_year": pa.int16(),
    "gender": pa.string(), "city": pa.string(), "language": pa.string(), "channel": pa.string(),
    "staff_code": pa.string(), "opened_on": pa.date32(), "first_seen": _TIME, "last_seen": _TIME,
    "traits": pa.string(), "filled": pa.uint8(), "accounts": pa.uint32(), "account_kinds": pa.string(),
    "closed": pa.bool_(), "assets": pa.float64(), "settled_on": pa.date32(), "matures_on": pa.date32(),
    "products": pa.uint32(), "top1": pa.float64(), "top3": pa.float64(), "kinds": pa.string(), "shares": pa.float64(),
    "funds": pa.float64(), "wealth": pa.float64(), "bonds": pa.float64(), "margin": pa.float64(), "cash": pa.float64(),
    "contracted": pa.bool_(), "served_since": _TIME, "has_advisor": pa.bool_(),
}  # fmt: skip


def portrait(ids: Collection[UUID] | None) -> Source:
    """Everybody, or those of these ids who are not merged into others."""
    chosen = sql.SQL("true") if ids is None else sql.SQL("c.id = ANY({})").format(sql.Literal(sorted(ids)))
    return Source(sql.SQL(PORTRAIT).format(chosen=chosen), COLUMNS)
