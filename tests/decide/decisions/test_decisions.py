"""Deciding over HTTP: gated, explained, evidenced, replayed."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from tests.decide.conftest import Browsers, Facts, OpeningSystem

from bihuan.comply import facade as comply
from bihuan.comply.facade import AssessmentRow, InvestorRow
from bihuan.decide import facade
from bihuan.decide.facade import ProductRow
from bihuan.kit import ids, postgres
from bihuan.kit.house import House
from bihuan.kit.time import FixedClock
from bihuan.people import facade as people
from bihuan.people.facade import Scope
from bihuan.sim.live import app_use

Turn = Callable[[], Awaitable[int]]
HOME = ["home.banner", "home.functions", "home.cards", "home.news"]
PRODUCTS = (
    ProductRow("R1", "现金管理", 1, "Cash", "cash_management", "cash", "preserve", 0, 1, topics=("基金",), weight=0.9),
    ProductRow("R3", "指数基金", "R3", "Index fund", "fund", "equity", "growth", 0, 10, topics=("大盘",), weight=0.9),
    ProductRow("R5", "量化计划", "R5", "Quant plan", "private_plan", "equity", "growth", 365, 1_000_000, weight=1.0),
)


@pytest.fixture
async def key(firm: House) -> str:
    """A server key that may ask for decisions."""
    async with firm.postgres.transaction() as tx:
        await facade.import_products(tx, PRODUCTS, firm.clock.now())
        made = await people.create_key(tx, "server", "app", [Scope.DECIDE], "test", firm.clock.now())
    return made.secret


@pytest.fixture
async def app_server(app: FastAPI, key: str) -> Any:
    """The firm's app server."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="https://bihuan.test", headers={"Authorization": f"Bearer {key}"}
    ) as client:
        yield client


async def assess(house: House, user: str, level: int, **more: Any) -> UUID:
    """Give a customer an assessment under which nothing but the level limits him."""
    customer = ids.customer_of_user(user)
    now = house.clock.now()
    row = AssessmentRow(
        customer,
        level,
        more.pop("assessed_at", now - timedelta(days=10)),
        term="long",
        kinds=frozenset({"cash", "fixed_income", "mixed", "equity"}),
        goals=frozenset({"preserve", "income", "growth"}),
        **more,
    )
    async with house.postgres.transaction() as tx:
        await comply.record_assessments(tx, [row], now)
        await comply.record_investors(tx, [InvestorRow(customer, birth_year=1980)])
    return customer


async def ask(server: httpx.AsyncClient, slots: list[str] | None = None, **who: Any) -> dict[str, Any]:
    answer = await server.post("/api/v1/decide", json={"slots": slots or HOME, **who})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def shown(body: dict[str, Any]) -> dict[str, list[str]]:
    return {slot["slot"]: [item["item"] for item in slot["items"]] for slot in body["slots"]}


def everything(body: dict[str, Any]) -> set[str]:
    return {item for found in shown(body).values() for item in found}


@pytest.mark.parametrize(
    ("level", "offered"), [(1, {"R1"}), (2, {"R1"}), (3, {"R1", "R3"}), (4, {"R1", "R3"}), (5, {"R1", "R3", "R5"})]
)
async def test_nobody_is_offered_more_than_he_can_bear(
    app_server: httpx.AsyncClient, firm: House, level: int, offered: set[str]
) -> None:
    await assess(firm, "u1", level)
    body = await ask(app_server, user_id="u1")
    assert everything(body) & {"R1", "R3", "R5"} == offered
    assert all(slot["items"] and all(item["reasons"] for item in slot["items"]) for slot in body["slots"])


async def test_the_gate_fails_closed(app_server: httpx.AsyncClient, firm: House) -> None:
    now = firm.clock.now()
    await assess(firm, "expired", 5, assessed_at=now - timedelta(days=500))
    await assess(firm, "lowest", 1, lowest_category=True)
    await assess(firm, "guessed", 5, source="predicted")
    for who in ({"user_id": "nobody"}, {"anonymous_id": "v1"}, {}, {"user_id": "expired"}, {"user_id": "guessed"}):
        assert not everything(await ask(app_server, **who)) & {"R1", "R3", "R5"}
    assert everything(await ask(app_server, user_id="lowest")) & {"R1", "R3", "R5"} == {"R1"}


async def test_who_wants_nothing_personal_gets_what_everybody_gets(
    app_server: httpx.AsyncClient, firm: House, opening_system: OpeningSystem, react: Turn
) -> None:
    customer = await assess(firm, "u1", 5)
    await opening_system.tell("News Read", None, topic="医药")
    await react()
    assert (await ask(app_server, user_id="u1"))["personalised"]
    async with firm.postgres.transaction() as tx:
        said = comply.Said(customer, "personalisation", "all", False, firm.clock.now(), "app", "customer", "o1")
        await comply.record_consents(tx, [said], firm.clock.now())
    body = await ask(app_server, user_id="u1")
    assert not body["personalised"]
    assert shown(body) == shown(await ask(app_server))
    async with firm.postgres.transaction() as tx:
        kept = await postgres.value(
            tx, "SELECT known FROM decide_decision WHERE id = %(id)s", id=UUID(body["decision_id"])
        )
    assert (kept["investor"], kept["interests"]) == (None, {})


async def test_what_somebody_reads_moves_what_he_sees(
    app_server: httpx.AsyncClient, firm: House, opening_system: OpeningSystem, react: Turn
) -> None:
    before = await ask(app_server, ["home.news"], user_id="u1")
    for minute in range(3):
        await opening_system.tell("News Read", None, minute, user=None, visitor="v1", topic="医药")
    await opening_system.tell("News Read", None, 5, user="u1", visitor="v1", topic="银行")
    await react()
    after = await ask(app_server, ["home.news"], user_id="u1")
    assert shown(before) != shown(after)
    first, second = after["slots"][0]["items"][:2]
    assert (first["item"], second["item"]) == ("health-industry", "bank-industry")
    assert [reason["code"] for reason in first["reasons"]] == ["interest"]
    assert first["reasons"][0]["zh"]


async def test_help_in_the_opening_is_about_the_step(app_server: httpx.AsyncClient) -> None:
    body = await ask(app_server, ["opening.help"], anonymous_id="v1", context={"step": "bank"})
    assert body["slots"][0]["items"][0]["item"] == "help-bank"
    body = await ask(app_server, ["opening.help"], context={"step": "no such step", "topics": ["x"]})
    assert body["slots"][0]["items"]


async def test_a_slot_that_does_not_exist_takes_nothing_from_the_others(app_server: httpx.AsyncClient) -> None:
    body = await ask(app_server, ["home.news", "gone", "home.news"], user_id="u1")
    assert [slot["slot"] for slot in body["slots"]] == ["home.news"]
    assert body["unknown_slots"] == ["gone"]


async def test_doors(app: FastAPI, app_server: httpx.AsyncClient, firm: House, browse: Browsers) -> None:
    bare = await browse()
    assert (await bare.post("/api/v1/decide", json={"slots": HOME})).status_code == 401
    token = people.issue_customer_token(firm.cipher, "u1", None, datetime.now(UTC), timedelta(hours=1))
    headers = {"Authorization": f"Bearer {token}"}
    for body, status in (
        ({"slots": HOME}, 200),
        ({"slots": HOME, "user_id": "u1"}, 200),
        ({"slots": HOME, "user_id": "u2"}, 403),
        ({"slots": HOME, "anonymous_id": "v"}, 403),
        ({"slots": []}, 422),
        ({"slots": ["x"] * 21}, 422),
        ({"slots": ["\u0000"]}, 200),
    ):
        assert (await bare.post("/api/v1/decide", json=body, headers=headers)).status_code == status, body


async def test_a_customer_who_cannot_be_read_is_treated_as_unknown(
    app_server: httpx.AsyncClient, firm: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await assess(firm, "u1", 5)

    async def broken(tx: Any, *_: Any) -> Any:
        await tx.execute("SELECT 1 / 0")

    monkeypatch.setattr(comply, "investors", broken)
    body = await ask(app_server, user_id="u1")
    assert not everything(body) & {"R1", "R3", "R5"}
    assert all(slot["items"] for slot in body["slots"])
    async with firm.postgres.transaction() as tx:
        assert await postgres.value(tx, "SELECT known->>'degraded' FROM decide_decision") == "true"


async def test_evidence_is_kept_replayed_and_never_changed(
    app_server: httpx.AsyncClient, firm: House, browse: Browsers, facts: Facts, clock: FixedClock
) -> None:
    await assess(firm, "u1", 3)
    made = await ask(app_server, user_id="u1")
    told = await facts("decide:decision:made")
    assert [one["item"] for one in told[0]["shown"]] == [i for found in shown(made).values() for i in found]
    operator = await browse("operator")
    path = f"/api/v1/decisions/{made['decision_id']}"
    detail = (await operator.get(path)).json()
    assert (detail["reproduced"], detail["same_today"], detail["known"]["level"]) == (True, True, 3)
    banner = detail["replay"][0]
    fates = {one["item"]: one for one in banner["fates"]}
    assert [rule["code"] for rule in fates["R5"]["rules"]] == ["above-level", "high-risk"]
    assert fates["R1"]["rules"] == []
    assert detail["slots"][0]["fell"]["above-level"] == 1

    # The catalogue changes, the assessment falls away: the evidence says the same, today would differ.
    answer = await operator.patch("/api/v1/catalogue/R1", json={"version": 1, "active": False})
    assert answer.status_code == 200, answer.text
    clock.advance(timedelta(days=400))
    detail = (await operator.get(path)).json()
    assert (detail["reproduced"], detail["same_today"]) == (True, False)
    assert "R1" in {one["item"] for one in detail["replay"][0]["fates"] if not one["rules"]}

    async with firm.postgres.transaction() as tx:
        with pytest.raises(psycopg.errors.RaiseException):
            async with tx.transaction():
                await tx.execute("UPDATE decide_decision SET asked_by = 'x'")


async def test_decisions_are_read_within_the_scope(
    app_server: httpx.AsyncClient, firm: House, browse: Browsers
) -> None:
    customer = await assess(firm, "u1", 2)
    made = [await ask(app_server, ["home.news"], user_id="u1") for _ in range(3)]
    async with firm.postgres.transaction() as tx:
        shanghai = await people.branch_by_code(tx, "SH01")
        assert shanghai is not None
        await tx.execute(
            "INSERT INTO customers_customer (id, user_id, branch_id, first_seen, last_seen)"
            " VALUES (%s, 'u1', %s, now(), now())",
            [customer, shanghai.id],
        )
    operator, manager, other = await browse("operator"), await browse("sh01.manager"), await browse("gz01.manager")
    page = (await operator.get("/api/v1/decisions?limit=2")).json()
    rest = (await operator.get(f"/api/v1/decisions?limit=2&cursor={page['next']}")).json()
    found = [one["id"] for one in page["items"] + rest["items"]]
    assert sorted(found) == sorted(one["decision_id"] for one in made)
    about = f"/api/v1/decisions?customer={customer}"
    assert len((await manager.get(about)).json()["items"]) == 3
    assert (await manager.get("/api/v1/decisions")).status_code == 403
    assert (await manager.get(f"/api/v1/decisions/{found[0]}")).status_code == 200
    for path in (about, f"/api/v1/decisions/{found[0]}"):
        assert (await other.get(path)).status_code == 404
    assert (await (await browse("sh01.witness")).get(about)).status_code == 403
    assert (await (await browse()).get(about)).status_code == 401


async def test_what_was_decided_for_the_visitor_belongs_to_the_user(
    app_server: httpx.AsyncClient, firm: House, browse: Browsers, opening_system: OpeningSystem, react: Turn
) -> None:
    await ask(app_server, ["home.news"], anonymous_id="v7")
    await opening_system.tell("Signed In", None, user="u7", visitor="v7")
    await react()
    await ask(app_server, ["home.news"], anonymous_id="v7")
    operator = await browse("operator")
    found = (await operator.get(f"/api/v1/decisions?customer={ids.customer_of_user('u7')}")).json()["items"]
    assert len(found) == 2


async def test_a_click_as_the_simulator_sends_it_counts_and_teaches_what_he_cares_for(
    app_server: httpx.AsyncClient, firm: House, opening_system: OpeningSystem, react: Turn
) -> None:
    answer = await ask(app_server, ["home.cards"], user_id="u1")
    (slot,) = answer["slots"]
    item = next(one for one in slot["items"] if one["topics"])
    told = app_use.touched(answer, slot["slot"], item)
    await opening_system.tell(app_use.CLICKED, None, 1, **told)
    await react()
    async with firm.postgres.transaction() as tx:
        clicks = await postgres.rows(tx, "SELECT item, clicks FROM decide_click")
        topics = await postgres.rows(tx, "SELECT topic FROM decide_interest ORDER BY topic")
    assert clicks == [{"item": item["item"], "clicks": 1}]
    assert [row["topic"] for row in topics] == sorted(item["topics"])


async def test_popularity_follows_clicks_and_is_remembered_by_count(
    app_server: httpx.AsyncClient, firm: House, browse: Browsers, opening_system: OpeningSystem, react: Turn,
    sweep: Turn, clock: FixedClock,
) -> None:  # fmt: skip
    first = await ask(app_server, ["home.cards"], user_id="u1")
    for n in range(5):
        await opening_system.tell("Slot Item Clicked", None, n, item="overseas-markets")
    await opening_system.tell("Slot Item Clicked", None, 9, item={"not": "a code"})
    await react()
    clock.advance(timedelta(hours=1))
    await sweep()
    second = await ask(app_server, ["home.cards"], user_id="u1")
    assert "overseas-markets" not in everything(first)
    assert "overseas-markets" in everything(second)
    operator = await browse("operator")
    detail = (await operator.get(f"/api/v1/decisions/{first['decision_id']}")).json()
    assert (detail["reproduced"], detail["same_today"]) == (True, False)
