"""A rescue follows the latest stall, and never stays with somebody who is gone or has forgotten it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.serve.conftest import Desk, track

from bihuan.decide.facts import RescueAssigned
from bihuan.kit.house import House
from bihuan.kit.time import FixedClock
from bihuan.understand.facts import OpeningAbandoned, OpeningAdvanced, OpeningSubmitted

Stall = Callable[..., RescueAssigned]
MINUTE = timedelta(minutes=1)


async def take(desk: Desk, stall: Stall, publish: Any, login: str = "sh01.advisor") -> RescueAssigned:
    """A stall that an advisor has taken; its fact."""
    first = stall()
    await publish(first)
    await desk.do(login, "openings/o1/take")
    return first


async def the_rescue(desk: Desk) -> dict[str, Any]:
    (row,) = (await desk.get("supervisor", "rescues"))["items"]
    return dict(row)


@pytest.mark.parametrize("spoken", [False, True])
async def test_whoever_holds_it_holds_its_next_stall_too(
    desk: Desk,
    firm: House,
    stall: Stall,
    publish: Any,
    clock: FixedClock,
    sweep: Any,
    told: Any,
    rows: Any,
    spoken: bool,
) -> None:
    """Stuck again in an advisor's hands: the desk shows why, and no message goes out beside him."""
    first = await take(desk, stall, publish)
    clock.advance(MINUTE)
    if spoken:
        await desk.do("sh01.advisor", "openings/o1/contact", channel="chat", text="您好，需要帮忙吗")
    clock.advance(3 * MINUTE)
    second = stall(step="bank", reason="bank-refused", times=2, last_fact_at=clock.now() - MINUTE)
    await publish(second, second)
    row = await the_rescue(desk)
    assert (row["state"], row["step"], row["reason"]) == ("taken", "bank", "bank-refused")
    assert (row["contacted_at"] is not None) is spoken
    held = await told("serve:rescue:taken")
    assert [fact["step"] for fact in held] == ["id", "bank"]
    assert len({datetime.fromisoformat(fact["taken_at"]) for fact in held}) == 1
    clock.advance(5 * MINUTE + timedelta(seconds=1))
    await sweep()
    moments = await rows("SELECT stuck_at, state FROM reach_moment ORDER BY stuck_at")
    assert [(row["stuck_at"], row["state"]) for row in moments] == [
        (first.stuck_at, "taken"),
        (second.stuck_at, "taken"),
    ]
    assert await rows("SELECT 1 FROM reach_delivery") == []


async def test_a_stall_told_again_late_does_not_undo_the_next_one(
    desk: Desk, stall: Stall, publish: Any, clock: FixedClock
) -> None:
    first = await take(desk, stall, publish)
    clock.advance(3 * MINUTE)
    await publish(stall(step="bank"))
    await publish(first)
    assert (await the_rescue(desk))["step"] == "bank"


async def test_a_contact_of_the_first_stall_is_followed_after_the_second(
    desk: Desk, stall: Stall, publish: Any, clock: FixedClock, told: Any
) -> None:
    first = await take(desk, stall, publish)
    clock.advance(MINUTE)
    await desk.do("sh01.advisor", "openings/o1/contact", channel="call")
    clock.advance(MINUTE)
    await publish(stall())
    clock.advance(MINUTE)
    await desk.do("sh01.advisor", "openings/o1/contact", channel="chat", text="您好，我来帮您看")
    await desk.do("sh01.advisor", "openings/o1/contact", channel="chat", text="看到了吗")
    contacted = await told("serve:rescue:contacted")
    assert [fact["channel"] for fact in contacted] == ["call", "chat"]  # the first of each stall
    clock.advance(MINUTE)
    who = (first.customer_id, first.opening_id, first.branch_id)
    await publish(OpeningAdvanced(*who, "id", "profile", clock.now()))
    (finished,) = await told("serve:rescue:finished")
    assert finished["stuck_at"] < finished["contacted_at"] < finished["next_step_at"]


async def test_what_happened_before_the_stall_does_not_end_it(
    desk: Desk, stall: Stall, publish: Any, clock: FixedClock, told: Any
) -> None:
    first = await take(desk, stall, publish)
    who = (first.customer_id, first.opening_id, first.branch_id)
    before = first.last_fact_at
    await publish(
        OpeningAdvanced(*who, "phone", "id", before),
        OpeningSubmitted(*who, None, None, before - MINUTE),
        OpeningAbandoned(*who, None, "id", before - MINUTE),
    )
    assert (await the_rescue(desk))["state"] == "taken"
    assert await told("serve:rescue:finished") == []
    await publish(OpeningAdvanced(*who, "id", "profile", before + MINUTE))
    assert [fact["outcome"] for fact in await told("serve:rescue:finished")] == ["resumed"]


async def test_being_back_from_the_second_stall_is_seen(
    desk: Desk, firm: House, stall: Stall, publish: Any, clock: FixedClock, react: Any
) -> None:
    await publish(stall())
    for stuck_again in (True, False):
        clock.advance(2 * MINUTE)
        async with firm.postgres.transaction() as tx:
            await track(tx, "opening:visit", "o1", clock.now())
        await react()
        assert (await the_rescue(desk))["resumed_at"] is not None
        if stuck_again:
            clock.advance(2 * MINUTE)
            await publish(stall(last_fact_at=clock.now()))
            assert (await the_rescue(desk))["resumed_at"] is None


async def test_an_outcome_needs_a_contact(desk: Desk, stall: Stall, publish: Any, told: Any) -> None:
    await take(desk, stall, publish)
    for outcome in ("no_answer", "not_interested", "resumed", "needs_branch", "other"):
        refused = await desk.do("sh01.advisor", "openings/o1/outcome", 409, outcome=outcome)
        assert refused["type"] == "urn:bihuan:problem:not-contacted"
    assert await told("serve:rescue:finished") == []
    over = await desk.do("sh01.advisor", "openings/o1/outcome", outcome="ineligible")
    assert over["state"] == "finished"


async def test_contacted_and_forgotten_goes_back(
    desk: Desk, stall: Stall, publish: Any, clock: FixedClock, sweep: Any, told: Any
) -> None:
    await desk.online("sh01.advisor")
    await take(desk, stall, publish)
    await desk.do("sh01.advisor", "openings/o1/contact", channel="call")
    clock.advance(timedelta(hours=3))
    await desk.do("sh01.advisor", "openings/o1/contact", channel="call")
    clock.advance(timedelta(hours=3))
    await sweep()
    assert (await the_rescue(desk))["state"] == "taken"  # counted from the last contact
    clock.advance(timedelta(hours=1))
    await sweep()
    row = await the_rescue(desk)
    assert (row["state"], row["staff_id"], row["contacted_at"]) == ("open", None, None)
    assert len(await told("serve:rescue:released")) == 1
    await desk.do("sh01.advisor2", "openings/o1/take")
    await desk.do("sh01.advisor2", "openings/o1/outcome", 409, outcome="other")  # a colleague's contact is not his


async def test_what_lies_with_somebody_who_leaves_goes_back(
    desk: Desk, stall: Stall, publish: Any, clock: FixedClock, sweep: Any, told: Any, react: Any
) -> None:
    await desk.online("sh01.advisor")
    await publish(stall(), stall(opening_id="o2"))
    for opening in ("o1", "o2"):
        await desk.do("sh01.advisor", f"openings/{opening}/take")
    await desk.do("sh01.advisor", "openings/o2/contact", channel="call")
    await desk.presence("sh01.advisor", "offline")
    await react()
    stands = {row["opening_id"]: row["state"] for row in (await desk.get("supervisor", "rescues"))["items"]}
    assert stands == {"o1": "open", "o2": "taken"}
    clock.advance(10 * MINUTE)
    await sweep()
    stands = {row["opening_id"]: row["state"] for row in (await desk.get("supervisor", "rescues"))["items"]}
    assert stands == {"o1": "open", "o2": "open"}
    assert {fact["reason"] for fact in await told("serve:rescue:released")} == {"offline"}


async def test_who_comes_back_in_time_keeps_whom_he_has_spoken_with(
    desk: Desk, stall: Stall, publish: Any, clock: FixedClock, sweep: Any, react: Any
) -> None:
    await desk.online("sh01.advisor")
    await take(desk, stall, publish)
    await desk.do("sh01.advisor", "openings/o1/contact", channel="call")
    await desk.presence("sh01.advisor", "offline")
    await react()
    clock.advance(5 * MINUTE)
    await desk.online("sh01.advisor")
    clock.advance(10 * MINUTE)
    await sweep()
    assert (await the_rescue(desk))["state"] == "taken"


async def test_whoever_leaves_the_firm_keeps_nothing(
    desk: Desk, stall: Stall, publish: Any, staff: Any, react: Any, told: Any
) -> None:
    await take(desk, stall, publish)  # he was never on duty
    await desk.do("sh01.advisor", "openings/o1/contact", channel="call")
    operator = await desk.browse("operator")
    gone = await operator.patch(f"/api/v1/staff/{staff['sh01.advisor'].id}", json={"active": False})
    assert gone.status_code == 200, gone.text
    await react()
    assert (await the_rescue(desk))["state"] == "open"
    assert [fact["reason"] for fact in await told("serve:rescue:released")] == ["dismissed"]
