"""A small firm for tests of every room, and browsers that are signed in to it."""

import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from argon2 import PasswordHasher

from bihuan.kit.crypto import Cipher
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.people.facade import (
    COOKIE,
    BranchRow,
    StaffRow,
    import_branches,
    import_staff,
    issue_customer_token,
    staff_by_login,
)
from bihuan.people.sessions.browser import csrf_of
from bihuan.people.sessions.repository import set_password_hashes
from bihuan.people.sessions.service import begin

HERE = "127.0.0.1"  # whoever calls from here sits at the server's own machine
PASSWORD = "a long password for tests"  # noqa: S105  (of databases that live for one test)

BRANCHES = (
    BranchRow("SH01", "上海静安营业部", "EAST", "Shanghai Jing'an", "华东", "East", "上海", 31.23, 121.45),
    BranchRow("HZ01", "杭州西湖营业部", "EAST", "Hangzhou West Lake", "华东", "East", "杭州", 30.26, 120.13),
    BranchRow("GZ01", "广州天河营业部", "SOUTH", "Guangzhou Tianhe", "华南", "South", "广州", 23.13, 113.32),
)

# Named after what they are: the branch's code first where they belong to one.
STAFF = (
    StaffRow("operator", "欧运营", ("operator",), "Operator"),
    StaffRow("compliance", "何规", ("compliance",), "Compliance"),
    StaffRow("compliance2", "何二", ("compliance",), "Compliance Two"),
    StaffRow("engineer", "恩吉尼", ("engineer",), "Engineer"),
    StaffRow("supervisor", "苏督", ("supervisor",), "Supervisor"),
    StaffRow("agent", "客小服", ("service_agent",), "Service Agent"),
    StaffRow("east", "东经理", ("region_manager",), "East Manager", region_code="EAST"),
    StaffRow("sh01.manager", "上经理", ("branch_manager",), "Shanghai Manager", "SH01"),
    StaffRow("sh01.advisor", "上顾问", ("advisor",), "Shanghai Advisor", "SH01", None, "S1000001", True, "SH01A"),
    StaffRow("sh01.advisor2", "上二", ("advisor",), "Shanghai Advisor Two", "SH01", staff_code="SH01B"),
    StaffRow("hz01.advisor", "杭顾问", ("advisor",), "Hangzhou Advisor", "HZ01", staff_code="HZ01A"),
    StaffRow("gz01.advisor", "广顾问", ("advisor",), "Guangzhou Advisor", "GZ01", staff_code="GZ01A"),
    StaffRow("gz01.manager", "广经理", ("branch_manager",), "Guangzhou Manager", "GZ01"),
    StaffRow("sh01.witness", "见证", ("witness",), "Witness", "SH01"),
)


@functools.cache
def _hashed() -> str:
    return PasswordHasher().hash(PASSWORD)


async def found_firm(tx: Tx) -> None:
    """Write the small firm, everybody with PASSWORD. It is hashed once per process: a hash takes long on purpose."""
    await import_branches(tx, BRANCHES)
    await import_staff(tx, STAFF)
    await set_password_hashes(tx, None, _hashed(), demo=False)


@asynccontextmanager
async def browser(app: Any, login: str | None = None, address: str = "192.0.2.1") -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the application with a session of `login`, begun without a password; it sends its CSRF token.

    From the address 127.0.0.1 it sits at the server's own machine, and calls that by its local name.
    """
    transport = httpx.ASGITransport(app, client=(address, 40000))
    base_url = "http://127.0.0.1:8321" if address == HERE else "https://bihuan.test"
    async with httpx.AsyncClient(transport=transport, base_url=base_url) as client:
        if login is not None:
            token = await _session(app.state.house, login, address)
            client.cookies.set(COOKIE, token, domain=client.base_url.host, path="/")
            client.headers["X-CSRF-Token"] = csrf_of(token)
        yield client


async def _session(house: House, login: str, address: str) -> str:
    async with house.postgres.transaction() as tx:
        staff = await staff_by_login(tx, login)
        if staff is None:
            raise LookupError(f"there is no {login} in the small firm")
        return (await begin(tx, staff.id, house.settings.session_hours, address, "test")).token


def customer_token(cipher: Cipher, user_id: str | None, anonymous_id: str | None = None) -> str:
    """A customer token as the firm's server signs it, good for an hour."""
    return issue_customer_token(cipher, user_id, anonymous_id, datetime.now(UTC), timedelta(hours=1))
