"""The small firm, browsers on it, and its opening system, which sends step events."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bihuan import app as application
from bihuan.collect.intake.repository import Arrival, enter
from bihuan.kit import ids, log, postgres
from bihuan.kit.house import House
from bihuan.people import testing

Browsers = Callable[..., Awaitable[httpx.AsyncClient]]
Facts = Callable[..., Awaitable[list[dict[str, Any]]]]


@pytest.fixture
async def firm(house: House) -> House:
    """A house with the small firm in it."""
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
        await tx.execute("DELETE FROM kit_deadline")  # other rooms' clocks are not the matter here
    return house


@pytest.fixture
def app(firm: House) -> FastAPI:
    """The application with its house."""
    made = application.build()
    made.state.house = firm
    return made


@pytest.fixture
async def browse(app: FastAPI) -> AsyncIterator[Browsers]:
    """Open a browser, signed in as somebody or as nobody."""
    async with AsyncExitStack() as stack:

        async def opened(login: str | None = None) -> httpx.AsyncClient:
            return await stack.enter_async_context(testing.browser(app, login))

        yield opened


class OpeningSystem:
    """The firm's opening system: sends step events, so many minutes after ten in the morning."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.start = house.clock.now()
        self._numbers = count(1)

    def arrival(
        self,
        name: str,
        opening_id: object = "A1",
        minutes: float = 0,
        *,
        user: str | None = "u1",
        visitor: str | None = None,
        trusted: bool = True,
        message_id: str | None = None,
        **properties: Any,
    ) -> Arrival:
        at: datetime = self.start + timedelta(minutes=minutes)
        named = {"opening_id": opening_id} if opening_id is not None else {}
        customer = ids.customer_of_user(user) if user else ids.customer_of_visitor(visitor or "v1")
        message = message_id or f"m{next(self._numbers)}"
        body = {"type": "track", "event": name, "messageId": message, "properties": {**named, **properties}}
        now = self.house.clock.now()
        return Arrival(name, customer, user, visitor, message, "opening", trusted, at, now, json.dumps(body))

    async def send(self, *arrivals: Arrival) -> None:
        async with self.house.postgres.transaction() as tx:
            await enter(tx, arrivals, await log.lane_count(tx))

    async def tell(self, name: str, opening_id: object = "A1", minutes: float = 0, **more: Any) -> None:
        await self.send(self.arrival(name, opening_id, minutes, **more))


@pytest.fixture
def opening_system(firm: House) -> OpeningSystem:
    """The firm's opening system."""
    return OpeningSystem(firm)


@pytest.fixture
def facts(firm: House) -> Facts:
    """The bodies of facts of a name that stand in the log, in its order."""

    async def read(name: str) -> list[dict[str, Any]]:
        async with firm.postgres.transaction() as tx:
            found = await postgres.rows(
                tx, "SELECT body, customer_id FROM log WHERE name = %(name)s ORDER BY xid, seq", name=name
            )
        return [{**row["body"], "customer_id": row["customer_id"]} for row in found]

    return read
