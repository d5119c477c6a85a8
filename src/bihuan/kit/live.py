"""Live updates: a topic is a set of keyed rows; a subscriber gets a snapshot, then numbered changes.

Numbers are given under the topic's row lock, so they are gapless in the order of commits. NOTIFY carries topic
names only, once per transaction; each server reads the changes its own subscribers lack.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

Row = dict[str, Any]

CHANNEL = "live"

# Topics are numbered in the order of their names, so that two transactions never lock them crosswise.
NUMBER = """
INSERT INTO live_topic AS t (topic, number)
SELECT topic, count(*) FROM unnest(%(topics)s::text[]) AS u(topic) GROUP BY topic ORDER BY topic
ON CONFLICT (topic) DO UPDATE SET number = t.number + excluded.number
RETURNING topic, number
"""

WRITE = """
INSERT INTO live_change (topic, number, key, row)
SELECT topic, number, key, row::jsonb
  FROM unnest(%(topics)s::text[], %(numbers)s::bigint[], %(keys)s::text[], %(rows)s::text[])
       AS u(topic, number, key, row)
"""

SINCE = """
SELECT number, key, row::text AS row FROM live_change
 WHERE topic = %(topic)s AND number > %(after)s ORDER BY number LIMIT %(limit)s
"""

# Changes older than any browser would still ask for.
PRUNE = "DELETE FROM live_change WHERE at < clock_timestamp() - interval '10 minutes'"


@dataclass(frozen=True)
class Change:
    """One numbered change of a topic; a `row` of None takes the key away."""

    number: int
    key: str
    row: Row | None


async def change(tx: Tx, topic: str, key: object, row: Row | None) -> None:
    """Set (or with None remove) one keyed row of a topic, for everybody who looks at it, with the commit."""
    text = None if row is None else msgspec.json.encode(row).decode()
    tx.at_commit(_write_changes, (topic, str(key), text))


async def _write_changes(tx: Tx, items: Sequence[tuple[str, str, str | None]]) -> None:
    latest: dict[tuple[str, str], str | None] = {}
    for topic, key, text in items:
        latest.pop((topic, key), None)
        latest[topic, key] = text
    ordered = sorted(latest.items(), key=lambda item: item[0][0])
    last = {
        row["topic"]: row["number"]
        for row in await postgres.rows(tx, NUMBER, topics=[topic for (topic, _), _ in ordered])
    }
    numbers = []
    for (topic, _), _ in reversed(ordered):
        numbers.append(last[topic])
        last[topic] -= 1
    await postgres.execute(
        tx,
        WRITE,
        topics=[topic for (topic, _), _ in ordered],
        numbers=numbers[::-1],
        keys=[key for (_, key), _ in ordered],
        rows=[text for _, text in ordered],
    )
    await tx.execute(
        "SELECT pg_notify('live', topic) FROM unnest(%(topics)s::text[]) AS u(topic)",
        {"topics": sorted(last)},
    )


async def number(tx: Tx, topic: str) -> int:
    """The number of a topic's last change; 0 before the first."""
    return (await postgres.value(tx, "SELECT number FROM live_topic WHERE topic = %(topic)s", topic=topic)) or 0


async def since(tx: Tx, topic: str, after: int, limit: int = 1000) -> list[Change]:
    """Changes after a number, in order. A gap at the start means they were pruned: take a snapshot instead."""
    return [
        Change(row["number"], row["key"], None if row["row"] is None else msgspec.json.decode(row["row"]))
        for row in await postgres.rows(tx, SINCE, topic=topic, after=after, limit=limit)
    ]


STANDING = """
SELECT DISTINCT ON (key) key, row::text AS row FROM live_change WHERE topic = %(topic)s ORDER BY key, number DESC
"""


async def standing(tx: Tx, topic: str) -> dict[str, Row]:
    """The rows of a topic that lives from its changes alone: nothing else keeps them, and old ones fade away."""
    found = await postgres.rows(tx, STANDING, topic=topic)
    return {row["key"]: msgspec.json.decode(row["row"]) for row in found if row["row"] is not None}


async def prune(tx: Tx) -> None:
    """Forget old changes."""
    await postgres.execute(tx, PRUNE)


@dataclass(frozen=True)
class TopicKind:
    """Topics `prefix` or `prefix:argument`: who may look, and what stands there now.

    `authorise` raises Forbidden; `snapshot` reads the rows in the transaction it is given. `shaped` may narrow each
    row for the one who looks.
    """

    prefix: str
    authorise: Callable[[Tx, Any, str], Awaitable[None]]
    snapshot: Callable[[Tx, Any, str], Awaitable[Mapping[str, Row]]]
