"""What PostgreSQL keeps of tags: refreshes, which table readers use, and how values were spread day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

RUNS = """
SELECT id, kind, state, began_at, ended_at, seconds, customers, moved, error FROM understand_tag_run
 ORDER BY began_at DESC, id DESC LIMIT %(limit)s
"""

BEGIN = """
INSERT INTO understand_tag_run (id, kind, state, began_at) VALUES (%(id)s, %(kind)s, 'running', %(now)s)
"""

# What a process that died left running has failed.
BURY = """
UPDATE understand_tag_run SET state = 'failed', ended_at = %(now)s, error = 'the process that ran it died'
 WHERE state = 'running'
"""

END = """
UPDATE understand_tag_run SET state = %(state)s, ended_at = %(now)s, seconds = %(seconds)s, customers = %(customers)s,
       moved = %(moved)s::jsonb, error = %(error)s
 WHERE id = %(id)s
"""

# From here on readers see the new table whole.
READ_FROM = """
INSERT INTO understand_tag_table (name, version, as_of, upto) VALUES (%(name)s, %(version)s, %(as_of)s, %(upto)s)
ON CONFLICT (one) DO UPDATE SET name = excluded.name, version = excluded.version, as_of = excluded.as_of,
  upto = excluded.upto
"""

KEEP_DAY = """
INSERT INTO understand_tag_day (tag, day, value, customers)
SELECT * FROM unnest(%(tags)s::text[], %(days)s::date[], %(values)s::text[], %(customers)s::bigint[])
ON CONFLICT (tag, day, value) DO UPDATE SET customers = excluded.customers
"""


@dataclass(frozen=True)
class Table:
    """Where tags are read: a table of ClickHouse, its version, the product's time it stands for, and up to which
    arrival its events are counted.
    """

    name: str
    version: int
    as_of: datetime
    upto: datetime


@dataclass(frozen=True)
class Run:
    """One refresh. `moved` counts customers of whom a tag changed, by tag."""

    id: UUID
    kind: str
    state: str
    began_at: datetime
    ended_at: datetime | None
    seconds: float | None
    customers: int | None
    moved: dict[str, int]
    error: str | None


@dataclass(frozen=True)
class Spread:
    """How many customers had a value on a day."""

    day: date
    value: str
    customers: int


async def table(tx: Tx) -> Table | None:
    """Where tags are read now; None before the first refresh."""
    return await postgres.read_one(tx, Table, "SELECT name, version, as_of, upto FROM understand_tag_table")


async def read_from(tx: Tx, new: Table) -> None:
    """Have readers use this table from the commit on."""
    await postgres.execute(tx, READ_FROM, **vars(new))


async def runs(tx: Tx, limit: int) -> list[Run]:
    """The latest refreshes, latest first."""
    return await postgres.read(tx, Run, RUNS, limit=limit)


async def begin(tx: Tx, run_id: UUID, kind: str, now: datetime) -> None:
    """A refresh begins; whatever still counts as running has died, because only one runs at a time."""
    await postgres.execute(tx, BURY, now=now)
    await postgres.execute(tx, BEGIN, id=run_id, kind=kind, now=now)


async def end(tx: Tx, run_id: UUID, now: datetime, **told: Any) -> None:
    """A refresh ended: state, seconds, customers, moved (JSON text), error."""
    await postgres.execute(tx, END, id=run_id, now=now, **told)


async def keep_day(tx: Tx, day: date, spread: Sequence[tuple[str, str, int]]) -> None:
    """Keep how values were spread on a day: (tag, value, customers)."""
    tags, values, customers = zip(*spread, strict=True) if spread else ((), (), ())
    await postgres.execute(
        tx, KEEP_DAY, tags=list(tags), days=[day] * len(tags), values=list(values), customers=list(customers)
    )


async def days(tx: Tx, tag: str, since: date) -> list[Spread]:
    """How a tag's values were spread, day by day."""
    return await postgres.read(
        tx,
        Spread,
        "SELECT day, value, customers FROM understand_tag_day WHERE tag = %(tag)s AND day >= %(since)s"
        " ORDER BY day, customers DESC, value",
        tag=tag,
        since=since,
    )
