"""What holds whatever people do: nobody is forgotten, nobody has two advisors, advice is the licensed one's."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.serve.conftest import Desk
from tests.serve.test_live import HARD, deed, did

from bihuan.kit.house import House
from bihuan.kit.time import FixedClock
from bihuan.serve.figures.repository import asleep

NEVER = {
    "two under way": """
        SELECT customer_id FROM serve_enquiry WHERE state <> 'closed' GROUP BY customer_id HAVING count(*) > 1""",
    "owner and ownership differ": """
        SELECT e.id FROM serve_enquiry e
          LEFT JOIN serve_ownership o ON o.enquiry_id = e.id AND o.ended_at IS NULL
         WHERE (e.state = 'claimed') <> (o.id IS NOT NULL) OR e.state = 'claimed' AND o.staff_id <> e.owner_id""",
    "advice in hands that may not give it": """
        SELECT e.id FROM serve_enquiry e JOIN serve_presence p ON p.staff_id = e.owner_id
         WHERE e.state = 'claimed' AND e.needs_licence AND NOT p.licensed""",
    "advice before somebody who may not give it": """
        SELECT e.id FROM serve_enquiry e JOIN serve_offer o ON o.enquiry_id = e.id AND o.state = 'offered'
          JOIN serve_presence p ON p.staff_id = o.staff_id WHERE e.needs_licence AND NOT p.licensed""",
    "offered although nobody is looked for": """
        SELECT e.id FROM serve_enquiry e JOIN serve_offer o ON o.enquiry_id = e.id AND o.state = 'offered'
         WHERE e.state NOT IN ('waiting', 'callback_owed')""",
}


@pytest.mark.parametrize("seed", range(3))
async def test_every_enquiry_under_way_has_a_deadline_and_one_owner_at_most(
    firm: House, clock: FixedClock, sweep: Any, staff: Any, rows: Any, seed: int
) -> None:
    known: set[UUID] = set()
    chance = random.Random(seed)
    for _ in range(160):
        done = deed(chance)
        await did(firm, clock, sweep, staff, done, known)
        async with firm.postgres.transaction() as tx:
            assert await asleep(tx) == [], done
        for name, query in NEVER.items():
            assert await rows(query) == [], (name, done)
    assert len(known) > 3


@pytest.mark.parametrize("state", ["bot", "waiting", "claimed", "answered"])
async def test_the_control_is_found_asleep(firm: House, desk: Desk, rows: Any, state: str) -> None:
    """A deadline that is lost is seen, in every state."""
    await desk.online("sh01.advisor")
    enquiry = (await desk.ask("佣金多少" if state == "bot" else HARD))["enquiry"]["id"]
    if state in ("claimed", "answered"):
        await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim")
    if state == "answered":
        await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 201, text="您好")
    async with firm.postgres.transaction() as tx:
        assert await asleep(tx) == []
        await tx.execute("DELETE FROM kit_deadline WHERE kind LIKE 'serve.%%' AND subject = %s", [enquiry])
        assert await asleep(tx) == [UUID(enquiry)]


async def test_whom_a_supervisor_assigns_from_the_bot_does_not_stay_for_ever(
    desk: Desk, firm: House, clock: FixedClock, sweep: Any, staff: Any
) -> None:
    enquiry = (await desk.ask("佣金多少"))["enquiry"]["id"]
    assigned = await desk.do("supervisor", f"enquiries/{enquiry}/assign", staff_id=str(staff["sh01.advisor"].id))
    assert (assigned["state"], assigned["awaiting_since"]) == ("claimed", None)
    async with firm.postgres.transaction() as tx:
        assert await asleep(tx) == []
    clock.advance(timedelta(minutes=30))
    await sweep()
    assert (await desk.get("supervisor", f"enquiries/{enquiry}"))["state"] == "closed"
