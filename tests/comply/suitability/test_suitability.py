"""Assessments kept, and the gate asked, on the real database."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bihuan.comply import facade as comply
from bihuan.comply.facade import AssessmentRow, InvestorRow, Product
from bihuan.kit import ids
from bihuan.kit.errors import Invalid
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.kit.testing import A_TRADING_MORNING
from bihuan.kit.time import EXCHANGE

CUSTOMER = ids.customer_of_user("shanghai")
NOW = A_TRADING_MORNING
CASH = Product(1, "short", "cash", "preserve")
ANSWERS = {"term": "long", "kinds": ["cash", "equity"], "goals": "preserve|growth"}


def assessed(level: int, days_ago: int, **more: Any) -> AssessmentRow:
    row = {"term": "long", "kinds": frozenset({"cash"}), "goals": frozenset({"preserve"})} | more
    return AssessmentRow(CUSTOMER, level, NOW - timedelta(days=days_ago), **row)


async def test_nothing_is_offered_to_whom_nobody_knows(tx: Tx) -> None:
    verdict = await comply.may_offer(tx, CUSTOMER, CASH, NOW)
    assert not verdict.allowed
    assert [reason.code for reason in verdict.refusals] == ["never-assessed"]


async def test_the_latest_assessment_counts_and_history_stays(tx: Tx) -> None:
    rows = [assessed(4, 100), assessed(2, 10), assessed(5, 1, source="predicted")]
    await comply.record_assessments(tx, rows, NOW)
    await comply.record_assessments(tx, rows, NOW)
    found = (await comply.investors(tx, [CUSTOMER], NOW))[CUSTOMER]
    assert (found.level, found.source) == (2, "assessed")
    earlier = (await comply.investors(tx, [CUSTOMER], NOW - timedelta(days=50)))[CUSTOMER]
    assert earlier.level == 4


async def test_a_guess_is_no_assessment(tx: Tx) -> None:
    await comply.record_assessments(tx, [assessed(5, 1, source="predicted")], NOW)
    assert not (await comply.may_offer(tx, CUSTOMER, CASH, NOW)).allowed


async def test_validity_counts_from_policy_and_never_beyond_two_years(tx: Tx) -> None:
    await comply.record_assessments(tx, [assessed(3, 0, valid_until=date(2040, 1, 1))], NOW)
    found = (await comply.investors(tx, [CUSTOMER], NOW))[CUSTOMER]
    assert found.valid_until == NOW.date() + timedelta(days=730)
    await tx.execute("DELETE FROM comply_assessment")
    await comply.record_assessments(tx, [assessed(3, 365)], NOW)
    assert (await comply.may_offer(tx, CUSTOMER, CASH, NOW)).proactive_allowed
    tomorrow = NOW + timedelta(days=1)
    assert not (await comply.may_offer(tx, CUSTOMER, CASH, tomorrow)).allowed


async def test_the_day_is_the_exchanges(tx: Tx) -> None:
    await comply.record_assessments(tx, [assessed(3, 1, valid_until=date(2026, 3, 10))], NOW)
    late = datetime(2026, 3, 10, 23, 59, tzinfo=EXCHANGE)
    assert (await comply.may_offer(tx, CUSTOMER, CASH, late)).allowed
    assert not (await comply.may_offer(tx, CUSTOMER, CASH, late + timedelta(minutes=1))).allowed


@pytest.mark.parametrize(
    "row",
    [
        assessed(0, 1),
        assessed(6, 1),
        assessed(2, 1, lowest_category=True),
        assessed(2, 1, term="eternal"),
        assessed(2, 1, kinds=frozenset({"lottery"})),
        assessed(2, 1, source="heard"),
    ],
)
async def test_what_is_no_assessment_is_not_kept(tx: Tx, row: AssessmentRow) -> None:
    assert comply.assessment_fault(row)
    with pytest.raises(Invalid):
        await comply.record_assessments(tx, [assessed(3, 2), row], NOW)


async def test_what_is_left_out_of_an_import_stays(tx: Tx) -> None:
    first = InvestorRow(CUSTOMER, "professional", permissions=frozenset({"star"}), birth_year=1970)
    await comply.record_investors(tx, [first])
    await comply.record_investors(tx, [InvestorRow(CUSTOMER, protected=True)])
    found = (await comply.investors(tx, [CUSTOMER], NOW))[CUSTOMER]
    assert (found.investor_class, found.protected, found.permissions, found.birth_year) == (
        "professional",
        True,
        frozenset({"star"}),
        1970,
    )
    for bad in (InvestorRow(CUSTOMER, "king"), InvestorRow(CUSTOMER, permissions=frozenset({"flying"}))):
        with pytest.raises(Invalid):
            await comply.record_investors(tx, [bad])


async def test_the_opening_system_tells_the_result(firm: House, send: Any) -> None:
    await send("opening:risk:assessed", {"opening_id": "A1", "level": "C3", **ANSWERS}, trusted=False)
    await send("opening:risk:assessed", {"opening_id": "A1"})
    async with firm.postgres.transaction() as tx:
        assert (await comply.investors(tx, [CUSTOMER], NOW))[CUSTOMER].level is None
    await send("opening:risk:assessed", {"opening_id": "A1", "level": "C3", **ANSWERS})
    async with firm.postgres.transaction() as tx:
        found = (await comply.investors(tx, [CUSTOMER], NOW))[CUSTOMER]
        assert (await comply.may_offer(tx, CUSTOMER, CASH, NOW)).proactive_allowed
    assert (found.level, found.kinds, found.goals) == (
        3,
        frozenset({"cash", "equity"}),
        frozenset({"preserve", "growth"}),
    )


@pytest.mark.parametrize("said", [True, "true", 1, "是", "who knows", ["yes"]])
async def test_the_lowest_category_is_believed_however_it_is_said(firm: House, send: Any, said: object) -> None:
    """Who is of the lowest category is refused more even when he asks, so what cannot be read counts as that."""
    await send("opening:risk:assessed", {"opening_id": "A1", "level": "C1", "lowest_category": said, **ANSWERS})
    async with firm.postgres.transaction() as tx:
        found = (await comply.investors(tx, [CUSTOMER], NOW))[CUSTOMER]
        verdict = await comply.may_offer(tx, CUSTOMER, Product(2, "short", "cash", "preserve"), NOW)
    assert found.lowest_category
    assert not verdict.allowed


async def test_a_plain_no_is_a_no(firm: House, send: Any) -> None:
    for said in (False, "false", 0, "否", None):
        await send("opening:risk:assessed", {"opening_id": "A1", "level": "C4", "lowest_category": said, **ANSWERS})
    async with firm.postgres.transaction() as tx:
        assert not (await comply.investors(tx, [CUSTOMER], NOW))[CUSTOMER].lowest_category


async def test_a_level_that_is_none_is_set_aside(send: Any, firm: House) -> None:
    for level in ("C9", "high", 0, True, ["C1"]):
        with pytest.raises(Invalid):
            await send("opening:risk:assessed", {"opening_id": "A1", "level": level})
        async with firm.postgres.transaction() as tx:
            await tx.execute("UPDATE log_offset SET xid = pg_current_xact_id(), seq = 0 WHERE reader = 'reactions'")


async def test_what_a_visitor_answered_counts_for_the_user_he_is(firm: House, send: Any) -> None:
    visitor = ids.customer_of_visitor("device")
    await send("opening:risk:assessed", {"opening_id": "A1", "level": 2, **ANSWERS}, user=None, visitor="device")
    await send("Signed In", {}, user="shanghai", visitor="device")
    async with firm.postgres.transaction() as tx:
        found = await comply.investors(tx, [CUSTOMER, visitor], NOW)
    assert [found[CUSTOMER].level, found[visitor].level] == [2, 2]


async def test_suitability_over_http(browse: Any, firm: House) -> None:
    async with firm.postgres.transaction() as tx:
        await comply.record_assessments(tx, [assessed(1, 5, lowest_category=True)], NOW)
    advisor = await browse("sh01.advisor")
    asked = {"customer": str(CUSTOMER), "risk": "R2", "term": "short", "kind": "cash", "goal": "preserve"}
    answer = (await advisor.get("/api/v1/suitability", params=asked)).json()
    assert answer["verdict"]["allowed"] is False
    assert [reason["code"] for reason in answer["verdict"]["refusals"]] == ["lowest-category"]
    assert answer["verdict"]["refusals"][0]["zh"]
    assert (answer["investor"]["level"], answer["investor"]["state"]) == ("C1", "valid")
    ok = (await advisor.get("/api/v1/suitability", params=asked | {"risk": "R1"})).json()
    assert ok["verdict"]["proactive_allowed"] is True
    nothing = (await advisor.get("/api/v1/suitability", params={"customer": str(CUSTOMER)})).json()
    assert nothing["verdict"]["refusals"][0]["code"] == "product-unrated"
    assert (await advisor.get("/api/v1/suitability", params=asked | {"risk": "R9"})).status_code == 422
    listed = (await advisor.get(f"/api/v1/customers/{CUSTOMER}/assessments")).json()
    assert [(row["level"], row["valid_until"]) for row in listed["items"]] == [("C1", "2027-03-05")]


async def test_doors(browse: Any) -> None:
    for login, status in ((None, 401), ("engineer", 403), ("sh01.witness", 403), ("gz01.advisor", 404), ("agent", 200)):
        client = await browse(login)
        asked = await client.get("/api/v1/suitability", params={"customer": str(CUSTOMER)})
        listed = await client.get(f"/api/v1/customers/{CUSTOMER}/assessments")
        assert (asked.status_code, listed.status_code) == (status, status)
