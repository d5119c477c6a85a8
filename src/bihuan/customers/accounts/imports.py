"""Rows of the public import as this room takes them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from bihuan.customers.accounts import repository
from bihuan.customers.history import service as history
from bihuan.customers.privacy.rules import masked
from bihuan.customers.profiles import service as profiles
from bihuan.customers.relations import repository as relations_repository
from bihuan.customers.relations import service as relations
from bihuan.customers.relations.rules import Move
from bihuan.kit import ids
from bihuan.kit.crypto import Cipher
from bihuan.kit.postgres import Tx
from bihuan.kit.time import EXCHANGE


@dataclass(frozen=True)
class CustomerRow:
    """A customer of the firm. `branch_id` and `staff_id` are his acquisition and service relation.

    `valid_from` is the day of the record, without it the day of the import. `assessed` is what it says of his risk
    level, which comply keeps and the history shows; `properties` are attributes under the file's own names.
    """

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
    valid_from: date | None = None
    place: int = 0  # the row in its file, where the record has no date of its own
    assessed: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)


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


_ATTRIBUTES = ("name", "phone", "birth_year", "gender", "city", "language", "tier", "channel")


async def import_customers(
    tx: Tx, cipher: Cipher, rows: Sequence[CustomerRow], now: datetime, import_id: str = ""
) -> tuple[int, int]:
    """Keep what the rows say with its date, and write what is now the latest valid into the profiles and relations.

    Of a customer's rows of one day without a date of their own the last counts. Returns how many customers and how many
    dated records these rows add to those that `import_id` has told of before.
    """
    today = now.astimezone(EXCHANGE).date()
    rows = list({(row.customer, row.valid_from or (today, "import")): row for row in rows}.values())
    told = [history.Told(ids.customer_of_user(r.customer), r.valid_from or today, _values(r), r.place) for r in rows]
    kept = await history.keep(tx, cipher, told, import_id, now)
    lasting = {row.customer: row for row in sorted(rows, key=lambda row: row.valid_from or today)}.values()
    await repository.upsert_customers(
        tx, [_profile(cipher, row, kept.latest[ids.customer_of_user(row.customer)], now) for row in lasting]
    )
    await _relate(tx, [row for row in lasting if row.branch_id], now)
    return kept.customers, kept.versions


def _values(row: CustomerRow) -> dict[str, Any]:
    """What a row says, by attribute."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _ATTRIBUTES}
    values["opened_on"] = row.opened_on.isoformat() if row.opened_on else None
    return {**row.properties, **row.assessed, **{name: value for name, value in values.items() if value is not None}}


def _profile(cipher: Cipher, row: CustomerRow, latest: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A customer's columns as the latest valid values have them."""
    own = {name: ("", latest[name]) for name in _ATTRIBUTES if name in latest and name != "channel"}
    columns = profiles.columns_of_traits(cipher, ids.customer_of_user(row.customer), {}, {}, own)
    opened_on = date.fromisoformat(latest["opened_on"]) if latest.get("opened_on") else None
    opened = datetime.combine(opened_on, time(), UTC) if opened_on else None
    del columns["trait_order"]
    besides = {name: value for name, value in latest.items() if name not in (*_ATTRIBUTES, "opened_on")}
    return columns | {
        "traits": json.dumps(masked(besides), ensure_ascii=False),
        "user_id": row.customer,
        "channel": latest.get("channel"),
        "opened_on": opened_on,
        "first_seen": profiles.seen_at(now, opened),
    }


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
