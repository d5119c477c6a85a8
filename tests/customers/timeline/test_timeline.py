"""What an advisor reads of a customer's timeline: never an answer, whatever the firm's system calls it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec

from bihuan import app as application
from bihuan.collect.intake import repository as intake
from bihuan.collect.intake.repository import Arrival
from bihuan.customers.facade import CustomerRow, import_customers
from bihuan.kit import ids, log
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.people import testing

React = Callable[[], Awaitable[int]]


async def tell(house: House, name: str, kind: str = "track", /, **told: Any) -> None:
    customer, now = ids.customer_of_user("u1"), house.clock.now()
    inner = {"properties": told} if kind == "track" else {"traits": told}
    body = msgspec.json.encode({"type": kind, "event": name, "messageId": name, **inner}).decode()
    arrival = Arrival(name, customer, "u1", None, name, "opening", True, now, now + timedelta(seconds=1), body)
    async with house.postgres.transaction() as tx:
        await intake.enter(tx, [arrival], await log.lane_count(tx))


async def read(house: House) -> tuple[dict[str, dict[str, Any]], str]:
    """What an advisor reads: the timeline's details by name, and all of the text of timeline and page."""
    made = application.build()
    made.state.house = house
    async with testing.browser(made, "sh01.advisor") as advisor:
        path = f"/api/v1/customers/{ids.customer_of_user('u1')}"
        page, answer = await advisor.get(path), await advisor.get(f"{path}/timeline")
    assert (page.status_code, answer.status_code) == (200, 200), page.text + answer.text
    return {one["name"]: one["detail"] for one in answer.json()["items"]}, page.text + answer.text


async def test_an_advisor_never_reads_an_answer(house: House, react: React) -> None:
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
        branch = await people.branch_by_code(tx, "SH01")
        assert branch is not None
        row = CustomerRow("u1", name="王小明", branch_id=branch.id)
        await import_customers(tx, house.cipher, [row], house.clock.now())
    answers = {
        "q1": "geheim-1",
        "level": "C3",
        "term": "long",
        "kinds": ["equity"],
        "goals": ["growth"],
        "q2": "geheim",
    }
    for name in ("opening:risk:assessed", "opening:agreements:signed", "opening:callback:done"):
        await tell(house, name, opening_id="A1", reason="geheim-6", **answers)
    await tell(house, "Quiz Done", screen="quiz", **answers)
    await tell(house, "opening:id:rejected", opening_id="A1", reason="blurred", name_on_card="geheim-7")
    await tell(house, "identify", "identify", phone="15400001234", name="王小明", city="上海", id_number="geheim-8")
    await react()
    shown, text = await read(house)
    assert "geheim" not in text
    assert "15400001234" not in text
    assert [
        shown[name] for name in ("opening:risk:assessed", "opening:agreements:signed", "opening:callback:done")
    ] == [
        {},
        {},
        {},
    ]
    assert shown["Quiz Done"] == {"screen": "quiz"}
    assert shown["opening:id:rejected"] == {"opening_id": "A1", "reason": "blurred"}
    assert shown["identify"] == {"city": "上海"}
