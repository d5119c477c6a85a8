"""The SQL of accounts, holdings and imported customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

UPSERT_ACCOUNT = """
INSERT INTO customers_account AS a (account_id, customer_id, kind, status, opened_on, branch_id)
VALUES (%(account_id)s, %(customer_id)s, %(kind)s, %(status)s, %(opened_on)s, %(branch_id)s)
ON CONFLICT (account_id) DO UPDATE SET kind = excluded.kind, status = excluded.status,
  opened_on = coalesce(excluded.opened_on, a.opened_on), branch_id = coalesce(excluded.branch_id, a.branch_id)
 WHERE a.customer_id = excluded.customer_id
"""

UPSERT_HOLDING = """
INSERT INTO customers_holding AS h (account_id, product, kind, quantity, value, as_of, matures_on)
VALUES (%(account_id)s, %(product)s, %(kind)s, %(quantity)s, %(value)s, %(as_of)s, %(matures_on)s)
ON CONFLICT (account_id, product) DO UPDATE SET kind = excluded.kind, quantity = excluded.quantity,
  value = excluded.value, as_of = excluded.as_of, matures_on = excluded.matures_on
 WHERE h.as_of <= excluded.as_of
"""

UPSERT_CUSTOMER = """
INSERT INTO customers_customer AS c (id, user_id, first_seen, last_seen, name_sealed, name_masked, name_hash,
  phone_sealed, phone_masked, phone_hash, birth_year, gender, city, language, channel, tier, opened_on, first_touch,
  traits)
VALUES (%(id)s, %(user_id)s, %(first_seen)s, %(first_seen)s, %(name_sealed)s, coalesce(%(name_masked)s, ''),
  %(name_hash)s, %(phone_sealed)s, coalesce(%(phone_masked)s, ''), %(phone_hash)s, %(birth_year)s, %(gender)s,
  %(city)s, coalesce(%(language)s, 'zh-CN'), %(channel)s, %(tier)s, %(opened_on)s, %(first_seen)s,
  %(traits)s::jsonb)
ON CONFLICT (id) DO UPDATE SET
  name_sealed = coalesce(excluded.name_sealed, c.name_sealed),
  name_masked = coalesce(nullif(excluded.name_masked, ''), c.name_masked),
  name_hash = coalesce(excluded.name_hash, c.name_hash),
  phone_sealed = coalesce(excluded.phone_sealed, c.phone_sealed),
  phone_masked = coalesce(nullif(excluded.phone_masked, ''), c.phone_masked),
  phone_hash = coalesce(excluded.phone_hash, c.phone_hash),
  birth_year = coalesce(excluded.birth_year, c.birth_year), gender = coalesce(excluded.gender, c.gender),
  city = coalesce(excluded.city, c.city), channel = coalesce(excluded.channel, c.channel),
  tier = coalesce(excluded.tier, c.tier), opened_on = coalesce(excluded.opened_on, c.opened_on),
  traits = c.traits || excluded.traits, first_seen = least(c.first_seen, excluded.first_seen)
"""

KNOWN_ACCOUNTS = "SELECT account_id FROM customers_account WHERE account_id = ANY(%(ids)s)"

OF_CUSTOMER = """
SELECT account_id, kind, status, opened_on FROM customers_account
 WHERE customer_id = %(id)s ORDER BY opened_on, account_id
"""

HOLDINGS = """
SELECT h.account_id, h.product, h.kind, h.quantity, h.value, h.as_of, h.matures_on
  FROM customers_holding h JOIN customers_account a USING (account_id)
 WHERE a.customer_id = %(id)s ORDER BY h.value DESC, h.product LIMIT 200
"""


@dataclass(frozen=True)
class Account:
    """An account at the counter."""

    account_id: str
    kind: str
    status: str
    opened_on: date | None


@dataclass(frozen=True)
class Holding:
    """What an account holds: units, and their value in yuan as of a day."""

    account_id: str
    product: str
    kind: str
    quantity: Decimal
    value: Decimal
    as_of: date
    matures_on: date | None


async def upsert_customers(tx: Tx, sets: Sequence[dict[str, Any]]) -> None:
    """Write imported customers; what an import leaves empty stays as it was."""
    await postgres.execute_many(tx, UPSERT_CUSTOMER, sets)


async def upsert_accounts(tx: Tx, sets: Sequence[dict[str, Any]]) -> None:
    """Write accounts; an account never changes its customer."""
    await postgres.execute_many(tx, UPSERT_ACCOUNT, sets)


async def upsert_holdings(tx: Tx, sets: Sequence[dict[str, Any]]) -> None:
    """Write holdings; an older statement never overwrites a younger one."""
    await postgres.execute_many(tx, UPSERT_HOLDING, sets)


async def known_accounts(tx: Tx, ids: Sequence[str]) -> set[str]:
    """Which of these accounts exist."""
    return {row["account_id"] for row in await postgres.rows(tx, KNOWN_ACCOUNTS, ids=list(ids))}


async def accounts(tx: Tx, customer_id: UUID) -> list[Account]:
    """A customer's accounts."""
    return await postgres.read(tx, Account, OF_CUSTOMER, id=customer_id)


async def holdings(tx: Tx, customer_id: UUID) -> list[Holding]:
    """A customer's largest holdings."""
    return await postgres.read(tx, Holding, HOLDINGS, id=customer_id)
