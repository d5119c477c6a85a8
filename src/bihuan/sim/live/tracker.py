"""Sends events as an SDK does: queued, in batches, each message with an id of its own, until the server has them."""

import asyncio
import base64
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bihuan.sim.live.api import Api, Refused, Stopped
from bihuan.sim.live.clock import ProductClock, iso

_MOST = 300
LIBRARY = {"name": "bihuan-simulator", "version": "1"}


@dataclass
class Tracker:
    """One key's queue. Ids are `tag-number`, so a batch that is sent again changes nothing."""

    api: Api
    clock: ProductClock
    key: str
    tag: str
    every: float = 0.25  # real seconds between two batches
    sent: int = 0
    refused: int = 0
    _queue: deque[dict[str, Any]] = field(default_factory=deque)
    _number: int = 0

    @property
    def waiting(self) -> int:
        """Messages not sent yet."""
        return len(self._queue)

    def track(
        self,
        event: str,
        at: float,
        properties: Mapping[str, Any],
        user_id: str | None = None,
        anonymous_id: str | None = None,
    ) -> None:
        """Queue a track message."""
        self._add({"type": "track", "event": event, "properties": dict(properties)}, at, user_id, anonymous_id)

    def identify(self, at: float, traits: Mapping[str, Any], user_id: str, anonymous_id: str | None) -> None:
        """Queue an identify message."""
        self._add({"type": "identify", "traits": dict(traits)}, at, user_id, anonymous_id)

    def _add(self, message: dict[str, Any], at: float, user_id: str | None, anonymous_id: str | None) -> None:
        self._number += 1
        who = {name: value for name, value in (("userId", user_id), ("anonymousId", anonymous_id)) if value}
        self._queue.append(
            {**message, **who, "messageId": f"{self.tag}-{self._number}", "timestamp": iso(at),
             "context": {"library": LIBRARY}}
        )  # fmt: skip

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await asyncio.sleep(self.every)
            await self.flush()

    async def flush(self) -> None:
        """Send what is queued; what the server could not be given stays queued."""
        token = base64.b64encode(f"{self.key}:".encode()).decode()
        while self._queue:
            batch = [self._queue[i] for i in range(min(_MOST, len(self._queue)))]
            body = {"batch": batch, "sentAt": iso(self.clock.now())}
            with suppress(Stopped):
                try:
                    await self.api.call("POST", "/v1/batch", body, {"Authorization": f"Basic {token}"})
                except Refused:
                    self.refused += len(batch)
                    raise
                self.sent += len(batch)
                for _ in batch:
                    self._queue.popleft()
                continue
            return
