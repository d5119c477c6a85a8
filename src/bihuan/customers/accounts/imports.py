"""Rows of the public import as this room takes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from bihuan.customers.accounts import repository
from bihuan.customers.profiles import service as profiles
from bihuan.customers.relations import repository as relations_repository
from bihuan.customers.relations import service as relations
from bihuan.customers.relations.rules import Move
from bihuan.kit import ids
from bihuan.kit.crypto import Cipher
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class CustomerRow:
    """A customer of the firm. `branch_id` and `staff_id` are his acquisition and service relation."""

    customer: str
    name: str | None = None
    phone: str | None = None
    birth_year: int | None = None
    gender: str | None = None
    city: str | None = None
    language: str | None = None
    channel: str | None = None
    tier: str | None = None
    opened_on: date | None = None
    branch_id: UUID | None = None
    staff_id: UUID | None = None


@dataclass(frozen=True)
class AccountRow:
    """An account of a customer."""

    account: str
    customer: str
    kind: str = "stock"
    status: str = "open"
    opened_on: date | None = None
    branch_id: UUID | None = None


@dataclass(frozen=True)
class HoldingRow:
    """A holding of an account at the end of a day."""

    account: str
    product: str
    kind: str
    quantity: Decimal
    value: Decimal
    as_of: date
    matures_on: date | None = None


async def import_customers(tx: Tx, cipher: Cipher, rows: Sequence[CustomerRow], now: datetime) -> None:
    """Write customers and, where given and changed, their relations; of a customer's rows the last counts."""
    rows = list({row.customer: row for row in rows}.values())
    sets = []
    for row in rows:
        traits = {"name": row.name, "phone": row.phone, "birth_year": row.birth_year, "gender": row.gender,
                  "city": row.city, "language": row.language, "tier": row.tier}  # fmt: skip
        given = {name: ("", value) for name, value in traits.items() if value is not None}
        columns = profiles.columns_of_traits(cipher, ids.customer_of_user(row.customer), {}, {}, given)
        for derived in ("traits", "trait_order"):
            del columns[derived]
        opened = datetime.combine(row.opened_on, time(), UTC) if row.opened_on else None
        extra = {"user_id": row.customer, "channel": row.channel, "opened_on": row.opened_on}
        sets.append(columns | extra | {"first_seen": profiles.seen_at(now, opened)})
    await repository.upsert_customers(tx, sets)
    await _relate(tx, [row for row in rows if row.branch_id], now)


async def _relate(tx: Tx, rows: Sequence[CustomerRow], now: datetime) -> None:
    customers = [ids.customer_of_user(row.customer) for row in rows]
    current = {(r.customer_id, r.kind): r for r in await relations_repository.of(tx, customers, now)}
    moves = []
    for row, customer_id in zip(rows, customers, strict=True):
        assert row.branch_id is not None  # noqa: S101  (the caller filtered)
        since = datetime.combine(row.opened_on, time(), UTC) if row.opened_on else now
        for kind in ("acquisition", "service"):
            known = current.get((customer_id, kind))
            if known is None or (known.branch_id, known.staff_id) != (row.branch_id, row.staff_id):
                at = since if known is None else now
                moves.append(Move(customer_id, kind, row.branch_id, row.staff_id, "import", at))
    await relations.move_many(tx, moves, now)


async def import_accounts(tx: Tx, rows: Sequence[AccountRow]) -> None:
    """Write accounts."""
    await repository.upsert_accounts(
        tx,
        [
            {"account_id": r.account, "customer_id": ids.customer_of_user(r.customer), "kind": r.kind,
             "status": r.status, "opened_on": r.opened_on, "branch_id": r.branch_id}
            for r in rows
        ],
    )  # fmt: skip


async def import_holdings(tx: Tx, rows: Sequence[HoldingRow]) -> set[str]:
    """Write holdings of known accounts; the accounts that are not known."""
    known = await repository.known_accounts(tx, [row.account for row in rows])
    await repository.upsert_holdings(
        tx,
        [
            {"account_id": r.account, "product": r.product, "kind": r.kind, "quantity": r.quantity,
             "value": r.value, "as_of": r.as_of, "matures_on": r.matures_on}
            for r in rows
            if r.account in known
        ],
    )  # fmt: skip
    return {row.account for row in rows} - known
