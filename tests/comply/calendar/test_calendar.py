"""Staff set a year as the exchange announced it, and the product goes by it."""

from datetime import date
from typing import Any

import psycopg
from tests.comply.conftest import Browsers

from bihuan.kit import calendar
from bihuan.kit.house import House
from bihuan.kit.time import FixedClock

SPRING = {"first": "2027-02-05", "last": "2027-02-12", "name": "春节"}
YEAR = "/api/v1/trading-days/2027"


def told(*closures: dict[str, str]) -> dict[str, Any]:
    return {"closures": list(closures), "source": "上交所 2026 年 12 月休市安排"}


async def test_a_year_is_provisional_until_somebody_says_when_the_exchange_is_closed(
    browse: Browsers, firm: House
) -> None:
    compliance = await browse("compliance")
    before = (await compliance.get(YEAR)).json()
    assert (before["announced"], before["closures"], before["trading_days"]) == (False, [], 261)
    async with await psycopg.AsyncConnection.connect(firm.postgres.url, autocommit=True) as hearing:
        await hearing.execute(f"LISTEN {calendar.CHANNEL}")
        after = (await compliance.put(YEAR, json=told(SPRING))).json()
        assert [one.channel async for one in hearing.notifies(timeout=5, stop_after=1)] == [calendar.CHANNEL]
    assert (after["announced"], after["trading_days"], after["known_until"]) == (True, 255, "2027-12-31")
    # The weekend that follows belongs to it: the market is shut from the 5th to the 14th.
    assert after["closures"] == [{"first": "2027-02-05", "last": "2027-02-14", "name": "春节"}]
    async with firm.postgres.transaction() as tx:
        known = await calendar.read(tx)
        audited = await (
            await tx.execute("SELECT subject FROM kit_audit WHERE action = 'comply:calendar:changed'")
        ).fetchall()
    assert not known.is_trading_day(date(2027, 2, 8))
    assert known.is_trading_day(date(2027, 2, 15))
    assert not known.provisional(date(2027, 12, 31))
    assert [row["subject"] for row in audited] == ["2027"]
    again = await compliance.put(YEAR, json=told(*after["closures"]))
    assert again.json() == after


async def test_what_is_over_stays_and_nonsense_is_refused(browse: Browsers, clock: FixedClock) -> None:
    compliance = await browse("compliance")
    year = clock.now().year
    gone = await compliance.put(f"/api/v1/trading-days/{year - 1}", json=told())
    assert gone.status_code == 422
    assert "before today" in gone.json()["detail"]
    outside = await compliance.put(YEAR, json=told({**SPRING, "first": "2026-12-30"}))
    assert outside.status_code == 422
    assert (await compliance.put("/api/v1/trading-days/99999", json=told())).status_code == 422


async def test_only_those_who_keep_the_policy_may_change_it(browse: Browsers) -> None:
    assert (await (await browse()).get(YEAR)).status_code == 401
    assert (await (await browse("sh01.advisor")).put(YEAR, json=told(SPRING))).status_code == 403
