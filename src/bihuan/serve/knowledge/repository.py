"""Knowledge in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Entry:
    """One entry; `used` counts the bot's answers with it."""

    id: UUID
    topic: str
    phrasings_zh: list[str]
    phrasings_en: list[str]
    answer_zh: str
    answer_en: str
    valid_from: date | None
    valid_to: date | None
    status: str
    author_id: UUID | None
    reviewer_id: UUID | None
    written_at: datetime | None
    reviewed_at: datetime | None
    replaces: UUID | None
    used: int


# An approved entry past its last day is shown as expired on the day itself, whoever looks.
ENTRIES = """
SELECT k.id, k.topic, p.phrasings_zh, p.phrasings_en, k.answer_zh, k.answer_en, k.valid_from, k.valid_to,
       CASE WHEN k.status = 'approved' AND k.valid_to < %(today)s THEN 'expired' ELSE k.status END AS status,
       k.author_id, k.reviewer_id, k.written_at, k.reviewed_at, k.replaces,
       (SELECT count(*) FROM serve_message m WHERE m.knowledge_id = k.id) AS used
  FROM serve_knowledge k
 CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(f.text ORDER BY f.position) FILTER (WHERE f.language = 'zh'), '{{}}') AS phrasings_zh,
              coalesce(array_agg(f.text ORDER BY f.position) FILTER (WHERE f.language = 'en'), '{{}}') AS phrasings_en
         FROM serve_phrasing f WHERE f.entry_id = k.id) p
 WHERE {where}
 ORDER BY k.topic, k.id
"""

VERSION = "SELECT version FROM serve_knowledge_version"

# All approved entries with what a process needs to answer from memory.
APPROVED = """
SELECT id, topic, answer_zh, answer_en, valid_from, valid_to FROM serve_knowledge WHERE status = 'approved'
"""

APPROVED_PHRASINGS = """
SELECT f.entry_id, f.text FROM serve_phrasing f JOIN serve_knowledge k ON k.id = f.entry_id
 WHERE k.status = 'approved' ORDER BY f.entry_id, f.language, f.position
"""

INSERT = """
INSERT INTO serve_knowledge (id, topic, answer_zh, answer_en, valid_from, valid_to, status, author_id, written_at,
                             replaces)
VALUES (%(id)s, %(topic)s, %(answer_zh)s, %(answer_en)s, %(valid_from)s, %(valid_to)s, 'draft', %(author_id)s,
        %(now)s, %(replaces)s)
"""

INSERT_PHRASINGS = """
INSERT INTO serve_phrasing (entry_id, language, position, text)
SELECT %(id)s, %(language)s, n - 1, t FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS u(t, n)
"""

# The second person has approved; what it replaces is answered with no longer.
APPROVE = """
UPDATE serve_knowledge SET status = 'approved', reviewer_id = %(reviewer_id)s, reviewed_at = %(now)s
 WHERE id = %(id)s AND status = 'draft' RETURNING replaces
"""

EXPIRE = "UPDATE serve_knowledge SET status = 'expired' WHERE id = %(id)s AND status = 'approved'"

BUMP = "UPDATE serve_knowledge_version SET version = version + 1"


@dataclass(frozen=True)
class Approved:
    """What may be answered with, on the days from and to."""

    id: UUID
    topic: str
    answer_zh: str
    answer_en: str
    valid_from: date | None
    valid_to: date | None


async def entries(tx: Tx, today: date, status: str | None, topic: str | None) -> list[Entry]:
    """All entries, narrowed by what they are today and by topic."""
    found = await postgres.read(
        tx,
        Entry,
        ENTRIES.format(where="(%(topic)s::text IS NULL OR k.topic = %(topic)s)"),
        today=today,
        topic=topic,
    )
    return [entry for entry in found if status is None or entry.status == status]


async def entry(tx: Tx, entry_id: UUID, today: date) -> Entry | None:
    """One entry."""
    return await postgres.read_one(tx, Entry, ENTRIES.format(where="k.id = %(id)s"), id=entry_id, today=today)


async def version(tx: Tx) -> int:
    """The number that moves with every change of what may be answered."""
    return int(await postgres.value(tx, VERSION))


async def approved(tx: Tx) -> list[Approved]:
    """All that is approved, whatever the day."""
    return await postgres.read(tx, Approved, APPROVED)


async def approved_phrasings(tx: Tx) -> list[dict[str, Any]]:
    """Their phrasings: entry_id, text."""
    return await postgres.rows(tx, APPROVED_PHRASINGS)


async def insert(tx: Tx, entry_id: UUID, phrasings: dict[str, Sequence[str]], **columns: Any) -> None:
    """A new draft."""
    await postgres.execute(tx, INSERT, id=entry_id, **columns)
    for language, texts in phrasings.items():
        await postgres.execute(tx, INSERT_PHRASINGS, id=entry_id, language=language, texts=list(texts))


async def approve(tx: Tx, entry_id: UUID, reviewer_id: UUID, now: datetime) -> bool:
    """The draft is approved; False when it is none (any more)."""
    found = await postgres.one(tx, APPROVE, id=entry_id, reviewer_id=reviewer_id, now=now)
    if found is None:
        return False
    if found["replaces"] is not None:
        await postgres.execute(tx, EXPIRE, id=found["replaces"])
    await tx.execute(BUMP)
    return True


async def expire(tx: Tx, entry_id: UUID) -> bool:
    """It is answered with no longer; False when it was not approved."""
    if not await postgres.execute(tx, EXPIRE, id=entry_id):
        return False
    await tx.execute(BUMP)
    return True
