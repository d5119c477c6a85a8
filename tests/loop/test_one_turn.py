"""One whole turn of the loop, entered where the world enters it: over HTTP, with the doors that are there for each.

Two applicants. One gets stuck, is rescued, opens; his branch is credited and his rescuer earns an assist. The other
came with the code of another branch; the branch he chose objects, headquarters judges.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bihuan import server
from bihuan.decide import facade as decide
from bihuan.decide.experiments.rules import assign
from bihuan.kit import ids
from bihuan.kit.house import House
from bihuan.kit.time import FixedClock
from bihuan.people import facade as people
from bihuan.people import testing

React = Callable[[], Awaitable[int]]

STEPS = ("phone:verified", "products:chosen", "id:accepted", "profile:done", "face:passed", "risk:assessed",
         "agreements:signed", "bank:bound", "password:set", "video:passed", "callback:done", "submitted", "reviewed",
         "account:opened")  # fmt: skip


class World:
    """Everybody outside: the opening system, staff in their browsers, customers with their phones."""

    def __init__(self, app: FastAPI, house: House, clock: FixedClock, key: str, doors: AsyncExitStack) -> None:
        self.app, self.house, self.clock, self.key, self.doors = app, house, clock, key, doors
        self.browsers: dict[str, httpx.AsyncClient] = {}

    async def staff(self, login: str) -> httpx.AsyncClient:
        """Somebody's browser, signed in."""
        if login not in self.browsers:
            self.browsers[login] = await self.doors.enter_async_context(testing.browser(self.app, login))
        return self.browsers[login]

    async def phone(self, user: str) -> httpx.AsyncClient:
        """A customer's app, with a token of the firm's server."""
        token = people.issue_customer_token(self.house.cipher, user, None, datetime.now(UTC), timedelta(hours=1))
        client = await self.doors.enter_async_context(testing.browser(self.app))
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    async def steps(self, user: str, *names: str, **more: Any) -> None:
        """The firm's opening system tells of steps, one second apart, over the tracking wire."""
        batch = []
        for name in names:
            at = self.clock.advance(timedelta(seconds=1))
            properties = {"opening_id": f"o-{user}", **more}
            batch.append(
                {"type": "track", "event": f"opening:{name}", "userId": user, "timestamp": at.isoformat(),
                 "messageId": str(ids.new_id()), "properties": properties}
            )  # fmt: skip
        async with testing.browser(self.app) as system:
            answer = await system.post("/v1/batch", json={"batch": batch}, auth=(self.key, ""))
        assert answer.status_code == 200, answer.text

    async def get(self, login: str, what: str) -> Any:
        """What somebody reads."""
        answer = await (await self.staff(login)).get(f"/api/v1/{what}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, login: str, what: str, expected: int = 200, **body: Any) -> Any:
        """What somebody does."""
        answer = await (await self.staff(login)).post(f"/api/v1/{what}", json=body or None)
        assert answer.status_code == expected, answer.text
        return answer.json()


@pytest.fixture
async def world(house: House, clock: FixedClock) -> AsyncIterator[World]:
    """The small firm, its whole application, and a key of its opening system."""

    @asynccontextmanager
    async def nothing(_: FastAPI) -> AsyncIterator[None]:
        yield

    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
        key = await people.create_key(
            tx, "server", "opening", ["track", "track:trusted", "decide"], "test", clock.now()
        )
    made = server.build(nothing)
    async with server.furnished(made, house), AsyncExitStack() as doors:
        yield World(made, house, clock, key.secret, doors)


async def somebody_of_arm(house: House, arm: str) -> str:
    """A user whom the experiment's hash puts into this arm."""
    async with house.postgres.transaction() as tx:
        experiment = await decide.experiment(tx, decide.RESCUE)
    assert experiment is not None
    every = (f"user-{n}" for n in range(10_000))
    return next(
        user
        for user in every
        if assign(experiment.salt, experiment.key, experiment.arms, ids.customer_of_user(user)) == arm
    )


async def test_a_stuck_applicant_is_rescued_and_every_room_takes_part(world: World, react: React, sweep: React) -> None:
    user = await somebody_of_arm(world.house, "person")
    await world.steps(user, "visit", channel="search")
    await world.steps(user, *STEPS[:2], branch_code="SH01")
    await react()
    world.clock.advance(timedelta(minutes=16))
    await sweep()
    await react()

    # understand told of the stall, decide assigned the arm, serve lays him before his branch and nobody else.
    (stuck,) = (await world.get("sh01.advisor", "rescues"))["items"]
    assert (stuck["opening_id"], stuck["step"], stuck["state"]) == (f"o-{user}", "id", "open")
    assert (await world.get("gz01.advisor", "rescues"))["items"] == []
    await world.post("sh01.advisor", f"openings/o-{user}/take")
    await world.post("sh01.advisor2", f"openings/o-{user}/take", expected=409)
    world.clock.advance(timedelta(minutes=1))
    greeting = "您好，身份证拍照遇到问题了吗？"
    contacted = await world.post("sh01.advisor", f"openings/o-{user}/contact", channel="chat", text=greeting)
    assert f"o-{user}" in contacted["link"]

    # They talk; he goes on by himself; no message of the machine joins in.
    phone = await world.phone(user)
    (mine,) = (await phone.get("/api/v1/enquiries/mine")).json()["items"]
    asked = await phone.post(f"/api/v1/enquiries/{mine['id']}/messages", json={"text": "照片总是模糊"})
    assert asked.status_code == 201, asked.text
    await world.post("sh01.advisor", f"enquiries/{mine['id']}/messages", expected=201, text="请避开反光再拍一次")
    world.clock.advance(timedelta(minutes=2))
    await world.steps(user, *STEPS[2:])
    await react()
    world.clock.advance(timedelta(minutes=30))
    await sweep()
    await react()
    assert (await world.get("operator", "deliveries"))["items"] == []

    # The branch he chose has the account, the rescuer an assist, and the customer his relation.
    credits = (await world.get("sh01.manager", "credits"))["items"]
    assert sorted((entry["kind"], entry["rule"]) for entry in credits) == [
        ("acquisition", "branch-chosen"),
        ("assist", "rescue-assist"),
    ]
    assert (await world.get("gz01.manager", "credits"))["items"] == []
    customer = str(ids.customer_of_user(user))
    told = await world.get("sh01.manager", f"customers/{customer}")
    assert {relation["kind"] for relation in told["relations"]} >= {"acquisition", "service"}
    refused = await (await world.staff("gz01.advisor")).get(f"/api/v1/customers/{customer}")
    assert refused.status_code in (403, 404)

    # measure counts him by assignment; the loop's first stage shows him.
    result = await world.get("operator", "experiments/opening-rescue/result")
    person = next(arm for arm in result["immediate"]["arms"] if arm["arm"] == "person")
    assert (person["n"], person["opened"]) == (1, 1)
    assert (await world.get("operator", "cockpit"))["opened_today"]["value"] == 1


async def test_whoever_is_to_get_nothing_gets_nothing_and_a_message_goes_out_once(
    world: World, react: React, sweep: React
) -> None:
    control, message = await somebody_of_arm(world.house, "control"), await somebody_of_arm(world.house, "message")
    for user in (control, message):
        await world.steps(user, "visit", channel="search")
        await world.steps(user, *STEPS[:2], branch_code="SH01")
    await react()
    for _ in range(4):
        world.clock.advance(timedelta(minutes=16))
        await sweep()
        await react()
    sent = (await world.get("operator", "deliveries"))["items"]
    assert [delivery["customer_id"] for delivery in sent] == [str(ids.customer_of_user(message))]
    free = [row for row in (await world.get("sh01.advisor", "rescues"))["items"] if row["state"] == "open"]
    assert free == []

    # The arms govern what goes out and nothing else: who asks is answered.
    asked = await (await world.phone(control)).post("/api/v1/enquiries", json={"text": "收不到验证码怎么办"})
    assert asked.status_code == 201, asked.text


async def test_two_branches_dispute_an_account(world: World, react: React) -> None:
    await world.steps("scanned", "visit", channel="staff_qr", staff_code="GZ01A")
    await world.steps("scanned", *STEPS, branch_code="SH01")
    await react()
    (entry,) = (await world.get("gz01.manager", "credits"))["items"]
    assert (entry["kind"], entry["rule"]) == ("acquisition", "staff-code")
    (lost,) = (await world.get("sh01.manager", "credits"))["items"]
    assert lost["id"] == entry["id"]
    objected = await world.post(
        "sh01.manager", f"credits/{entry['id']}/disputes", expected=201, reason="客户由我部接待并选择我部"
    )
    await world.post(
        "gz01.manager", f"disputes/{objected['id']}/decide", 403, verdict="upheld", ruling="我们自己的客户"
    )
    await world.post("operator", f"disputes/{objected['id']}/decide", verdict="moved", ruling="服务事实在上海，改判")
    await react()
    for manager, written in (("gz01.manager", "reversal"), ("sh01.manager", "correction")):
        lines = (await world.get(manager, "credits"))["items"]
        told = {(line["kind"], line["rule"], line["corrects"], line["reversed"]) for line in lines}
        assert told == {("acquisition", "staff-code", None, True), (written, "dispute", entry["id"], False)}


async def test_two_customers_two_apps_and_the_gate_between_them(world: World, react: React) -> None:
    for user, level, lowest in (("careful", "C1", True), ("bold", "C5", False)):
        await world.steps(user, "visit", channel="search")
        answers = {
            "level": level,
            "lowest_category": lowest,
            "term": "long",
            "kinds": ["fixed_income"],
            "goals": ["growth"],
        }
        await world.steps(user, *STEPS, branch_code="SH01", **answers)
    await react()
    shown = {}
    for user in ("careful", "bold"):
        answer = await (await world.phone(user)).post("/api/v1/decide", json={"slots": ["home.cards"]})
        assert answer.status_code == 200, answer.text
        shown[user] = answer.json()
    offered = {user: [item for slot in made["slots"] for item in slot["items"]] for user, made in shown.items()}
    assert all((item["risk_level"] or 0) <= 1 for item in offered["careful"])
    assert all(item["reasons"] for item in offered["careful"] + offered["bold"])
    kept = await world.get("compliance", f"decisions/{shown['careful']['decision_id']}")
    assert kept["reproduced"] is True
