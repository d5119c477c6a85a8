"""The small firm, and browsers on the application."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI

from bihuan import app as application
from bihuan.kit.house import House
from bihuan.people import testing

Browsers = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def firm(house: House) -> House:
    """A house with the small firm in it."""
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
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

        async def opened(login: str | None = None, address: str = "192.0.2.1") -> httpx.AsyncClient:
            return await stack.enter_async_context(testing.browser(app, login, address))

        yield opened
