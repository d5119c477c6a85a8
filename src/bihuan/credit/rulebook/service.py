"""The rule book changes as a whole: a new version, which a second person puts in force."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from bihuan.credit.ledger.rules import Rule
from bihuan.credit.rulebook import repository
from bihuan.credit.rulebook.repository import Edition
from bihuan.credit.rulebook.rules import faults
from bihuan.kit import audit
from bihuan.kit.errors import Invalid
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.facade import Staff
from bihuan.people.facts import ApprovalDecided

APPROVAL_KIND = "credit:rulebook"


async def propose(
    tx: Tx,
    author: Staff,
    rules: Sequence[Rule],
    *,
    assist_weight: Decimal,
    dispute_days: int,
    decide_days: int,
    now: datetime,
) -> Edition:
    """A new version that waits for a second person; entries written meanwhile go by the one in force.

    Raises Invalid for rules that leave an account without an owner, Conflict while another version waits.
    """
    wrong = faults(rules)
    if wrong:
        raise Invalid("rulebook", " ".join(wrong), faults=wrong)
    edition = await repository.add(
        tx,
        rules,
        assist_weight=assist_weight,
        dispute_days=dispute_days,
        decide_days=decide_days,
        author_id=author.id,
        now=now,
    )
    proposed = {
        "version": edition.version,
        "order": [rule.key for rule in rules],
        "window_days": {rule.key: None if rule.window is None else rule.window.days for rule in rules},
        "assist_weight": str(assist_weight),
    }
    # One subject for all versions: two proposals at once would retire each other.
    asked = await people.request_approval(tx, APPROVAL_KIND, "rulebook", proposed, author, now)
    await repository.await_approval(tx, edition.version, asked.id)
    await audit.record(tx, author.id, "credit:rulebook:proposed", edition.version, proposed, now)
    return edition


async def decided(tx: Tx, fact: ApprovalDecided, now: datetime) -> None:
    """A second person has decided about a version."""
    if fact.kind == APPROVAL_KIND:
        await repository.decide(
            tx,
            fact.approval_id,
            approve=fact.state == "approved",
            approver_id=fact.decided_by,
            reason=fact.comment,
            now=now,
        )
