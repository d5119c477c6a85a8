"""The rescue experiment on a real database: sticky arms, one exposure per opening, changes on the record."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.decide.conftest import Browsers, Facts, OpeningSystem

from bihuan.decide import facade
from bihuan.decide.facade import RESCUE
from bihuan.kit import audit, ids, log
from bihuan.kit.errors import Invalid
from bihuan.kit.house import House
from bihuan.understand.facts import OpeningStuck

Turn = Callable[[], Awaitable[int]]


def stuck(
    house: House, user: str, opening_id: str, times: int = 1, minutes: float = 0, visitor: bool = False
) -> OpeningStuck:
    at = house.clock.now() + timedelta(minutes=minutes)
    customer = ids.customer_of_visitor(user) if visitor else ids.customer_of_user(user)
    return OpeningStuck(customer, opening_id, None, "search", "id", at - timedelta(minutes=15), at, times)


async def publish(house: House, *facts: OpeningStuck) -> None:
    async with house.postgres.transaction() as tx:
        await log.publish(tx, *facts, now=house.clock.now())


async def exposures(house: House) -> list[facade.Exposure]:
    async with house.postgres.transaction() as tx:
        return await facade.exposures(tx, RESCUE)


async def test_each_stall_is_told_its_arm_and_the_first_of_an_opening_is_its_exposure(
    firm: House, react: Turn, facts: Facts
) -> None:
    await publish(firm, *[stuck(firm, f"u{n}", f"A{n}") for n in range(60)])
    await react()
    await publish(firm, *[stuck(firm, f"u{n}", f"A{n}", 2, 30) for n in range(60)], stuck(firm, "u1", "second"))
    await react()
    told = await facts("decide:rescue:assigned")
    by_opening: dict[str, list[dict[str, Any]]] = {}
    for one in told:
        by_opening.setdefault(one["opening_id"], []).append(one)
    assert len(told) == 121
    assert all(len({one["arm"] for one in found}) == 1 for found in by_opening.values())
    assert all(
        [one["exposed"] for one in sorted(f, key=lambda o: o["times"])] == [True, False][: len(f)]
        for f in by_opening.values()
    )
    assert by_opening["second"][0]["arm"] == by_opening["A1"][0]["arm"]
    found = await exposures(firm)
    assert {one.opening_id: one.arm for one in found} == {key: each[0]["arm"] for key, each in by_opening.items()}
    assert {one.arm for one in found} == {"control", "message", "person"}
    assert {(one.step, one.channel, one.version) for one in found} == {("id", "search", 1)}


async def test_two_stalls_of_an_opening_in_one_batch_expose_it_once(firm: House, react: Turn, facts: Facts) -> None:
    await publish(firm, stuck(firm, "u1", "A1", 2, 30), stuck(firm, "u1", "A1"))
    await react()
    assert [(one["times"], one["exposed"]) for one in await facts("decide:rescue:assigned")] == [(1, True), (2, False)]
    assert len(await exposures(firm)) == 1


async def test_a_change_of_weights_makes_a_version_and_moves_nobody_who_has_an_arm(
    firm: House, react: Turn, browse: Browsers, facts: Facts
) -> None:
    await publish(firm, *[stuck(firm, f"u{n}", f"A{n}") for n in range(40)])
    await react()
    before = {one.opening_id: (one.arm, one.version) for one in await exposures(firm)}
    operator = await browse("operator")
    path = f"/api/v1/experiments/{RESCUE}"
    arms = {"control": 0, "message": 0, "person": 1}
    answer = await operator.patch(path, json={"version": 1, "arms": arms, "reason": "everybody to a person"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["version"] == 2
    await publish(firm, *[stuck(firm, f"u{n}", f"B{n}") for n in range(80)])
    await react()
    after = {one.opening_id: (one.arm, one.version) for one in await exposures(firm)}
    assert {key: after[key] for key in before} == before
    told = {one["opening_id"]: (one["arm"], one["exposed"]) for one in await facts("decide:rescue:assigned")}
    assert all(told[f"B{n}"] == (before[f"A{n}"][0], False) for n in range(40))
    assert all(told[f"B{n}"] == ("person", True) for n in range(40, 80))
    # The new version holds nobody whose arm was drawn by other weights: its sample is in its proportions.
    assert {key: one for key, one in after.items() if key not in before} == {
        f"B{n}": ("person", 2) for n in range(40, 80)
    }
    async with firm.postgres.transaction() as tx:
        trail = await audit.trail(tx, RESCUE)
    assert [(one.action, one.detail["reason"]) for one in trail] == [
        ("decide:experiment:changed", "everybody to a person")
    ]

    stale = await operator.patch(path, json={"version": 1, "arms": arms, "reason": "again"})
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:bihuan:problem:experiment-version")
    for wrong in ({"control": 1.0}, {**arms, "person": 0.9}, {**arms, "bot": 0.0}):
        refused = await operator.patch(path, json={"version": 2, "arms": wrong, "reason": "x"})
        assert refused.status_code == 422
    versions = (await operator.get(path)).json()["items"]
    assert [(one["version"], one["ended_at"] is None) for one in versions] == [(2, True), (1, False)]
    assert [{arm["arm"]: arm["exposed"] for arm in one["arms"]}["person"] for one in versions] == [
        40,
        sum(arm == "person" for arm, _ in before.values()),
    ]
    assert [sum(arm["exposed"] for arm in one["arms"]) for one in versions] == [40, 40]


async def test_an_arm_that_was_picked_is_told_and_never_counted(firm: House, react: Turn, facts: Facts) -> None:
    picked = {f"p{n}": arm for n, arm in enumerate(("control", "message", "person", "control"))}
    async with firm.postgres.transaction() as tx:
        for user, arm in picked.items():
            assert await facade.pick_arm(tx, RESCUE, ids.customer_of_user(user), arm, firm.clock.now()) == arm
            assert await facade.pick_arm(tx, RESCUE, ids.customer_of_user(user), "person", firm.clock.now()) == arm
        with pytest.raises(Invalid):
            await facade.pick_arm(tx, RESCUE, ids.customer_of_user("p9"), "bot", firm.clock.now())
    await publish(firm, *[stuck(firm, user, user) for user in picked], stuck(firm, "u1", "A1"))
    await react()
    told = {one["opening_id"]: (one["arm"], one["exposed"]) for one in await facts("decide:rescue:assigned")}
    assert {user: told[user] for user in picked} == {user: (arm, False) for user, arm in picked.items()}
    assert [one.opening_id for one in await exposures(firm)] == ["A1"]


async def test_a_picked_arm_stays_a_picked_one_when_a_visitor_turns_out_to_be_a_user(
    firm: House, react: Turn, opening_system: OpeningSystem, facts: Facts
) -> None:
    async with firm.postgres.transaction() as tx:
        await facade.pick_arm(tx, RESCUE, ids.customer_of_visitor("v1"), "control", firm.clock.now())
    await opening_system.tell("Signed In", None, user="w1", visitor="v1")
    await react()
    await publish(firm, stuck(firm, "w1", "A1"))
    await react()
    assert [(one["arm"], one["exposed"]) for one in await facts("decide:rescue:assigned")] == [("control", False)]
    assert await exposures(firm) == []


async def test_a_stall_that_was_broken_before_it_is_read_exposes_nobody(
    firm: House, react: Turn, opening_system: OpeningSystem, facts: Facts
) -> None:
    """A worker that rested: the stall was told while the next step lay unread in the log."""
    for name in ("broken", "lasting"):
        await opening_system.tell("opening:phone:verified", name, 0, user=name)
    await react()
    await opening_system.tell("opening:products:chosen", "broken", 20, user="broken")
    at = opening_system.start
    stalls = [
        OpeningStuck(ids.customer_of_user(name), name, None, None, "products", at, at + timedelta(minutes=30), 1)
        for name in ("broken", "lasting")
    ]
    await publish(firm, *stalls)
    await react()
    assert [one["opening_id"] for one in await facts("decide:rescue:assigned")] == ["lasting"]
    assert [one.opening_id for one in await exposures(firm)] == ["lasting"]


async def test_while_it_rests_everybody_gets_a_person_and_nobody_is_exposed(
    firm: House, react: Turn, browse: Browsers, facts: Facts
) -> None:
    await publish(firm, stuck(firm, "u0", "A0"))
    await react()
    operator = await browse("operator")
    patch = {"version": 1, "status": "paused", "reason": "campaign"}
    assert (await operator.patch(f"/api/v1/experiments/{RESCUE}", json=patch)).json()["status"] == "paused"
    await publish(firm, *[stuck(firm, f"u{n}", f"A{n}", 2) for n in range(20)])
    await react()
    told = (await facts("decide:rescue:assigned"))[1:]
    assert len(await exposures(firm)) == 1
    assert {one["arm"] for one in told if one["opening_id"] != "A0"} == {"person"}
    assert not any(one["exposed"] for one in told)


async def test_an_applicant_keeps_his_arm_when_he_turns_out_to_be_a_user(
    firm: House, react: Turn, opening_system: OpeningSystem, facts: Facts
) -> None:
    for n in range(12):
        await publish(firm, stuck(firm, f"v{n}", f"A{n}", visitor=True))
    await react()
    for n in range(12):
        await opening_system.tell("Signed In", None, user=f"w{n}", visitor=f"v{n}")
    await react()
    for n in range(12):
        await publish(firm, stuck(firm, f"w{n}", f"A{n}", 2), stuck(firm, f"w{n}", f"B{n}"))
    await react()
    arms: dict[str, set[str]] = {}
    for one in await facts("decide:rescue:assigned"):
        arms.setdefault(one["opening_id"][1:], set()).add(one["arm"])
    assert all(len(found) == 1 for found in arms.values())
    assert {one.customer_id for one in await exposures(firm)} == {ids.customer_of_user(f"w{n}") for n in range(12)}


async def test_an_opening_of_nobody_gets_a_person_and_is_not_counted(firm: House, react: Turn, facts: Facts) -> None:
    at = firm.clock.now()
    await publish(firm, OpeningStuck(None, "A1", None, None, "id", at, at, 1))
    await react()
    assert [one["arm"] for one in await facts("decide:rescue:assigned")] == ["person"]
    assert await exposures(firm) == []


async def test_changes_at_once_have_one_winner(firm: House, browse: Browsers) -> None:
    operator = await browse("operator")
    chance = random.Random(3)

    async def change() -> int:
        share = round(chance.random(), 3)
        arms = {"control": share, "message": 0, "person": 1 - share}
        patch = {"version": 1, "arms": arms, "reason": "race"}
        return (await operator.patch(f"/api/v1/experiments/{RESCUE}", json=patch)).status_code

    assert sorted(await asyncio.gather(*[change() for _ in range(6)])) == [200, 409, 409, 409, 409, 409]


async def test_doors(browse: Browsers) -> None:
    advisor, manager, nobody = await browse("sh01.advisor"), await browse("sh01.manager"), await browse()
    patch = {"version": 1, "status": "paused", "reason": "x"}
    assert (await nobody.get("/api/v1/experiments")).status_code == 401
    assert (await advisor.get("/api/v1/experiments")).status_code == 403
    assert (await manager.get("/api/v1/experiments")).json()["items"][0]["key"] == RESCUE
    assert (await manager.patch(f"/api/v1/experiments/{RESCUE}", json=patch)).status_code == 403
    assert (await manager.get("/api/v1/experiments/none")).status_code == 404
