"""Signing in and out on the real database."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bihuan.kit import postgres
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.people.sessions import service
from bihuan.people.testing import PASSWORD

SESSION = "/api/v1/session"


async def attempt(client: httpx.AsyncClient, login: str, password: str = PASSWORD, **headers: str) -> httpx.Response:
    return await client.post(SESSION, json={"login": login, "password": password}, headers=headers)


async def test_a_session_begins_and_ends(browse: Any) -> None:
    client = await browse()
    assert (await client.get(SESSION)).status_code == 204
    answer = await attempt(client, "SH01.Advisor")
    assert answer.status_code == 200
    assert answer.json()["staff"]["login"] == "sh01.advisor"
    assert "enquiry:claim" in answer.json()["permissions"]
    assert answer.headers["cache-control"] == "no-store"
    read = await client.get(SESSION)
    assert read.json() == answer.json()
    ended = await client.delete(SESSION, headers={"X-CSRF-Token": answer.json()["csrf"]})
    assert ended.status_code == 204
    assert (await client.get(SESSION)).status_code == 204


async def test_the_cookie_is_out_of_reach(browse: Any, firm: House) -> None:
    answer = await attempt(await browse(), "agent")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "; secure" in cookie
    token = answer.cookies[people.COOKIE]
    async with firm.postgres.transaction() as tx:
        stored = await postgres.value(tx, "SELECT token_hash FROM people_session")
    assert token.encode() not in bytes(stored)
    assert len(token) >= 43  # 256 bits


async def test_on_localhost_the_cookie_is_not_secure(app: Any) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8321") as client:
        assert "secure" not in (await attempt(client, "agent")).headers["set-cookie"].lower()


@pytest.mark.parametrize(("login", "password"), [("agent", "wrong"), ("nobody", PASSWORD), ("agent", "")])
async def test_a_wrong_name_and_a_wrong_password_look_the_same(browse: Any, login: str, password: str) -> None:
    answer = await attempt(await browse(), login, password)
    if password:
        assert answer.status_code == 401
        assert answer.json()["type"] == "urn:bihuan:problem:credentials"
    else:
        assert answer.status_code == 422


async def test_after_five_attempts_even_the_right_password_waits(browse: Any, firm: House) -> None:
    client = await browse()
    for _ in range(5):
        assert (await attempt(client, "agent", "wrong")).status_code == 401
    refused = await attempt(client, "agent")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= firm.settings.sign_in_pause_s
    assert (await attempt(client, "engineer")).status_code == 200
    elsewhere = await browse(address="198.51.100.7")
    assert (await attempt(elsewhere, "agent")).status_code == 200


async def test_the_pause_ends(browse: Any, firm: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await browse()
    for _ in range(6):
        await attempt(client, "agent", "wrong")
    later = service.real_now() + timedelta(seconds=firm.settings.sign_in_pause_s + 1)
    monkeypatch.setattr(service, "real_now", lambda: later)
    assert (await attempt(client, "agent")).status_code == 200


async def test_attempts_side_by_side_cannot_slip_through(browse: Any) -> None:
    client = await browse()
    answers = await asyncio.gather(*(attempt(client, "agent", f"guess {n}") for n in range(12)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [401] * 5 + [429] * 7


async def test_one_address_cannot_try_every_login(browse: Any, firm: House, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.settings.sign_in_attempts = 1
    monkeypatch.setattr(service, "ADDRESS_FACTOR", 3)
    client = await browse()
    answers = [await attempt(client, f"login{n}", "wrong") for n in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 3 + [429] * 2


async def test_success_is_not_counted(browse: Any, firm: House, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.settings.sign_in_attempts = 1
    monkeypatch.setattr(service, "ADDRESS_FACTOR", 3)
    client = await browse()
    for _ in range(5):
        assert (await attempt(client, "agent")).status_code == 200


async def test_a_session_slides_and_then_ends(browse: Any, firm: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await browse("agent")
    start = service.real_now()
    moment = start

    def pretended() -> Any:
        return moment

    monkeypatch.setattr(service, "real_now", pretended)
    for hours in (11, 22, 33):
        moment = start + timedelta(hours=hours)
        assert (await client.get(SESSION)).status_code == 200
    moment = start + timedelta(hours=33 + 12, seconds=1)
    assert (await client.get(SESSION)).status_code == 204


@pytest.mark.parametrize("token", [None, "", "0" * 64, "ü"])
async def test_a_change_without_the_csrf_token_is_refused(browse: Any, token: str | None) -> None:
    client = await browse("agent")
    del client.headers["X-CSRF-Token"]
    headers = {} if token is None else {"X-CSRF-Token": token.encode()}
    answer = await client.delete(SESSION, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:bihuan:problem:csrf"
    assert (await client.get(SESSION)).status_code == 200


async def test_the_csrf_token_of_another_session_is_refused(browse: Any) -> None:
    one, other = await browse("agent"), await browse("agent")
    answer = await one.delete(SESSION, headers={"X-CSRF-Token": other.headers["X-CSRF-Token"]})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "origin", ["https://evil.test", "null", "https://bihuan.test.evil.test", "https://xbihuan.test", "http://[", ""]
)
async def test_a_call_from_another_site_is_refused(browse: Any, origin: str) -> None:
    client = await browse("agent")
    assert (await client.delete(SESSION, headers={"Origin": origin})).status_code == 403
    assert (await attempt(await browse(), "agent", Origin=origin)).status_code == 403


async def test_a_host_that_is_no_name_gets_a_secure_cookie(browse: Any) -> None:
    answer = await attempt(await browse(), "agent", Host="[")
    assert "; secure" in answer.headers["set-cookie"].lower()


async def test_our_own_pages_may_call(browse: Any, firm: House) -> None:
    firm.settings.public_url = "https://crm.broker.test/"
    assert (await attempt(await browse(), "agent", Origin="https://bihuan.test")).status_code == 200
    assert (await attempt(await browse(), "agent", Origin="https://crm.broker.test")).status_code == 200


async def test_a_new_password_ends_the_other_sessions(browse: Any) -> None:
    here, there = await browse("agent"), await browse("agent")
    change = {"current": PASSWORD, "wanted": "another long password"}
    answer = await here.post("/api/v1/password", json=change)
    assert answer.status_code == 200
    assert (await here.get(SESSION)).status_code == 200
    assert (await there.get(SESSION)).status_code == 204
    assert (await attempt(await browse(), "agent")).status_code == 401
    assert (await attempt(await browse(), "agent", "another long password")).status_code == 200


async def test_a_new_password_needs_the_old_one_and_some_length(browse: Any) -> None:
    client = await browse("agent")
    wrong = {"current": "not it", "wanted": "another long password"}
    assert (await client.post("/api/v1/password", json=wrong)).status_code == 401
    short = {"current": PASSWORD, "wanted": "short"}
    assert (await client.post("/api/v1/password", json=short)).status_code == 422


async def test_the_live_socket_finds_the_session(browse: Any, firm: House) -> None:
    client = await browse("sh01.advisor")
    async with firm.postgres.transaction() as tx:
        staff = await people.staff_of_session(tx, client.cookies[people.COOKIE])
        assert staff is not None
        assert staff.login == "sh01.advisor"
        assert await people.staff_of_session(tx, "made up") is None
        assert await people.staff_of_session(tx, None) is None


async def test_passwords_are_kept_as_argon2id(firm: House) -> None:
    async with firm.postgres.transaction() as tx:
        stored = await postgres.rows(tx, "SELECT password_hash FROM people_staff")
    assert all(row["password_hash"].startswith("$argon2id$") for row in stored)
