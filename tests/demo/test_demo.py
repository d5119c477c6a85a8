"""A visitor of the demo opens an account step by step, is somebody, and asks for products."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from bihuan.decide import facade as decide
from bihuan.demo.openings import rules
from bihuan.kit import ids
from bihuan.kit.house import House
from bihuan.people import testing

Phones = Callable[..., Awaitable[httpx.AsyncClient]]
React = Callable[[], Awaitable[int]]

CLOSED = [
    ("PUT", "/demo/clock", {"factor": 5}),
    ("POST", "/demo/openings", {}),
    ("GET", "/demo/openings", None),
    ("POST", "/demo/opening-steps", {"opening_id": "D000000000000", "steps": [{"event": "opening:visit"}]}),
    ("GET", "/demo/me", None),
    ("GET", "/demo/products", None),
    ("GET", "/demo/stories/D000000000000", None),
    ("POST", "/demo/orders", {"item": "x"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CLOSED)
async def test_nothing_of_it_exists_outside_demo_mode(
    app: FastAPI, firm: House, phone: Phones, method: str, path: str, body: object
) -> None:
    client = await phone(anonymous_id="a1")
    firm.settings = firm.settings.model_copy(update={"demo": False})
    assert (await client.request(method, f"/api/v1{path}", json=body)).status_code == 404
    assert (await client.get("/api/v1/demo/stage")).json()["on"] is False


async def test_the_stage_names_the_steps_with_their_events_and_no_secret(phone: Phones) -> None:
    told = (await (await phone()).get("/api/v1/demo/stage")).json()
    assert told["on"] is True
    assert {step["code"]: step["done_by"] for step in told["steps"]}["id"] == ["opening:id:accepted"]
    assert "password" not in str(told["seats"]).lower()
    assert {branch["code"] for branch in told["branches"]} == {"SH01", "HZ01", "GZ01"}


async def told(
    client: httpx.AsyncClient, opening_id: str, *steps: dict[str, object], **applicant: object
) -> httpx.Response:
    body = {"opening_id": opening_id, "steps": list(steps), "applicant": applicant}
    return await client.post("/api/v1/demo/opening-steps", json=body)


async def test_a_visitor_becomes_a_user_and_his_application_goes_on(phone: Phones, react: React) -> None:
    numbers = (await (await phone()).post("/api/v1/demo/openings", json={})).json()
    visitor = await phone(anonymous_id="a1")
    assert (
        await told(visitor, numbers["opening_id"], {"event": "opening:visit", "channel": "social"})
    ).status_code == 200
    user = await phone(user_id=numbers["user_id"], anonymous_id="a1")
    verified = {"event": "opening:phone:verified", "branch_code": "SH01"}
    failed = {"event": "opening:id:rejected", "reason": "blurred"}
    answer = await told(
        user,
        numbers["opening_id"],
        verified,
        {"event": "opening:products:chosen"},
        failed,
        phone="15400000009",
        name="林晓雨",
    )
    assert answer.json() == {"told": 4}
    await react()
    (own,) = (await user.get("/api/v1/demo/openings")).json()["items"]
    assert (own["state"], own["step"], own["branch_code"]) == ("under_way", "id", "SH01")
    assert {step["code"]: step["reason"] for step in own["steps"]}["id"] == "blurred"
    assert [step["code"] for step in own["steps"] if step["done"]] == ["phone", "products"]
    me = (await user.get("/api/v1/demo/me")).json()
    assert me["name"] == "林**"
    assert me["assessment"] == "none"


async def test_nobody_tells_steps_of_anothers_application(phone: Phones, react: React) -> None:
    client = await phone(anonymous_id="a1")
    numbers = (await client.post("/api/v1/demo/openings", json={})).json()
    await told(client, numbers["opening_id"], {"event": "opening:visit"})
    await react()
    stranger = await phone(anonymous_id="a2")
    assert (await told(stranger, numbers["opening_id"], {"event": "opening:account:opened"})).status_code == 404
    assert (await told(client, numbers["opening_id"], {"event": "serve:rescue:taken"})).status_code == 422


async def test_steps_told_late_are_stuck_at_once_in_the_arm_of_the_story_and_count_in_no_analysis(
    app: FastAPI, firm: House, phone: Phones, react: React, sweep: React
) -> None:
    numbers = (await (await phone()).post("/api/v1/demo/openings", json={"arm": "person"})).json()
    user = await phone(user_id=numbers["user_id"], anonymous_id="a1")
    steps: list[dict[str, object]] = [
        {"event": "opening:visit", "ago_seconds": 2400},
        {"event": "opening:phone:verified", "ago_seconds": 2000, "branch_code": "SH01"},
        {"event": "opening:products:chosen", "ago_seconds": 1500},
        {"event": "opening:id:rejected", "ago_seconds": 1000, "reason": "blurred"},
    ]
    await told(user, numbers["opening_id"], *steps, phone="15400000009")
    await react()
    await sweep()
    await react()
    async with testing.browser(app, "sh01.advisor") as desk:
        found = (await desk.get("/api/v1/rescues", params={"opening": numbers["opening_id"]})).json()["items"]
    assert [(row["state"], row["step"], row["arm"]) for row in found] == [("open", "id", "person")]
    async with firm.postgres.transaction() as tx:
        assert await decide.exposures(tx, decide.RESCUE) == []


async def test_the_clock_changes_its_speed(phone: Phones) -> None:
    client = await phone()
    assert (await client.put("/api/v1/demo/clock", json={"factor": 60})).json()["factor"] == 60
    assert (await client.put("/api/v1/demo/clock", json={"factor": 1000})).status_code == 422


@given(st.lists(st.floats(0, 7200), min_size=1, max_size=30))
def test_steps_told_in_their_order_stand_in_their_order(agos: list[float]) -> None:
    from bihuan.kit.testing import A_TRADING_MORNING

    played = [rules.Played("opening:visit", timedelta(seconds=ago)) for ago in sorted(agos, reverse=True)]
    told = rules.messages(played, "D0", "u", None, {"phone": "1"}, A_TRADING_MORNING)
    times = [message["timestamp"] for message in told]
    assert len(told) == len(played) + 1
    assert times == sorted(times)
    assert len({message["messageId"] for message in told}) == len(told)


async def test_a_story_is_told_by_its_facts(phone: Phones, react: React) -> None:
    numbers = (await (await phone()).post("/api/v1/demo/openings", json={})).json()
    visitor = await phone(anonymous_id="a9")
    path = f"/api/v1/demo/stories/{numbers['opening_id']}"
    assert (await visitor.get(path)).json() == {"customer_id": None, "happened": []}
    await told(visitor, numbers["opening_id"], {"event": "opening:visit"})
    await react()
    story = (await visitor.get(path)).json()
    assert story["customer_id"] == str(ids.customer_of_visitor("a9"))
    assert "understand:opening:started" in [fact["name"] for fact in story["happened"]]
    assert "opening:visit" not in [fact["name"] for fact in story["happened"]]
