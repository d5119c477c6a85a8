"""All SQL about templates."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx
from bihuan.reach.templates.rules import Template

COLUMNS = (
    "id, name, version, occasion, step, language, channel, purpose, title, body, variables, status, valid_from,"
    " valid_to, author_id, approval_id, approver_id, reason, created_at, submitted_at, decided_at"
)

# Each name's latest version first, by name; with `name` all versions of one.
LIST = f"""
SELECT {COLUMNS} FROM (
  SELECT {COLUMNS}, row_number() OVER (PARTITION BY name ORDER BY version DESC) AS newest FROM reach_template
) t
 WHERE (%(name)s::text IS NULL AND newest = 1 OR name = %(name)s)
   AND (%(occasion)s::text IS NULL OR occasion = %(occasion)s)
   AND (%(language)s::text IS NULL OR language = %(language)s)
   AND (%(channel)s::text IS NULL OR channel = %(channel)s)
   AND (%(after_name)s::text IS NULL OR (name, -version) > (%(after_name)s, -%(after_version)s::integer))
 ORDER BY name, version DESC LIMIT %(limit)s
"""

# What might be sent on an occasion; the choice among them is a rule.
APPROVED = f"SELECT {COLUMNS} FROM reach_template WHERE status = 'approved' AND occasion = %(occasion)s"

INSERT = f"""
INSERT INTO reach_template ({COLUMNS})
VALUES (%(id)s, %(name)s,
        (SELECT coalesce(max(version), 0) + 1 FROM reach_template WHERE name = %(name)s),
        %(occasion)s, %(step)s, %(language)s, %(channel)s, %(purpose)s, %(title)s, %(body)s, %(variables)s, 'draft',
        %(valid_from)s, %(valid_to)s, %(author_id)s, NULL, NULL, NULL, %(now)s, NULL, NULL)
RETURNING {COLUMNS}
"""

# A draft is changed in place; whatever was submitted once stays as it was.
CHANGE_DRAFT = f"""
UPDATE reach_template
   SET step = %(step)s, purpose = %(purpose)s, title = %(title)s, body = %(body)s, variables = %(variables)s,
       valid_from = %(valid_from)s, valid_to = %(valid_to)s, author_id = %(author_id)s
 WHERE id = %(id)s AND status = 'draft'
RETURNING {COLUMNS}
"""

SUBMIT = f"""
UPDATE reach_template SET status = 'submitted', submitted_at = %(now)s, approval_id = %(approval_id)s
 WHERE id = %(id)s AND status = 'draft'
RETURNING {COLUMNS}
"""

DECIDE = f"""
UPDATE reach_template
   SET status = %(status)s, approver_id = %(approver_id)s, decided_at = %(now)s, reason = %(reason)s
 WHERE approval_id = %(approval_id)s AND status = 'submitted'
RETURNING {COLUMNS}
"""


def _template(row: dict[str, Any]) -> Template:
    return Template(**{**row, "variables": tuple(row["variables"])})


async def listed(
    tx: Tx,
    *,
    name: str | None = None,
    occasion: str | None = None,
    language: str | None = None,
    channel: str | None = None,
    after: tuple[str, int] | None = None,
    limit: int = 100,
) -> list[Template]:
    """The latest version of each name, or all versions of one."""
    found = await postgres.rows(
        tx,
        LIST,
        name=name,
        occasion=occasion,
        language=language,
        channel=channel,
        after_name=after[0] if after else None,
        after_version=after[1] if after else None,
        limit=limit,
    )
    return [_template(row) for row in found]


async def approved(tx: Tx, occasion: str) -> list[Template]:
    """All approved versions for an occasion, the expired ones too."""
    return [_template(row) for row in await postgres.rows(tx, APPROVED, occasion=occasion)]


async def by_id(tx: Tx, template_id: UUID) -> Template | None:
    """One version."""
    row = await postgres.one(tx, f"SELECT {COLUMNS} FROM reach_template WHERE id = %(id)s FOR UPDATE", id=template_id)
    return _template(row) if row else None


async def insert(tx: Tx, **values: Any) -> Template:
    """A new draft: version 1 of a new name, or the next version of a known one."""
    await postgres.execute(tx, "SELECT pg_advisory_xact_lock(hashtext('reach_template:' || %(name)s))", **values)
    row = await postgres.one(tx, INSERT, **values)
    return _template(row or {})


async def change_draft(tx: Tx, **values: Any) -> Template | None:
    """The changed draft; None when it is a draft no more."""
    row = await postgres.one(tx, CHANGE_DRAFT, **values)
    return _template(row) if row else None


async def submit(tx: Tx, template_id: UUID, approval_id: UUID, now: datetime) -> Template | None:
    """The submitted version; None when it was no draft."""
    row = await postgres.one(tx, SUBMIT, id=template_id, approval_id=approval_id, now=now)
    return _template(row) if row else None


async def decide(
    tx: Tx, approval_id: UUID, status: str, approver_id: UUID | None, reason: str | None, now: datetime
) -> Template | None:
    """The decided version; None when no submitted one waits for this approval."""
    row = await postgres.one(
        tx, DECIDE, approval_id=approval_id, status=status, approver_id=approver_id, reason=reason, now=now
    )
    return _template(row) if row else None
