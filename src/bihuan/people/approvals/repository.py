"""All SQL about approvals."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx
from bihuan.people.types import Approval

COLUMNS = "id, kind, subject, proposed, permission, author_id, asked_at, state, decided_by, decided_at, comment"

# Nothing is asked twice while it waits for an answer.
ADD = f"""
INSERT INTO people_approval (id, kind, subject, proposed, permission, author_id, asked_at)
VALUES (%(id)s, %(kind)s, %(subject)s, %(proposed)s::jsonb, %(permission)s, %(author_id)s, %(now)s)
ON CONFLICT (kind, subject) WHERE state = 'pending' DO NOTHING
RETURNING {COLUMNS}
"""

# Exactly one decision wins: the row leaves 'pending' in the statement that names who decided.
DECIDE = f"""
UPDATE people_approval SET state = %(state)s, decided_by = %(by)s, decided_at = %(now)s, comment = %(comment)s
 WHERE id = %(id)s AND state = 'pending'
RETURNING {COLUMNS}
"""

# A page, newest first: what one of these permissions decides or this person asked; with null permissions, all.
LIST = f"""
SELECT {COLUMNS} FROM people_approval
 WHERE (%(state)s::text IS NULL OR state = %(state)s) AND (%(kind)s::text IS NULL OR kind = %(kind)s)
   AND (%(permissions)s::text[] IS NULL OR permission = ANY(%(permissions)s) OR author_id = %(reader)s)
   AND (%(before_at)s::timestamptz IS NULL OR (asked_at, id) < (%(before_at)s, %(before_id)s::uuid))
 ORDER BY asked_at DESC, id DESC LIMIT %(limit)s
"""


async def add(
    tx: Tx,
    *,
    id: UUID,
    kind: str,
    subject: str,
    proposed: dict[str, Any],
    permission: str,
    author_id: UUID,
    now: datetime,
) -> Approval | None:
    """A new proposal; None while the same subject waits for an answer."""
    return await postgres.read_one(
        tx,
        Approval,
        ADD,
        id=id,
        kind=kind,
        subject=subject,
        proposed=msgspec.json.encode(proposed).decode(),
        permission=permission,
        author_id=author_id,
        now=now,
    )


async def decide(
    tx: Tx, approval_id: UUID, state: str, by: UUID, comment: str | None, now: datetime
) -> Approval | None:
    """The decided proposal; None when it was decided before."""
    return await postgres.read_one(tx, Approval, DECIDE, id=approval_id, state=state, by=by, comment=comment, now=now)


async def one(tx: Tx, approval_id: UUID) -> Approval | None:
    """One proposal, or None."""
    return await postgres.read_one(
        tx, Approval, f"SELECT {COLUMNS} FROM people_approval WHERE id = %(id)s", id=approval_id
    )


async def listed(
    tx: Tx,
    state: str | None,
    kind: str | None,
    permissions: list[str] | None,
    reader: UUID,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Approval]:
    """Proposals, newest first, after those of the page before."""
    before_at, before_id = before or (None, None)
    return await postgres.read(
        tx,
        Approval,
        LIST,
        state=state,
        kind=kind,
        permissions=permissions,
        reader=reader,
        before_at=before_at,
        before_id=before_id,
        limit=limit,
    )
