"""Tags on the real engines: what they say, when they move, and that readers never see half a refresh."""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg.rows import dict_row
from tests.understand.conftest import Browsers

from bihuan.collect.intake.repository import Arrival, enter
from bihuan.customers import facade as customers
from bihuan.kit import ids, log
from bihuan.kit.errors import Conflict
from bihuan.kit.house import House
from bihuan.kit.shipping import Shipper
from bihuan.kit.time import FixedClock
from bihuan.people import facade as people
from bihuan.understand.tags import archive, repository, service
from bihuan.understand.tags.definitions import catalogue

React = Callable[[], Any]


async def send(house: House, *events: tuple[str, str, float, dict[str, Any]], react: React, **more: Any) -> None:
    """Events of users, so many days ago: (user, name, days, properties); reacted to and shipped."""
    now = house.clock.now()
    arrivals = []
    for user, name, days, properties in events:
        text = msgspec.json.encode({"type": "track", "event": name, "properties": properties}).decode()
        visitor = more.get("visitor")
        customer = ids.customer_of_visitor(visitor) if user == "" else ids.customer_of_user(user)
        arrivals.append(
            Arrival(
                name,
                customer,
                user or None,
                visitor,
                str(ids.new_id()),
                "app",
                True,
                now - timedelta(days=days),
                now,
                text,
            )
        )
    async with house.postgres.transaction() as tx:
        await enter(tx, arrivals, await log.lane_count(tx))
    await react()
    async with await psycopg.AsyncConnection.connect(
        house.postgres.url, autocommit=True, row_factory=dict_row
    ) as connection:
        while await Shipper(house.postgres.url, house.clickhouse, 500).ship_once(connection):
            pass


async def tags_of(house: House, user: str) -> dict[str, Any]:
    """A user's tags by code."""
    async with house.postgres.transaction() as tx:
        table = await repository.table(tx)
    assert table is not None
    row = await archive.of_customer(house.clickhouse, table.name, ids.customer_of_user(user))
    assert row is not None
    return {tag.code: row[tag.column] for tag in catalogue().tags}


async def everything(house: House) -> list[dict[str, Any]]:
    """All rows of the table that readers use, without the version."""
    async with house.postgres.transaction() as tx:
        table = await repository.table(tx)
    assert table is not None
    return await house.clickhouse.query(f"SELECT * EXCEPT (version) FROM {table.name} FINAL ORDER BY customer_id")


async def owns(house: House, user: str, **holdings: int) -> None:
    """A customer with an account and holdings by kind, as an import of last night's settlement."""
    async with house.postgres.transaction() as tx:
        branch = await people.branch_by_code(tx, "SH01")
        assert branch is not None
        now = house.clock.now()
        row = customers.CustomerRow(user, name="王小明", birth_year=1960, opened_on=now.date(), branch_id=branch.id)
        await customers.import_customers(tx, house.cipher, [row], now)
        await customers.import_accounts(
            tx, [customers.AccountRow(f"a-{user}", user, "fund", "open", now.date(), branch.id)]
        )
        rows = [
            customers.HoldingRow(f"a-{user}", f"{user}-{kind}", kind, Decimal(1), Decimal(value), now.date())
            for kind, value in holdings.items()
        ]
        await customers.import_holdings(tx, rows)


async def test_tags_say_what_a_customer_has_and_does_and_no_data_where_nobody_knows(firm: House, react: React) -> None:
    await owns(firm, "rich", share=400_000, cash_management=300_000)
    await owns(firm, "poor")
    await send(
        firm,
        ("rich", "App Opened", 1, {"device": "iOS"}),
        ("rich", "App Opened", 40, {}),
        ("rich", "trade:filled", 2, {"amount": 5000, "fee": 5, "item": "881001", "kind": "share", "side": "buy"}),
        react=react,
    )
    assert (await service.refresh(firm)).kind == "whole"
    rich, poor = await tags_of(firm, "rich"), await tags_of(firm, "poor")
    assert (rich["asset_band"], rich["age_band"], rich["senior"]) == ("b4", "b5", 1)
    assert rich["cash_share"] == pytest.approx(3 / 7)
    assert (rich["idle_cash"], rich["no_assets"], poor["no_assets"]) == (1, 0, 1)
    assert (rich["trading_activity"], rich["app_activity"], rich["contribution"]) == ("low", "monthly", 5.0)
    assert rich["favoured_items"] == "881001"
    # The firm sends no flows and no conditional orders: nobody knows, and that is no zero.
    for unknown in ("net_inflow_30", "large_inflow", "conditional_orders", "opened_unfunded", "win_rate"):
        assert rich[unknown] is None, unknown
    # It does send trades: whoever made none made none.
    assert (poor["trading_activity"], poor["contribution"]) == ("none", 0.0)


async def test_the_habit_behind_orders_is_the_screen_before_them_in_the_same_visit(firm: House, react: React) -> None:
    minute = 1 / 24 / 60
    visits = []
    for day, screen in ((2, "news"), (4, "news"), (6, "search")):
        visits += [
            ("u1", "Screen Viewed", day, {"screen": screen}),
            ("u1", "Order Placed", day - minute, {"item": "x"}),
        ]
    # Holdings were looked at an hour before an order: that was another visit.
    visits += [
        ("u1", "Screen Viewed", 8, {"screen": "holdings"}),
        ("u1", "Order Placed", 8 - 60 * minute, {"item": "x"}),
    ]
    await send(firm, *visits, ("u2", "Order Placed", 1, {"item": "x"}), react=react)
    await service.refresh(firm)
    assert (await tags_of(firm, "u1"))["order_habit"] == "news"
    assert (await tags_of(firm, "u2"))["order_habit"] is None


async def test_what_a_visitor_did_counts_for_the_user_he_turned_out_to_be(firm: House, react: React) -> None:
    await send(firm, ("", "App Opened", 3, {}), ("", "App Opened", 2, {}), react=react, visitor="d1")
    await send(firm, ("u1", "App Opened", 1, {}), react=react, visitor="d1")
    await service.refresh(firm)
    assert (await tags_of(firm, "u1"))["app_activity"] == "monthly"
    rows = await everything(firm)
    assert [row["customer_id"] for row in rows] == [ids.customer_of_user("u1")]
    counted = await firm.clickhouse.query("SELECT t_profile_filled AS filled FROM tag_1 FINAL")
    assert len(counted) == 1


@pytest.mark.parametrize("seed", range(3))
async def test_a_delta_gives_what_a_whole_refresh_gives(
    firm: House, react: React, clock: FixedClock, seed: int
) -> None:
    chance = random.Random(seed)

    def some(count: int) -> list[tuple[str, str, float, dict[str, Any]]]:
        return [
            (
                f"u{chance.randrange(12)}",
                chance.choice(["App Opened", "trade:filled", "flow:in", "flow:out", "News Read", "Order Placed"]),
                chance.random() * 100,
                {"amount": chance.randrange(1_000_000), "screen": "news", "topic": chance.choice("ab"), "fee": 1},
            )
            for _ in range(count)
        ]

    await send(firm, *some(60), react=react)
    await service.refresh(firm)
    for days in (0, 1, 29, 45):
        clock.advance(timedelta(days=days))
        await send(firm, *some(4), react=react)
        assert (await service.refresh(firm)).kind == "delta"
        by_delta = await everything(firm)
        await service.refresh(firm, whole=True)
        assert by_delta == await everything(firm)


async def test_a_tag_moves_by_itself_on_the_day_its_window_runs_out(
    firm: House, react: React, clock: FixedClock
) -> None:
    await send(firm, ("u1", "App Opened", 0, {}), ("u2", "App Opened", 0, {}), react=react)
    await service.refresh(firm)
    clock.advance(timedelta(days=29))
    await service.refresh(firm)
    assert (await tags_of(firm, "u1"))["app_activity"] == "monthly"
    clock.advance(timedelta(days=1))
    made = await service.refresh(firm)
    assert (made.kind, made.moved["app_activity"]) == ("delta", 2)
    assert (await tags_of(firm, "u1"))["app_activity"] == "none"


async def test_a_failed_refresh_says_why_and_leaves_the_last_good_version(
    firm: House, react: React, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(firm, ("u1", "App Opened", 1, {}), react=react)
    await service.refresh(firm)
    before = await everything(firm)
    await send(firm, *((f"v{n}", "App Opened", 1.0, {}) for n in range(5)), react=react)
    filled = archive.fill

    async def breaks(house: House, *given: Any, **more: Any) -> None:
        if "b000" in given[-1]:
            raise RuntimeError("the disk is full")
        await filled(house, *given, **more)

    with monkeypatch.context() as broken:
        broken.setattr(archive, "fill", breaks)
        with pytest.raises(RuntimeError):
            await service.refresh(firm, whole=True)
    assert await everything(firm) == before
    async with firm.postgres.transaction() as tx:
        run = (await repository.runs(tx, 1))[0]
    assert (run.state, run.error) == ("failed", "RuntimeError: the disk is full")
    await service.refresh(firm, whole=True)
    assert len(await everything(firm)) == 6


async def test_of_two_refreshes_at_once_one_runs(firm: House, react: React) -> None:
    await send(firm, ("u1", "App Opened", 1, {}), react=react)
    both = await asyncio.gather(service.refresh(firm), service.refresh(firm), return_exceptions=True)
    assert sorted(type(one).__name__ for one in both) == ["Conflict", "Refreshed"]
    assert any(isinstance(one, Conflict) for one in both)


async def test_a_page_shows_what_lies_in_the_scope_and_no_more(browse: Browsers, firm: House, react: React) -> None:
    await owns(firm, "here", share=1000)
    await send(firm, ("here", "App Opened", 1, {}), react=react)
    await service.refresh(firm)
    customer = ids.customer_of_user("here")
    for login, seen in (("operator", 1), ("sh01.manager", 1), ("gz01.manager", 0)):
        browser = await browse(login)
        page = (await browser.get("/api/v1/tags/asset_band")).json()
        assert (page["customers"], len(page["sample"])) == (seen, seen), login
        assert (await browser.get("/api/v1/tags")).json()["customers"] == seen
        own = await browser.get(f"/api/v1/customers/{customer}/tags")
        assert own.status_code == (200 if seen else 404)
        if seen:
            told = {one["code"]: one for one in own.json()["items"]}
            assert (told["senior"]["shown_zh"], told["senior"]["shown_en"]) == ("是", "Yes")
            assert told["win_rate"]["value"] is None
            assert "aml_level" not in told
    compliance = (await (await browse("compliance")).get(f"/api/v1/customers/{customer}/tags")).json()
    assert "aml_level" in {one["code"] for one in compliance["items"]}
    assert (await (await browse()).get("/api/v1/tags")).status_code == 401
    assert (await (await browse("sh01.advisor")).post("/api/v1/tags/refresh", json={})).status_code == 403
    asked = [(await (await browse("operator")).post("/api/v1/tags/refresh", json={})).json() for _ in range(2)]
    assert asked == [{"asked": True}, {"asked": False}]
    assert (await (await browse("operator")).get("/api/v1/tags/none")).status_code == 404
