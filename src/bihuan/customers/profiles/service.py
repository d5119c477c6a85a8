"""Use cases of profiles: folding a batch, merging visitors, placing customers in branches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.customers.facts import VisitorMerged
from bihuan.customers.profiles import repository
from bihuan.customers.profiles.rules import Touch, alias_of, aliases, news, touches
from bihuan.kit import log as the_log
from bihuan.kit.crypto import Cipher, mask_name, mask_phone
from bihuan.kit.log import Batch
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people

RANK_SERVICE, RANK_STAFF_CODE, RANK_CHOSEN, RANK_CITY = 1, 2, 3, 4


async def fold(tx: Tx, cipher: Cipher, batch: Batch) -> None:
    """Fold tracked entries into profiles; publish merges that became known."""
    found = touches(batch.tracked)
    if not found:
        return
    if any(touch.first_touch for touch in found) or any(alias_of(entry) for entry in batch.tracked):
        # This batch may write rows of customers in other lanes: one such batch at a time, before any row is locked.
        await repository.lock_crossing(tx)
    await repository.upsert(tx, found)
    await _fold_traits(tx, cipher, [touch for touch in found if touch.traits or touch.offered])
    await _merge(tx, batch)
    arrivals = [touch.customer_id for touch in found if touch.first_touch is not None]
    if arrivals:
        canonical = await repository.canonical(tx, arrivals)
        await repository.point(tx, arrivals)
        await repository.inherit(tx, sorted({user for visitor, user in canonical.items() if visitor != user}))
        await place_by_arrival(tx, sorted({*arrivals, *canonical.values()}))


async def _fold_traits(tx: Tx, cipher: Cipher, found: Sequence[Touch]) -> None:
    if not found:
        return
    known = await repository.known_traits(tx, [touch.customer_id for touch in found])
    sets = []
    for touch in found:
        traits, order, filled = known[touch.customer_id]
        newer, keys = news(touch, filled, order)
        if newer:
            columns = columns_of_traits(cipher, touch.customer_id, traits, order, newer)
            sets.append(columns | {"trait_order": {**order, **keys}})
    await repository.set_traits(tx, sets)


def columns_of_traits(
    cipher: Cipher,
    customer_id: UUID,
    traits: dict[str, Any],
    order: dict[str, str],
    newer: dict[str, tuple[str, Any]],
) -> dict[str, Any]:
    """The row's columns after newer traits; name and phone leave the open traits and are sealed."""
    values = {name: value for name, (_, value) in newer.items()}
    name, phone = _text(values.pop("name", None)), _text(values.pop("phone", None))
    return {
        "id": customer_id,
        "traits": {**traits, **values},
        "trait_order": {**order, **{key: at for key, (at, _) in newer.items()}},
        "name_sealed": cipher.encrypt(name) if name else None,
        "name_masked": mask_name(name) if name else None,
        "name_hash": cipher.keyed_hash(name) if name else None,
        "phone_sealed": cipher.encrypt(phone) if phone else None,
        "phone_masked": mask_phone(phone) if phone else None,
        "phone_hash": cipher.keyed_hash(phone) if phone else None,
        "birth_year": _year(values.get("birth_year")),
        "gender": _text(values.get("gender")),
        "city": _text(values.get("city")),
        "language": values["language"] if values.get("language") in ("zh-CN", "en") else None,
        "tier": _text(values.get("tier")),
    }


def _text(found: object) -> str | None:
    return str(found).strip()[:200] or None if isinstance(found, str | int) and not isinstance(found, bool) else None


def _year(found: object) -> int | None:
    text = str(found)[:4]
    return int(text) if text.isascii() and text.isdigit() and 1900 <= int(text) <= 2100 else None


async def _merge(tx: Tx, batch: Batch) -> None:
    found = aliases(batch.tracked)
    if not found:
        return
    changed = await repository.alias(tx, found, batch.now)
    if not changed:
        return
    await repository.point(tx, [visitor for visitor, _ in changed])
    await repository.inherit(tx, sorted({user for _, user in changed}))
    await place_by_arrival(tx, sorted({user for _, user in changed}))
    facts = [VisitorMerged(visitor, visitor, user) for visitor, user in changed]
    await the_log.publish(tx, *facts, now=batch.now)


async def place_by_arrival(tx: Tx, customers: Sequence[UUID]) -> None:
    """Give customers without a better reason the branch of the staff code they came with, or of their city."""
    waiting = await repository.unplaced(tx, customers)
    if not waiting:
        return
    by_city = {branch.city: branch.id for branch in await people.branches(tx) if branch.active}
    by_code = await people.branches_of_staff_codes(tx, sorted({r["staff_code"] for r in waiting if r["staff_code"]}))
    placed = []
    for row in waiting:
        if row["staff_code"] in by_code:
            placed.append((row["id"], by_code[row["staff_code"]], RANK_STAFF_CODE))
        elif row["city"] in by_city:
            placed.append((row["id"], by_city[row["city"]], RANK_CITY))
    await repository.place(tx, placed)


async def place(tx: Tx, placed: Sequence[tuple[UUID, UUID, int]]) -> None:
    """Set serving branches for a reason of the given rank, where no better one is known."""
    await repository.place(tx, placed)


async def unmask(tx: Tx, cipher: Cipher, customer_id: UUID, field: str) -> str | None:
    """The plain text of a sealed field, or None where there is none."""
    row = await repository.sealed(tx, customer_id)
    found = row and row[f"{field}_sealed"]
    return cipher.decrypt(found) if found else None


async def contact(tx: Tx, cipher: Cipher, customer_id: UUID) -> "tuple[str | None, str | None, str] | None":
    """(user id, phone in plain text, language) of a customer, for a message that may leave."""
    row = await repository.sealed(tx, customer_id)
    if row is None:
        return None
    phone = cipher.decrypt(row["phone_sealed"]) if row["phone_sealed"] else None
    return row["user_id"], phone, row["language"]


def seen_at(now: datetime, first: datetime | None) -> datetime:
    """When an imported customer counts as first seen."""
    return min(now, first) if first else now
