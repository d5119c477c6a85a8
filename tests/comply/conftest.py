"""The small firm with two customers, browsers on the application, and events of the firm's systems."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from bihuan import app as application
from bihuan.collect.intake.repository import Arrival, enter
from bihuan.customers import facade as customers
from bihuan.kit import ids, log
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.people import testing

Browsers = Callable[..., Awaitable[httpx.AsyncClient]]

SHANGHAI = ids.customer_of_user("shanghai")
GUANGZHOU = ids.customer_of_user("guangzhou")


@pytest.fixture
async def firm(house: House) -> House:
    """A house with the small firm and two customers, each of one branch."""
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
        rows = []
        for user, code in (("shanghai", "SH01"), ("guangzhou", "GZ01")):
            branch = await people.branch_by_code(tx, code)
            assert branch is not None
            rows.append(customers.CustomerRow(user, name=user, branch_id=branch.id))
        await customers.import_customers(tx, house.cipher, rows, house.clock.now())
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


@pytest.fixture
async def phone(app: FastAPI, firm: House) -> AsyncIterator[Browsers]:
    """Open the firm's app as a customer, with a token of the firm's server."""
    async with AsyncExitStack() as stack:

        async def opened(user: str | None = None, visitor: str | None = None) -> httpx.AsyncClient:
            client = await stack.enter_async_context(testing.browser(app))
            token = testing.customer_token(firm.cipher, user, visitor)
            client.headers["Authorization"] = f"Bearer {token}"
            return client

        yield opened


Send = Callable[..., Awaitable[None]]


@pytest.fixture
def send(house: House, react: Callable[[], Awaitable[int]]) -> Send:
    """Send one tracked event of a user or visitor, and have the rooms react."""

    async def sent(
        name: str,
        properties: dict[str, Any],
        user: str | None = "shanghai",
        visitor: str | None = None,
        *,
        trusted: bool = True,
        message_id: str | None = None,
    ) -> None:
        customer: UUID = ids.customer_of_user(user) if user else ids.customer_of_visitor(str(visitor))
        message = message_id or str(ids.new_id())
        now = house.clock.now()
        body = {"type": "track", "event": name, "messageId": message, "properties": properties}
        arrival = Arrival(name, customer, user, visitor, message, "test", trusted, now, now, json.dumps(body))
        async with house.postgres.transaction() as tx:
            await enter(tx, [arrival], await log.lane_count(tx))
        await react()

    return sent
