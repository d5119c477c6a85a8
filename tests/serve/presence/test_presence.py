"""Coming, going, falling silent."""

from datetime import timedelta
from typing import Any

from tests.serve.conftest import USER, Desk

from bihuan.customers import facade as customers
from bihuan.kit import ids
from bihuan.kit.house import House
from bihuan.kit.time import FixedClock
from bihuan.serve import facade as serve

HARD = "我的合同在哪里盖章比较快"


async def test_whoever_goes_offline_leaves_nothing_lying(desk: Desk, told: Any) -> None:
    await desk.online("sh01.advisor")
    lying = (await desk.ask(HARD))["enquiry"]["id"]
    claimed = (await desk.ask(HARD, "u8"))["enquiry"]["id"]
    await desk.online("agent")
    await desk.do("sh01.advisor", f"enquiries/{lying}/claim")
    answered = lying
    await desk.do("sh01.advisor", f"enquiries/{answered}/messages", 201, text="您好")
    if claimed in (await desk.offered("sh01.advisor"))["sh01.advisor"]:
        await desk.do("sh01.advisor", f"enquiries/{claimed}/claim")
    else:
        await desk.do("sh01.advisor", f"enquiries/{claimed}/claim", 403)
    await desk.presence("sh01.advisor", "offline")
    assert await desk.offered("sh01.advisor") == {"sh01.advisor": []}
    held = (await desk.get("sh01.advisor", "conversations/mine"))["items"]
    assert [row["id"] for row in held] == [answered]  # nothing is owed there
    back = await desk.customer(f"enquiries/{answered}/messages", 201, text="还在吗")
    assert back["enquiry"]["state"] == "waiting"  # not sticky to somebody who has left
    assert (await told("serve:presence:changed"))[-1]["reason"] == "chosen"


async def test_claimed_and_unanswered_goes_on_at_once(desk: Desk) -> None:
    await desk.online("sh01.advisor")
    await desk.online("sh01.advisor2")
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim")
    await desk.presence("sh01.advisor", "offline")
    assert await desk.offered("sh01.advisor2") == {"sh01.advisor2": [enquiry]}


async def test_offers_of_somebody_away_go_on_but_not_his_conversations(desk: Desk) -> None:
    await desk.online("sh01.advisor")
    await desk.online("hz01.advisor")
    first = (await desk.ask(HARD))["enquiry"]["id"]
    await desk.do("sh01.advisor", f"enquiries/{first}/claim")
    second = (await desk.ask(HARD, "u8"))["enquiry"]["id"]
    await desk.presence("sh01.advisor", "away")
    assert await desk.offered("sh01.advisor", "hz01.advisor") == {"sh01.advisor": [], "hz01.advisor": [second]}
    assert (await desk.get("sh01.advisor", f"enquiries/{first}"))["state"] == "claimed"


async def test_whoever_is_offline_is_passed_over(desk: Desk) -> None:
    await desk.online("sh01.advisor")
    await desk.online("sh01.advisor2")
    await desk.presence("sh01.advisor", "offline")
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    assert await desk.offered("sh01.advisor", "sh01.advisor2") == {"sh01.advisor": [], "sh01.advisor2": [enquiry]}


async def test_the_own_advisor_has_first_refusal_only_while_he_is_there(
    desk: Desk, firm: House, clock: FixedClock, sweep: Any, staff: Any, branch_id: Any, react: Any
) -> None:
    own = staff["sh01.advisor2"]
    async with firm.postgres.transaction() as tx:
        await customers.move_relation(tx, ids.customer_of_user(USER), "service", branch_id, own.id, "test", clock.now())
    await react()
    await desk.online("sh01.advisor")
    await desk.online("sh01.advisor2")
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    assert await desk.offered("sh01.advisor", "sh01.advisor2") == {"sh01.advisor": [], "sh01.advisor2": [enquiry]}
    clock.advance(timedelta(seconds=20))
    await sweep()
    assert (await desk.offered("sh01.advisor"))["sh01.advisor"] == [enquiry]
    await desk.customer(f"enquiries/{enquiry}/close")
    await desk.presence("sh01.advisor2", "offline")
    again = (await desk.ask(HARD))["enquiry"]["id"]
    assert (await desk.offered("sh01.advisor"))["sh01.advisor"] == [again]


async def test_silence_makes_offline_and_signs_of_life_do_not(
    desk: Desk, firm: House, clock: FixedClock, sweep: Any, staff: Any, told: Any
) -> None:
    await desk.online("sh01.advisor")
    for _ in range(4):
        clock.advance(timedelta(minutes=20))
        async with firm.postgres.transaction() as tx:
            await serve.seen(tx, [staff["sh01.advisor"].id], clock.now())
        await sweep()
    assert (await desk.get("sh01.advisor", "presence/mine"))["state"] == "online"
    clock.advance(timedelta(minutes=30))
    await sweep()
    assert (await desk.get("sh01.advisor", "presence/mine"))["state"] == "offline"
    assert [fact["reason"] for fact in await told("serve:presence:changed")] == ["chosen", "silent"]


async def test_a_lost_connection_is_given_time_to_come_back(
    desk: Desk, firm: House, clock: FixedClock, sweep: Any, staff: Any
) -> None:
    advisor = staff["sh01.advisor"].id
    await desk.online("sh01.advisor")
    async with firm.postgres.transaction() as tx:
        await serve.left(tx, advisor, clock.now())
    clock.advance(timedelta(seconds=60))
    async with firm.postgres.transaction() as tx:
        await serve.seen(tx, [advisor], clock.now())
    clock.advance(timedelta(minutes=10))
    await sweep()
    assert (await desk.get("sh01.advisor", "presence/mine"))["state"] == "online"
    async with firm.postgres.transaction() as tx:
        await serve.left(tx, advisor, clock.now())
    clock.advance(timedelta(seconds=120))
    await sweep()
    assert (await desk.get("sh01.advisor", "presence/mine"))["state"] == "offline"


async def test_whoever_leaves_the_firm_is_off_duty(desk: Desk, staff: Any, react: Any, told: Any) -> None:
    await desk.online("sh01.advisor2")
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    await desk.online("agent")
    operator = await desk.browse("operator")
    gone = await operator.patch(f"/api/v1/staff/{staff['sh01.advisor2'].id}", json={"active": False})
    assert gone.status_code == 200, gone.text
    await react()
    assert (await told("serve:presence:changed"))[-1]["reason"] == "dismissed"
    assert await desk.offered("agent") == {"agent": [enquiry]}


async def test_time_on_duty_is_kept(desk: Desk, firm: House, clock: FixedClock) -> None:
    since = clock.now()
    await desk.online("sh01.advisor")
    clock.advance(timedelta(minutes=20))
    await desk.presence("sh01.advisor", "away")
    clock.advance(timedelta(minutes=10))
    await desk.presence("sh01.advisor", "offline")
    clock.advance(timedelta(hours=1))
    async with firm.postgres.transaction() as tx:
        assert (await serve.figures(tx, since, clock.now())).advisor_hours == 0.5


async def test_who_is_on_duty_within_the_scope(desk: Desk) -> None:
    for login in ("sh01.advisor", "hz01.advisor", "gz01.advisor"):
        await desk.online(login, capacity=2)
    names = {
        login: [row["name"] for row in (await desk.get(login, "presence"))["items"]]
        for login in ("supervisor", "east", "gz01.manager")
    }
    assert sorted(names["supervisor"]) == sorted(["上顾问", "杭顾问", "广顾问"])
    assert sorted(names["east"]) == sorted(["上顾问", "杭顾问"])
    assert names["gz01.manager"] == ["广顾问"]
    await desk.get("sh01.witness", "presence", 403)
