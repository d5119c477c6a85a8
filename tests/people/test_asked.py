"""Nothing is granted that opens nothing: some endpoint asks for every permission and every scope there is."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from bihuan import app as application
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.people.access import requires, requires_briefly
from bihuan.people.rules import Permission, Scope

# Approvals ask by the name that stands in the proposal; see approvals/test_approvals.py.
ASKED_OF_THE_PROPOSAL = {Permission.APPROVE, Permission.APPROVAL_READ}


def calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from calls(inner)


def asked(routers: Iterable[APIRouter]) -> set[Permission]:
    """The permissions that stand in the signature of an endpoint."""
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    found = {call for route in routes for call in calls(route.dependant)}
    return {one for one in Permission if found & {requires(one), requires_briefly(one)}}


def test_an_endpoint_asks_for_every_permission() -> None:
    assert set(Permission) - asked(application.routers()) == ASKED_OF_THE_PROPOSAL


def test_the_control_finds_what_nobody_asks_for() -> None:
    """Without one room's endpoints its permissions open nothing."""
    without = [router for router in application.routers() if "serve" not in router.tags]
    assert Permission.ENQUIRY_SUPERVISE not in asked(without)


async def decides(client: httpx.AsyncClient, key: str) -> bool:
    headers = {"Authorization": f"Bearer {key}"}
    answer = await client.post("/api/v1/decide", json={"slots": ["home.banner"], "user_id": "u1"}, headers=headers)
    assert answer.status_code in (200, 403), answer.text
    return answer.status_code == 200


async def tracks(client: httpx.AsyncClient, key: str) -> bool:
    body = {"event": "Signed In", "userId": "u1"}
    answer = await client.post("/v1/track", content=json.dumps(body), auth=(key, ""))
    assert answer.status_code in (200, 401), answer.text
    return answer.status_code == 200


async def is_believed(client: httpx.AsyncClient, key: str) -> bool:
    """Whether a step event of the firm's own systems is taken, and not kept aside."""
    body = {"event": "opening:visit", "userId": "u1", "properties": {"opening_id": "A1"}}
    answer = await client.post("/v1/track", content=json.dumps(body), auth=(key, ""))
    house: House = client._transport.app.state.house  # type: ignore[attr-defined]
    async with house.postgres.transaction() as tx:
        found = await tx.execute("DELETE FROM log WHERE name = 'opening:visit' AND kind = 'tracked'")
    return answer.status_code == 200 and found.rowcount == 1


OPENS = {Scope.TRACK: tracks, Scope.TRUSTED: is_believed, Scope.DECIDE: decides}


@pytest.mark.parametrize("scope", list(Scope))
async def test_a_scope_opens_what_no_other_does(house: House, client: httpx.AsyncClient, scope: Scope) -> None:
    async with house.postgres.transaction() as tx:
        now = house.clock.now()
        opens = await people.create_key(tx, "server", "one", [scope], "test", now)
        # Who is believed sends; nothing else follows from another scope.
        others = set(Scope) - {scope} - ({Scope.TRUSTED} if scope is Scope.TRACK else set())
        shut = await people.create_key(tx, "server", "others", sorted(others), "test", now)
    assert await OPENS[scope](client, opens.secret)
    assert not await OPENS[scope](client, shut.secret)
