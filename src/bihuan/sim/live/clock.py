"""The product's time as a client knows it: told by the server, carried on by the local clock in between."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime


class ProductClock:
    """Seconds since the epoch in product time, running `factor` times as fast as real time, never backwards."""

    def __init__(self, now: float, factor: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._at, self._since, self.factor = now, monotonic(), factor

    def now(self) -> float:
        """The product's time now."""
        return self._at + (self._monotonic() - self._since) * self.factor

    def sync(self, now: float, factor: float) -> None:
        """Take over what the server says, unless that would turn time back."""
        current = self.now()
        self._at, self._since, self.factor = max(now, current), self._monotonic(), factor

    async def sleep_until(self, at: float) -> None:
        """Sleep until a moment of product time."""
        while (left := at - self.now()) > 0:  # noqa: ASYNC110  (the factor may change meanwhile)
            await asyncio.sleep(min(left / self.factor, 5.0))

    async def sleep(self, seconds: float) -> None:
        """Sleep so many seconds of product time."""
        await self.sleep_until(self.now() + seconds)


def iso(at: float) -> str:
    """A moment as ISO 8601 in UTC with milliseconds.

    >>> iso(0.5)
    '1970-01-01T00:00:00.500Z'
    """
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_of(text: str) -> float:
    """Seconds since the epoch of an ISO 8601 moment."""
    return datetime.fromisoformat(text).timestamp()
