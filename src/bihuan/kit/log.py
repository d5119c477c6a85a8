"""The one log: everything that happens is an entry; rooms react to entries in the order of the loop.

A lane's cursor is `(xid, seq)`, and a reader never looks past the oldest running transaction: a cursor of `seq`
alone would step over rows whose transaction commits later than a younger one.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Self
from uuid import UUID

import msgspec

from bihuan.kit import ids, postgres
from bihuan.kit.postgres import Tx

TRACKED = "tracked"
FACT = "fact"

# Who publishes facts. A fact's name begins with its room; nothing that comes from outside may stand under such a name.
ROOMS = frozenset({"connect", "learn", "measure", "credit", "serve", "reach", "decide", "understand", "collect",
                   "customers", "comply", "people", "sim", "kit"})  # fmt: skip


def is_of_a_room(name: str) -> bool:
    """Whether a name is one under which only a room may publish.

    >>> is_of_a_room("people:approval:decided"), is_of_a_room("opening:visit"), is_of_a_room("Order Completed")
    (True, False, False)
    """
    room, colon, _ = name.partition(":")
    return bool(colon) and room in ROOMS


class Fact:
    """What a room publishes. Subclasses are frozen dataclasses with a NAME `room:subject:verb`.

    A field `customer_id` says whom it is about; facts without one (of staff, of branches) go to lane 0.
    """

    NAME: ClassVar[str]
    customer_id: UUID | None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        name = getattr(cls, "NAME", None)
        if name is not None and not is_of_a_room(name):
            raise TypeError(f"{cls.__name__}.NAME must begin with a room: no message from outside may bear it")

    @classmethod
    def of(cls, entry: "Entry") -> Self:
        """The fact an entry carries.

        Raises msgspec.ValidationError when the body is of another shape, and ValueError for an entry that no room
        wrote: its body would be whatever its sender liked.
        """
        if entry.kind != FACT:
            raise ValueError(f"{entry.name} came from outside and is no fact")
        return msgspec.convert({**entry.body, "customer_id": entry.customer_id}, type=cls, strict=False)


@dataclass(frozen=True)
class Entry:
    """One row of the log. `text` is the body as stored; `body` decodes it once, on first use."""

    xid: str
    seq: int
    lane: int
    kind: str
    name: str
    customer_id: UUID | None
    user_id: str | None
    anonymous_id: str | None
    message_id: str | None
    source: str
    trusted: bool
    occurred_at: datetime
    received_at: datetime
    text: str

    @cached_property
    def body(self) -> dict[str, Any]:
        """A fact's fields, or a tracked message as its SDK sent it."""
        return msgspec.json.decode(self.text, type=dict[str, Any])

    @property
    def properties(self) -> dict[str, Any]:
        """The properties of a tracked event; empty where the sender gave none."""
        found = self.body.get("properties")
        return found if isinstance(found, dict) else {}

    @property
    def genuine(self) -> bool:
        """Whether the entry may bear its name: a room's own name is a fact's alone, any other a tracked event's."""
        return (self.kind == FACT) == is_of_a_room(self.name)

    @property
    def order(self) -> tuple[datetime, str]:
        """The order in which folds must see events, however lanes interleave."""
        return (self.occurred_at, self.message_id or f"{self.xid}:{self.seq}")


@dataclass(frozen=True)
class Batch:
    """Entries of one lane in the order of the log, and the product's time of the reaction."""

    entries: Sequence[Entry]
    now: datetime

    def named(self, *names: str) -> list[Entry]:
        """Those with one of these names: facts for a room's name, tracked events for any other."""
        return [entry for entry in self.entries if entry.name in names and entry.genuine]

    @property
    def tracked(self) -> list[Entry]:
        """Those that came from outside."""
        return [entry for entry in self.entries if entry.kind == TRACKED]


@dataclass(frozen=True)
class Reaction:
    """What a room does with entries. `wants` are names; a name ending in `*` is a prefix; `tracked` is all of them.

    A room's own name stands for its facts only, whatever comes in from outside under it.
    """

    name: str
    wants: frozenset[str]
    react: Callable[[Batch, Tx], Awaitable[None]]

    def takes(self, entry: Entry) -> bool:
        """Whether the entry concerns this reaction."""
        if entry.kind == TRACKED and TRACKED in self.wants:
            return True
        if not entry.genuine:
            return False
        if entry.name in self.wants:
            return True
        return any(want.endswith("*") and entry.name.startswith(want[:-1]) for want in self.wants)


COLUMNS = (
    "xid, seq, lane, kind, name, customer_id, user_id, anonymous_id, message_id, source, trusted,"
    " occurred_at, received_at, body::text AS text"
)

# The facts of one transaction, in the order in which they were published.
PUBLISH = """
INSERT INTO log (day, lane, kind, name, customer_id, source, trusted, occurred_at, received_at, body)
SELECT g.day, f.lane, 'fact', f.name, f.customer_id, f.source, true, f.at, f.at, f.body::jsonb
  FROM log_generation g,
       unnest(%(lanes)s::smallint[], %(names)s::text[], %(customers)s::uuid[], %(sources)s::text[],
              %(ats)s::timestamptz[], %(bodies)s::text[])
       WITH ORDINALITY AS f(lane, name, customer_id, source, at, body, n)
 ORDER BY f.n
"""


async def publish(tx: Tx, *facts: Fact, now: datetime) -> None:
    """Set down facts; they are written with the transaction's commit, and not at all if it is rolled back."""
    for fact in facts:
        tx.at_commit(_write_facts, (fact, now))


async def _write_facts(tx: Tx, items: Sequence[tuple[Fact, datetime]]) -> None:
    lanes = await lane_count(tx)
    await tx.execute("SELECT pg_advisory_xact_lock_shared(hashtext('log_generation'))")
    await postgres.execute(
        tx,
        PUBLISH,
        lanes=[ids.lane_of(f.customer_id, lanes) if f.customer_id else 0 for f, _ in items],
        names=[f.NAME for f, _ in items],
        customers=[f.customer_id for f, _ in items],
        sources=[f.NAME.partition(":")[0] for f, _ in items],
        ats=[now for _, now in items],
        bodies=[_encode(f) for f, _ in items],
    )
    await tx.execute("SELECT pg_notify('log', '')")


def _encode(fact: Fact) -> str:
    carried = {f.name: getattr(fact, f.name) for f in fields(fact) if f.name != "customer_id"}  # type: ignore[arg-type]
    return msgspec.json.encode(carried).decode()


_lanes: dict[str, int] = {}


async def lane_count(tx: Tx) -> int:
    """How many lanes this database was made with; fixed for its life."""
    key = tx.info.dsn
    if key not in _lanes:
        _lanes[key] = await postgres.value(tx, "SELECT count(*) FROM log_offset WHERE reader = 'reactions'")
    return _lanes[key]


# What a lane has not read yet, up to the oldest transaction still running.
UNREAD = f"""
SELECT {COLUMNS}
  FROM log
 WHERE lane = %(lane)s AND (xid, seq) > (%(xid)s::xid8, %(seq)s)
   AND xid < pg_snapshot_xmin(pg_current_snapshot())
 ORDER BY xid, seq LIMIT %(limit)s
"""

TAKE_LANE = """
SELECT xid, seq FROM log_offset WHERE reader = 'reactions' AND lane = %(lane)s FOR UPDATE SKIP LOCKED
"""

HELD_BACK = """
SELECT EXISTS (SELECT 1 FROM log l, log_offset o
                WHERE o.reader = 'reactions' AND o.lane = %(lane)s AND l.lane = o.lane
                  AND (l.xid, l.seq) > (o.xid, o.seq))
"""

MOVE_CURSOR = "UPDATE log_offset SET xid = %(xid)s::xid8, seq = %(seq)s WHERE reader = %(reader)s AND lane = %(lane)s"


async def take(tx: Tx, lane: int, limit: int) -> list[Entry] | None:
    """The next entries of a lane, its offset row locked; None when another worker holds the lane."""
    cursor = await postgres.one(tx, TAKE_LANE, lane=lane)
    if cursor is None:
        return None
    return await postgres.read(tx, Entry, UNREAD, lane=lane, limit=limit, **cursor)


async def held_back(tx: Tx, lane: int) -> bool:
    """Whether a lane has entries that wait only for an older transaction to end."""
    return bool(await postgres.value(tx, HELD_BACK, lane=lane))


async def move(tx: Tx, lane: int, last: Entry) -> None:
    """The lane has been read up to and including this entry."""
    await postgres.execute(tx, MOVE_CURSOR, reader="reactions", lane=lane, xid=last.xid, seq=last.seq)


# Whether anything older than a given transaction is still unread by a lane or unshipped.
BEHIND = """
SELECT EXISTS (
  SELECT 1 FROM log_offset o
   WHERE EXISTS (SELECT 1 FROM log l
                  WHERE (o.reader = 'ship' OR l.lane = o.lane)
                    AND (l.xid, l.seq) > (o.xid, o.seq) AND l.xid < %(upto)s::xid8))
"""


async def horizon(tx: Tx) -> str:
    """A transaction id that is above everything committed so far."""
    return str(await postgres.value(tx, "SELECT pg_snapshot_xmax(pg_current_snapshot())"))


async def behind(tx: Tx, upto: str) -> bool:
    """Whether something older than `upto` has not been reacted to and shipped yet."""
    return bool(await postgres.value(tx, BEHIND, upto=upto))


# How far every reader is, as one text that changes whenever any of them gets on; and what keeps the shipper.
PROGRESS = """
SELECT (SELECT string_agg(concat_ws(':', reader, lane, xid, seq), ' ' ORDER BY reader, lane) FROM log_offset) AS stand,
       (SELECT error FROM log_shipment WHERE failures > 0) AS shipping_error
"""


@dataclass(frozen=True)
class Progress:
    """How far all readers are, in a form that can only be compared, and the shipper's last error where it fails."""

    stand: str
    shipping_error: str | None


async def progress(tx: Tx) -> Progress:
    """How far the log's readers have come."""
    return (await postgres.read(tx, Progress, PROGRESS))[0]


POISON = """
INSERT INTO log_poison (id, xid, seq, lane, kind, name, customer_id, user_id, anonymous_id, message_id, source,
                        trusted, occurred_at, received_at, body, reaction, error, set_aside_at)
VALUES (%(id)s, %(xid)s::xid8, %(seq)s, %(lane)s, %(kind)s, %(name)s, %(customer_id)s, %(user_id)s,
        %(anonymous_id)s, %(message_id)s, %(source)s, %(trusted)s, %(occurred_at)s, %(received_at)s,
        %(body)s::jsonb, %(reaction)s, %(error)s, %(now)s)
"""


async def set_aside(tx: Tx, entry: Entry, reaction: str, error: str, now: datetime) -> None:
    """Keep an entry that no reaction could swallow where staff can see, repair and replay it."""
    columns = {f.name: getattr(entry, f.name) for f in fields(entry) if f.name != "text"}
    await postgres.execute(
        tx, POISON, id=ids.new_id(), body=entry.text, reaction=reaction, error=error, now=now, **columns
    )


@dataclass(frozen=True)
class Poison:
    """An entry that was set aside, with the reaction that failed and its error."""

    id: UUID
    name: str
    kind: str
    customer_id: UUID | None
    source: str
    reaction: str
    error: str
    body: dict[str, Any]
    occurred_at: datetime
    set_aside_at: datetime
    resolved_at: datetime | None
    resolution: str | None


_POISON = ", ".join(field.name for field in fields(Poison))


async def poisoned(tx: Tx, *, resolved: bool, after: tuple[str, str] | None, limit: int) -> list[Poison]:
    """Entries set aside, newest first, after a place (time set aside, id) in that order."""
    return await postgres.read(
        tx,
        Poison,
        f"SELECT {_POISON} FROM log_poison WHERE (resolved_at IS NOT NULL) = %(resolved)s"
        " AND (%(at)s::timestamptz IS NULL OR (set_aside_at, id) < (%(at)s, %(id)s::uuid))"
        " ORDER BY set_aside_at DESC, id DESC LIMIT %(limit)s",
        resolved=resolved,
        at=after[0] if after else None,
        id=after[1] if after else None,
        limit=limit,
    )


async def poison(tx: Tx, poison_id: UUID) -> Poison | None:
    """One entry that was set aside."""
    return await postgres.read_one(tx, Poison, f"SELECT {_POISON} FROM log_poison WHERE id = %(id)s", id=poison_id)


async def lift(tx: Tx, poison_id: UUID, repaired: dict[str, Any] | None) -> Entry | None:
    """Lock an unresolved entry for replay, its body replaced by the repaired one; None when already resolved."""
    text = None if repaired is None else msgspec.json.encode(repaired).decode()
    if text is not None:
        await postgres.execute(
            tx,
            "UPDATE log_poison SET body = %(body)s::jsonb WHERE id = %(id)s AND resolved_at IS NULL",
            id=poison_id,
            body=text,
        )
    return await postgres.read_one(
        tx,
        Entry,
        f"SELECT {COLUMNS} FROM log_poison WHERE id = %(id)s AND resolved_at IS NULL FOR UPDATE",
        id=poison_id,
    )


async def resolve(tx: Tx, poison_id: UUID, resolution: str, now: datetime) -> bool:
    """Close an entry that was set aside; False when it was closed before."""
    touched = await postgres.execute(
        tx,
        "UPDATE log_poison SET resolved_at = %(now)s, resolution = %(resolution)s"
        " WHERE id = %(id)s AND resolved_at IS NULL",
        id=poison_id,
        resolution=resolution,
        now=now,
    )
    return touched == 1


async def run(reactions: Iterable[Reaction], batch: Batch, tx: Tx) -> None:
    """All reactions, in the order of the loop, each with the entries it wants.

    A failing reaction raises with a note that names it.
    """
    for reaction in reactions:
        wanted = [entry for entry in batch.entries if reaction.takes(entry)]
        if not wanted:
            continue
        try:
            await reaction.react(Batch(wanted, batch.now), tx)
        except Exception as error:
            error.add_note(f"reaction: {reaction.name}")
            raise
