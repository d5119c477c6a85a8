"""Asking for a second person, and his answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kit import audit, ids, log
from bihuan.kit.errors import Conflict, Forbidden, NotFound
from bihuan.kit.postgres import Tx
from bihuan.people.approvals import repository
from bihuan.people.facts import ApprovalDecided
from bihuan.people.rules import Permission
from bihuan.people.types import Approval, Staff


async def request(
    tx: Tx,
    kind: str,
    subject: object,
    proposed: dict[str, Any],
    author: Staff,
    now: datetime,
    permission: Permission = Permission.APPROVE,
) -> Approval:
    """Propose something that a holder of `permission` other than the author must decide.

    `kind` is `room:thing`, `subject` the id of the thing, `proposed` what the decider reads and the room will apply.
    Raises Conflict while the same subject waits for an answer.
    """
    made = await repository.add(
        tx,
        id=ids.new_id(),
        kind=kind,
        subject=str(subject),
        proposed=proposed,
        permission=permission,
        author_id=author.id,
        now=now,
    )
    if made is None:
        raise Conflict("approval-pending", "This waits for an answer already; withdraw that proposal first.")
    await audit.record(tx, author.id, "people:approval:asked", made.id, {"kind": kind, "subject": str(subject)}, now)
    return made


async def decide(
    tx: Tx, approval_id: UUID, *, approve: bool, comment: str | None, by: Staff, now: datetime
) -> Approval:
    """Approve or reject, and publish `people:approval:decided`.

    Raises NotFound; Forbidden for the author and for those without the permission; Conflict when it is decided.
    """
    asked = await _asked(tx, approval_id)
    if by.id == asked.author_id:
        raise Forbidden("own-proposal", "Somebody other than the author must decide.")
    if not by.may_by_name(asked.permission):
        raise Forbidden("permission", "Ask an operator for a role that may decide this.", permission=asked.permission)
    state = "approved" if approve else "rejected"
    decided = await repository.decide(tx, approval_id, state, by.id, comment, now)
    if decided is None:
        raise Conflict("approval-decided", "This was decided before.", state=(await _asked(tx, approval_id)).state)
    await audit.record(tx, by.id, f"people:approval:{state}", approval_id, {"kind": decided.kind}, now)
    fact = ApprovalDecided(
        customer_id=None,
        approval_id=decided.id,
        kind=decided.kind,
        subject=decided.subject,
        state=state,
        proposed=decided.proposed,
        author_id=decided.author_id,
        decided_by=by.id,
        comment=comment,
    )
    await log.publish(tx, fact, now=now)
    return decided


async def withdraw(tx: Tx, approval_id: UUID, by: Staff, now: datetime) -> Approval:
    """The author takes his proposal back. Raises NotFound, Forbidden for others, Conflict when it is decided."""
    asked = await _asked(tx, approval_id)
    if by.id != asked.author_id:
        raise Forbidden("not-author", "Only its author can withdraw a proposal; reject it instead.")
    withdrawn = await repository.decide(tx, approval_id, "withdrawn", by.id, None, now)
    if withdrawn is None:
        raise Conflict("approval-decided", "This was decided before.", state=(await _asked(tx, approval_id)).state)
    await audit.record(tx, by.id, "people:approval:withdrawn", approval_id, {"kind": withdrawn.kind}, now)
    return withdrawn


async def _asked(tx: Tx, approval_id: UUID) -> Approval:
    found = await repository.one(tx, approval_id)
    if found is None:
        raise NotFound("approval", "There is no such proposal.")
    return found
