"""Claiming, declining, going silent, giving back, being assigned."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.serve.conftest import Desk

from bihuan.kit.time import FixedClock

HARD = "我的合同在哪里盖章比较快"


async def ask(desk: Desk) -> str:
    return str((await desk.ask(HARD))["enquiry"]["id"])


async def test_who_was_never_offered_it_may_not_claim(desk: Desk) -> None:
    await desk.online("sh01.advisor")
    enquiry = await ask(desk)
    refused = await desk.do("hz01.advisor", f"enquiries/{enquiry}/claim", 403)
    assert refused["type"] == "urn:bihuan:problem:never-offered"
    await desk.do("sh01.advisor", f"enquiries/{uuid4()}/claim", 404)


async def test_the_winner_is_named_and_may_click_again(desk: Desk) -> None:
    await desk.online("sh01.advisor")
    await desk.online("sh01.advisor2")
    enquiry = await ask(desk)
    won = await desk.do("sh01.advisor2", f"enquiries/{enquiry}/claim")
    lost = await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim", 409)
    assert lost["winner"] == "上二"
    assert await desk.do("sh01.advisor2", f"enquiries/{enquiry}/claim") == won
    assert await desk.offered("sh01.advisor", "sh01.advisor2") == {"sh01.advisor": [], "sh01.advisor2": []}


async def test_a_declined_enquiry_goes_on_at_once(desk: Desk) -> None:
    await desk.online("sh01.advisor")
    await desk.online("hz01.advisor")
    enquiry = await ask(desk)
    assert await desk.offered("sh01.advisor", "hz01.advisor") == {"sh01.advisor": [enquiry], "hz01.advisor": []}
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/decline")
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/decline")
    assert await desk.offered("sh01.advisor", "hz01.advisor") == {"sh01.advisor": [], "hz01.advisor": [enquiry]}
    ended = await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim", 403)
    assert ended["type"] == "urn:bihuan:problem:offer-ended"
    await desk.do("gz01.advisor", f"enquiries/{enquiry}/decline", 403)


async def test_claimed_then_silent_goes_back_again_and_again(
    desk: Desk, clock: FixedClock, sweep: Any, told: Any
) -> None:
    await desk.online("sh01.advisor")
    await desk.online("sh01.advisor2")
    enquiry = await ask(desk)
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim")
    clock.advance(timedelta(seconds=89))
    await sweep()
    assert (await desk.get("sh01.advisor", f"enquiries/{enquiry}"))["state"] == "claimed"
    clock.advance(timedelta(seconds=1))
    await sweep()
    assert await desk.offered("sh01.advisor", "sh01.advisor2") == {"sh01.advisor": [], "sh01.advisor2": [enquiry]}
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/claim")
    clock.advance(timedelta(seconds=90))
    await sweep()
    await sweep()
    back = [(fact["reason"], fact["staff_id"]) for fact in await told("serve:enquiry:returned")]
    assert [reason for reason, _ in back] == ["silent", "silent"]
    assert len({staff for _, staff in back}) == 2
    assert (await desk.get("supervisor", f"enquiries/{enquiry}"))["state"] == "waiting"
    late = await desk.do("sh01.advisor2", f"enquiries/{enquiry}/messages", 403, text="我来了")
    assert late["type"] == "urn:bihuan:problem:not-owner"


async def test_silence_inside_a_conversation_goes_back_too(desk: Desk, clock: FixedClock, sweep: Any) -> None:
    await desk.online("sh01.advisor")
    enquiry = await ask(desk)
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim")
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 201, text="您好")
    await desk.online("sh01.advisor2")
    clock.advance(timedelta(minutes=3))
    await desk.customer(f"enquiries/{enquiry}/messages", 201, text="在吗")
    clock.advance(timedelta(seconds=299))
    await sweep()
    assert (await desk.get("sh01.advisor", f"enquiries/{enquiry}"))["state"] == "claimed"
    clock.advance(timedelta(seconds=1))
    await sweep()
    assert await desk.offered("sh01.advisor2") == {"sh01.advisor2": [enquiry]}


async def test_freed_capacity_pulls_whoever_waits_longest(desk: Desk) -> None:
    await desk.online("sh01.advisor", capacity=1)
    first = await ask(desk)
    await desk.do("sh01.advisor", f"enquiries/{first}/claim")
    second = (await desk.ask(HARD, "u8"))["enquiry"]["id"]
    third = (await desk.ask(HARD, "u9"))["enquiry"]["id"]
    assert await desk.offered("sh01.advisor") == {"sh01.advisor": []}
    await desk.do("sh01.advisor", f"enquiries/{first}/messages", 201, text="已办好")
    await desk.do("sh01.advisor", f"enquiries/{first}/close")
    assert await desk.offered("sh01.advisor") == {"sh01.advisor": [second]}
    await desk.do("sh01.advisor", f"enquiries/{second}/claim")
    await desk.do("sh01.advisor", f"enquiries/{third}/claim", 403)
    await desk.do("sh01.advisor", f"enquiries/{second}/release")
    assert await desk.offered("sh01.advisor") == {"sh01.advisor": [third]}


async def test_a_supervisor_assigns(desk: Desk, staff: Any, told: Any) -> None:
    enquiry = await ask(desk)
    to = str(staff["sh01.advisor"].id)
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/assign", 403, staff_id=to)
    await desk.do("supervisor", f"enquiries/{enquiry}/assign", 404, staff_id=str(staff["engineer"].id))
    assert (await desk.do("supervisor", f"enquiries/{enquiry}/assign", staff_id=to))["owner_id"] == to
    await desk.do("supervisor", f"enquiries/{enquiry}/assign", 409, staff_id=str(staff["sh01.advisor2"].id))
    held = (await desk.get("sh01.advisor", "conversations/mine"))["items"]
    assert [row["id"] for row in held] == [enquiry]
    assert len(await told("serve:enquiry:claimed")) == 1


WHO_RUNS_NO_DESK = ("compliance", "operator", "east", "sh01.advisor2", "agent")


async def test_only_who_runs_the_desk_directs_it(desk: Desk, staff: Any) -> None:
    """A second person approves what was proposed; that gives him no say in who serves a customer."""
    one, other = str(staff["sh01.advisor"].id), str(staff["sh01.advisor2"].id)
    await desk.online("sh01.advisor")
    enquiry = await ask(desk)
    for login in WHO_RUNS_NO_DESK:
        refused = await desk.do(login, f"enquiries/{enquiry}/assign", 403, staff_id=one)
        assert refused["permission"] == "enquiry:supervise"
    await desk.do("gz01.manager", f"enquiries/{enquiry}/assign", 404, staff_id=one)
    assert (await desk.do("sh01.manager", f"enquiries/{enquiry}/assign", staff_id=one))["owner_id"] == one
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 201, text="您好")
    await desk.online("sh01.advisor2")
    for what, given in (("transfer", {"staff_id": other}), ("close", {})):
        for login in WHO_RUNS_NO_DESK:
            refused = await desk.do(login, f"enquiries/{enquiry}/{what}", 403, **given)
            assert refused["type"] == "urn:bihuan:problem:not-owner"
        await desk.do("gz01.manager", f"enquiries/{enquiry}/{what}", 404, **given)
    assert (await desk.do("sh01.manager", f"enquiries/{enquiry}/transfer", staff_id=other))["owner_id"] == other
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/messages", 201, text="您好")
    assert (await desk.do("sh01.manager", f"enquiries/{enquiry}/close"))["state"] == "closed"


async def test_advice_is_not_assigned_to_the_unlicensed(desk: Desk, staff: Any) -> None:
    enquiry = (await desk.ask("这只股票能买吗"))["enquiry"]["id"]
    refused = await desk.do("supervisor", f"enquiries/{enquiry}/assign", 409, staff_id=str(staff["sh01.advisor2"].id))
    assert refused["type"] == "urn:bihuan:problem:licence"


async def test_only_the_owner_gives_back(desk: Desk) -> None:
    await desk.online("sh01.advisor")
    await desk.online("sh01.advisor2")
    enquiry = await ask(desk)
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim")
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/release", 403)
    await desk.do("gz01.advisor", f"enquiries/{enquiry}/release", 404)
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/close", 403)
    assert (await desk.get("sh01.advisor", f"enquiries/{enquiry}"))["state"] == "claimed"
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 201, text="您好")
    assert (await desk.do("supervisor", f"enquiries/{enquiry}/close"))["state"] == "closed"


async def test_nobody_is_closed_without_an_answer(desk: Desk, told: Any) -> None:
    await desk.online("sh01.advisor")
    enquiry = await ask(desk)
    await desk.do("supervisor", f"enquiries/{enquiry}/close", 409)
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim")
    for login in ("sh01.advisor", "supervisor"):
        for outcome in ("answered", "no_reply", "withdrawn", "called_back"):
            refused = await desk.do(login, f"enquiries/{enquiry}/close", 409, outcome=outcome)
            assert refused["type"] == "urn:bihuan:problem:unanswered"
    assert await told("serve:enquiry:closed") == []
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 201, text="您好")
    assert (await desk.do("sh01.advisor", f"enquiries/{enquiry}/close"))["state"] == "closed"
    assert (await desk.do("sh01.advisor", f"enquiries/{enquiry}/close"))["state"] == "closed"


async def test_a_call_that_was_owed_is_an_answer(desk: Desk, clock: FixedClock, sweep: Any, told: Any) -> None:
    enquiry = await ask(desk)
    clock.advance(timedelta(seconds=300))
    await sweep()
    await desk.online("sh01.advisor")
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim")
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/close", 409)
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/close", outcome="called_back")
    assert [fact["outcome"] for fact in await told("serve:enquiry:closed")] == ["called_back"]


async def test_each_owner_answers_for_himself(desk: Desk, told: Any) -> None:
    """An enquiry that was handed back after an answer is answered again by its next owner."""
    await desk.online("sh01.advisor")
    await desk.online("sh01.advisor2")
    enquiry = await ask(desk)
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim")
    for text in ("您好", "请稍等"):
        await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 201, text=text)
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/release")
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/claim")
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/close", 409)
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/release")
    await desk.online("agent")
    await desk.do("agent", f"enquiries/{enquiry}/claim")
    await desk.do("agent", f"enquiries/{enquiry}/messages", 201, text="我来帮您")
    answered, claimed = await told("serve:enquiry:answered"), await told("serve:enquiry:claimed")
    assert [fact["staff_id"] for fact in answered] == [claimed[0]["staff_id"], claimed[2]["staff_id"]]
    assert {fact["round"] for fact in answered} == {1}
    returned = await told("serve:enquiry:returned")
    assert [(fact["round"], fact["answered_at"] is None) for fact in returned] == [(1, False), (1, True)]
    await desk.do("agent", f"enquiries/{enquiry}/close")
    await desk.customer(f"enquiries/{enquiry}/messages", 201, text="还有一件事")
    await desk.do("agent", f"enquiries/{enquiry}/claim")
    await desk.do("agent", f"enquiries/{enquiry}/messages", 201, text="请讲")
    assert [fact["round"] for fact in await told("serve:enquiry:answered")] == [1, 1, 2]
