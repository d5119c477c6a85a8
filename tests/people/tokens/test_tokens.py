"""Customer tokens: only those the firm's server signed, only while they last."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kit import house as houses
from bihuan.kit import ids
from bihuan.kit.crypto import Cipher
from bihuan.kit.errors import Unauthenticated
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.people.facade import caller_of_token
from bihuan.people.testing import HERE
from bihuan.people.tokens.rules import LONGEST, caller_of, issue, secret_of

CIPHER = Cipher(b"k" * 32)
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def signed(claims: dict[str, Any], key: str | None = None, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, secret_of(CIPHER) if key is None else key, algorithm=algorithm)


def at(moment: datetime) -> int:
    return int(moment.timestamp())


def test_a_user_a_visitor_and_a_user_on_a_device() -> None:
    user = caller_of(CIPHER, issue(CIPHER, "u1", None, NOW, HOUR), NOW)
    assert (user.customer_id, user.user_id) == (ids.customer_of_user("u1"), "u1")
    visitor = caller_of(CIPHER, issue(CIPHER, None, "a1", NOW, HOUR), NOW)
    assert (visitor.customer_id, visitor.user_id) == (ids.customer_of_visitor("a1"), None)
    both = caller_of(CIPHER, issue(CIPHER, "u1", "a1", NOW, HOUR), NOW)
    assert (both.customer_id, both.anonymous_id) == (ids.customer_of_user("u1"), "a1")


def test_claims_of_the_firms_own_do_no_harm() -> None:
    token = signed({"sub": "u1", "exp": at(NOW + HOUR), "iss": "broker", "aud": "bihuan", "role": "admin"})
    assert caller_of(CIPHER, token, NOW).user_id == "u1"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "u1"},
        {"sub": "u1", "exp": at(NOW)},
        {"sub": "u1", "exp": at(NOW - HOUR)},
        {"sub": "u1", "exp": at(NOW + LONGEST + timedelta(minutes=2))},
        {"sub": "u1", "exp": "tomorrow"},
        {"sub": "u1", "exp": None},
        {"sub": "u1", "exp": float("inf")},
        {"sub": "u1", "exp": float("nan")},
        {"sub": 7, "exp": at(NOW + HOUR)},
        {"sub": "", "exp": at(NOW + HOUR)},
        {"sub": None, "exp": at(NOW + HOUR)},
        {"sub": "u" * 201, "exp": at(NOW + HOUR)},
        {"sub": "u\0", "exp": at(NOW + HOUR)},
        {"sub": "u\ud800", "exp": at(NOW + HOUR)},
        {"anonymous_id": ["a"], "exp": at(NOW + HOUR)},
        {"exp": at(NOW + HOUR)},
    ],
)
def test_a_token_without_end_or_owner_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        caller_of(CIPHER, signed(claims), NOW)


def test_a_token_of_no_or_another_signature_is_refused() -> None:
    claims = {"sub": "u1", "exp": at(NOW + HOUR)}

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    unsigned = [f"{part({'alg': alg, 'typ': 'JWT'})}.{part(claims)}." for alg in ("none", "None", "NONE", "HS256")]
    others = [
        signed(claims, "another secret that is long enough to sign"),
        signed(claims, algorithm="HS512"),
        signed(claims, Cipher(b"x" * 32).secret_for("customer tokens")),
        "",
        "a.b.c",
        "a.b",
        "\0",
    ]
    for token in unsigned + others:
        with pytest.raises(Unauthenticated):
            caller_of(CIPHER, token, NOW)


@given(st.data())
def test_one_changed_character_is_one_too_many(data: st.DataObject) -> None:
    token = issue(CIPHER, "u1", "a1", NOW, HOUR)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCabc012-_."))
    changed = token[:place] + other + token[place + 1 :]
    try:
        caller = caller_of(CIPHER, changed, NOW)
    except Unauthenticated:
        return
    # The last character of a part holds bits that encode nothing.
    assert caller == caller_of(CIPHER, token, NOW)


async def in_demo_mode(firm: House) -> None:
    """The house as `bihuan demo` leaves it: staff have the demo's password and none of their own."""
    firm.settings.demo = True
    async with firm.postgres.transaction() as tx:
        await tx.execute("UPDATE people_staff SET password_hash = NULL")
        await people.set_demo_passwords(tx, "printed at the start")


async def test_the_demo_signs_its_own_tokens(browse: Any, firm: House) -> None:
    await in_demo_mode(firm)
    client = await browse(address=HERE)
    answer = await client.post("/api/v1/demo/customer-session", json={"user_id": "u0000001"})
    assert answer.status_code == 200
    caller = caller_of_token(firm.cipher, answer.json()["token"])
    assert str(caller.customer_id) == answer.json()["customer_id"]
    assert (await client.post("/api/v1/demo/customer-session", json={})).status_code == 422
    accounts = (await client.get("/api/v1/demo/accounts")).json()["items"]
    assert {"login": "sh01.witness", "branch": "上海静安营业部"}.items() <= next(
        account for account in accounts if account["roles"] == ["witness"]
    ).items()
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    choices = (await client.get("/api/v1/me/branches", headers=headers)).json()["items"]
    assert [choice["code"] for choice in choices] == ["GZ01", "HZ01", "SH01"]


async def test_outside_demo_mode_there_is_no_demo(browse: Any) -> None:
    client = await browse()
    assert (await client.post("/api/v1/demo/customer-session", json={"user_id": "u1"})).status_code == 404
    assert (await client.get("/api/v1/demo/accounts")).status_code == 404


async def test_a_customer_is_no_staff(browse: Any, firm: House) -> None:
    client = await browse()
    token = issue(firm.cipher, "u1", None, datetime.now(UTC), HOUR)
    headers = {"Authorization": f"Bearer {token}"}
    assert (await client.get("/api/v1/staff", headers=headers)).status_code == 401
    assert (await client.get("/api/v1/me/branches")).status_code == 401


DOORS: list[tuple[str, str, dict[str, Any] | None]] = [
    ("POST", "customer-session", {"user_id": "u0000001"}),
    ("PUT", "clock", {"factor": 2}),
    ("POST", "openings", {"arm": "person"}),
    ("GET", "stories/D000000000000", None),
    ("POST", "session", {"login": "sh01.advisor"}),  # last: whoever has a seat has more doors open
]


async def knocks(client: httpx.AsyncClient, **headers: str) -> set[str]:
    """What the demo's doors answer: "open", or the problem's code."""
    told = set()
    for method, path, body in DOORS:
        answer = await client.request(method, f"/api/v1/demo/{path}", json=body, headers=headers)
        told.add("open" if answer.is_success else answer.json()["type"].removeprefix("urn:bihuan:problem:"))
    return told


async def factor(firm: House) -> float:
    async with firm.postgres.transaction() as tx:
        return (await houses.read_clock(tx)).factor


async def test_the_demos_doors_are_open_at_its_own_machine_only(browse: Any, firm: House) -> None:
    here = await browse(address=HERE)
    assert await knocks(here) == {"demo"}
    await in_demo_mode(firm)
    assert await knocks(await browse()) == {"elsewhere"}
    assert await factor(firm) == 1
    assert await knocks(here) == {"open"}
    assert await factor(firm) == 2


@pytest.mark.parametrize(
    "header",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": "198.51.100.7"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"Host": "demo.broker.test"},  # a proxy that says nothing of itself, or a name that points to this machine
        {"Host": "["},
    ],
)
async def test_what_a_proxy_says_opens_none_of_them(browse: Any, firm: House, header: dict[str, str]) -> None:
    await in_demo_mode(firm)
    assert await knocks(await browse(address=HERE), **header) == {"elsewhere"}
    assert await knocks(await browse(), **header) == {"elsewhere"}


async def test_another_sites_page_opens_none_of_them(browse: Any, firm: House) -> None:
    await in_demo_mode(firm)
    for origin in ("https://elsewhere.example", "null"):
        assert await knocks(await browse(address=HERE), Origin=origin) == {"origin"}


async def test_behind_a_public_address_everybody_types_the_password(browse: Any, firm: House) -> None:
    await in_demo_mode(firm)
    firm.settings.public_url = "https://demo.broker.test"
    here = await browse(address=HERE)
    assert await knocks(here, Origin="https://demo.broker.test") == {"elsewhere"}


async def test_who_typed_the_printed_password_elsewhere_takes_the_tour(browse: Any, firm: House) -> None:
    await in_demo_mode(firm)
    client = await browse()
    given = {"login": "sh01.advisor", "password": "printed at the start"}
    for method, path, body in DOORS:
        assert (await client.post("/api/v1/session", json=given)).status_code == 200
        assert (await client.request(method, f"/api/v1/demo/{path}", json=body)).is_success
    assert await factor(firm) == 2
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert (await client.put("/api/v1/demo/clock", json={"factor": 3}, headers=elsewhere)).status_code == 403


async def test_a_password_of_ones_own_is_not_the_printed_one(browse: Any, firm: House) -> None:
    await in_demo_mode(firm)
    async with firm.postgres.transaction() as tx:
        assert await people.set_password(tx, "agent", "a long word of his own")
    client = await browse("agent")
    assert await knocks(client) == {"elsewhere"}


async def test_a_demo_seat_is_a_session_like_any_other(browse: Any, firm: House) -> None:
    seat = {"login": "sh01.advisor"}
    here = await browse(address=HERE)
    await in_demo_mode(firm)
    assert (await here.post("/api/v1/demo/session", json={"login": "nobody"})).status_code == 404
    taken = await here.post("/api/v1/demo/session", json=seat)
    assert (taken.status_code, taken.json()["staff"]["login"]) == (200, "sh01.advisor")
    assert (await here.get("/api/v1/session")).json()["staff"]["login"] == "sh01.advisor"


async def test_a_person_with_a_password_of_his_own_is_no_demo_seat(browse: Any, firm: House) -> None:
    """Else his session would outlive demo mode, and anybody at this machine could have begun it."""
    await in_demo_mode(firm)
    async with firm.postgres.transaction() as tx:
        assert await people.set_password(tx, "sh01.advisor", "a long word of his own")
    here = await browse(address=HERE)
    assert (await here.post("/api/v1/demo/session", json={"login": "sh01.advisor"})).status_code == 404
    accounts = (await here.get("/api/v1/demo/accounts")).json()["items"]
    assert "sh01.advisor" not in {account["login"] for account in accounts}
