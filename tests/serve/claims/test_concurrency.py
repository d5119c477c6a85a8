"""Fifty people click at once. Each proof has a control, made the naive way, that must fail."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.serve.conftest import USER

from bihuan.kit import ids, postgres
from bihuan.kit.errors import Conflict, Forbidden
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.kit.time import FixedClock
from bihuan.people import facade as people
from bihuan.people.facade import Caller, Staff, StaffRow
from bihuan.serve import facade as serve
from bihuan.serve.claims import service as claims
from bihuan.serve.enquiries import lists
from bihuan.serve.enquiries import repository as enquiries
from bihuan.serve.enquiries import service as asking
from bihuan.serve.presence import repository as presences
from bihuan.serve.presence import service as presence

CROWD = 50
HARD = "我的合同在哪里盖章比较快"


@pytest.fixture
async def crowd(firm: House) -> list[Staff]:
    """Fifty advisors of the home branch, all online, in a ring that is wide enough for all."""
    async with firm.postgres.transaction() as tx:
        rows = [StaffRow(f"crowd{n}", f"群{n}", ("advisor",), branch_code="SH01") for n in range(CROWD)]
        await people.import_staff(tx, rows)
        await tx.execute("UPDATE serve_ring SET size = 100")
        found = [await people.staff_by_login(tx, row.login) for row in rows]
        for one in found:
            assert one is not None
            await presence.say(tx, one, "online", 3, firm.clock.now())
    await asyncio.gather(*(_open(firm) for _ in range(8)))
    return [one for one in found if one is not None]


async def _open(house: House) -> None:
    """Have as many connections open as the pool holds, so that clicks really meet."""
    async with house.postgres.transaction() as tx:
        await tx.execute("SELECT pg_sleep(0.2)")


async def asked(house: House, n: int = 0) -> UUID:
    """A question that is offered to all of them."""
    customer = Caller(ids.customer_of_user(USER if n == 0 else f"other{n}"), USER if n == 0 else f"other{n}", None)
    async with house.postgres.transaction() as tx:
        enquiry, _ = await asking.ask(tx, customer, HARD, None, None, house.clock.now())
    return enquiry.id


async def clicked(house: House, enquiry_id: UUID, advisor: Staff, claim: Any = claims.claim) -> str:
    """What came of one click."""
    try:
        async with house.postgres.transaction() as tx:
            await claim(tx, enquiry_id, advisor, house.clock.now())
    except (Conflict, Forbidden) as refused:
        return refused.code if refused.code != "claimed" else f"lost to {refused.extra['winner']}"
    return "won"


class Naive:
    """Look whether it is free and whether there is room, then take it. The first four meet between the two."""

    def __init__(self) -> None:
        self._readers = 0
        self._met = asyncio.Event()

    async def __call__(self, tx: Tx, enquiry_id: UUID, advisor: Staff, now: datetime) -> None:
        enquiry = await enquiries.by_id(tx, enquiry_id)
        held = [one for one in await lists.of_owner(tx, advisor.id) if one.origin == "customer"]
        there = await presences.by_id(tx, advisor.id)
        assert enquiry is not None
        assert there is not None
        if not enquiry.in_dispatch:
            raise Conflict("claimed", "Too late.", winner=(enquiry.owner or {}).get("name"))
        if len(held) >= there.capacity:
            raise Conflict("capacity", "Full.")
        self._readers += 1
        if self._readers >= 4:
            self._met.set()
        await self._met.wait()
        await postgres.execute(
            tx,
            "UPDATE serve_enquiry SET state = 'claimed', owner_id = %(staff)s, claimed_at = %(now)s WHERE id = %(id)s",
            staff=advisor.id,
            now=now,
            id=enquiry_id,
        )


async def test_fifty_claims_have_one_winner(firm: House, crowd: list[Staff], rows: Any, told: Any) -> None:
    enquiry_id = await asked(firm)
    assert len(await rows("SELECT 1 FROM serve_offer WHERE state = 'offered'")) == CROWD
    outcomes = await asyncio.gather(*(clicked(firm, enquiry_id, one) for one in crowd))
    assert outcomes.count("won") == 1
    winner = crowd[outcomes.index("won")]
    assert set(outcomes) == {"won", f"lost to {winner.name}"}
    (row,) = await rows("SELECT owner_id, state FROM serve_enquiry")
    assert row == {"owner_id": winner.id, "state": "claimed"}
    assert await rows("SELECT 1 FROM serve_offer WHERE state = 'offered'") == []
    assert len(await told("serve:enquiry:claimed")) == 1


async def test_the_control_claims_it_twice(firm: House, crowd: list[Staff]) -> None:
    enquiry_id = await asked(firm)
    naive = Naive()
    outcomes = await asyncio.gather(*(clicked(firm, enquiry_id, one, naive) for one in crowd))
    assert outcomes.count("won") > 1


async def test_capacity_is_never_overshot(firm: House, crowd: list[Staff], rows: Any) -> None:
    advisor = crowd[0]
    waiting = [await asked(firm, n) for n in range(1, 13)]
    outcomes = await asyncio.gather(*(clicked(firm, enquiry_id, advisor) for enquiry_id in waiting))
    assert outcomes.count("won") == 3
    assert outcomes.count("capacity") == 9
    held = await rows("SELECT count(*) AS n FROM serve_enquiry WHERE owner_id = %(id)s", id=advisor.id)
    assert held == [{"n": 3}]


async def test_the_control_overshoots(firm: House, crowd: list[Staff]) -> None:
    waiting = [await asked(firm, n) for n in range(1, 13)]
    naive = Naive()
    outcomes = await asyncio.gather(*(clicked(firm, one, crowd[0], naive) for one in waiting))
    assert outcomes.count("won") > 3


async def test_an_assignment_and_claims_have_one_winner(firm: House, crowd: list[Staff], rows: Any, staff: Any) -> None:
    enquiry_id = await asked(firm)
    supervisor = staff["supervisor"]

    async def assigns(to: Staff) -> str:
        async def assign(tx: Tx, enquiry_id: UUID, advisor: Staff, now: datetime) -> None:
            await claims.assign(tx, enquiry_id, supervisor, advisor.id, now)

        return await clicked(firm, enquiry_id, to, assign)

    outcomes = await asyncio.gather(
        *(clicked(firm, enquiry_id, one) if n % 2 else assigns(one) for n, one in enumerate(crowd[:20]))
    )
    assert outcomes.count("won") == 1
    assert len(await rows("SELECT 1 FROM serve_ownership")) == 1


async def test_coming_going_and_claiming_at_once_loses_nobody(
    firm: House, crowd: list[Staff], rows: Any, sweep: Any, clock: FixedClock
) -> None:
    """People come, go and claim while customers ask and deadlines fire: nobody is lost, nobody is served twice."""
    some = crowd[:12]
    lying = (
        "SELECT enquiry_id FROM serve_offer WHERE state = 'offered' ORDER BY staff_id = %(id)s DESC, enquiry_id LIMIT 4"
    )

    async def time_passes() -> None:
        for _ in range(12):
            clock.advance(timedelta(seconds=20))
            await sweep()

    async def busy(advisor: Staff, n: int) -> None:
        for turn in range(3):
            state = "offline" if (turn + n) % 3 == 0 else "online"
            async with firm.postgres.transaction() as tx:
                await presence.say(tx, advisor, state, 2, firm.clock.now())
            for row in await rows(lying, id=advisor.id):
                await clicked(firm, row["enquiry_id"], advisor)

    await asyncio.gather(
        *(busy(one, n) for n, one in enumerate(some)), *(asked(firm, n) for n in range(1, 25)), time_passes()
    )
    assert await rows("SELECT error FROM kit_deadline WHERE error IS NOT NULL") == []
    ghosts = await rows(
        "SELECT o.* FROM serve_offer o JOIN serve_presence p USING (staff_id)"
        " WHERE o.state = 'offered' AND p.state <> 'online'"
    )
    assert ghosts == []
    left_unanswered = await rows(
        "SELECT e.id FROM serve_enquiry e JOIN serve_presence p ON p.staff_id = e.owner_id"
        " WHERE e.state = 'claimed' AND e.awaiting_since IS NOT NULL AND p.state = 'offline'"
    )
    assert left_unanswered == []
    over = await rows(
        "SELECT owner_id FROM serve_enquiry WHERE state = 'claimed' GROUP BY owner_id HAVING count(*) > 3"
    )
    assert over == []
    asleep = await rows(
        "SELECT e.id FROM serve_enquiry e WHERE e.state IN ('waiting', 'callback_owed')"
        " AND NOT EXISTS (SELECT 1 FROM kit_deadline d WHERE d.kind = 'serve.ring' AND d.subject = e.id::text)"
    )
    assert asleep == []
    assert len(await rows("SELECT 1 FROM serve_enquiry")) == 24
    async with firm.postgres.transaction() as tx:
        figures = await serve.figures(tx, clock.now() - timedelta(days=1), clock.now() + timedelta(seconds=1))
    assert (figures.asked, figures.double_claimed, figures.lost) == (24, 0, 0)
    assert figures.claimed > 0
