"""Every operation of the OpenAPI document is shut to strangers, but those that are listed here with the reason."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bihuan.kit import ids
from bihuan.kit.house import House
from bihuan.people import testing
from bihuan.people.sessions.browser import COOKIE

# (method, path): what a stranger gets, and why.
PUBLIC = {
    ("post", "/api/v1/session"): 401,  # the door itself: a wrong password
    ("get", "/api/v1/session"): 204,  # "who am I" is a question everybody may ask
    ("get", "/api/v1/demo/stage"): 200,  # whether this is a demo: every page asks first
    ("get", "/api/v1/time"): 200,  # no secret, and the widget needs it
    ("post", "/api/v1/sms/receipts"): (401, 403),  # the gateway signs its calls instead
}

BODIES: dict[tuple[str, str], Any] = {("post", "/api/v1/session"): {"login": "boss", "password": "wrong"}}


def operations(app: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, found in app.openapi()["paths"].items():
        for method, operation in found.items():
            yield method, path, operation


def at(path: str) -> str:
    return re.sub(r"\{\w+\}", str(ids.new_id()), path)


async def answers(client: httpx.AsyncClient, headers: dict[str, str]) -> dict[tuple[str, str], int]:
    app = client._transport.app  # type: ignore[attr-defined]
    found = {}
    for method, path, _ in operations(app):
        body = BODIES.get((method, path), {}) if method in ("post", "put", "patch") else None
        answer = await client.request(method, at(path), json=body, headers=headers)
        found[method, path] = answer.status_code
    return found


SHOWN = {
    "nothing": {},
    "a made-up session": {"Cookie": f"{COOKIE}={'x' * 43}", "X-CSRF-Token": "x"},
    "a made-up key": {"Authorization": "Bearer sk_" + "x" * 43},
    "a token signed with nothing": {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1MSJ9."},
}


@pytest.mark.parametrize("shown", list(SHOWN))
async def test_strangers_find_every_door_shut(house: House, client: httpx.AsyncClient, shown: str) -> None:
    found = await answers(client, SHOWN[shown])
    assert len(found) > 100
    open_doors = {}
    for (method, path), status in found.items():
        expected = PUBLIC.get((method, path), 404 if path.startswith("/api/v1/demo/") else 401)
        allowed = expected if isinstance(expected, tuple) else (expected, 401)
        if status not in allowed:
            open_doors[f"{method} {path}"] = status
    assert open_doors == {}


async def test_whoever_has_left_finds_every_door_shut(house: House, client: httpx.AsyncClient) -> None:
    app = client._transport.app  # type: ignore[attr-defined]
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
    async with testing.browser(app, "operator") as browser:
        async with house.postgres.transaction() as tx:
            await tx.execute("UPDATE people_staff SET active = false")
        for method, path, operation in operations(app):
            if {"staffSession": []} in operation.get("security", []) and (method, path) not in PUBLIC:
                answer = await browser.request(method, at(path), json={} if method != "get" else None)
                assert answer.status_code == 401, f"{method} {path}"


async def test_the_document_names_the_door_of_every_operation(client: httpx.AsyncClient) -> None:
    app = client._transport.app  # type: ignore[attr-defined]
    unnamed = {(m, p) for m, p, o in operations(app) if not o.get("security") and not p.startswith("/api/v1/demo/")}
    assert unnamed <= set(PUBLIC)


async def test_health_is_open_and_says_which_engine_is_away(house: House, client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "up"}
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    await house.clickhouse.close()
    url, house.clickhouse.url = house.clickhouse.url, "http://127.0.0.1:1/"
    away = await client.get("/readyz")
    house.clickhouse.url = url
    assert (away.status_code, away.json()["postgres"], away.json()["clickhouse"]) == (503, True, False)
