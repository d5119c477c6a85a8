"""Signing in and out on the real database."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from bihuan.kit import postgres
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.sessions import repository, service
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


@pytest.fixture
def slowed(firm: House, monkeypatch: pytest.MonkeyPatch) -> int:
    """A firm in which a login is slowed after so many attempts at places it does not know."""
    firm.settings.sign_in_attempts = 1
    monkeypatch.setattr(service, "LOGIN_FACTOR", 3)
    return 3


async def from_everywhere(browse: Any, login: str, times: int, password: str = "wrong", net: int = 100) -> list[int]:
    """Attempts one after the other, each from another address; their statuses."""
    return [
        (await attempt(await browse(address=f"198.51.{net}.{n + 1}"), login, password)).status_code
        for n in range(times)
    ]


@pytest.mark.parametrize("login", ["agent", "nobody"])
async def test_one_login_is_not_guessed_from_many_addresses(browse: Any, slowed: int, login: str) -> None:
    assert await from_everywhere(browse, login, slowed + 3) == [401] * slowed + [429] * 3
    assert (await attempt(await browse(address="203.0.113.1"), "engineer")).status_code == 200


async def test_each_further_guess_waits_longer_and_the_refused_ones_cost_nothing(
    browse: Any, firm: House, slowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = service.real_now()
    monkeypatch.setattr(service, "real_now", lambda: moment)
    await from_everywhere(browse, "agent", slowed)
    waits = []
    for n in range(12):
        for _ in range(2):
            refused = await attempt(await browse(address=f"203.0.113.{n + 1}"), "agent", "wrong")
            assert (refused.status_code, refused.json()["type"]) == (429, "urn:bihuan:problem:sign-in")
        waits.append(int(refused.headers["retry-after"]))
        moment += timedelta(seconds=waits[-1])
        assert await from_everywhere(browse, "agent", 1, net=101 + n) == [401]
    pause = firm.settings.sign_in_pause_s
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, pause, pause, pause]


async def test_a_stranger_does_not_keep_a_person_out_for_long(
    browse: Any, firm: House, slowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home = await browse()
    assert (await attempt(at_home, "agent")).status_code == 200
    await from_everywhere(browse, "agent", 30)
    assert (await attempt(at_home, "agent")).status_code == 200  # where he is known he does not notice
    assert await from_everywhere(browse, "agent", 1, net=101) == [429]  # and nobody else gains by it
    on_a_journey = await browse(address="203.0.113.1")
    refused = await attempt(on_a_journey, "agent")
    assert refused.status_code == 429
    later = service.real_now() + timedelta(seconds=int(refused.headers["retry-after"]))
    monkeypatch.setattr(service, "real_now", lambda: later)
    assert (await attempt(on_a_journey, "agent")).status_code == 200
    assert await from_everywhere(browse, "agent", slowed + 1, net=102) == [401] * slowed + [429]


async def test_a_place_is_not_familiar_for_ever(
    browse: Any, firm: House, slowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home = await browse()
    assert (await attempt(at_home, "agent")).status_code == 200
    much_later = service.real_now() + timedelta(days=90)
    monkeypatch.setattr(service, "real_now", lambda: much_later)
    await from_everywhere(browse, "agent", slowed)
    assert (await attempt(at_home, "agent")).status_code == 429
    async with firm.postgres.transaction() as tx:
        assert await postgres.value(tx, "SELECT count(*) FROM people_familiar") == 0


async def guessed_at_once(browse: Any) -> list[int]:
    clients = [await browse(address=f"198.51.100.{n + 1}") for n in range(6)]
    answers = await asyncio.gather(*(attempt(client, "agent", "wrong") for client in clients))
    return sorted(answer.status_code for answer in answers)


async def test_guesses_side_by_side_from_many_addresses_cannot_slip_through(browse: Any, slowed: int) -> None:
    assert await guessed_at_once(browse) == [401] * slowed + [429] * 3


async def test_the_control_looks_first_and_counts_later_and_lets_them_slip_through(
    browse: Any, slowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = asyncio.Barrier(6)

    async def naive(tx: Tx, subject: bytes, at: datetime, ends_at: datetime) -> repository.Attempt:
        tried = await postgres.value(tx, "SELECT tried FROM people_attempt WHERE subject = %(s)s", s=subject)
        await meeting.wait()
        return repository.Attempt(tried or 0, at)

    monkeypatch.setattr(repository, "lock_let_through", naive)
    assert await guessed_at_once(browse) == [401] * 6


async def test_what_is_forgotten_is_swept(browse: Any, firm: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await from_everywhere(browse, "agent", 3)
    later = service.real_now() + timedelta(days=1, seconds=1)
    monkeypatch.setattr(service, "real_now", lambda: later)
    await attempt(await browse(), "engineer", "wrong")
    async with firm.postgres.transaction() as tx:
        assert await postgres.value(tx, "SELECT count(*) FROM people_attempt WHERE ends_at <= %(at)s", at=later) == 0


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
