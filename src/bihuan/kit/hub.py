"""The live hub of one server process: sockets, their topics, one bounded queue and one writer task each.

One listener turns NOTIFY into "this topic moved"; one pump reads what subscribers lack. A stalled reader fills its
own queue and is cut off; it resumes by number when it comes back.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import msgspec
import psycopg
import structlog
from psycopg_pool import PoolTimeout

from bihuan.kit import live
from bihuan.kit.errors import Forbidden, NotFound, Problem, Unavailable
from bihuan.kit.live import TopicKind
from bihuan.kit.metrics import SOCKETS
from bihuan.kit.postgres import Postgres, Tx

log = structlog.get_logger()

_QUEUE = 256
_MOST_TOPICS = 64
_TICK_S = 15.0
_CHECK_EVERY = 2  # ticks between two looks at whether everybody may still look
_LONGEST_MESSAGE = 4096

GOING_AWAY, TRY_AGAIN, SIGN_IN_AGAIN = 1001, 1013, 4401


class Socket(Protocol):
    """What the hub needs of a WebSocket."""

    async def send_text(self, data: str) -> None:
        """Send one message."""

    async def receive_text(self) -> str:
        """The next message; raises when the socket is closed."""

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        """Close the socket."""


# Who somebody is now, from what he once showed at the door; None when the door would be shut to him.
Renewal = Callable[[Tx], Awaitable[Any]]


@dataclass(eq=False)
class Connection:
    """One browser: who it is, what it looks at, and what waits to be sent to it."""

    socket: Socket
    principal: Any
    renew: Renewal
    numbers: dict[str, int] = field(default_factory=dict)
    queue: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(_QUEUE))
    closing: int | None = None

    def send(self, message: Mapping[str, Any]) -> None:
        """Queue a message; a full queue means the reader has stalled, and it is cut off."""
        self.send_text(msgspec.json.encode(message).decode())

    def send_text(self, text: str) -> None:
        """Queue an encoded message."""
        try:
            self.queue.put_nowait(text)
        except asyncio.QueueFull:
            self.closing = TRY_AGAIN


class Hub:
    """All live connections of a process."""

    def __init__(
        self,
        postgres: Postgres,
        topics: Sequence[TopicKind],
        time: Callable[[], tuple[datetime, float]],
    ) -> None:
        self._postgres = postgres
        self._kinds = {kind.prefix: kind for kind in topics}
        self._time = time
        self._subscribers: defaultdict[str, set[Connection]] = defaultdict(set)
        self._connections: set[Connection] = set()
        self._moved: set[str] = set()
        self._news = asyncio.Event()

    def present(self, is_one: Callable[[Any], bool]) -> bool:
        """Whether any open connection belongs to a principal of which this is true."""
        return any(is_one(connection.principal) for connection in self._connections)

    def principals(self) -> list[Any]:
        """Who is connected, once per connection."""
        return [connection.principal for connection in self._connections]

    def tell_time(self) -> None:
        """The clock was set: every browser is told at once."""
        for connection in self._connections:
            self._tell_time(connection)

    async def run(self) -> None:
        """Listen and pump until cancelled, then close all sockets."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self._pump())
        finally:
            for connection in list(self._connections):
                with contextlib.suppress(Exception):
                    await connection.socket.close(GOING_AWAY)

    async def serve(self, socket: Socket, principal: Any, renew: Renewal) -> None:
        """One accepted socket, until it closes, or until `renew` finds that its session or token has ended."""
        connection = Connection(socket, principal, renew)
        self._connections.add(connection)
        SOCKETS.inc()
        self._tell_time(connection)
        tasks = [asyncio.create_task(part(connection)) for part in (self._write, self._read, self._tick)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._connections.discard(connection)
            for topic in list(connection.numbers):
                self._leave(connection, topic)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            SOCKETS.dec()
            with contextlib.suppress(Exception):
                await socket.close(connection.closing or 1000)

    async def _write(self, connection: Connection) -> None:
        while connection.closing is None:
            await connection.socket.send_text(await connection.queue.get())

    async def _tick(self, connection: Connection) -> None:
        beats = 0
        while True:
            await asyncio.sleep(_TICK_S)
            self._tell_time(connection)
            beats += 1
            if beats % _CHECK_EVERY == 0 and not await self._still_welcome(connection):
                connection.closing = SIGN_IN_AGAIN
                return

    async def _still_welcome(self, connection: Connection) -> bool:
        """Whether this browser may stay; topics its principal may not look at any more are taken from it."""
        try:
            async with self._postgres.transaction() as tx:
                principal = await connection.renew(tx)
                if principal is None:
                    return False
                connection.principal = principal
                for topic in list(connection.numbers):
                    await self._recheck(tx, connection, topic)
        except (psycopg.Error, PoolTimeout, OSError) as error:
            log.warning("live: cannot see who is still welcome", error=repr(error))
        return True

    async def _recheck(self, tx: Tx, connection: Connection, topic: str) -> None:
        prefix, _, argument = topic.partition(":")
        try:
            await self._kinds[prefix].authorise(tx, connection.principal, argument)
        except Problem as problem:
            self._leave(connection, topic)
            connection.send({"op": "error", "topic": topic, "problem": problem.body("")})

    def _tell_time(self, connection: Connection) -> None:
        now, factor = self._time()
        connection.send({"op": "time", "now": now, "factor": factor})

    async def _read(self, connection: Connection) -> None:
        while True:
            text = await connection.socket.receive_text()
            try:
                await self._obey(connection, text)
            except Problem as problem:
                topic = _topic_of(text)
                connection.send({"op": "error", "topic": topic, "problem": problem.body("")})
            except (psycopg.OperationalError, OSError) as error:
                log.warning("live: the database is away", error=repr(error))
                away = Unavailable("database", "The database does not answer; subscribe again.")
                connection.send({"op": "error", "topic": _topic_of(text), "problem": away.body("")})

    async def _obey(self, connection: Connection, text: str) -> None:
        order = _order(text)
        if order.op == "ping":
            connection.send({"op": "pong"})
        elif order.op == "unsubscribe":
            self._leave(connection, order.topic)
        elif order.op == "subscribe":
            await self._subscribe(connection, order.topic, order.after)
        else:
            raise NotFound("live-op", "Send subscribe, unsubscribe or ping.")

    async def _subscribe(self, connection: Connection, topic: str, after: int | None) -> None:
        if len(connection.numbers) >= _MOST_TOPICS and topic not in connection.numbers:
            raise Forbidden("live-topics", f"One socket may look at {_MOST_TOPICS} topics.")
        prefix, _, argument = topic.partition(":")
        kind = self._kinds.get(prefix)
        if kind is None:
            raise NotFound("live-topic", f"There is no topic {prefix!r}.")
        self._leave(connection, topic)
        async with self._postgres.transaction(snapshot=True) as tx:
            await kind.authorise(tx, connection.principal, argument)
            number = await live.number(tx, topic)
            missed = [] if after is None or after > number else await live.since(tx, topic, after)
            resumable = (
                after is not None
                and after <= number
                and (after == number or bool(missed and missed[0].number == after + 1 and missed[-1].number == number))
            )
            rows = {} if resumable else await kind.snapshot(tx, connection.principal, argument)
        if resumable:
            changes = [[c.number, c.key, c.row] for c in missed]
            connection.send({"op": "changes", "topic": topic, "changes": changes})
        else:
            connection.send({"op": "snapshot", "topic": topic, "number": number, "rows": rows})
        connection.numbers[topic] = number
        self._subscribers[topic].add(connection)
        self._touch(topic)  # something may have moved between the snapshot and the registration

    def _leave(self, connection: Connection, topic: str) -> None:
        connection.numbers.pop(topic, None)
        subscribers = self._subscribers.get(topic)
        if subscribers is not None:
            subscribers.discard(connection)
            if not subscribers:
                del self._subscribers[topic]

    def _touch(self, *topics: str) -> None:
        self._moved.update(topics)
        self._news.set()

    async def _listen(self) -> None:
        pause = 0.1
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._postgres.url, autocommit=True) as connection:
                    await connection.execute("LISTEN live")
                    self._touch(*self._subscribers)  # what was said while nobody listened
                    pause = 0.1
                    async for notice in connection.notifies():
                        if notice.payload in self._subscribers:
                            self._touch(notice.payload)
            except (psycopg.Error, OSError) as error:
                log.warning("live: listening again", error=repr(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)

    async def _pump(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            moved, self._moved = self._moved, set()
            for topic in moved:
                try:
                    await self._pump_topic(topic)
                except (psycopg.Error, Problem, OSError) as error:
                    log.warning("live: will read again", topic=topic, error=repr(error))
                    asyncio.get_running_loop().call_later(0.5, self._touch, topic)

    async def _pump_topic(self, topic: str) -> None:
        subscribers = list(self._subscribers.get(topic, ()))
        if not subscribers:
            return
        least = min(connection.numbers[topic] for connection in subscribers)
        async with self._postgres.transaction() as tx:
            changes = await live.since(tx, topic, least)
        if not changes:
            return
        encoded: dict[int, str] = {}
        for connection in subscribers:
            at = connection.numbers.get(topic)
            if at is None or changes[-1].number <= at:
                continue
            if changes[0].number > at + 1:
                connection.closing = TRY_AGAIN  # what it lacks is pruned: it comes back for a snapshot
                connection.send({"op": "pong"})
                continue
            if at not in encoded:
                news = [[c.number, c.key, c.row] for c in changes if c.number > at]
                encoded[at] = msgspec.json.encode({"op": "changes", "topic": topic, "changes": news}).decode()
            connection.send_text(encoded[at])
            connection.numbers[topic] = changes[-1].number
        if len(changes) >= 1000:
            self._touch(topic)


class _Order(msgspec.Struct):
    op: str
    topic: str = ""
    after: int | None = msgspec.field(default=None, name="from")


_decoder = msgspec.json.Decoder(_Order)


def _order(text: str) -> _Order:
    if len(text) > _LONGEST_MESSAGE:
        raise Forbidden("live-message", f"A message may have {_LONGEST_MESSAGE} characters.")
    try:
        return _decoder.decode(text)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise NotFound("live-message", 'Send {"op": "subscribe", "topic": "..."}.') from error


def _topic_of(text: str) -> str | None:
    try:
        return _decoder.decode(text).topic or None
    except (msgspec.MsgspecError, RecursionError):
        return None
