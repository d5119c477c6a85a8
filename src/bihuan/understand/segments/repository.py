"""What PostgreSQL keeps of segments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

_COLUMNS = """id, name_zh, name_en, about, rule, version, edited_by, edited_at, members, evaluation, evaluated_at,
       seconds, error"""

ADD = """
INSERT INTO understand_segment (id, name_zh, name_en, about, rule, edited_by, edited_at)
VALUES (%(id)s, %(name_zh)s, %(name_en)s, %(about)s, %(rule)s::jsonb, %(by)s, %(now)s)
"""

KEEP_VERSION = """
INSERT INTO understand_segment_version (segment_id, version, rule, edited_by, edited_at)
SELECT id, version, rule, edited_by, edited_at FROM understand_segment WHERE id = %(id)s
"""

# The next version, where nobody was faster.
EDIT = """
UPDATE understand_segment SET name_zh = %(name_zh)s, name_en = %(name_en)s, about = %(about)s, rule = %(rule)s::jsonb,
       version = version + 1, edited_by = %(by)s, edited_at = %(now)s
 WHERE id = %(id)s AND version = %(version)s
"""

MOVE = """
INSERT INTO understand_segment_move (segment_id, evaluation, customer_id, entered)
SELECT %(segment)s, %(evaluation)s, unnest(%(ids)s::uuid[]), %(entered)s
"""

DONE = """
UPDATE understand_segment SET members = %(members)s, evaluation = %(evaluation)s, evaluated_at = %(now)s,
       seconds = %(seconds)s, error = NULL
 WHERE id = %(id)s
"""

DAY = """
INSERT INTO understand_segment_day AS d (segment_id, day, members, entered, "left")
VALUES (%(id)s, %(day)s, %(members)s, %(entered)s, %(left)s)
ON CONFLICT (segment_id, day) DO UPDATE SET members = excluded.members, entered = d.entered + excluded.entered,
  "left" = d."left" + excluded."left"
"""


@dataclass(frozen=True)
class Segment:
    """A segment as it stands."""

    id: UUID
    name_zh: str
    name_en: str
    about: str
    rule: dict[str, Any]
    version: int
    edited_by: UUID
    edited_at: datetime
    members: int | None
    evaluation: int
    evaluated_at: datetime | None
    seconds: float | None
    error: str | None


@dataclass(frozen=True)
class Day:
    """How large a segment was on a day, and how many came and went."""

    day: date
    members: int
    entered: int
    left: int


async def segments(tx: Tx) -> list[Segment]:
    """All segments, by name."""
    return await postgres.read(tx, Segment, f"SELECT {_COLUMNS} FROM understand_segment ORDER BY name_zh, id")


async def segment(tx: Tx, segment_id: UUID) -> Segment | None:
    """One segment."""
    return await postgres.read_one(
        tx, Segment, f"SELECT {_COLUMNS} FROM understand_segment WHERE id = %(id)s", id=segment_id
    )


async def lock(tx: Tx) -> None:
    """One editor at a time: what a rule asks for is there when it is written."""
    await tx.execute("LOCK TABLE understand_segment IN SHARE ROW EXCLUSIVE MODE")


async def add(tx: Tx, segment_id: UUID, by: UUID, now: datetime, **told: Any) -> None:
    """A new segment: names, about, rule."""
    await postgres.execute(tx, ADD, id=segment_id, by=by, now=now, **{**told, "rule": _text(told["rule"])})
    await postgres.execute(tx, KEEP_VERSION, id=segment_id)


async def edit(tx: Tx, segment_id: UUID, version: int, by: UUID, now: datetime, **told: Any) -> bool:
    """The next version; False when somebody was faster."""
    values = {**told, "rule": _text(told["rule"])}
    if not await postgres.execute(tx, EDIT, id=segment_id, version=version, by=by, now=now, **values):
        return False
    await postgres.execute(tx, KEEP_VERSION, id=segment_id)
    return True


async def remove(tx: Tx, segment_id: UUID) -> None:
    """Forget a segment."""
    await postgres.execute(tx, "DELETE FROM understand_segment WHERE id = %(id)s", id=segment_id)


async def move(tx: Tx, segment_id: UUID, evaluation: int, ids: Sequence[UUID], *, entered: bool) -> None:
    """Whom an evaluation moves."""
    await postgres.execute(tx, MOVE, segment=segment_id, evaluation=evaluation, ids=list(ids), entered=entered)


async def moves(tx: Tx, segment_id: UUID) -> list[tuple[UUID, int, bool]]:
    """Moves that the archive may not have yet: (customer, evaluation, entered)."""
    found = await postgres.rows(
        tx,
        "SELECT customer_id, evaluation, entered FROM understand_segment_move WHERE segment_id = %(id)s",
        id=segment_id,
    )
    return [(row["customer_id"], row["evaluation"], row["entered"]) for row in found]


async def moved(tx: Tx, segment_id: UUID) -> None:
    """The archive has them."""
    await postgres.execute(tx, "DELETE FROM understand_segment_move WHERE segment_id = %(id)s", id=segment_id)


async def evaluated(tx: Tx, segment_id: UUID, evaluation: int, members: int, seconds: float, now: datetime) -> None:
    """An evaluation has ended well."""
    await postgres.execute(tx, DONE, id=segment_id, evaluation=evaluation, members=members, seconds=seconds, now=now)


async def keep_day(tx: Tx, segment_id: UUID, day: date, members: int, entered: int, left: int) -> None:
    """How large it is today, and how many more came and went."""
    await postgres.execute(tx, DAY, id=segment_id, day=day, members=members, entered=entered, left=left)


async def failed(tx: Tx, segment_id: UUID, error: str) -> None:
    """An evaluation failed; the members stay those of the last good one."""
    await postgres.execute(
        tx, "UPDATE understand_segment SET error = %(error)s WHERE id = %(id)s", id=segment_id, error=error
    )


async def days(tx: Tx, segment_id: UUID, since: date) -> list[Day]:
    """How large it was, day by day."""
    return await postgres.read(
        tx,
        Day,
        'SELECT day, members, entered, "left" FROM understand_segment_day'
        " WHERE segment_id = %(id)s AND day >= %(since)s ORDER BY day",
        id=segment_id,
        since=since,
    )


def _text(rule: Any) -> str:
    return msgspec.json.encode(rule).decode()
