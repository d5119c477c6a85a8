"""Deadlines in the product's time: rows, not timers in memory, each fired once in its handler's transaction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

SET = """
INSERT INTO kit_deadline (kind, subject, due_at) VALUES (%(kind)s, %(subject)s, %(due_at)s)
ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at
"""

# Those that are due, each taken by one sweeper only.
DUE = """
DELETE FROM kit_deadline d
 USING (SELECT kind, subject FROM kit_deadline WHERE due_at <= %(now)s
         ORDER BY due_at, kind, subject LIMIT %(limit)s FOR UPDATE SKIP LOCKED) s
 WHERE d.kind = s.kind AND d.subject = s.subject
RETURNING d.kind, d.subject, d.due_at
"""

# The one that a sweep of one takes.
DUE_FIRST = """
SELECT kind, subject, due_at FROM kit_deadline WHERE due_at <= %(now)s
 ORDER BY due_at, kind, subject LIMIT 1 FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True)
class Deadline:
    """A moment set down for a subject (an id as text); `kind` says which handler fires."""

    kind: str
    subject: str
    due_at: datetime


Handler = Callable[[Tx, Sequence[Deadline], datetime], Awaitable[None]]


async def set_deadline(tx: Tx, kind: str, subject: object, due_at: datetime) -> None:
    """Set or move the deadline of a subject."""
    await postgres.execute(tx, SET, kind=kind, subject=str(subject), due_at=due_at)


async def set_deadlines(tx: Tx, kind: str, due: Sequence[tuple[object, datetime]]) -> None:
    """Set or move many at once."""
    ordered = sorted({str(subject): at for subject, at in due}.items())
    await postgres.execute_many(tx, SET, [{"kind": kind, "subject": s, "due_at": at} for s, at in ordered])


async def clear_deadline(tx: Tx, kind: str, *subjects: object) -> None:
    """What was awaited has happened, or is no longer awaited."""
    await postgres.execute(
        tx,
        "DELETE FROM kit_deadline WHERE kind = %(kind)s AND subject = ANY(%(subjects)s)",
        kind=kind,
        subjects=[str(subject) for subject in subjects],
    )


async def sweep(tx: Tx, handlers: Mapping[str, Handler], now: datetime, limit: int) -> int:
    """Fire what is due, earliest first; how many. A handler that raises rolls back, and its deadlines stay due."""
    due = sorted(
        await postgres.read(tx, Deadline, DUE, now=now, limit=limit),
        key=lambda d: (d.kind, d.due_at, d.subject),
    )
    for kind, group in groupby(due, key=lambda d: d.kind):
        try:
            await handlers[kind](tx, list(group), now)
        except Exception as error:
            error.add_note(f"deadline: {kind}")
            raise
    return len(due)


async def put_off(tx: Tx, deadline: Deadline, error: str, until: datetime) -> None:
    """A handler failed on this one alone: keep it, with its error, and try again later."""
    await postgres.execute(
        tx,
        "UPDATE kit_deadline SET due_at = %(until)s, failures = failures + 1, error = %(error)s"
        " WHERE kind = %(kind)s AND subject = %(subject)s",
        kind=deadline.kind,
        subject=deadline.subject,
        until=until,
        error=error,
    )


async def next_due(tx: Tx) -> datetime | None:
    """When the next deadline falls due, so that an idle worker may sleep until then."""
    at: datetime | None = await postgres.value(tx, "SELECT min(due_at) FROM kit_deadline")
    return at
