"""The small firm in demo mode, and the phone of a demo visitor."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from bihuan import app as application
from bihuan.collect import facade as collect
from bihuan.kit.house import House
from bihuan.people import testing

Phones = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def firm(house: House) -> House:
    """A house in demo mode with the small firm in it."""
    house.settings = house.settings.model_copy(update={"demo": True})
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
    return house


@asynccontextmanager
async def opened(house: House) -> AsyncIterator[FastAPI]:
    """The application with its house and its intake."""
    committer = collect.Committer(house.postgres, group_ms=1, most_waiting=1000)
    made = application.build()
    made.state.house, made.state.intake = house, collect.Intake.of(house.settings, committer)
    running = asyncio.create_task(committer.run())
    try:
        yield made
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def app(firm: House) -> AsyncIterator[FastAPI]:
    """The application in demo mode."""
    async with opened(firm) as made:
        yield made


@pytest.fixture
async def phone(app: FastAPI) -> AsyncIterator[Phones]:
    """A phone on the demo's own machine, with a customer's token as the demo's page gets it."""
    async with AsyncExitStack() as stack:

        async def held(user_id: str | None = None, anonymous_id: str | None = None) -> httpx.AsyncClient:
            client = await stack.enter_async_context(testing.browser(app, address=testing.HERE))
            if user_id or anonymous_id:
                given = {"user_id": user_id, "anonymous_id": anonymous_id}
                answer = await client.post("/api/v1/demo/customer-session", json=given)
                client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            return client

        yield held
