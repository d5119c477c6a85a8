"""A masked field is read in plain text by few, of their own customers, for a reason, and never unseen."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest

from bihuan import app as application
from bihuan.customers.facade import CustomerRow, import_customers
from bihuan.kit import audit, ids, postgres
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.people import testing
from bihuan.people.rules import Permission, permissions_of

Browsers = Callable[[str | None], Awaitable[httpx.AsyncClient]]

PHONE = "15400001234"
CUSTOMER = ids.customer_of_user("u1")
PATH = f"/api/v1/customers/{CUSTOMER}/unmask"
ASKED = {"field": "phone", "reason": "客户要求回电"}


@pytest.fixture
async def browse(house: House) -> AsyncIterator[Browsers]:
    """Browsers on the small firm, in which SH01 has a customer."""
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
        branch = await people.branch_by_code(tx, "SH01")
        assert branch is not None
        row = CustomerRow("u1", name="王小明", phone=PHONE, branch_id=branch.id)
        await import_customers(tx, house.cipher, [row], house.clock.now())
    made = application.build()
    made.state.house = house
    async with AsyncExitStack() as stack:
        yield lambda login: stack.enter_async_context(testing.browser(made, login))


async def trail(house: House) -> list[audit.Deed]:
    async with house.postgres.transaction() as tx:
        return await audit.trail(tx, str(CUSTOMER))


async def test_it_says_who_saw_what_of_whom_and_why(house: House, browse: Browsers) -> None:
    advisor = await browse("sh01.advisor")
    page = (await advisor.get(PATH.removesuffix("/unmask"))).text
    assert PHONE not in page
    assert "王小明" not in page
    for field, value in (("phone", PHONE), ("name", "王小明")):
        answer = await advisor.post(PATH, json={**ASKED, "field": field})
        assert (answer.status_code, answer.json()) == (200, {"value": value})
    async with house.postgres.transaction() as tx:
        staff = await people.staff_by_login(tx, "sh01.advisor")
        written = str(await postgres.rows(tx, "SELECT * FROM kit_audit"))
    assert staff is not None
    told = [(deed.actor, deed.action, deed.subject, deed.detail, deed.at) for deed in await trail(house)]
    who, when = str(staff.id), house.clock.now()
    assert told == [
        (who, "customers:field:unmasked", str(CUSTOMER), {"field": field, "reason": ASKED["reason"]}, when)
        for field in ("name", "phone")
    ]
    assert PHONE not in written  # the trail says that it was seen, not what


@pytest.mark.parametrize(
    ("login", "status"),
    [
        (None, 401),
        ("gz01.advisor", 404),
        ("gz01.manager", 404),
        ("sh01.witness", 403),
        ("operator", 403),
        ("engineer", 403),
        ("east", 403),
    ],
)
async def test_nobody_else_sees_it(house: House, browse: Browsers, login: str | None, status: int) -> None:
    answer = await (await browse(login)).post(PATH, json=ASKED)
    assert (answer.status_code, PHONE in answer.text) == (status, False)
    assert await trail(house) == []


def test_the_roles_that_are_refused_lack_the_permission() -> None:
    assert Permission.CUSTOMER_UNMASK not in permissions_of(["witness", "operator", "engineer", "region_manager"])


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"field": "phone"},
        {"reason": "客户要求回电"},
        {"field": "phone", "reason": ""},
        {"field": "phone", "reason": "abc"},
        {"field": "phone", "reason": "    "},
        {"field": "phone", "reason": None},
        {"field": "phone_sealed", "reason": "客户要求回电"},
    ],
)
async def test_without_a_reason_nothing_is_shown(house: House, browse: Browsers, asked: dict[str, Any]) -> None:
    answer = await (await browse("sh01.advisor")).post(PATH, json=asked)
    assert (answer.status_code, PHONE in answer.text) == (422, False)
    assert await trail(house) == []


async def test_from_another_site_or_of_nobody_nothing_is_shown(house: House, browse: Browsers) -> None:
    advisor = await browse("sh01.advisor")
    assert (await advisor.post(PATH.replace(str(CUSTOMER), str(uuid4())), json=ASKED)).status_code == 404
    assert (await advisor.post(PATH, json=ASKED, headers={"Origin": "https://evil.test"})).status_code == 403
    assert (await advisor.post(PATH, json=ASKED, headers={"X-CSRF-Token": "made up"})).status_code == 403
    assert await trail(house) == []
