"""A conversation is handed on: to one colleague, who can take it, or to whoever is looked for; his note goes along."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.serve.claims.test_concurrency import CROWD, asked, clicked, crowd  # noqa: F401  (a fixture)
from tests.serve.conftest import USER, Desk

from bihuan.kit import postgres
from bihuan.kit.errors import Conflict
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.kit.time import FixedClock
from bihuan.people.facade import Staff
from bihuan.serve.claims import service as claims
from bihuan.serve.enquiries import lists
from bihuan.serve.enquiries import repository as enquiries
from bihuan.serve.presence import repository as presences

HARD = "我的合同在哪里盖章比较快"
NOTE = "客户在外地，请电话联系"


async def held(desk: Desk, login: str = "sh01.advisor", text: str = HARD) -> str:
    await desk.online(login)
    enquiry = str((await desk.ask(text))["enquiry"]["id"])
    await desk.do(login, f"enquiries/{enquiry}/claim")
    return enquiry


def the(staff: Any, login: str) -> str:
    return str(staff[login].id)


async def test_to_a_colleague_with_a_note(
    desk: Desk, staff: Any, told: Any, clock: FixedClock, sweep: Any, phone: Any, rows: Any
) -> None:
    enquiry = await held(desk)
    await desk.online("sh01.advisor2")
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 201, text="您好")
    await desk.customer(f"enquiries/{enquiry}/messages", 201, text="还没办好")
    clock.advance(timedelta(seconds=80))
    to = the(staff, "sh01.advisor2")
    handed = await desk.do("sh01.advisor", f"enquiries/{enquiry}/transfer", staff_id=to, note=NOTE)
    assert (handed["state"], handed["owner_id"]) == ("claimed", to)
    (mine,) = (await desk.get("sh01.advisor2", "conversations/mine"))["items"]
    assert {name: mine["handover"][name] for name in ("name", "reason", "note", "staff_id")} == {
        "name": "上顾问",
        "reason": "transferred",
        "note": NOTE,
        "staff_id": the(staff, "sh01.advisor"),
    }
    assert (await desk.get("sh01.advisor", "conversations/mine"))["items"] == []
    known = await phone(USER)
    for path in ("enquiries/mine", f"enquiries/{enquiry}/messages"):
        assert NOTE not in (await known.get(f"/api/v1/{path}")).text
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 403, text="我再说一句")
    (returned,) = await told("serve:enquiry:returned")
    assert (returned["reason"], returned["answered_at"] is None) == ("transferred", False)
    assert [fact["staff_id"] for fact in await told("serve:enquiry:claimed")] == [the(staff, "sh01.advisor"), to]
    clock.advance(timedelta(seconds=80))  # his own time to answer, from when it came to him
    await sweep()
    assert (await desk.get("supervisor", f"enquiries/{enquiry}"))["owner_id"] == to
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/close", 409)
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/messages", 201, text="我来办")
    assert [fact["staff_id"] for fact in await told("serve:enquiry:answered")] == [the(staff, "sh01.advisor"), to]
    assert len(await rows("SELECT 1 FROM serve_ownership WHERE ended_at IS NULL")) == 1


async def test_who_cannot_take_it_is_not_given_it(desk: Desk, staff: Any, clock: FixedClock) -> None:
    enquiry = await held(desk)
    path = f"enquiries/{enquiry}/transfer"

    async def refused(login: str, status: int = 409, by: str = "sh01.advisor") -> str:
        answer = await desk.do(by, path, status, staff_id=the(staff, login))
        return str(answer["type"]).removeprefix("urn:bihuan:problem:")

    assert await refused("sh01.advisor2") == "not-online"
    assert await refused("sh01.advisor") == "held"
    assert await refused("gz01.advisor", 404) == "staff"  # not within his data scope
    assert await refused("sh01.witness", 404) == "staff"
    assert await refused("sh01.advisor", 403, by="sh01.advisor2") == "not-owner"
    assert await refused("sh01.advisor2", 404, by="gz01.advisor") == "enquiry"
    await desk.do("sh01.advisor", path, 404, staff_id=str(uuid4()))
    await desk.do("sh01.advisor", path, 404, branch=str(uuid4()))
    await desk.do("sh01.advisor", path, 422, staff_id=the(staff, "agent"), branch=str(staff["sh01.advisor"].branch_id))
    await desk.online("sh01.advisor2", capacity=1)
    other = (await desk.ask(HARD, "u8"))["enquiry"]["id"]
    await desk.do("sh01.advisor2", f"enquiries/{other}/claim")
    assert await refused("sh01.advisor2") == "capacity"
    assert (await desk.get("sh01.advisor", f"enquiries/{enquiry}"))["owner_id"] == the(staff, "sh01.advisor")


async def test_advice_is_handed_to_the_licensed_only(desk: Desk, staff: Any) -> None:
    enquiry = await held(desk, text="这只股票能买吗")
    await desk.online("sh01.advisor2")
    path = f"enquiries/{enquiry}/transfer"
    refused = await desk.do("sh01.advisor", path, 409, staff_id=the(staff, "sh01.advisor2"))
    assert refused["type"] == "urn:bihuan:problem:licence"


async def test_back_to_whoever_is_free_or_to_another_branch(
    desk: Desk, staff: Any, clock: FixedClock, sweep: Any
) -> None:
    enquiry = await held(desk)
    for login in ("sh01.advisor2", "gz01.advisor"):
        await desk.online(login)
    back = await desk.do("sh01.advisor", f"enquiries/{enquiry}/transfer", note=NOTE)
    assert (back["state"], back["handover"]["note"]) == ("waiting", NOTE)
    everybody = ("sh01.advisor", "sh01.advisor2", "gz01.advisor")
    shown = await desk.offered(*everybody)
    assert {login for login, found in shown.items() if found} == {"sh01.advisor2"}
    (offered,) = (await desk.get("sh01.advisor2", "offers"))["items"]
    assert offered["handover"]["note"] == NOTE
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/claim")
    there = str(staff["gz01.advisor"].branch_id)
    sent = await desk.do("sh01.advisor2", f"enquiries/{enquiry}/transfer", branch=there)
    assert sent["wanted_branch_id"] == there
    shown = await desk.offered(*everybody)
    assert {login for login, found in shown.items() if found} == {"gz01.advisor"}


async def test_a_supervisor_hands_on_what_anybody_holds(desk: Desk, staff: Any) -> None:
    enquiry = await held(desk)
    await desk.online("sh01.advisor2")
    to = the(staff, "sh01.advisor2")
    assert (await desk.do("supervisor", f"enquiries/{enquiry}/transfer", staff_id=to))["owner_id"] == to
    await desk.do("supervisor", f"enquiries/{enquiry}/transfer", note=NOTE)
    refused = await desk.do("supervisor", f"enquiries/{enquiry}/transfer", 409, staff_id=to)
    assert refused["type"] == "urn:bihuan:problem:not-held"


async def test_who_has_said_nothing_is_not_handed_on(desk: Desk, stall: Any, publish: Any) -> None:
    await publish(stall())
    await desk.do("sh01.advisor", "openings/o1/take")
    begun = await desk.do("sh01.advisor", "openings/o1/contact", channel="chat", text="您好，需要帮忙吗")
    for what in ("transfer", "release"):
        refused = await desk.do("sh01.advisor", f"enquiries/{begun['enquiry_id']}/{what}", 409, note=NOTE)
        assert refused["type"] == "urn:bihuan:problem:not-asked"


async def hands(house: House, enquiry_id: UUID, by: Staff, to: Staff, transfer: Any = None) -> str:
    """What came of handing it to one colleague."""

    async def handing(tx: Tx, enquiry_id: UUID, to: Staff, now: datetime) -> None:
        await (transfer or claims.transfer)(tx, enquiry_id, by, to.id, None, None, now)

    return await clicked(house, enquiry_id, to, handing)


async def test_many_hand_overs_at_once_have_one_winner(firm: House, crowd: list[Staff], rows: Any) -> None:  # noqa: F811
    owner, others = crowd[0], crowd[1:21]
    enquiry_id = await asked(firm)
    assert await clicked(firm, enquiry_id, owner) == "won"
    outcomes = await asyncio.gather(*(hands(firm, enquiry_id, owner, one) for one in others))
    assert outcomes.count("won") == 1
    assert set(outcomes) == {"won", "not-held"} or set(outcomes) <= {"won", "not-held", "not-owner"}
    winner = others[outcomes.index("won")]
    assert await rows("SELECT owner_id FROM serve_enquiry") == [{"owner_id": winner.id}]
    assert await rows("SELECT staff_id FROM serve_ownership WHERE ended_at IS NULL") == [{"staff_id": winner.id}]


async def test_hand_overs_never_overshoot_the_capacity(firm: House, crowd: list[Staff], rows: Any) -> None:  # noqa: F811
    to, owners = crowd[0], crowd[1:9]
    waiting = [await asked(firm, n) for n in range(1, 9)]
    for enquiry_id, owner in zip(waiting, owners, strict=True):
        assert await clicked(firm, enquiry_id, owner) == "won"
    outcomes = await asyncio.gather(
        *(hands(firm, enquiry_id, owner, to) for enquiry_id, owner in zip(waiting, owners, strict=True))
    )
    assert (outcomes.count("won"), outcomes.count("capacity")) == (3, 5)
    held = await rows("SELECT count(*) AS n FROM serve_enquiry WHERE owner_id = %(id)s", id=to.id)
    assert held == [{"n": 3}]


async def test_the_control_hands_it_to_several_and_overshoots(firm: House, crowd: list[Staff]) -> None:  # noqa: F811
    """Look who holds it and whether there is room, then write. The first four meet between the two."""
    meeting, met = list[Staff](), asyncio.Event()

    async def naive(tx: Tx, enquiry_id: UUID, by: Staff, to_id: UUID, branch: None, note: None, now: datetime) -> None:
        enquiry = await enquiries.by_id(tx, enquiry_id)
        there = await presences.by_id(tx, to_id)
        mine = await lists.of_owner(tx, to_id)
        assert enquiry is not None
        assert there is not None
        if enquiry.owner_id != by.id or len(mine) >= there.capacity:
            raise Conflict("not-held", "Too late.")
        meeting.append(by)
        if len(meeting) >= 4:
            met.set()
        await met.wait()
        sql = "UPDATE serve_enquiry SET owner_id = %(to)s WHERE id = %(id)s"
        await postgres.execute(tx, sql, to=to_id, id=enquiry_id)

    owner, others = crowd[0], crowd[1:21]
    enquiry_id = await asked(firm)
    assert await clicked(firm, enquiry_id, owner) == "won"
    outcomes = await asyncio.gather(*(hands(firm, enquiry_id, owner, one, naive) for one in others))
    assert outcomes.count("won") > 1
