"""The small firm, and applications that are opened."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from bihuan import app as application
from bihuan.customers.facade import CustomerRow, import_customers
from bihuan.kit import ids, log, postgres
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.people import testing
from bihuan.serve.facts import EnquiryAnswered, RescueFinished
from bihuan.understand.facts import OpeningOpened

Browsers = Callable[..., Awaitable[httpx.AsyncClient]]
Rows = Callable[..., Awaitable[list[dict[str, Any]]]]


@pytest.fixture
async def firm(house: House) -> House:
    """A house with the small firm in it, and one customer of whom nobody has a relation."""
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
        await import_customers(tx, house.cipher, [CustomerRow("u1", name="王小明")], house.clock.now())
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
    """The customer without relations."""
    return ids.customer_of_user("u1")


@pytest.fixture
async def staff(firm: House) -> dict[str, people.Staff]:
    """The firm's people by login."""
    async with firm.postgres.transaction() as tx:
        found = [await people.staff_by_login(tx, row.login) for row in testing.STAFF]
    return {one.login: one for one in found if one}


@pytest.fixture
async def branches(firm: House) -> dict[str, UUID]:
    """The firm's branches by code."""
    async with firm.postgres.transaction() as tx:
        return {branch.code: branch.id for branch in await people.branches(tx)}


@pytest.fixture
def publish(firm: House, react: Callable[[], Awaitable[int]]) -> Callable[..., Awaitable[None]]:
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
def ledger(rows: Rows) -> Callable[..., Awaitable[list[tuple[str, str, str, str | None, float]]]]:
    """The ledger's lines: (kind, rule, branch code, login, share) in the order in which they were written."""

    async def lines() -> list[tuple[str, str, str, str | None, float]]:
        found = await rows(
            "SELECT e.kind, e.rule, b.code, p.login, s.share FROM credit_entry e"
            " JOIN credit_share s ON s.entry_id = e.id JOIN people_branch b ON b.id = s.branch_id"
            " LEFT JOIN people_staff p ON p.id = s.staff_id ORDER BY e.written_at, e.id, s.position"
        )
        return [(row["kind"], row["rule"], row["code"], row["login"], float(row["share"])) for row in found]

    return lines


@pytest.fixture
def lost(rows: Rows) -> Callable[..., Awaitable[list[tuple[str, str, str, bool]]]]:
    """The claims that lost: (kind, branch code, why, late)."""

    async def claims() -> list[tuple[str, str, str, bool]]:
        found = await rows(
            "SELECT l.kind, b.code, l.why, l.late FROM credit_lost_claim l JOIN people_branch b ON b.id = l.branch_id"
            " ORDER BY l.kind, b.code"
        )
        return [(row["kind"], row["code"], row["why"], row["late"]) for row in found]

    return claims


@pytest.fixture
def told(rows: Rows) -> Callable[[str], Awaitable[list[dict[str, Any]]]]:
    """The facts of a name that were published, in order."""

    async def found(name: str) -> list[dict[str, Any]]:
        return [row["body"] for row in await rows("SELECT body FROM log WHERE name = %(name)s ORDER BY seq", name=name)]

    return found


@pytest.fixture
def course(firm: House, customer_id: UUID) -> Callable[..., list[log.Fact]]:
    """What is told of an application that began 20 minutes ago, was handed in 5 minutes ago and is opened now."""

    def made(
        opening_id: str = "o1",
        *,
        customer: UUID | None = customer_id,
        branch: UUID | None = None,
        staff_code: str | None = None,
        code_ago: timedelta = timedelta(minutes=20),
        chosen: str | None = None,
        **place: Any,
    ) -> list[log.Fact]:
        now = firm.clock.now()
        return [
            OpeningOpened(
                customer,
                opening_id,
                branch,
                "advertisement",
                staff_code,
                chosen,
                now,
                started_at=now - timedelta(minutes=20),
                submitted_at=now - timedelta(minutes=5),
                staff_code_at=now - code_ago if staff_code else None,
                **place,
            )
        ]

    return made


@pytest.fixture
def enquiry(staff: dict[str, people.Staff], customer_id: UUID) -> Callable[..., EnquiryAnswered]:
    """An advisor answers an enquiry of the customer."""

    def made(
        login: str,
        at: datetime,
        *,
        opening_id: str | None = None,
        customer: UUID = customer_id,
        enquiry_id: UUID | None = None,
        number: int = 1,
    ) -> EnquiryAnswered:
        who = staff[login]
        return EnquiryAnswered(
            customer_id=customer,
            enquiry_id=enquiry_id or uuid4(),
            branch_id=who.branch_id,
            opening_id=opening_id,
            staff_id=who.id,
            staff_branch_id=who.branch_id,
            by_bot=False,
            knowledge_id=None,
            topic="开户",
            round=number,
            asked_at=at,
            person_asked_at=at,
            first_offered_at=at,
            claimed_at=at,
            first_answer_at=at,
        )

    return made


@pytest.fixture
def finished(staff: dict[str, people.Staff], customer_id: UUID, firm: House) -> Callable[..., RescueFinished]:
    """A rescue that ended with the next step; any field may be said otherwise."""

    def made(login: str = "hz01.advisor", **changes: Any) -> RescueFinished:
        who, now = staff[login], firm.clock.now()
        fields: dict[str, Any] = {
            "customer_id": customer_id,
            "rescue_id": uuid4(),
            "opening_id": "o1",
            "branch_id": who.branch_id,
            "step": "bank",
            "arm": "person",
            "staff_id": who.id,
            "staff_branch_id": who.branch_id,
            "outcome": "resumed",
            "stuck_at": now - timedelta(minutes=10),
            "taken_at": now - timedelta(minutes=9),
            "contacted_at": now - timedelta(minutes=8),
            "resumed_at": now - timedelta(minutes=7),
            "next_step_at": now - timedelta(minutes=6),
            "at": now - timedelta(minutes=6),
        }
        return RescueFinished(**{**fields, **changes})

    return made
