"""All SQL about the ledger. Rows are only ever added; a trigger refuses anything else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from bihuan.credit.facts import Holder
from bihuan.credit.ledger.rules import Lost
from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

COLUMNS = (
    "id, kind, opening_id, customer_id, rule, rule_version, claim_id, rescue_id, corrects, dispute_id, at, written_at"
)

NONE = Decimal(0)


@dataclass(frozen=True)
class Entry:
    """One line of the ledger. `at` is when what it tells of happened, `written_at` when it was written."""

    id: UUID
    kind: str
    opening_id: str
    customer_id: UUID | None
    rule: str
    rule_version: int
    claim_id: UUID | None
    rescue_id: UUID | None
    corrects: UUID | None
    dispute_id: UUID | None
    at: datetime
    written_at: datetime


@dataclass(frozen=True)
class LostClaim:
    """A claim that an entry weighed and did not take, or that came to be known `late`, after it was written."""

    entry_id: UUID
    claim_id: UUID
    kind: str
    evidence: str
    branch_id: UUID
    staff_id: UUID | None
    at: datetime
    why: str
    late: bool


# The unique indexes have the last word: no account twice, no rescue twice, no entry taken back or replaced twice.
ADD = f"""
INSERT INTO credit_entry ({COLUMNS})
VALUES (%(id)s, %(kind)s, %(opening_id)s, %(customer_id)s, %(rule)s, %(rule_version)s, %(claim_id)s, %(rescue_id)s,
        %(corrects)s, %(dispute_id)s, %(at)s, %(written_at)s)
ON CONFLICT DO NOTHING
RETURNING id
"""

ADD_SHARE = """
INSERT INTO credit_share (entry_id, position, branch_id, staff_id, share)
VALUES (%(entry_id)s, %(position)s, %(branch_id)s, %(staff_id)s, %(share)s)
"""

ADD_LOST = """
INSERT INTO credit_lost_claim (entry_id, claim_id, kind, evidence, branch_id, staff_id, at, why, late)
VALUES (%(entry_id)s, %(claim_id)s, %(kind)s, %(evidence)s, %(branch_id)s, %(staff_id)s, %(at)s, %(why)s, %(late)s)
ON CONFLICT (entry_id, claim_id) DO NOTHING
"""

HOLDERS = """
SELECT entry_id, branch_id, staff_id, share FROM credit_share WHERE entry_id = ANY(%(entries)s)
 ORDER BY entry_id, position
"""

LOST = """
SELECT entry_id, claim_id, kind, evidence, branch_id, staff_id, at, why, late FROM credit_lost_claim
 WHERE entry_id = ANY(%(entries)s) ORDER BY entry_id, late, at, claim_id
"""

REVERSED = "SELECT corrects FROM credit_entry WHERE kind = 'reversal' AND corrects = ANY(%(entries)s)"

# Entries a claim that was heard of late might have spoken in, by application and by customer.
ENTRIES_FOR = f"""
SELECT {COLUMNS} FROM credit_entry
 WHERE kind = 'acquisition' AND (opening_id = %(opening_id)s OR customer_id = %(customer_id)s) AND at >= %(since)s
"""

# Accounts each branch was credited with since a moment, shares rounded up to whole accounts.
TAKEN = """
SELECT s.branch_id, ceil(sum(s.share))::integer AS accounts
  FROM credit_share s JOIN credit_entry e ON e.id = s.entry_id
 WHERE e.kind <> 'assist' AND e.at >= %(since)s
 GROUP BY s.branch_id
"""


async def add(tx: Tx, entry: Entry, holders: Sequence[Holder], lost: Sequence[Lost] | Sequence[LostClaim] = ()) -> bool:
    """Write an entry with its holders and lost claims; False when its unique place is taken already."""
    if await postgres.value(tx, ADD, **vars(entry)) is None:
        return False
    shares = [
        {"entry_id": entry.id, "position": position, **vars(holder)} for position, holder in enumerate(holders, start=1)
    ]
    await postgres.execute_many(tx, ADD_SHARE, shares)
    await postgres.execute_many(tx, ADD_LOST, [_lost(entry.id, one) for one in lost])
    return True


def _lost(entry_id: UUID, one: Lost | LostClaim) -> dict[str, Any]:
    if isinstance(one, LostClaim):
        return {**vars(one), "entry_id": entry_id}
    claim = one.claim
    return {
        "entry_id": entry_id,
        "claim_id": claim.id,
        "kind": claim.kind,
        "evidence": claim.evidence,
        "branch_id": claim.branch_id,
        "staff_id": claim.staff_id,
        "at": claim.at,
        "why": one.why,
        "late": False,
    }


async def add_late(tx: Tx, lost: LostClaim) -> bool:
    """Whether this claim is new to the entry."""
    return await postgres.execute(tx, ADD_LOST, **vars(lost)) == 1


async def one(tx: Tx, entry_id: UUID, *, lock: bool = False) -> Entry | None:
    """One entry; locked, so that it is taken back once only."""
    ending = " FOR UPDATE" if lock else ""
    return await postgres.read_one(
        tx, Entry, f"SELECT {COLUMNS} FROM credit_entry WHERE id = %(id)s{ending}", id=entry_id
    )


async def of_opening(tx: Tx, opening_id: str) -> list[Entry]:
    """All entries about an application, in the order in which they were written."""
    return await postgres.read(
        tx,
        Entry,
        f"SELECT {COLUMNS} FROM credit_entry WHERE opening_id = %(opening_id)s ORDER BY written_at, id",
        opening_id=opening_id,
    )


async def entries_for(tx: Tx, opening_id: str | None, customer_id: UUID | None, since: datetime) -> list[Entry]:
    """First entries of accounts opened since a moment, of an application or a customer."""
    return await postgres.read(tx, Entry, ENTRIES_FOR, opening_id=opening_id, customer_id=customer_id, since=since)


async def holders(tx: Tx, entries: Sequence[UUID]) -> dict[UUID, list[Holder]]:
    """Whose each entry is."""
    found: dict[UUID, list[Holder]] = {entry: [] for entry in entries}
    for row in await postgres.rows(tx, HOLDERS, entries=list(entries)):
        found[row["entry_id"]].append(Holder(row["branch_id"], row["staff_id"], row["share"]))
    return found


async def lost(tx: Tx, entries: Sequence[UUID]) -> dict[UUID, list[LostClaim]]:
    """The claims each entry did not take."""
    found: dict[UUID, list[LostClaim]] = {entry: [] for entry in entries}
    for claim in await postgres.read(tx, LostClaim, LOST, entries=list(entries)):
        found[claim.entry_id].append(claim)
    return found


async def reversed_among(tx: Tx, entries: Sequence[UUID]) -> set[UUID]:
    """Those that were taken back."""
    return {row["corrects"] for row in await postgres.rows(tx, REVERSED, entries=list(entries))}


async def taken_since(tx: Tx, since: datetime) -> dict[UUID, int]:
    """How many accounts each branch was credited with since a moment."""
    return {row["branch_id"]: row["accounts"] for row in await postgres.rows(tx, TAKEN, since=since)}


# Within a data scope one sees the entries in which an own branch won or lost.
SEEN = """(EXISTS (SELECT 1 FROM credit_share s WHERE s.entry_id = e.id AND {scope_share})
     OR EXISTS (SELECT 1 FROM credit_lost_claim l WHERE l.entry_id = e.id AND {scope_lost}))"""


def listing(scope_share: str, scope_lost: str) -> str:
    """The page of entries, newest first, within a data scope."""
    columns = ", ".join(f"e.{name.strip()}" for name in COLUMNS.split(","))
    return f"""
SELECT {columns} FROM credit_entry e
 WHERE {SEEN.format(scope_share=scope_share, scope_lost=scope_lost)}
   AND (%(branch)s::uuid IS NULL
        OR (%(side)s <> 'lost' AND EXISTS (SELECT 1 FROM credit_share s
                                            WHERE s.entry_id = e.id AND s.branch_id = %(branch)s))
        OR (%(side)s <> 'won' AND EXISTS (SELECT 1 FROM credit_lost_claim l
                                           WHERE l.entry_id = e.id AND l.branch_id = %(branch)s)))
   AND (%(staff)s::uuid IS NULL
        OR EXISTS (SELECT 1 FROM credit_share s WHERE s.entry_id = e.id AND s.staff_id = %(staff)s)
        OR EXISTS (SELECT 1 FROM credit_lost_claim l WHERE l.entry_id = e.id AND l.staff_id = %(staff)s))
   AND (%(customer)s::uuid IS NULL OR e.customer_id = %(customer)s)
   AND (%(opening)s::text IS NULL OR e.opening_id = %(opening)s)
   AND (%(kind)s::text IS NULL OR e.kind = %(kind)s)
   AND (%(since)s::timestamptz IS NULL OR e.at >= %(since)s)
   AND (%(until)s::timestamptz IS NULL OR e.at < %(until)s)
   AND (%(id)s::uuid IS NULL OR e.id = %(id)s)
   AND (%(before_at)s::timestamptz IS NULL OR (e.written_at, e.id) < (%(before_at)s, %(before_id)s::uuid))
 ORDER BY e.written_at DESC, e.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Tally:
    """What a branch, or one person of it, is credited with: accounts and assists by share, and how many entries."""

    branch_id: UUID
    staff_id: UUID | None
    accounts: Decimal
    assists: Decimal
    entries: int


def tallies(scope: str, by_staff: bool) -> str:
    """Sums of a period per branch, or per person."""
    staff = "s.staff_id" if by_staff else "NULL::uuid"
    return f"""
SELECT s.branch_id, {staff} AS staff_id,
       coalesce(sum(s.share) FILTER (WHERE e.kind <> 'assist'), 0) AS accounts,
       coalesce(sum(s.share) FILTER (WHERE e.kind = 'assist'), 0) AS assists,
       count(DISTINCT e.id) AS entries
  FROM credit_share s JOIN credit_entry e ON e.id = s.entry_id
 WHERE {scope}
   AND (%(since)s::timestamptz IS NULL OR e.at >= %(since)s)
   AND (%(until)s::timestamptz IS NULL OR e.at < %(until)s)
 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""


async def tallied(
    tx: Tx, since: datetime | None, until: datetime | None, branches: Collection[UUID] | None, by_staff: bool
) -> list[Tally]:
    """Sums of a period, of some branches or of all."""
    scope = "(%(branches)s::uuid[] IS NULL OR s.branch_id = ANY(%(branches)s))"
    named = None if branches is None else list(branches)
    return await postgres.read(tx, Tally, tallies(scope, by_staff), since=since, until=until, branches=named)


@dataclass(frozen=True)
class Totals:
    """The whole ledger in three numbers: branches with an account, entries, accounts."""

    branches: int
    entries: int
    accounts: Decimal


TOTALS = """
SELECT count(DISTINCT s.branch_id) FILTER (WHERE e.kind <> 'assist') AS branches,
       count(DISTINCT e.id) AS entries,
       coalesce(sum(s.share) FILTER (WHERE e.kind <> 'assist'), 0) AS accounts
  FROM credit_share s JOIN credit_entry e ON e.id = s.entry_id
"""


async def totals(tx: Tx) -> Totals:
    """The whole ledger in three numbers."""
    found = await postgres.read_one(tx, Totals, TOTALS)
    return found or Totals(0, 0, Decimal(0))
