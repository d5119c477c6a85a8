"""Keeping records of customers, and reading what was known and valid."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bihuan.customers.history import repository
from bihuan.customers.history.rules import Record, Version, latest, versions
from bihuan.customers.privacy.rules import masked
from bihuan.kit.crypto import Cipher
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Told:
    """What a file says of a customer from a day on."""

    customer_id: UUID
    valid_from: date
    values: dict[str, Any]
    place: int = 0


@dataclass(frozen=True)
class Kept:
    """How many customers and records a chunk added to its file's, and each customer's latest valid values."""

    customers: int
    versions: int
    latest: dict[UUID, dict[str, Any]]


async def keep(tx: Tx, cipher: Cipher, told: Sequence[Told], import_id: str, now: datetime) -> Kept:
    """Keep records; what was kept already stays as it is."""
    people = sorted({one.customer_id for one in told})
    before = await repository.told(tx, people, import_id)
    sets = [_kept(cipher, one, import_id, now) for one in told]
    await repository.add(tx, sorted(sets, key=lambda row: (row["customer_id"], row["valid_from"], row["digest"])))
    after = await repository.told(tx, people, import_id)
    records: dict[UUID, list[Record]] = {}
    for row in await repository.of(tx, people):
        records.setdefault(row.customer_id, []).append(_opened(cipher, row))
    values = {customer_id: latest(found) for customer_id, found in records.items()}
    return Kept(after[0] - before[0], after[1] - before[1], values)


async def history(tx: Tx, cipher: Cipher, customer_id: UUID, known_by: datetime | None) -> list[Version]:
    """Each attribute's versions with sensitive ones masked, or as they were known at a moment."""
    found = await repository.of(tx, [customer_id], known_by)
    return [
        replace(version, value=masked({version.attribute: version.value})[version.attribute])
        for version in versions(_opened(cipher, row) for row in found)
    ]


def _kept(cipher: Cipher, told: Told, import_id: str, now: datetime) -> dict[str, Any]:
    shown = masked(told.values)
    sealed = {name: value for name, value in told.values.items() if shown[name] != value}
    contents = json.dumps(told.values, sort_keys=True, ensure_ascii=False)
    return {
        "customer_id": told.customer_id,
        "valid_from": told.valid_from,
        "digest": cipher.keyed_hash(f"record\0{contents}"),
        "recorded_at": now,
        "place": told.place,
        "import_id": import_id,
        "body": json.dumps(shown, ensure_ascii=False),
        "sealed": cipher.encrypt(json.dumps(sealed, ensure_ascii=False)) if sealed else None,
    }


def _opened(cipher: Cipher, row: repository.Kept) -> Record:
    sealed = json.loads(cipher.decrypt(row.sealed)) if row.sealed else {}
    return Record(row.valid_from, row.recorded_at, row.digest, {**row.body, **sealed}, row.place)
