"""A WebSocket on /api/v1/live that keeps rows of topics up to date and comes back by itself."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from bihuan.sim.live.clock import ProductClock, seconds_of

Row = dict[str, Any]
OnChange = Callable[[str, str, Row | None], Awaitable[None] | None]


@dataclass
class Feed:
    """The topics one person looks at. `rows[topic][key]` is what stands there; `on_change` hears each change."""

    url: str
    headers: Mapping[str, str]
    topics: tuple[str, ...]
    on_change: OnChange
    clock: ProductClock | None = None
    token: str = ""  # a customer's; staff come with their session cookie in `headers`
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    connections: int = 0
    errors: list[Any] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    async def run(self) -> None:
        """Stay connected until cancelled; after a break, resume each topic from its last number."""
        pause = 0.1
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                async with self._connected() as socket:
                    self.connections += 1
                    pause = 0.1
                    await self._follow(socket)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)

    def _connected(self) -> connect:
        offered = [Subprotocol("bihuan.live"), Subprotocol(f"token.{self.token}")] if self.token else None
        return connect(
            self.url,
            additional_headers=dict(self.headers),
            subprotocols=offered,
            compression=None,
            max_queue=256,
            open_timeout=20,
        )

    async def _follow(self, socket: ClientConnection) -> None:
        for topic in self.topics:
            order: dict[str, Any] = {"op": "subscribe", "topic": topic}
            if topic in self._numbers:
                order["from"] = self._numbers[topic]
            await socket.send(json.dumps(order))
        with suppress(ConnectionClosed):
            async for text in socket:
                await self._take(json.loads(text))

    async def _take(self, message: dict[str, Any]) -> None:
        op, topic = message.get("op"), message.get("topic", "")
        if op == "time" and self.clock is not None:
            self.clock.sync(seconds_of(message["now"]), float(message["factor"]))
        elif op == "snapshot":
            await self._replace(topic, message["rows"])
            self._numbers[topic] = message["number"]
            self._look_complete()
        elif op == "changes":
            for number, key, row in message["changes"]:
                await self._set(topic, key, row)
                self._numbers[topic] = number
            self._look_complete()
        elif op == "error":
            self.errors.append(message.get("problem"))

    async def _replace(self, topic: str, rows: Mapping[str, Row]) -> None:
        known = self.rows.setdefault(topic, {})
        for key in [key for key in known if key not in rows]:
            await self._set(topic, key, None)
        for key, row in rows.items():
            if known.get(key) != row:
                await self._set(topic, key, row)

    async def _set(self, topic: str, key: str, row: Row | None) -> None:
        rows = self.rows.setdefault(topic, {})
        if row is None:
            rows.pop(key, None)
        else:
            rows[key] = row
        heard = self.on_change(topic, key, row)
        if heard is not None:
            await heard

    def _look_complete(self) -> None:
        if all(topic in self._numbers for topic in self.topics):
            self.ready.set()


def socket_url(base_url: str) -> str:
    """The address of the live WebSocket.

    >>> socket_url("http://127.0.0.1:8321")
    'ws://127.0.0.1:8321/api/v1/live'
    """
    return base_url.replace("http", "ws", 1).rstrip("/") + "/api/v1/live"
