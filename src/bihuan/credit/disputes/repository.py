"""All SQL about disputes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

COLUMNS = (
    "id, entry_id, customer_id, branch_id, staff_id, reason, state, opened_at, due_at, overdue, judge_id, ruling,"
    " decided_at"
)


@dataclass(frozen=True)
class Dispute:
    """A losing branch's word against an entry; `due_at` is when it should be decided."""

    id: UUID
    entry_id: UUID
    customer_id: UUID | None
    branch_id: UUID
    staff_id: UUID
    reason: str
    state: str
    opened_at: datetime
    due_at: datetime
    overdue: bool
    judge_id: UUID | None
    ruling: str | None
    decided_at: datetime | None


# A branch disputes an entry once.
ADD = f"""
INSERT INTO credit_dispute ({COLUMNS})
VALUES (%(id)s, %(entry_id)s, %(customer_id)s, %(branch_id)s, %(staff_id)s, %(reason)s, 'open', %(opened_at)s,
        %(due_at)s, false, NULL, NULL, NULL)
ON CONFLICT (entry_id, branch_id) DO NOTHING
RETURNING {COLUMNS}
"""

# Exactly one decision wins: the row leaves 'open' in the statement that names the judge.
DECIDE = f"""
UPDATE credit_dispute SET state = %(state)s, judge_id = %(judge_id)s, ruling = %(ruling)s, decided_at = %(now)s
 WHERE id = %(id)s AND state = 'open'
RETURNING {COLUMNS}
"""

# Other branches' disputes about an entry that was taken back speak of nothing any more.
SUPERSEDE = f"""
UPDATE credit_dispute SET state = 'superseded', decided_at = %(now)s
 WHERE entry_id = %(entry_id)s AND state = 'open'
RETURNING {COLUMNS}
"""

OVERDUE = f"""
UPDATE credit_dispute SET overdue = true WHERE id = ANY(%(ids)s) AND state = 'open' AND NOT overdue
RETURNING {COLUMNS}
"""


async def add(tx: Tx, dispute: Dispute) -> Dispute | None:
    """The new dispute; None when the branch has disputed this entry before."""
    return await postgres.read_one(tx, Dispute, ADD, **vars(dispute))


async def one(tx: Tx, dispute_id: UUID) -> Dispute | None:
    """One dispute."""
    return await postgres.read_one(
        tx, Dispute, f"SELECT {COLUMNS} FROM credit_dispute WHERE id = %(id)s", id=dispute_id
    )


async def of_entry(tx: Tx, entry_id: UUID) -> list[Dispute]:
    """All disputes about an entry, in their order."""
    return await postgres.read(
        tx,
        Dispute,
        f"SELECT {COLUMNS} FROM credit_dispute WHERE entry_id = %(entry_id)s ORDER BY opened_at, id",
        entry_id=entry_id,
    )


async def decide(tx: Tx, dispute_id: UUID, state: str, judge_id: UUID, ruling: str, now: datetime) -> Dispute | None:
    """The decided dispute; None when it was decided before."""
    return await postgres.read_one(
        tx, Dispute, DECIDE, id=dispute_id, state=state, judge_id=judge_id, ruling=ruling, now=now
    )


async def supersede(tx: Tx, entry_id: UUID, now: datetime) -> list[Dispute]:
    """The disputes that an earlier decision has settled."""
    return await postgres.read(tx, Dispute, SUPERSEDE, entry_id=entry_id, now=now)


async def overdue(tx: Tx, ids: list[UUID]) -> list[Dispute]:
    """Those that are still open, now marked."""
    return await postgres.read(tx, Dispute, OVERDUE, ids=ids)


def listing(scope_own: str, scope_share: str) -> str:
    """The page of disputes in which a branch of the data scope is a party, newest first."""
    columns = ", ".join(f"d.{name.strip()}" for name in COLUMNS.split(","))
    return f"""
SELECT {columns} FROM credit_dispute d
 WHERE ({scope_own} OR EXISTS (SELECT 1 FROM credit_share s WHERE s.entry_id = d.entry_id AND {scope_share}))
   AND (%(state)s::text IS NULL OR d.state = %(state)s)
   AND (%(branch)s::uuid IS NULL OR d.branch_id = %(branch)s
        OR EXISTS (SELECT 1 FROM credit_share s WHERE s.entry_id = d.entry_id AND s.branch_id = %(branch)s))
   AND (%(id)s::uuid IS NULL OR d.id = %(id)s)
   AND (%(before_at)s::timestamptz IS NULL OR (d.opened_at, d.id) < (%(before_at)s, %(before_id)s::uuid))
 ORDER BY d.opened_at DESC, d.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Fates:
    """How a branch's, or a person's, disputes went."""

    branch_id: UUID
    staff_id: UUID | None
    open: int
    won: int
    lost: int


def fates(scope: str, by_staff: bool) -> str:
    """Counts of a period's disputes per claiming branch, or per person."""
    staff = "d.staff_id" if by_staff else "NULL::uuid"
    return f"""
SELECT d.branch_id, {staff} AS staff_id,
       count(*) FILTER (WHERE d.state = 'open') AS open,
       count(*) FILTER (WHERE d.state = 'moved') AS won,
       count(*) FILTER (WHERE d.state IN ('upheld', 'superseded')) AS lost
  FROM credit_dispute d
 WHERE {scope}
   AND (%(since)s::timestamptz IS NULL OR d.opened_at >= %(since)s)
   AND (%(until)s::timestamptz IS NULL OR d.opened_at < %(until)s)
 GROUP BY 1, 2
"""
