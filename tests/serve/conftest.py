"""The small firm, customers with and without a branch, staff on duty, and both sides of a conversation."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from bihuan import app as application
from bihuan.customers import facade as customers
from bihuan.customers.facade import CustomerRow
from bihuan.decide.facts import RescueAssigned
from bihuan.kit import ids, live, log, postgres
from bihuan.kit.house import House
from bihuan.kit.live import Row, TopicKind
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people import testing
from bihuan.people.facade import Staff
from bihuan.understand import facade as understand

USER, LOOSE = "u1", "u2"  # of the branch SH01; of no branch

Browsers = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def firm(house: House) -> House:
    """A house with the small firm in it, and two customers."""
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
        rows = [CustomerRow(USER, name="王小明", phone="15400000001"), CustomerRow(LOOSE, name="李四")]
        await customers.import_customers(tx, house.cipher, rows, house.clock.now())
        branch = await people.branch_by_code(tx, "SH01")
        assert branch is not None
        await customers.place(tx, ids.customer_of_user(USER), branch.id)
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
    """Open a browser, signed in as somebody or as nobody; one per person."""
    async with AsyncExitStack() as stack:
        opened: dict[str | None, httpx.AsyncClient] = {}

        async def browser(login: str | None = None) -> httpx.AsyncClient:
            if login not in opened:
                opened[login] = await stack.enter_async_context(testing.browser(app, login))
            return opened[login]

        yield browser


@pytest.fixture
async def phone(app: FastAPI, firm: House) -> AsyncIterator[Callable[..., Awaitable[httpx.AsyncClient]]]:
    """Open the customer's app with a token of the firm's server."""
    async with AsyncExitStack() as stack:

        async def opened(user_id: str | None = USER, anonymous_id: str | None = None) -> httpx.AsyncClient:
            token = people.issue_customer_token(
                firm.cipher, user_id, anonymous_id, datetime.now(UTC), timedelta(hours=1)
            )
            client = await stack.enter_async_context(testing.browser(app))
            client.headers["Authorization"] = f"Bearer {token}"
            return client

        yield opened


@dataclass
class Desk:
    """What tests do over HTTP, each call checked."""

    browse: Browsers
    phone: Callable[..., Awaitable[httpx.AsyncClient]]

    async def online(self, login: str, **given: Any) -> dict[str, Any]:
        """Somebody comes on duty."""
        return await self.presence(login, "online", **given)

    async def presence(self, login: str, state: str, **given: Any) -> dict[str, Any]:
        """Somebody says whether he is there."""
        answer = await (await self.browse(login)).put("/api/v1/presence", json={"state": state, **given})
        return checked(answer, 200)

    async def ask(self, text: str, user: str | None = USER, **given: Any) -> dict[str, Any]:
        """A customer asks; the answer of the call."""
        answer = await (await self.phone(user)).post("/api/v1/enquiries", json={"text": text, **given})
        return checked(answer, 201)

    async def do(self, login: str, what: str, expected: int = 200, **given: Any) -> dict[str, Any]:
        """Staff post to `what`."""
        answer = await (await self.browse(login)).post(f"/api/v1/{what}", json=given or None)
        return checked(answer, expected)

    async def customer(self, what: str, expected: int = 200, user: str | None = USER, **given: Any) -> dict[str, Any]:
        """The customer posts to `what`."""
        answer = await (await self.phone(user)).post(f"/api/v1/{what}", json=given or None)
        return checked(answer, expected)

    async def get(self, login: str, what: str, expected: int = 200) -> Any:
        """Staff read."""
        return checked(await (await self.browse(login)).get(f"/api/v1/{what}"), expected)

    async def offered(self, *logins: str) -> dict[str, list[str]]:
        """The ids of what lies before each of them."""
        return {login: [row["id"] for row in (await self.get(login, "offers"))["items"]] for login in logins}


def checked(answer: httpx.Response, expected: int) -> Any:
    """The body of an answer of this status."""
    assert answer.status_code == expected, (answer.status_code, answer.text)
    return answer.json()


@pytest.fixture
def desk(browse: Browsers, phone: Callable[..., Awaitable[httpx.AsyncClient]]) -> Desk:
    """What tests do over HTTP."""
    return Desk(browse, phone)


@pytest.fixture
def rows(firm: House) -> Callable[..., Awaitable[list[dict[str, Any]]]]:
    """The rows of a query."""

    async def read(query: str, **params: Any) -> list[dict[str, Any]]:
        async with firm.postgres.transaction() as tx:
            return await postgres.rows(tx, query, **params)

    return read


@pytest.fixture
def told(rows: Callable[..., Awaitable[list[dict[str, Any]]]]) -> Callable[[str], Awaitable[list[dict[str, Any]]]]:
    """The facts of a name that were published, in order."""

    async def found(name: str) -> list[dict[str, Any]]:
        return [row["body"] for row in await rows("SELECT body FROM log WHERE name = %(name)s ORDER BY seq", name=name)]

    return found


@pytest.fixture
async def staff(firm: House) -> dict[str, Staff]:
    """Everybody by login."""
    async with firm.postgres.transaction() as tx:
        found = {row.login: await people.staff_by_login(tx, row.login) for row in testing.STAFF}
    return {login: one for login, one in found.items() if one is not None}


@pytest.fixture
def publish(firm: House, react: Callable[[], Awaitable[int]]) -> Callable[..., Awaitable[None]]:
    """Publish facts and let the loop turn."""

    async def published(*facts: log.Fact) -> None:
        async with firm.postgres.transaction() as tx:
            await log.publish(tx, *facts, now=firm.clock.now())
        await react()

    return published


@pytest.fixture
async def branch_id(firm: House) -> UUID:
    """The branch SH01."""
    async with firm.postgres.transaction() as tx:
        branch = await people.branch_by_code(tx, "SH01")
    assert branch is not None
    return branch.id


@pytest.fixture
def stall(firm: House, branch_id: UUID) -> Callable[..., RescueAssigned]:
    """A stall that was given an arm just now; any field may be said otherwise."""

    def made(**changes: Any) -> RescueAssigned:
        now = firm.clock.now()
        told: dict[str, Any] = {
            "customer_id": ids.customer_of_user(USER),
            "opening_id": "o1",
            "branch_id": branch_id,
            "channel": "advertisement",
            "step": "id",
            "last_fact_at": now - timedelta(minutes=15),
            "stuck_at": now,
            "times": 1,
            "experiment": "opening-rescue",
            "version": 1,
            "arm": "person",
            "exposed": True,
        }
        return RescueAssigned(**{**told, **changes})

    return made


@pytest.fixture
def at_step(firm: House, react: Callable[[], Awaitable[int]]) -> Callable[..., Awaitable[None]]:
    """Bring an application to a step through the events of the firm's opening system, all before it done."""

    async def brought(opening_id: str, step: str, past: Sequence[str] | None = None, user: str = USER) -> None:
        async with firm.postgres.transaction() as tx:
            steps = await understand.opening_steps(tx)
            before = [one for one in steps if one.ordinal < next(s.ordinal for s in steps if s.code == step)]
            done = [one for one in steps if one.code in past] if past is not None else before
            for n, one in enumerate(done):
                at = firm.clock.now() - timedelta(seconds=len(done) - n)
                await track(tx, one.done_by[0], opening_id, at, user)
        await react()

    return brought


async def track(tx: Tx, event: str, opening_id: str, at: datetime, user: str = USER) -> None:
    """One event of the firm's opening system, as intake writes it."""
    await postgres.execute(
        tx,
        """
        INSERT INTO log (day, lane, kind, name, customer_id, user_id, message_id, source, trusted, occurred_at,
                         received_at, body)
        SELECT g.day, %(lane)s, 'tracked', %(event)s, %(customer)s, %(user)s, %(message)s, 'opening system', true,
               %(at)s, %(at)s, jsonb_build_object('type', 'track', 'event', %(event)s::text, 'userId', %(user)s::text,
                 'properties', jsonb_build_object('opening_id', %(opening)s::text))
          FROM log_generation g
        """,
        lane=ids.lane_of(ids.customer_of_user(user), await log.lane_count(tx)),
        event=event,
        customer=ids.customer_of_user(user),
        user=user,
        message=str(ids.new_id()),
        opening=opening_id,
        at=at,
    )


@dataclass
class Screen:
    """A live topic as a browser keeps it: a snapshot, then the changes after it."""

    house: House
    kind: TopicKind
    principal: Any
    argument: str
    rows: dict[str, Row]
    number: int

    async def follow(self) -> dict[str, Row]:
        """Apply what has changed; the rows as this browser shows them."""
        async with self.house.postgres.transaction() as tx:
            for change in await live.since(tx, f"{self.kind.prefix}:{self.argument}", self.number):
                assert change.number == self.number + 1
                self.number = change.number
                self.rows.pop(change.key, None)
                if change.row is not None:
                    self.rows[change.key] = change.row
        return self.rows

    async def fresh(self) -> dict[str, Row]:
        """What a new snapshot says."""
        async with self.house.postgres.transaction() as tx:
            return dict(await self.kind.snapshot(tx, self.principal, self.argument))


@pytest.fixture
def watch(firm: House) -> Callable[[Any, str], Awaitable[Screen]]:
    """Subscribe a principal to a topic; raises Forbidden as the socket would."""
    kinds = {kind.prefix: kind for kind in application.topics()}

    async def subscribed(principal: Any, topic: str) -> Screen:
        prefix, _, argument = topic.partition(":")
        async with firm.postgres.transaction() as tx:
            await kinds[prefix].authorise(tx, principal, argument)
            found = dict(await kinds[prefix].snapshot(tx, principal, argument))
            return Screen(firm, kinds[prefix], principal, argument, found, await live.number(tx, topic))

    return subscribed
