"""All SQL about phrases."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bihuan.comply.wording.rules import Hit, Watched, lint
from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

COLUMNS = "id, phrase, severity, category, context, unless, reason, reason_en, source, active"


@dataclass(frozen=True)
class PhraseRow:
    """A phrase as staff see it."""

    id: UUID
    phrase: str
    severity: str
    category: str
    context: str
    unless: list[str]
    reason: str
    reason_en: str
    source: str
    active: bool


async def phrases(tx: Tx) -> list[PhraseRow]:
    """All phrases, those switched off too, by category."""
    return await postgres.read(
        tx, PhraseRow, f"SELECT {COLUMNS} FROM comply_phrase ORDER BY category, severity, phrase, context"
    )


async def watched(tx: Tx) -> list[Watched]:
    """The phrases that are watched for."""
    return [
        Watched(
            row.id, row.phrase, row.severity, row.category, row.reason, row.reason_en, row.context, tuple(row.unless)
        )
        for row in await phrases(tx)
        if row.active
    ]


async def add(tx: Tx, row: PhraseRow) -> bool:
    """A new phrase; False when it is watched for in this context already."""
    touched = await postgres.execute(
        tx,
        f"INSERT INTO comply_phrase ({COLUMNS}) VALUES (%(id)s, %(phrase)s, %(severity)s, %(category)s, %(context)s,"
        " %(unless)s, %(reason)s, %(reason_en)s, %(source)s, %(active)s) ON CONFLICT (phrase, context) DO NOTHING",
        **vars(row),
    )
    return touched == 1


async def change(tx: Tx, phrase_id: UUID, changes: dict[str, Any]) -> PhraseRow | None:
    """Change severity, exceptions or whether it is watched for; None when there is no such phrase."""
    return await postgres.read_one(
        tx,
        PhraseRow,
        "UPDATE comply_phrase SET severity = coalesce(%(severity)s, severity),"
        " unless = coalesce(%(unless)s::text[], unless), active = coalesce(%(active)s, active)"
        f" WHERE id = %(id)s RETURNING {COLUMNS}",
        id=phrase_id,
        severity=changes.get("severity"),
        unless=changes.get("unless"),
        active=changes.get("active"),
    )


async def check_text(tx: Tx, text: str, *, context: str = "any", licensed: bool = False) -> list[Hit]:
    """What in this text must not be said, heaviest meaning included; empty when it may leave.

    `context` "questionnaire" adds what must not be said while the customer answers or signs. `licensed`: the author
    is a registered advisor who writes to a customer signed with him, and may give advice.
    """
    hits = lint(text, await watched(tx), context)
    return [hit for hit in hits if not (licensed and hit.category == "advice")]
