"""A customer asks; the bot or one person answers; it ends and is rated."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from tests.serve.conftest import LOOSE, Desk

from bihuan.kit.time import FixedClock

Told = Callable[[str], Awaitable[list[dict[str, Any]]]]
Sweep = Callable[[], Awaitable[int]]

HARD = "我的合同在哪里盖章比较快"  # nothing in the starter knowledge comes near


async def test_a_whole_conversation(desk: Desk, told: Told, clock: FixedClock) -> None:
    await desk.online("sh01.advisor2")
    asked = await desk.ask(HARD)
    enquiry = asked["enquiry"]
    assert enquiry["state"] == "waiting"
    assert enquiry["advisor"] is None
    assert await desk.offered("sh01.advisor2") == {"sh01.advisor2": [enquiry["id"]]}
    seen = (await desk.get("sh01.advisor2", "offers"))["items"][0]
    assert seen["customer"] == "王**"
    clock.advance(timedelta(seconds=5))
    claimed = await desk.do("sh01.advisor2", f"enquiries/{enquiry['id']}/claim")
    assert claimed["state"] == "claimed"
    clock.advance(timedelta(seconds=20))
    said = await desk.do("sh01.advisor2", f"enquiries/{enquiry['id']}/messages", 201, text="您好，我来帮您看。")
    assert said["message"]["number"] == 2
    assert said["message"]["name"] == "上二"
    back = await desk.customer(f"enquiries/{enquiry['id']}/messages", 201, text="好的谢谢")
    assert back["message"]["number"] == 3
    assert back["enquiry"]["advisor"]["branch"] == "上海静安营业部"
    assert back["replies"] == []
    closed = await desk.do("sh01.advisor2", f"enquiries/{enquiry['id']}/close")
    assert closed["state"] == "closed"
    rated = await desk.customer(f"enquiries/{enquiry['id']}/rating", stars=5, comment="很快")
    assert rated["stars"] == 5
    (asked_fact,) = await told("serve:enquiry:asked")
    (answered,) = await told("serve:enquiry:answered")
    assert answered["by_bot"] is False
    assert answered["asked_at"] == asked_fact["asked_at"]
    assert answered["claimed_at"] < answered["first_answer_at"]
    assert [fact["author"] for fact in await told("serve:enquiry:messaged")] == ["customer", "staff", "customer"]
    assert [fact["outcome"] for fact in await told("serve:enquiry:closed")] == ["answered"]
    assert [fact["stars"] for fact in await told("serve:enquiry:rated")] == [5]


async def test_approved_knowledge_answers_at_once_and_a_person_can_be_asked_for(desk: Desk, told: Told) -> None:
    await desk.online("sh01.advisor")
    asked = await desk.ask("佣金多少")
    assert asked["enquiry"]["state"] == "bot"
    assert [message["author"] for message in asked["messages"]] == ["customer", "bot"]
    assert "佣金" in asked["messages"][1]["text"]
    assert await desk.offered("sh01.advisor") == {"sh01.advisor": []}
    english = await desk.customer(
        f"enquiries/{asked['enquiry']['id']}/messages", 201, text="I do not receive the verification code"
    )
    assert english["replies"][0]["text"].startswith("If the code does not arrive")
    waiting = await desk.customer(f"enquiries/{asked['enquiry']['id']}/person")
    assert waiting["state"] == "waiting"
    assert await desk.customer(f"enquiries/{asked['enquiry']['id']}/person") == waiting
    assert await desk.offered("sh01.advisor") == {"sh01.advisor": [waiting["id"]]}
    assert [fact["by_bot"] for fact in await told("serve:enquiry:answered")] == [True]


async def test_a_question_about_buying_goes_to_a_licensed_person_only(desk: Desk) -> None:
    await desk.online("sh01.advisor2")  # not licensed
    asked = await desk.ask("贵州茅台现在能买吗")
    assert asked["enquiry"]["state"] == "waiting"
    assert [message["author"] for message in asked["messages"]] == ["customer"]
    assert await desk.offered("sh01.advisor2") == {"sh01.advisor2": []}
    await desk.online("sh01.advisor")
    assert await desk.offered("sh01.advisor") == {"sh01.advisor": [asked["enquiry"]["id"]]}


async def test_the_own_advisor_is_asked_first_then_the_branch_then_others(
    desk: Desk, clock: FixedClock, sweep: Sweep, rows: Any
) -> None:
    everybody = ("sh01.advisor", "sh01.advisor2", "hz01.advisor", "gz01.advisor", "agent")
    for login in everybody:
        await desk.online(login)
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]

    async def holders() -> set[str]:
        return {login for login, found in (await desk.offered(*everybody)).items() if found}

    assert await holders() == {"sh01.advisor", "sh01.advisor2"}  # no own advisor: that ring costs no waiting
    clock.advance(timedelta(seconds=45))
    await sweep()
    assert await holders() == {"sh01.advisor", "sh01.advisor2", "hz01.advisor"}
    clock.advance(timedelta(seconds=45))
    await sweep()
    assert await holders() == set(everybody)
    clock.advance(timedelta(seconds=180))
    await sweep()
    assert (await desk.get("supervisor", f"enquiries/{enquiry}"))["state"] == "callback_owed"
    assert [row["id"] for row in (await desk.get("supervisor", "enquiries?state=callback_owed"))["items"]] == [enquiry]
    assert (await desk.do("hz01.advisor", f"enquiries/{enquiry}/claim"))["state"] == "claimed"


async def test_nobody_is_lost_when_nobody_is_there(desk: Desk, clock: FixedClock, sweep: Sweep, told: Told) -> None:
    enquiry = (await desk.ask(HARD))["enquiry"]
    assert enquiry["state"] == "waiting"
    clock.advance(timedelta(seconds=230))
    await sweep()
    assert len(await told("serve:enquiry:callback_owed")) == 1
    clock.advance(timedelta(hours=2))
    await sweep()
    assert len(await told("serve:enquiry:callback_owed")) == 1
    await desk.online("gz01.advisor")  # another region: by then anybody may
    assert await desk.offered("gz01.advisor") == {"gz01.advisor": [enquiry["id"]]}
    assert (await desk.do("gz01.advisor", f"enquiries/{enquiry['id']}/claim"))["state"] == "claimed"


async def test_a_customer_of_no_branch_is_everybodys(desk: Desk) -> None:
    await desk.online("agent")
    await desk.online("gz01.advisor")
    enquiry = (await desk.ask(HARD, LOOSE))["enquiry"]["id"]
    assert await desk.offered("agent", "gz01.advisor") == {"agent": [enquiry], "gz01.advisor": [enquiry]}


async def test_asking_twice_is_asking_once(desk: Desk, told: Told) -> None:
    first = await desk.ask(HARD, client_id="c1")
    again = await desk.ask(HARD, client_id="c1")
    assert first["enquiry"]["id"] == again["enquiry"]["id"]
    assert len(again["messages"]) == 1
    more = await desk.ask("还有一个问题要问", client_id="c2")
    assert more["enquiry"]["id"] == first["enquiry"]["id"]  # one customer, one advisor
    assert len(more["messages"]) == 2
    assert len(await told("serve:enquiry:asked")) == 1


async def test_a_closed_enquiry_is_taken_up_again_by_the_same_person(desk: Desk, told: Told) -> None:
    await desk.online("sh01.advisor")
    await desk.online("sh01.advisor2")
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/claim")
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/messages", 201, text="已处理")
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/close")
    again = await desk.customer(f"enquiries/{enquiry}/messages", 201, text="还是不行，再帮我看看")
    assert again["enquiry"]["state"] == "waiting"
    assert await desk.offered("sh01.advisor", "sh01.advisor2") == {"sh01.advisor": [], "sh01.advisor2": [enquiry]}
    assert [fact["round"] for fact in await told("serve:enquiry:asked")] == [1, 2]


async def test_a_conversation_the_customer_has_left_ends_by_itself(
    desk: Desk, clock: FixedClock, sweep: Sweep, told: Told
) -> None:
    await desk.online("sh01.advisor")
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim")
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 201, text="请问还有其他问题吗")
    for _ in range(4):
        clock.advance(timedelta(minutes=8))
        await desk.online("sh01.advisor")
        await sweep()
    assert [fact["outcome"] for fact in await told("serve:enquiry:closed")] == ["no_reply"]
    bot = (await desk.ask("忘记密码"))["enquiry"]["id"]
    assert bot != enquiry
    clock.advance(timedelta(minutes=31))
    await sweep()
    assert [fact["outcome"] for fact in await told("serve:enquiry:closed")] == ["no_reply", "by_bot"]


async def test_nothing_can_be_rated_before_it_was_answered(desk: Desk) -> None:
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    await desk.customer(f"enquiries/{enquiry}/rating", 409, stars=1)
    await desk.customer(f"enquiries/{enquiry}/rating", 422, stars=6)


async def test_a_customer_withdraws(desk: Desk, told: Told) -> None:
    await desk.online("sh01.advisor")
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    assert (await desk.customer(f"enquiries/{enquiry}/close", outcome="answered"))["state"] == "closed"
    assert await desk.offered("sh01.advisor") == {"sh01.advisor": []}
    assert [fact["outcome"] for fact in await told("serve:enquiry:closed")] == ["withdrawn"]
