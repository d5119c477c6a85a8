"""Measure's doors, as browsers meet them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from tests.measure.conftest import Archive

from bihuan.credit.facts import AccountCredited, AssistCredited, DisputeOpened, Holder
from bihuan.customers import facade as customers
from bihuan.kit import ids
from bihuan.kit.house import House
from bihuan.kit.testing import A_TRADING_MORNING
from bihuan.measure.metrics import catalogue
from bihuan.people import facade as people
from bihuan.serve.facts import EnquiryRated, RescueOffered
from bihuan.understand.facts import OpeningStarted, OpeningStuck

Browsers = Callable[..., Awaitable[httpx.AsyncClient]]
Hear = Callable[..., Awaitable[None]]
API = "/api/v1"
PATHS = (
    "cockpit",
    "morning",
    "funnel?steps=a",
    "funnel/customers?steps=a&step=1",
    "event-names",
    "event-properties?name=a",
    "metrics-catalogue",
)
PATHS += ("experiments/opening-rescue/result", "plans?month=2026-03-10", "measure-assumptions")
YESTERDAY = A_TRADING_MORNING - timedelta(days=1)


@pytest.mark.parametrize("path", PATHS)
async def test_nobody_is_let_in(browse: Browsers, path: str) -> None:
    assert (await (await browse()).get(f"{API}/{path}")).status_code == 401


async def test_who_sees_the_cockpit(browse: Browsers) -> None:
    for login in ("operator", "east", "supervisor", "compliance"):
        answer = await (await browse(login)).get(f"{API}/cockpit")
        assert answer.status_code == 200, answer.text
        assert [stage["stage"] for stage in answer.json()["loop"]][-1] == "learn"
    for login in ("sh01.manager", "sh01.advisor", "sh01.witness"):
        assert (await (await browse(login)).get(f"{API}/cockpit")).status_code == 403


async def test_every_figure_has_its_definition(browse: Browsers) -> None:
    found = (await (await browse("operator")).get(f"{API}/cockpit")).json()
    items = (await (await browse("sh01.advisor")).get(f"{API}/metrics-catalogue")).json()["items"]
    known = {item["code"]: item for item in items}
    shown = [stage["figure"] for stage in found["loop"]] + [found["opened_today"]]
    shown += [figure for strip in ("experience", "efficiency", "cost") for figure in found[strip]]
    assert {figure["metric"] for figure in shown} <= known.keys()
    assert "net_new_assets" in known
    leaks = {"quarantined", "stuck_share", "empty_decisions", "refused_messages", "promises_missed", "disputed"}
    assert leaks <= known.keys()
    for figure in shown:
        if known[figure["metric"]]["kind"] == "rate":
            assert {figure["numerator"], figure["denominator"]} == {0}


def test_every_definition_is_whole_and_in_both_languages() -> None:
    for metric in catalogue.metrics().values():
        texts = [metric.name, metric.formula, metric.window, metric.population]
        texts += [text for text in (metric.numerator, metric.denominator) if text is not None]
        assert len(texts) == (6 if metric.kind == "rate" else 4)
        assert all(set(text) == {"zh-CN", "en"} and all(text.values()) for text in texts)
        assert metric.kind in ("count", "rate", "quantity")
        assert metric.better in ("up", "down", "neither")


async def test_a_funnel_over_http(browse: Browsers) -> None:
    analyst = await browse("operator")
    found = (await analyst.get(f"{API}/funnel", params={"steps": "visit,open", "window": "7d", "by": "channel"})).json()
    assert found["window_seconds"] == 7 * 86400
    assert [step["customers"] for step in found["steps"]] == [0, 0]
    assert (await analyst.get(f"{API}/funnel", params={"steps": ",", "window": "7d"})).status_code == 422
    assert (await analyst.get(f"{API}/funnel", params={"steps": "a", "window": "week"})).status_code == 422
    far = {"steps": "a", "from": "0001-01-01T00:00:00Z", "to": "9999-12-31T23:59:59Z", "window": "3660d"}
    assert (await analyst.get(f"{API}/funnel", params=far)).status_code == 200
    odd = {"steps": "a'b\\,{x:String}\u4e2d", "by": "p'; DROP TABLE events --"}
    assert (await analyst.get(f"{API}/funnel", params=odd)).status_code == 200
    assert (await (await browse("sh01.advisor")).get(f"{API}/funnel?steps=a")).status_code == 403


async def test_the_customers_behind_a_bar_over_http(browse: Browsers, firm: House) -> None:
    known, unknown = ids.customer_of_user("u1"), ids.customer_of_visitor("device")
    async with firm.postgres.transaction() as tx:
        rows = [customers.CustomerRow("u1", name="王小明")]
        await customers.import_customers(tx, firm.cipher, rows, firm.clock.now())
    await Archive(firm.clickhouse).write(
        [
            (known, "visit", YESTERDAY, {"channel": "ad"}),
            (known, "open", YESTERDAY + timedelta(hours=1), {}),
            (unknown, "visit", YESTERDAY + timedelta(hours=2), {"channel": "qr"}),
        ]
    )
    path, asked = f"{API}/funnel/customers", {"steps": "visit,open", "window": "7d", "by": "channel"}
    analyst = await browse("operator")
    first = (await analyst.get(path, params={**asked, "step": 1, "limit": 1})).json()
    assert [row["customer_id"] for row in first["items"]] == [str(unknown)]
    then = (await analyst.get(path, params={**asked, "step": 1, "limit": 1, "cursor": first["next"]})).json()
    assert [(row["customer_id"], row["name"]) for row in then["items"]] == [(str(known), "王**")]
    assert then["next"] is None
    lost = (await analyst.get(path, params={**asked, "step": 2, "lost": True})).json()["items"]
    assert [(row["customer_id"], row["name"]) for row in lost] == [(str(unknown), "")]
    answers = {"steps": "opening:risk:assessed,open", "by": "level"}
    for door, more in ((f"{API}/funnel", {}), (path, {"step": 1, "value": "C1"})):
        assert (await analyst.get(door, params=answers | more)).status_code == 403
    assert (await analyst.get(f"{API}/funnel", params={"steps": answers["steps"]})).status_code == 200
    paid = (await analyst.get(path, params={**asked, "step": 1, "value": "ad"})).json()["items"]
    assert [row["customer_id"] for row in paid] == [str(known)]
    for wrong in ({"step": 3}, {"step": 0}, {"step": 1, "lost": True}, {"step": 1, "cursor": "x"}):
        assert (await analyst.get(path, params={**asked, **wrong})).status_code == 422
    no_property = {"steps": "visit", "step": 1, "value": "ad"}
    assert (await analyst.get(path, params=no_property)).status_code == 422
    for login in ("engineer", "sh01.manager", "sh01.advisor"):
        assert (await (await browse(login)).get(path, params={**asked, "step": 1})).status_code == 403


async def test_the_explorer_lists(browse: Browsers) -> None:
    analyst = await browse("operator")
    assert (await analyst.get(f"{API}/event-names")).json() == {"items": [], "next": None}
    assert (await analyst.get(f"{API}/event-properties", params={"name": "a"})).json()["items"] == []


async def test_a_result_over_http(browse: Browsers) -> None:
    analyst = await browse("operator")
    found = (await analyst.get(f"{API}/experiments/opening-rescue/result")).json()
    assert (found["state"], len(found["arms"]), len(found["comparisons"])) == ("too_early", 3, 3)
    assert (found["horizon_seconds"], found["immediate"]["state"]) == (86400, "too_early")
    assert (await analyst.get(f"{API}/experiments/nothing/result")).status_code == 404


async def test_a_branch_managers_morning(browse: Browsers, firm: House, hear: Hear) -> None:
    async with firm.postgres.transaction() as tx:
        home, other = [b.id for code in ("SH01", "GZ01") if (b := await people.branch_by_code(tx, code))]
        await hear(tx, *happened(home, other))
    operator, manager = await browse("operator"), await browse("sh01.manager")
    plan = await operator.put(f"{API}/branches/{home}/plan", json={"month": "2026-03-10", "accounts": 44})
    assert plan.json() == {"branch_id": str(home), "month": "2026-03-01", "accounts": 44, "net_assets": None}

    found = (await manager.get(f"{API}/morning")).json()
    assert found["branch_id"] == str(home)
    assert found["opened"] == {"value": 1, "plan": 2.0, "rank": 2, "of": 3}
    assert (found["openings_under_way"], found["openings_stuck"]) == (2, 1)
    assert [step["step"] for step in found["stuck_steps"]] == ["id"]
    assert (found["untouched_rescues"]["count"], found["open_disputes"]["count"], found["assists"]) == (1, 1, 1)
    assert (found["satisfaction"]["numerator"], found["satisfaction"]["denominator"]) == (1, 1)

    assert (await manager.get(f"{API}/morning", params={"branch": str(other)})).status_code == 403
    assert (await operator.get(f"{API}/morning", params={"branch": str(other)})).json()["opened"]["rank"] == 1
    assert (await operator.get(f"{API}/morning")).status_code == 422
    assert (await (await browse("east")).get(f"{API}/morning", params={"branch": str(home)})).status_code == 200
    assert (await (await browse("sh01.advisor")).get(f"{API}/morning")).status_code == 403


def happened(home: UUID, other: UUID) -> list[object]:
    who, staff, stuck = ids.customer_of_user("u1"), UUID(int=7), A_TRADING_MORNING - timedelta(hours=1)

    def credited(opening: str, branch: UUID) -> AccountCredited:
        return AccountCredited(
            who, ids.new_id(), opening, branch, staff, 1, (Holder(branch, staff, 1),), "qr", 1, None, YESTERDAY
        )

    return [
        credited("o1", home),
        credited("o2", other),
        credited("o3", other),
        OpeningStarted(who, "o4", home, "ad", "id", stuck),
        OpeningStuck(who, "o4", home, "ad", "id", stuck, stuck, 1),
        OpeningStarted(who, "o5", home, "ad", "id", stuck),
        RescueOffered(who, ids.new_id(), "o4", home, "id", "person", stuck, stuck),
        DisputeOpened(who, ids.new_id(), ids.new_id(), home, staff),
        AssistCredited(who, ids.new_id(), "o1", ids.new_id(), home, staff, 1, YESTERDAY),
        EnquiryRated(who, ids.new_id(), home, staff, home, False, 5, YESTERDAY),
    ]


async def test_plans_stay_within_scope(browse: Browsers, firm: House) -> None:
    operator, manager = await browse("operator"), await browse("gz01.manager")
    async with firm.postgres.transaction() as tx:
        branches = await people.branches(tx)
    for branch in branches:
        await operator.put(f"{API}/branches/{branch.id}/plan", json={"month": "2026-03-10", "accounts": 10})
    path = f"{API}/plans?month=2026-03-31"
    assert len((await operator.get(path)).json()["items"]) == 3
    assert len((await manager.get(path)).json()["items"]) == 1
    month = {"month": "2026-03-10", "accounts": 10}
    assert (await operator.put(f"{API}/branches/{UUID(int=1)}/plan", json=month)).status_code == 404
    assert (await manager.put(f"{API}/branches/{branches[0].id}/plan", json=month)).status_code == 403


async def test_a_firm_sets_its_own_numbers(browse: Browsers) -> None:
    operator = await browse("operator")
    before = {item["name"]: item for item in (await operator.get(f"{API}/measure-assumptions")).json()["items"]}
    assert before["price.sms"]["value"] == "0.0500"
    changed = await operator.put(f"{API}/measure-assumptions/price.sms", json={"value": "0.0325"})
    assert (changed.status_code, changed.json()["value"]) == (200, "0.0325")
    assert (await operator.put(f"{API}/measure-assumptions/nothing", json={"value": 1})).status_code == 404
    assert (await operator.put(f"{API}/measure-assumptions/price.sms", json={"value": -1})).status_code == 422
    manager = await browse("sh01.manager")
    assert (await manager.put(f"{API}/measure-assumptions/price.sms", json={"value": 1})).status_code == 403
