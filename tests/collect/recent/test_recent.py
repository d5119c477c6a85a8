"""The latest events as operators read them: whole enough to debug a source, without an answer or a plain number."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from bihuan import app as application
from bihuan.collect.intake import repository as intake
from bihuan.collect.intake.repository import Arrival
from bihuan.kit import ids, live, log
from bihuan.kit.house import House
from bihuan.people import testing

React = Callable[[], Awaitable[int]]

SENT = (
    ("identify", {"type": "identify", "traits": {"name": "王小明", "phone": "15400001234", "id_number": "X1"}}),
    ("Page Viewed", {"type": "page", "name": "Home", "properties": {"path": "/", "note": "call 15400001234"}}),
    ("opening:risk:assessed", {"type": "track", "event": "opening:risk:assessed", "properties": {"q1": "geheim"}}),
)


async def test_an_operator_reads_no_answer_and_no_plain_number(house: House, react: React) -> None:
    now, customer = house.clock.now(), ids.customer_of_user("u1")
    arrivals = [
        Arrival(name, customer, "u1", None, f"m{n}", "web", True, now, now, msgspec.json.encode(body).decode())
        for n, (name, body) in enumerate(SENT)
    ]
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
        await intake.enter(tx, arrivals, await log.lane_count(tx))
    made = application.build()
    made.state.house = house
    async with testing.browser(made, "operator") as operator, testing.browser(made, "sh01.advisor") as advisor:
        answer = await operator.get("/api/v1/events/recent")
        assert (await advisor.get("/api/v1/events/recent")).status_code == 403
    bodies: dict[str, Any] = {one["name"]: one["body"] for one in answer.json()}
    assert bodies["identify"]["traits"] == {"name": "王**", "phone": "154****1234", "id_number": "****"}
    assert bodies["Page Viewed"]["properties"] == {"path": "/", "note": "call 154****1234"}
    assert bodies["Page Viewed"]["name"] == "Home"
    assert bodies["opening:risk:assessed"] == {"type": "track", "event": "opening:risk:assessed"}
    await react()
    async with house.postgres.transaction() as tx:
        shown = str(await live.standing(tx, "events"))
    assert "geheim" not in answer.text + shown
    assert "15400001234" not in answer.text + shown
