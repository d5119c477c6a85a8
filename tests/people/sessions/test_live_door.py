"""A live socket lives no longer than what opened it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bihuan.kit import hub
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.people import testing
from bihuan.people.sessions import service


class LiveSocket:
    """A WebSocket on the application in this process."""

    def __init__(self, app: Any, headers: dict[str, str], subprotocols: list[str]) -> None:
        self.closed: int | None = None
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._inbox.put_nowait({"type": "websocket.connect"})
        scope = {"type": "websocket", "path": "/api/v1/live", "raw_path": b"/api/v1/live", "query_string": b"",
                 "headers": [(k.encode(), v.encode()) for k, v in headers.items()], "subprotocols": subprotocols,
                 "client": ("127.0.0.1", 1), "server": ("localhost", 80), "scheme": "ws", "root_path": "",
                 "http_version": "1.1", "asgi": {"version": "3.0"}, "state": {}}  # fmt: skip
        self.task = asyncio.create_task(app(scope, self._inbox.get, self._send))

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.closed = message["code"]


@asynccontextmanager
async def live(client: httpx.AsyncClient, token: str, *, customer: bool = False) -> AsyncIterator[LiveSocket]:
    app = client._transport.app  # type: ignore[attr-defined]
    headers = {"host": "localhost"} if customer else {"host": "localhost", "cookie": f"{people.COOKIE}={token}"}
    socket = LiveSocket(app, headers, ["bihuan.live", f"token.{token}"] if customer else [])
    try:
        yield socket
    finally:
        socket.task.cancel()
        await asyncio.gather(socket.task, return_exceptions=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "_TICK_S", 0.05)


@pytest.fixture
async def session(house: House, client: httpx.AsyncClient) -> tuple[people.Staff, str]:
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
        staff = await people.staff_by_login(tx, "sh01.advisor")
        assert staff is not None
        made = await service.begin(tx, staff.id, 1, "127.0.0.1", "test")
    return made.staff, made.token


async def closed(socket: LiveSocket) -> int | None:
    for _ in range(100):
        if socket.closed is not None:
            return socket.closed
        await asyncio.sleep(0.05)
    return None


@pytest.mark.parametrize("how", ["sign-out", "password", "expiry", "dismissal"])
async def test_it_ends_with_its_session(
    house: House, client: httpx.AsyncClient, session: tuple[people.Staff, str], how: str
) -> None:
    staff, token = session
    async with live(client, token) as socket:
        await asyncio.sleep(0.4)
        assert socket.closed is None
        async with house.postgres.transaction() as tx:
            if how == "sign-out":
                await service.sign_out(tx, token)
            elif how == "password":
                await people.give_password(tx, staff.id, "test", house.clock.now())
            elif how == "expiry":
                await tx.execute("UPDATE people_session SET expires_at = now() - interval '1 second'")
            else:
                await tx.execute("UPDATE people_staff SET active = false")
        assert await closed(socket) == 4401


async def test_it_ends_with_its_token(house: House, client: httpx.AsyncClient) -> None:
    token = people.issue_customer_token(house.cipher, "u1", None, datetime.now(UTC), timedelta(seconds=2))
    async with live(client, token, customer=True) as socket:
        await asyncio.sleep(0.2)
        assert socket.closed is None
        assert await closed(socket) == 4401
