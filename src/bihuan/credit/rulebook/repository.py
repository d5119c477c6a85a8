"""All SQL about the rule book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from bihuan.credit.ledger.rules import Rule
from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

COLUMNS = (
    "version, status, assist_weight, dispute_days, decide_days, author_id, approval_id, approver_id, reason,"
    " created_at, active_from"
)


@dataclass(frozen=True)
class Edition:
    """One version of the rule book without its rules; one is active, older ones are retired, all are kept."""

    version: int
    status: str
    assist_weight: Decimal
    dispute_days: int
    decide_days: int
    author_id: UUID | None
    approval_id: UUID | None
    approver_id: UUID | None
    reason: str | None
    created_at: datetime
    active_from: datetime | None


@dataclass(frozen=True)
class Rulebook:
    """One version with its rules in their order."""

    edition: Edition
    rules: tuple[Rule, ...]


ACTIVE = f"SELECT {COLUMNS} FROM credit_rulebook WHERE status = 'active'"
ALL = f"SELECT {COLUMNS} FROM credit_rulebook ORDER BY version DESC"

RULES = """
SELECT version, key, claim_kind, before, window_days, takes FROM credit_rule
 WHERE version = ANY(%(versions)s) ORDER BY version, position
"""

ADD = f"""
INSERT INTO credit_rulebook ({COLUMNS})
SELECT coalesce(max(version), 0) + 1, 'submitted', %(assist_weight)s, %(dispute_days)s, %(decide_days)s, %(author_id)s,
       NULL, NULL, NULL, %(now)s, NULL
  FROM credit_rulebook
RETURNING {COLUMNS}
"""

# A version whose proposal was withdrawn waits for nobody; the next proposal is refused while one really waits.
WITHDRAWN = """
UPDATE credit_rulebook SET status = 'rejected', reason = 'replaced by a later proposal' WHERE status = 'submitted'
"""

ADD_RULE = """
INSERT INTO credit_rule (version, position, key, claim_kind, before, window_days, takes)
VALUES (%(version)s, %(position)s, %(key)s, %(claim_kind)s, %(before)s, %(window_days)s, %(takes)s)
"""

DECIDE = """
UPDATE credit_rulebook SET status = %(status)s, approver_id = %(approver_id)s, reason = %(reason)s,
       active_from = CASE WHEN %(status)s = 'active' THEN %(now)s::timestamptz END
 WHERE approval_id = %(approval_id)s AND status = 'submitted'
"""


async def active(tx: Tx) -> Rulebook:
    """The version in force."""
    edition = await postgres.read_one(tx, Edition, ACTIVE)
    if edition is None:
        raise LookupError("no version of credit_rulebook is active")
    return Rulebook(edition, (await rules_of(tx, [edition.version]))[edition.version])


async def editions(tx: Tx) -> list[Rulebook]:
    """All versions, the newest first."""
    found = await postgres.read(tx, Edition, ALL)
    rules = await rules_of(tx, [edition.version for edition in found])
    return [Rulebook(edition, rules[edition.version]) for edition in found]


async def rules_of(tx: Tx, versions: Sequence[int]) -> dict[int, tuple[Rule, ...]]:
    """The rules of these versions."""
    rules: dict[int, list[Rule]] = {version: [] for version in versions}
    for row in await postgres.rows(tx, RULES, versions=list(versions)):
        window = None if row["window_days"] is None else timedelta(days=row["window_days"])
        rules[row["version"]].append(Rule(row["key"], row["claim_kind"], row["before"], window, row["takes"]))
    return {version: tuple(found) for version, found in rules.items()}


async def add(
    tx: Tx,
    rules: Sequence[Rule],
    *,
    assist_weight: Decimal,
    dispute_days: int,
    decide_days: int,
    author_id: UUID,
    now: datetime,
) -> Edition:
    """A new version that waits for its approval."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext('credit_rulebook'))")
    await postgres.execute(tx, WITHDRAWN)
    edition = await postgres.read_one(
        tx,
        Edition,
        ADD,
        assist_weight=assist_weight,
        dispute_days=dispute_days,
        decide_days=decide_days,
        author_id=author_id,
        now=now,
    )
    if edition is None:
        raise LookupError("credit_rulebook gave no row back")
    for position, rule in enumerate(rules, start=1):
        await postgres.execute(
            tx,
            ADD_RULE,
            version=edition.version,
            position=position,
            key=rule.key,
            claim_kind=rule.claim_kind,
            before=rule.before,
            window_days=None if rule.window is None else rule.window.days,
            takes=rule.takes,
        )
    return edition


async def await_approval(tx: Tx, version: int, approval_id: UUID) -> None:
    """Note which approval a version waits for."""
    await postgres.execute(
        tx,
        "UPDATE credit_rulebook SET approval_id = %(approval_id)s WHERE version = %(version)s",
        version=version,
        approval_id=approval_id,
    )


async def decide(
    tx: Tx, approval_id: UUID, *, approve: bool, approver_id: UUID, reason: str | None, now: datetime
) -> None:
    """Put a version in force, which retires the one before, or reject it. One that was decided stays as it is."""
    waits = await postgres.value(
        tx,
        "SELECT version FROM credit_rulebook WHERE approval_id = %(id)s AND status = 'submitted' FOR UPDATE",
        id=approval_id,
    )
    if waits is None:
        return
    if approve:
        await postgres.execute(tx, "UPDATE credit_rulebook SET status = 'retired' WHERE status = 'active'")
    await postgres.execute(
        tx,
        DECIDE,
        approval_id=approval_id,
        status="active" if approve else "rejected",
        approver_id=approver_id,
        reason=reason,
        now=now,
    )
