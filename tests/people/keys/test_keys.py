"""Keys: made once, used by scope, revoked."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from bihuan.kit import postgres
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.people.facade import Caller, DecideCaller
from bihuan.people.sessions.service import real_now
from bihuan.people.tokens.rules import LONGEST, issue

KEYS = "/api/v1/keys"


async def made(client: httpx.AsyncClient, kind: str, name: str, scopes: list[str]) -> httpx.Response:
    return await client.post(KEYS, json={"kind": kind, "name": name, "scopes": scopes})


async def test_a_key_is_shown_once_and_never_stored(browse: Any, firm: House) -> None:
    engineer = await browse("engineer")
    answer = await made(engineer, "write", "手机 app", ["track"])
    assert answer.status_code == 201
    secret = answer.json()["secret"]
    assert secret.startswith("wk_")
    assert len(secret) >= 46
    assert answer.headers["cache-control"] == "no-store"
    listed = (await engineer.get(KEYS)).json()["items"]
    assert "secret" not in listed[0]
    assert secret not in str(listed)
    async with firm.postgres.transaction() as tx:
        stored = str(await postgres.rows(tx, "SELECT * FROM people_key"))
        assert secret not in stored
        source = await people.source_of_key(tx, secret)
    assert source is not None
    assert (source.name, source.kind, source.trusted) == ("手机 app", "write", False)


async def test_a_revoked_key_opens_nothing(browse: Any, firm: House) -> None:
    engineer = await browse("engineer")
    answer = (await made(engineer, "server", "opening system", ["track:trusted"])).json()
    async with firm.postgres.transaction() as tx:
        source = await people.source_of_key(tx, answer["secret"])
        assert source is not None
        assert source.trusted
    assert (await engineer.delete(f"{KEYS}/{answer['id']}")).status_code == 204
    assert (await engineer.delete(f"{KEYS}/{answer['id']}")).status_code == 409
    assert (await engineer.delete(f"{KEYS}/{uuid4()}")).status_code == 404
    async with firm.postgres.transaction() as tx:
        assert await people.source_of_key(tx, answer["secret"]) is None


@pytest.mark.parametrize(
    ("kind", "name", "scopes"),
    [
        ("write", "a", ["track", "decide"]),
        ("write", "a", ["track:trusted"]),
        ("server", "a", []),
        ("server", "a", ["everything"]),
        ("root", "a", ["track"]),
        ("write", "import:events", ["track"]),
        ("write", "", ["track"]),
    ],
)
async def test_a_key_that_breaks_a_rule_is_not_made(browse: Any, kind: str, name: str, scopes: list[str]) -> None:
    assert (await made(await browse("engineer"), kind, name, scopes)).status_code == 422


async def test_a_public_key_cannot_take_the_name_of_a_trusted_source(browse: Any) -> None:
    engineer = await browse("engineer")
    assert (await made(engineer, "server", "opening", ["track:trusted"])).status_code == 201
    assert (await made(engineer, "server", "opening", ["track:trusted"])).status_code == 201
    assert (await made(engineer, "write", "opening", ["track"])).status_code == 409


async def test_only_engineers_keep_keys(browse: Any) -> None:
    assert (await (await browse()).get(KEYS)).status_code == 401
    for login in ("operator", "sh01.manager", "compliance"):
        client = await browse(login)
        assert (await client.get(KEYS)).status_code == 403
        assert (await made(client, "write", "x", ["track"])).status_code == 403


@pytest.fixture
def doors(app: FastAPI) -> FastAPI:
    """An endpoint as later rooms write them."""

    @app.get("/decide")
    async def decide(caller: DecideCaller) -> str:
        return str(caller.customer_id) if isinstance(caller, Caller) else caller.name

    return app


async def asked(doors: FastAPI, path: str, token: str | None) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(doors), base_url="https://bihuan.test") as client:
        return await client.get(path, headers=headers)


async def test_a_server_key_opens_the_doors_of_its_scopes(browse: Any, doors: FastAPI, firm: House) -> None:
    engineer = await browse("engineer")
    for kind, name, scope in (("server", "warehouse", "track:trusted"), ("write", "app", "track")):
        key = (await made(engineer, kind, name, [scope])).json()["secret"]
        refused = await asked(doors, "/decide", key)
        assert (refused.status_code, refused.json()["scope"]) == (403, "decide")
    for nothing in (None, "", "sk_made_up", "é"):
        assert (await asked(doors, "/decide", nothing)).status_code == 401


async def test_a_key_without_a_scope_to_send_is_no_source(browse: Any, firm: House) -> None:
    key = (await made(await browse("engineer"), "server", "app server", ["decide"])).json()["secret"]
    async with firm.postgres.transaction() as tx:
        assert await people.source_of_key(tx, key) is None


async def test_decide_takes_a_server_key_or_a_customer(browse: Any, doors: FastAPI, firm: House) -> None:
    key = (await made(await browse("engineer"), "server", "app server", ["decide"])).json()["secret"]
    assert (await asked(doors, "/decide", key)).json() == "app server"
    token = issue(firm.cipher, "u1", None, real_now(), LONGEST)
    caller = people.caller_of_token(firm.cipher, token)
    assert (await asked(doors, "/decide", token)).json() == str(caller.customer_id)
    assert (await asked(doors, "/decide", token[:-2] + "xx")).status_code == 401
    assert (await asked(doors, "/decide", None)).status_code == 401
