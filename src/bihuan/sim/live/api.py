"""The public API over HTTP: bounded, patient with a server that is being restarted, strict about refusals."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Self

import httpx

_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class Refused(Exception):
    """The server said no, and will say no again. `code` is the last part of the problem's type."""

    def __init__(self, status: int, path: str, body: Any) -> None:
        self.status, self.body = status, body
        kind = str(body.get("type", "")) if isinstance(body, dict) else ""
        self.code = kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        super().__init__(f"{status} {path}: {str(body)[:300]}")


class Stopped(Exception):
    """The run was ended while a call was still being tried."""


@dataclass
class Api:
    """One client for everybody. Cookies are sent per call, never shared: one process plays many people."""

    base_url: str
    stop: asyncio.Event
    at_once: int = 40
    counts: Counter[str] = field(default_factory=Counter)

    async def __aenter__(self) -> Self:
        nothing = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
        limits = httpx.Limits(max_connections=self.at_once, max_keepalive_connections=self.at_once)
        self._client = httpx.AsyncClient(base_url=self.base_url, cookies=nothing, limits=limits, timeout=20)
        self._turns = asyncio.Semaphore(self.at_once)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def call(
        self,
        method: str,
        path: str,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        patience: int = 40,
    ) -> httpx.Response:
        """One call, repeated while the server is away or overloaded, at most `patience` times.

        Safe to repeat: what matters carries an id of its own (message ids, client ids, Idempotency-Key). Raises
        Refused for any other answer than success, Stopped when the run ends first.
        """
        pause = 0.1
        for _ in range(patience):
            if self.stop.is_set() and pause > 0.1:
                break
            answer = await self._once(method, path, json, headers)
            if answer is not None and answer.status_code not in _AGAIN:
                return self._judged(answer, path)
            self.counts["retries"] += 1
            wait = float(answer.headers.get("retry-after", pause)) if answer is not None else pause
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), min(wait, 2.0))
            pause = min(pause * 1.6, 2.0)
        raise Stopped(path)

    async def _once(
        self, method: str, path: str, json: Any, headers: Mapping[str, str] | None
    ) -> httpx.Response | None:
        async with self._turns:
            self.counts["requests"] += 1
            try:
                return await self._client.request(method, path, json=json, headers=dict(headers or {}))
            except httpx.HTTPError:
                self.counts["connection_errors"] += 1
                return None

    def _judged(self, answer: httpx.Response, path: str) -> httpx.Response:
        if answer.is_success:
            return answer
        try:
            body = answer.json()
        except ValueError:
            body = answer.text
        refused = Refused(answer.status_code, path, body)
        self.counts[f"refused_{answer.status_code}_{refused.code}"] += 1
        raise refused
