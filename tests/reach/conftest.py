"""The small firm, a customer who is stuck, a text gateway over HTTP, and jobs that run when told."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bihuan import app as application
from bihuan.customers.facade import CustomerRow, import_customers
from bihuan.decide.facts import RescueAssigned
from bihuan.kit import ids, jobs, log, postgres
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.people import testing
from bihuan.sim.gateway import Gateway, serve_gateway

SECRET = "shared with the gateway"
PHONE = "15400000001"
USER = "u1"

Browsers = Callable[..., Awaitable[httpx.AsyncClient]]
Publish = Callable[..., Awaitable[None]]
Rows = Callable[..., Awaitable[list[dict[str, Any]]]]


@pytest.fixture
async def firm(house: House) -> House:
    """A house with the small firm in it, and one customer whose number is known."""
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
        row = CustomerRow(USER, name="王小明", phone=PHONE)
        await import_customers(tx, house.cipher, [row], house.clock.now())
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


@pytest.fixture
def customer_id() -> UUID:
    """The customer whose number is known."""
    return ids.customer_of_user(USER)


@pytest.fixture
async def branch_id(firm: House) -> UUID:
    """The branch that serves the application."""
    async with firm.postgres.transaction() as tx:
        branch = await people.branch_by_code(tx, "SH01")
    assert branch is not None
    return branch.id


@pytest.fixture
def stall(firm: House, customer_id: UUID, branch_id: UUID) -> Callable[..., RescueAssigned]:
    """A stall that was given an arm just now; any field may be said otherwise."""

    def made(**changes: Any) -> RescueAssigned:
        now = firm.clock.now()
        told: dict[str, Any] = {
            "customer_id": customer_id,
            "opening_id": "o1",
            "branch_id": branch_id,
            "channel": "advertisement",
            "step": "id",
            "last_fact_at": now - timedelta(minutes=15),
            "stuck_at": now,
            "times": 1,
            "experiment": "opening-rescue",
            "version": 1,
            "arm": "message",
            "exposed": True,
        }
        return RescueAssigned(**{**told, **changes})

    return made


@pytest.fixture
def publish(firm: House, react: Callable[[], Awaitable[int]]) -> Publish:
    """Publish facts and let the loop turn."""

    async def published(*facts: log.Fact) -> None:
        async with firm.postgres.transaction() as tx:
            await log.publish(tx, *facts, now=firm.clock.now())
        await react()

    return published


@pytest.fixture
def rows(house: House) -> Rows:
    """The rows of a query."""

    async def read(query: str, **params: Any) -> list[dict[str, Any]]:
        async with house.postgres.transaction() as tx:
            return await postgres.rows(tx, query, **params)

    return read


@pytest.fixture
def told(rows: Rows) -> Callable[[str], Awaitable[list[dict[str, Any]]]]:
    """The facts of a name that were published, in order."""

    async def found(name: str) -> list[dict[str, Any]]:
        return [row["body"] for row in await rows("SELECT body FROM log WHERE name = %(name)s ORDER BY seq", name=name)]

    return found


@dataclass
class Phones(Gateway):
    """A gateway that answers with these states first, and keeps what handsets got."""

    answers: list[int] = field(default_factory=list)
    handed_over: list[dict[str, Any]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, request: Request) -> Response:
        """Answer as told, else as a gateway."""
        body = await request.body()
        self.handed_over.append(json.loads(body))
        if self.answers:
            return JSONResponse({"error": "as told"}, self.answers.pop(0))
        return await super().send(request)


@pytest.fixture
async def gateway(firm: House) -> AsyncIterator[Phones]:
    """A text gateway over HTTP that the house is set up for. It reports nothing by itself."""
    phones = Phones(SECRET, "http://127.0.0.1:9/none", delivery_seconds=0.0, undeliverable=0.0)
    phones.on_text = lambda phone, text: phones.texts.append((phone, text))
    async with serve_gateway(phones) as address:
        firm.settings = firm.settings.model_copy(update={"sms_url": address, "sms_secret": SecretStr(SECRET)})
        yield phones


@pytest.fixture
def work(house: House) -> Callable[[], Awaitable[None]]:
    """Run the jobs that are due, waits for retries left out."""

    async def worked() -> None:
        async with house.postgres.transaction() as tx:
            await tx.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
        app = jobs.app(house.postgres.url)
        async with app.open_async():
            await app.run_worker_async(
                wait=False,
                concurrency=4,
                install_signal_handlers=False,
                listen_notify=False,
                additional_context={"house": house},
            )

    return worked
