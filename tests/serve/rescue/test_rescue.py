"""A stuck application is taken by one, contacted, and ends."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.serve.conftest import USER, Desk, track

from bihuan.comply import facade as comply
from bihuan.comply.facade import Said
from bihuan.customers.facts import RelationMoved
from bihuan.decide.facts import RescueAssigned
from bihuan.kit import ids, postgres
from bihuan.kit.errors import Conflict
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.kit.time import FixedClock
from bihuan.people import facade as people
from bihuan.people.facade import Staff, StaffRow
from bihuan.serve import facade as serve
from bihuan.serve.rescue import repository, service
from bihuan.understand.facts import OpeningAbandoned, OpeningAdvanced, OpeningOpened

Stall = Callable[..., RescueAssigned]


def advanced(stalled: RescueAssigned, at: datetime) -> OpeningAdvanced:
    return OpeningAdvanced(stalled.customer_id, stalled.opening_id, stalled.branch_id, stalled.step, "profile", at)


async def test_a_chat_begun_for_a_rescue_is_the_customers_question_once_a_colleague_has_it(
    desk: Desk, staff: Any, at_step: Any, stall: Stall, publish: Any, clock: FixedClock, told: Any, rows: Any
) -> None:
    """It counts in the colleague's capacity, and what he answers is told of like any answer."""
    await at_step("o1", "id")
    clock.advance(timedelta(minutes=15))
    await publish(stall())
    await desk.online("sh01.advisor")
    await desk.online("sh01.advisor2", capacity=1)
    await desk.do("sh01.advisor", "openings/o1/take")
    await desk.do("sh01.advisor", "openings/o1/contact", channel="chat", text="您好，身份证拍照遇到问题了吗？")
    (mine,) = (await (await desk.phone(USER)).get("/api/v1/enquiries/mine")).json()["items"]
    enquiry, to = mine["id"], str(staff["sh01.advisor2"].id)
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/transfer", 409, staff_id=to)  # nobody has asked anything
    clock.advance(timedelta(seconds=20))
    await desk.customer(f"enquiries/{enquiry}/messages", 201, text="照片总是模糊")
    spoke = clock.now()
    clock.advance(timedelta(seconds=20))
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/transfer", staff_id=to)
    (asked,) = await told("serve:enquiry:asked")
    assert datetime.fromisoformat(asked["asked_at"]) == spoke
    assert [fact["staff_id"] for fact in await told("serve:enquiry:claimed")] == [to]
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/messages", 201, text="我教您")
    (answered,) = await told("serve:enquiry:answered")
    assert answered["staff_id"] == to
    other = (await desk.ask("我的合同在哪里盖章比较快", "u8"))["enquiry"]["id"]
    assert await desk.offered("sh01.advisor2") == {"sh01.advisor2": []}, other


async def test_a_rescue_that_works(
    desk: Desk, at_step: Any, stall: Stall, publish: Any, clock: FixedClock, told: Any, firm: House
) -> None:
    since = clock.now()
    await at_step("o1", "id")
    clock.advance(timedelta(minutes=15))
    await publish(stall())
    on_desk = (await desk.get("sh01.advisor", "rescues"))["items"]
    assert [(row["opening_id"], row["state"], row["customer"]) for row in on_desk] == [("o1", "open", "王**")]
    clock.advance(timedelta(minutes=2))
    assert (await desk.do("sh01.advisor", "openings/o1/take"))["staff_name"] == "上顾问"
    clock.advance(timedelta(minutes=1))
    done = await desk.do("sh01.advisor", "openings/o1/contact", channel="chat", text="您好，身份证拍照遇到问题了吗？")
    assert datetime.fromisoformat(done["rescue"]["contacted_at"]) == clock.now()
    assert done["link"]
    assert "o1" in done["link"]
    mine = (await (await desk.phone(USER)).get("/api/v1/enquiries/mine")).json()["items"]
    assert [(row["state"], row["origin"], row["advisor"]["name"]) for row in mine] == [("claimed", "rescue", "上顾问")]
    said = (await (await desk.phone(USER)).get(f"/api/v1/enquiries/{mine[0]['id']}/messages")).json()["items"]
    assert [(message["author"], message["proactive"], message["link"]) for message in said] == [
        ("staff", True, done["link"])
    ]
    reply = await desk.customer(f"enquiries/{mine[0]['id']}/messages", 201, text="照片总是模糊")
    assert reply["enquiry"]["state"] == "claimed"
    clock.advance(timedelta(minutes=3))
    await at_step("o1", "profile", past=("id",))
    assert (await desk.get("sh01.advisor", "rescues?state=open&state=taken"))["items"] == []
    (finished,) = await told("serve:rescue:finished")
    assert finished["outcome"] == "resumed"
    names = ("stuck_at", "taken_at", "contacted_at", "next_step_at")
    times = [datetime.fromisoformat(finished[name]) for name in names]
    assert times == sorted(set(times))
    (contacted,) = await told("serve:rescue:contacted")
    assert datetime.fromisoformat(contacted["contacted_at"]) == times[2]
    assert await told("serve:enquiry:asked") == []  # the advisor began; nobody asked
    async with firm.postgres.transaction() as tx:
        figures = await serve.figures(tx, since, clock.now() + timedelta(1))
        (rescue,) = await serve.rescues_of(tx, "o1")
    assert (figures.rescues_offered, figures.rescues_taken, figures.rescues_contacted, figures.rescued) == (1, 1, 1, 1)
    assert figures.asked == 0
    assert rescue.outcome == "resumed"


@pytest.mark.parametrize("arm", ["control", "message"])
async def test_arms_without_a_person_are_held_but_who_asks_is_served(
    desk: Desk, at_step: Any, stall: Stall, publish: Any, clock: FixedClock, told: Any, arm: str
) -> None:
    await at_step("o1", "id")
    clock.advance(timedelta(minutes=15))
    await publish(stall(arm=arm))
    (row,) = (await desk.get("sh01.advisor", "rescues"))["items"]
    assert (row["state"], row["held_because"]) == ("held", "held out by the experiment")
    refused = await desk.do("sh01.advisor", "openings/o1/take", 409)
    assert refused["type"] == "urn:bihuan:problem:held-out"
    await desk.do("sh01.advisor", "openings/o1/contact", 409, channel="call")
    await desk.online("sh01.advisor")
    enquiry = (await desk.ask("身份证拍了好多次总提示有问题不知道哪里错了", opening_id="o1"))["enquiry"]
    person = await desk.customer(f"enquiries/{enquiry['id']}/person")
    assert person["state"] == "waiting"
    await desk.do("sh01.advisor", f"enquiries/{enquiry['id']}/claim")
    assert await told("serve:rescue:offered") == []


async def test_one_winner_of_many_and_the_control_has_several(
    firm: House, desk: Desk, stall: Stall, publish: Any, rows: Any
) -> None:
    await publish(stall(), stall(opening_id="o2"))
    async with firm.postgres.transaction() as tx:
        crowd = [StaffRow(f"crowd{n}", f"群{n}", ("advisor",), branch_code="SH01") for n in range(20)]
        await people.import_staff(tx, crowd)
        found = [await people.staff_by_login(tx, row.login) for row in crowd]

    async def clicks(take: Any, opening_id: str, advisor: Staff | None) -> str:
        assert advisor is not None
        try:
            async with firm.postgres.transaction() as tx:
                await take(tx, opening_id, advisor, firm.clock.now())
        except Conflict as refused:
            return f"{refused.code} {refused.extra.get('winner')}"
        return "won"

    met, readers = asyncio.Event(), list[Staff]()

    async def read_then_write(tx: Tx, opening_id: str, advisor: Staff, now: datetime) -> None:
        seen = await repository.active(tx, opening_id)
        assert seen is not None
        if seen.state != "open":
            raise Conflict("taken", "Too late.")
        readers.append(advisor)
        if len(readers) >= 4:
            met.set()
        await met.wait()
        sql = "UPDATE serve_rescue SET state = 'taken', staff_id = %(id)s, taken_at = %(now)s WHERE opening_id = 'o2'"
        await postgres.execute(tx, sql, id=advisor.id, now=now)

    outcomes = await asyncio.gather(*(clicks(service.take, "o1", one) for one in found))
    assert outcomes.count("won") == 1
    winner = found[outcomes.index("won")]
    assert winner is not None
    assert set(outcomes) == {"won", f"taken {winner.name}"}
    control = await asyncio.gather(*(clicks(read_then_write, "o2", one) for one in found))
    assert control.count("won") > 1


async def test_capacity_of_rescues(desk: Desk, firm: House, stall: Stall, publish: Any) -> None:
    async with firm.postgres.transaction() as tx:
        await tx.execute("UPDATE serve_limit SET value = 2 WHERE name = 'rescue.capacity'")
    await publish(*(stall(opening_id=f"o{n}") for n in range(4)))
    client = await desk.browse("sh01.advisor")
    answers = await asyncio.gather(*(client.post(f"/api/v1/openings/o{n}/take") for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409]
    full = next(answer.json() for answer in answers if answer.status_code == 409)
    assert full["type"] == "urn:bihuan:problem:capacity"


async def test_a_manager_gives_it_to_one_of_his_people_and_on_to_another(
    desk: Desk, stall: Stall, publish: Any, clock: FixedClock, sweep: Any, told: Any, staff: dict[str, Staff], rows: Any
) -> None:
    await publish(stall())
    first, second = staff["sh01.advisor"].id, staff["sh01.advisor2"].id
    off = await desk.do("sh01.manager", "openings/o1/assign", 409, staff_id=str(first))
    assert off["type"] == "urn:bihuan:problem:off-duty"
    await desk.online("sh01.advisor")
    await desk.online("sh01.advisor2")
    assert (await desk.do("sh01.manager", "openings/o1/assign", staff_id=str(first)))["staff_name"] == "上顾问"
    await desk.do("sh01.manager", "openings/o1/assign", staff_id=str(first))
    clock.advance(timedelta(minutes=9))
    assert (await desk.do("sh01.manager", "openings/o1/assign", staff_id=str(second)))["staff_name"] == "上二"
    await desk.do("sh01.advisor", "openings/o1/contact", 409, channel="call")
    clock.advance(timedelta(minutes=9))
    await sweep()  # the first one's ten minutes are over, the second one's are not
    assert (await desk.do("sh01.advisor2", "openings/o1/contact", channel="call"))["rescue"]["contacted_at"]
    assert [fact["staff_id"] for fact in await told("serve:rescue:taken")] == [str(first), str(second)]
    assert [fact["reason"] for fact in await told("serve:rescue:released")] == ["reassigned"]
    audited = await rows("SELECT detail FROM kit_audit WHERE action = 'serve:rescue:assigned' ORDER BY at")
    assert [row["detail"]["to"] for row in audited] == [str(first), str(second)]


async def test_nobody_assigns_what_he_may_not(
    desk: Desk, firm: House, stall: Stall, publish: Any, staff: dict[str, Staff]
) -> None:
    await publish(stall(), stall(opening_id="o2"), stall(opening_id="o3", arm="control"))
    for login in ("sh01.advisor", "hz01.advisor"):
        await desk.online(login)
    mine, strange = str(staff["sh01.advisor"].id), str(staff["hz01.advisor"].id)
    await desk.do("sh01.advisor", "openings/o1/assign", 403, staff_id=mine)
    await desk.do("gz01.manager", "openings/o1/assign", 404, staff_id=mine)
    await desk.do("sh01.manager", "openings/o1/assign", 404, staff_id=strange)
    await desk.do("sh01.manager", "openings/o1/assign", 404, staff_id=str(staff["sh01.witness"].id))
    await desk.do("sh01.manager", "openings/o9/assign", 404, staff_id=mine)
    held = await desk.do("supervisor", "openings/o3/assign", 409, staff_id=mine)
    assert held["type"] == "urn:bihuan:problem:held-out"
    async with firm.postgres.transaction() as tx:
        await tx.execute("UPDATE serve_limit SET value = 1 WHERE name = 'rescue.capacity'")
    await desk.do("supervisor", "openings/o1/assign", staff_id=mine)
    full = await desk.do("sh01.manager", "openings/o2/assign", 409, staff_id=mine)
    assert full["type"] == "urn:bihuan:problem:capacity"


async def test_taken_and_silent_goes_back(
    desk: Desk, stall: Stall, publish: Any, clock: FixedClock, sweep: Any, told: Any
) -> None:
    await publish(stall())
    await desk.do("sh01.advisor", "openings/o1/take")
    lost = await desk.do("sh01.advisor2", "openings/o1/take", 409)
    assert lost["winner"] == "上顾问"
    assert (await desk.do("sh01.advisor", "openings/o1/take"))["state"] == "taken"
    clock.advance(timedelta(minutes=10))
    await sweep()
    assert [fact["reason"] for fact in await told("serve:rescue:released")] == ["silent"]
    await desk.do("sh01.advisor", "openings/o1/contact", 409, channel="call")
    await desk.do("sh01.advisor2", "openings/o1/take")
    await desk.do("sh01.advisor2", "openings/o1/contact", channel="call", text="没人接")
    clock.advance(timedelta(minutes=30))
    await sweep()
    (row,) = (await desk.get("sh01.advisor2", "rescues?mine=true"))["items"]
    assert row["state"] == "taken"
    refused = await desk.do("sh01.advisor2", "openings/o1/release", 409)
    assert refused["type"] == "urn:bihuan:problem:contacted"


async def test_nobody_takes_it_and_supervisors_are_warned(
    desk: Desk, stall: Stall, publish: Any, clock: FixedClock, sweep: Any
) -> None:
    await publish(stall())
    clock.advance(timedelta(minutes=5))
    await sweep()
    (row,) = (await desk.get("supervisor", "rescues"))["items"]
    assert row["overdue_at"] is not None
    await desk.do("sh01.advisor", "openings/o1/take")
    assert (await desk.do("sh01.advisor", "openings/o1/release"))["state"] == "open"


async def test_a_step_after_the_outcome_still_follows_the_contact(
    desk: Desk, stall: Stall, publish: Any, clock: FixedClock, told: Any
) -> None:
    stalled = stall()
    await publish(stalled)
    clock.advance(timedelta(minutes=1))
    await desk.do("sh01.advisor", "openings/o1/take")
    await desk.do("sh01.advisor", "openings/o1/contact", channel="call", text="会回来继续")
    over = await desk.do("sh01.advisor", "openings/o1/outcome", outcome="no_answer", note="稍后再看")
    assert over["state"] == "finished"
    await desk.do("sh01.advisor", "openings/o1/outcome", 404, outcome="other")
    clock.advance(timedelta(hours=1))
    await publish(advanced(stalled, clock.now()))
    await publish(advanced(stalled, clock.now()))
    first, second = await told("serve:rescue:finished")
    assert first["next_step_at"] is None
    assert second["contacted_at"] < second["next_step_at"]
    assert second["outcome"] == "no_answer"


async def test_it_ends_by_itself(stall: Stall, publish: Any, clock: FixedClock, told: Any) -> None:
    first, second, third = stall(), stall(opening_id="o2"), stall(opening_id="o3")
    await publish(first, second, third)
    clock.advance(timedelta(minutes=1))
    at = clock.now()
    who, branch = first.customer_id, first.branch_id
    await publish(
        advanced(first, at),
        OpeningOpened(who, "o2", branch, None, None, None, at),
        OpeningAbandoned(who, "o3", branch, None, "id", at),
    )
    ended = {fact["opening_id"]: fact["outcome"] for fact in await told("serve:rescue:finished")}
    assert ended == {"o1": "resumed", "o2": "late", "o3": "abandoned"}


async def test_whoever_went_on_meanwhile_is_not_put_on_the_desk(
    desk: Desk, at_step: Any, stall: Stall, publish: Any, clock: FixedClock
) -> None:
    await at_step("o1", "id")
    stalled = stall(last_fact_at=clock.now() - timedelta(minutes=15))
    await publish(stalled)
    assert (await desk.get("sh01.advisor", "rescues"))["items"] == []


async def test_being_back_is_seen(
    firm: House, stall: Stall, publish: Any, clock: FixedClock, react: Any, desk: Desk
) -> None:
    await publish(stall())
    clock.advance(timedelta(minutes=4))
    async with firm.postgres.transaction() as tx:
        await track(tx, "opening:visit", "o1", clock.now())
    await react()
    (row,) = (await desk.get("sh01.advisor", "rescues"))["items"]
    assert row["resumed_at"] is not None
    assert row["state"] == "open"


async def test_the_same_stall_told_twice_is_one(desk: Desk, stall: Stall, publish: Any, told: Any) -> None:
    stalled = stall()
    await publish(stalled, stalled)
    await publish(stalled)
    assert len((await desk.get("sh01.advisor", "rescues"))["items"]) == 1
    assert len(await told("serve:rescue:offered")) == 1


async def test_a_contact_asks_for_consent_hours_and_caps(
    desk: Desk, firm: House, stall: Stall, publish: Any, clock: FixedClock, rows: Any
) -> None:
    await publish(stall())
    await desk.do("sh01.advisor", "openings/o1/take")
    async with firm.postgres.transaction() as tx:
        user = ids.customer_of_user(USER)
        no = Said(user, "service", "call", False, clock.now(), "app", str(user), "tap 1")
        await comply.record_consents(tx, [no], clock.now())
    refused = await desk.do("sh01.advisor", "openings/o1/contact", 409, channel="call", text="您好")
    assert (refused["type"], refused["reason"]) == ("urn:bihuan:problem:contact-refused", "no-consent")
    (row,) = (await desk.get("sh01.advisor", "rescues"))["items"]
    assert row["contacted_at"] is None
    assert await rows("SELECT 1 FROM serve_contact") == []
    await desk.do("sh01.advisor", "openings/o1/contact", channel="chat", text="您好，需要帮忙吗")
    answers = [
        (await (await desk.browse("sh01.advisor")).post("/api/v1/openings/o1/contact", json=body)).status_code
        for body in [{"channel": "chat", "text": f"第{n}次提醒您"} for n in range(12)]
    ]
    assert 409 in answers  # the cap


async def test_words_of_a_contact_are_checked_before_they_leave(
    desk: Desk, stall: Stall, publish: Any, rows: Any, told: Any
) -> None:
    await publish(stall())
    await desk.do("sh01.advisor", "openings/o1/take")
    await desk.do("sh01.advisor", "openings/o1/contact", 422, channel="chat", text="开户就送，保本稳赚")
    await desk.do("sh01.advisor", "openings/o1/contact", 422, channel="chat")
    assert await rows("SELECT 1 FROM serve_enquiry") == []
    assert await told("serve:rescue:contacted") == []
    assert [fact["opening_id"] for fact in await told("serve:wording:refused")] == ["o1"]


async def test_a_colleagues_conversation_is_not_taken_over(desk: Desk, stall: Stall, publish: Any) -> None:
    await publish(stall())
    await desk.online("sh01.advisor2")
    enquiry = (await desk.ask("我的合同在哪里盖章比较快"))["enquiry"]["id"]
    await desk.do("sh01.advisor", "openings/o1/take")
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/claim")
    refused = await desk.do("sh01.advisor", "openings/o1/contact", 409, channel="chat", text="您好")
    assert refused["winner"] == "上二"


async def test_a_waiting_question_is_answered_by_the_rescuer(desk: Desk, stall: Stall, publish: Any, told: Any) -> None:
    await publish(stall())
    await desk.online("sh01.advisor2")
    enquiry = (await desk.ask("我的合同在哪里盖章比较快"))["enquiry"]["id"]
    await desk.do("sh01.advisor", "openings/o1/take")
    done = await desk.do("sh01.advisor", "openings/o1/contact", channel="chat", text="您好，我来帮您")
    assert done["enquiry_id"] == enquiry
    assert await desk.offered("sh01.advisor2") == {"sh01.advisor2": []}
    assert len(await told("serve:enquiry:claimed")) == 1


async def test_strangers_cannot_see_or_take(desk: Desk, stall: Stall, publish: Any) -> None:
    await publish(stall())
    assert (await desk.get("gz01.advisor", "rescues"))["items"] == []
    await desk.do("gz01.advisor", "openings/o1/take", 404)
    await desk.do("sh01.witness", "openings/o1/take", 403)
    await desk.do("sh01.advisor", "openings/unknown/take", 404)


async def test_a_rescue_follows_its_customer(
    desk: Desk, firm: House, stall: Stall, publish: Any, clock: FixedClock
) -> None:
    await publish(stall())
    async with firm.postgres.transaction() as tx:
        branch = await people.branch_by_code(tx, "GZ01")
    assert branch is not None
    await publish(RelationMoved(ids.customer_of_user(USER), "service", branch.id, None, 1.0, clock.now()))
    assert (await desk.get("sh01.advisor", "rescues"))["items"] == []
    assert len((await desk.get("gz01.advisor", "rescues"))["items"]) == 1
