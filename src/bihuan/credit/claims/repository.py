"""All SQL about claims and what is known of the applications they concern."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid5

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

_CLAIMS = UUID("0b9d8d0e-6c53-4a37-9f5b-6a1c51d0e7aa")

COLUMNS = "id, customer_id, opening_id, kind, evidence, branch_id, staff_id, share, at, seen_at"


@dataclass(frozen=True)
class StoredClaim:
    """A claim as it was collected; `at` is when what it rests on happened, `seen_at` when we heard of it."""

    id: UUID
    customer_id: UUID | None
    opening_id: str | None
    kind: str
    evidence: str
    branch_id: UUID
    staff_id: UUID | None
    share: Decimal
    at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class KnownOpening:
    """An application that led to an account, as far as credit cares."""

    opening_id: str
    opened_at: datetime
    started_at: datetime | None = None
    submitted_at: datetime | None = None
    customer_id: UUID | None = None
    branch_id: UUID | None = None
    staff_code: str | None = None
    staff_code_at: datetime | None = None
    chosen_branch: str | None = None
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def id_of(kind: str, evidence: str) -> UUID:
    """The id of a claim, the same whenever and wherever it is collected."""
    return uuid5(_CLAIMS, f"{kind}:{evidence}")


# Whoever weighs or adds claims of a customer does so alone: a claim is either weighed or noted as late, never lost.
ONE_BY_ONE = """
SELECT pg_advisory_xact_lock(key)
  FROM (SELECT DISTINCT hashtextextended('credit ' || name, 0) AS key FROM unnest(%(names)s::text[]) AS u(name)
         ORDER BY key) k
"""

# A claim that is heard of again stays as it was first; only whom and what it concerns may become known later.
ADD = f"""
INSERT INTO credit_claim AS c ({COLUMNS})
VALUES (%(id)s, %(customer_id)s, %(opening_id)s, %(kind)s, %(evidence)s, %(branch_id)s, %(staff_id)s, %(share)s,
        %(at)s, %(seen_at)s)
ON CONFLICT (id) DO UPDATE SET
  customer_id = coalesce(excluded.customer_id, c.customer_id),
  opening_id = coalesce(excluded.opening_id, c.opening_id)
RETURNING {COLUMNS}
"""

OF_ACCOUNT = f"""
SELECT {COLUMNS} FROM credit_claim
 WHERE opening_id = %(opening_id)s OR (opening_id IS NULL AND customer_id = %(customer_id)s)
    OR (kind = 'enquiry' AND customer_id = %(customer_id)s)
"""

MOVE = "UPDATE credit_claim SET customer_id = %(into_id)s WHERE customer_id = %(visitor_id)s"

OF_CUSTOMER = f"SELECT {COLUMNS} FROM credit_claim WHERE customer_id = %(customer_id)s"

OPENING_COLUMNS = ", ".join(field.name for field in fields(KnownOpening))

NOTE = (
    f"INSERT INTO credit_opening ({OPENING_COLUMNS}) VALUES ("
    + ", ".join(f"%({field.name})s" for field in fields(KnownOpening))
    + ") ON CONFLICT (opening_id) DO NOTHING"
)

OPENING = f"SELECT {OPENING_COLUMNS} FROM credit_opening WHERE opening_id = %(opening_id)s"

# One at a time counts how many accounts each branch has and gives one more to the nearest with room.
HOLD_CAPACITY = "SELECT pg_advisory_xact_lock(hashtextextended('credit capacity', 0))"

NOTE_RESCUE = """
INSERT INTO credit_rescue AS r (opening_id, staff_id, taken_at) VALUES (%(opening_id)s, %(staff_id)s, %(taken_at)s)
ON CONFLICT (opening_id, staff_id) DO UPDATE SET taken_at = least(r.taken_at, excluded.taken_at)
"""


async def one_by_one(tx: Tx, names: Collection[str]) -> None:
    """Wait for others who weigh or add claims under these names (customer and opening ids)."""
    await postgres.execute(tx, ONE_BY_ONE, names=sorted(set(names)))


async def add(tx: Tx, claim: StoredClaim) -> StoredClaim:
    """The claim as it stands now."""
    found = await postgres.read_one(tx, StoredClaim, ADD, **vars(claim))
    return found or claim


async def of_account(tx: Tx, opening_id: str, customer_id: UUID | None) -> list[StoredClaim]:
    """All claims that may speak about an account."""
    return await postgres.read(tx, StoredClaim, OF_ACCOUNT, opening_id=opening_id, customer_id=customer_id)


async def move(tx: Tx, visitor_id: UUID, into_id: UUID) -> int:
    """A visitor's claims stand for the user he became; how many."""
    return await postgres.execute(tx, MOVE, visitor_id=visitor_id, into_id=into_id)


async def of_customer(tx: Tx, customer_id: UUID) -> list[StoredClaim]:
    """All claims on a customer."""
    return await postgres.read(tx, StoredClaim, OF_CUSTOMER, customer_id=customer_id)


async def note(tx: Tx, openings: Sequence[KnownOpening]) -> None:
    """Note applications that were opened; what was noted first stays."""
    await postgres.execute_many(tx, NOTE, [vars(one) for one in sorted(openings, key=lambda one: one.opening_id)])


async def opening(tx: Tx, opening_id: str) -> KnownOpening | None:
    """What is known of an application that was opened."""
    return await postgres.read_one(tx, KnownOpening, OPENING, opening_id=opening_id)


async def hold_capacity(tx: Tx) -> None:
    """Wait for others who look for a branch with room, and keep them waiting until the transaction ends."""
    await postgres.execute(tx, HOLD_CAPACITY)


async def note_rescue(tx: Tx, opening_id: str, staff_id: UUID, taken_at: datetime) -> None:
    """Note who took an application from the desk."""
    await postgres.execute(tx, NOTE_RESCUE, opening_id=opening_id, staff_id=staff_id, taken_at=taken_at)


async def rescuers(tx: Tx, opening_id: str) -> dict[UUID, datetime]:
    """Who took an application from the desk, and when first."""
    found = await postgres.rows(
        tx, "SELECT staff_id, taken_at FROM credit_rescue WHERE opening_id = %(opening_id)s", opening_id=opening_id
    )
    return {row["staff_id"]: row["taken_at"] for row in found}
