"""One customer, one conversation: however he comes, and whatever is found out about him."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg.errors import UniqueViolation
from tests.serve.conftest import USER, Desk

from bihuan.customers import facade as customers
from bihuan.customers.facts import VisitorMerged
from bihuan.kit import ids
from bihuan.kit.house import House
from bihuan.kit.time import FixedClock
from bihuan.people import facade as people
from bihuan.people.facade import Caller
from bihuan.serve.enquiries import repository
from bihuan.serve.enquiries import service as asking

HARD = "我的合同在哪里盖章比较快"
OTHER = "请问网点周末能不能办理销户"
LIVE = "SELECT id, customer_id, state FROM serve_enquiry WHERE state <> 'closed' ORDER BY id"
DEVICE = "device1"


async def answered_and_closed(desk: Desk, login: str = "sh01.advisor") -> str:
    await desk.online(login)
    enquiry = str((await desk.ask(HARD))["enquiry"]["id"])
    await desk.do(login, f"enquiries/{enquiry}/claim")
    await desk.do(login, f"enquiries/{enquiry}/messages", 201, text="已办好")
    await desk.do(login, f"enquiries/{enquiry}/close")
    return enquiry


async def test_writing_in_a_closed_one_goes_on_in_the_one_under_way(desk: Desk, rows: Any) -> None:
    old = await answered_and_closed(desk)
    new = (await desk.ask(OTHER))["enquiry"]["id"]
    for _ in range(2):
        said = await desk.customer(f"enquiries/{old}/messages", 201, text="对了还有刚才那件事", client_id="c1")
        assert said["enquiry"]["id"] == new
    assert [str(row["id"]) for row in await rows(LIVE)] == [new]
    read = (await desk.get("supervisor", f"enquiries/{new}/messages"))["items"]
    assert [message["text"] for message in read] == [OTHER, "对了还有刚才那件事"]


async def test_asking_anew_and_taking_up_again_at_once(desk: Desk, firm: House, rows: Any) -> None:
    old = UUID(await answered_and_closed(desk))
    caller = Caller(ids.customer_of_user(USER), USER, None)

    async def asks(n: int) -> None:
        async with firm.postgres.transaction() as tx:
            await asking.ask(tx, caller, f"问题{n}", None, None, firm.clock.now())

    async def takes_up(n: int) -> None:
        async with firm.postgres.transaction() as tx:
            await asking.say(tx, caller, old, f"再问{n}", None, firm.clock.now())

    await asyncio.gather(*((asks if n % 2 else takes_up)(n) for n in range(12)))
    assert len(await rows(LIVE)) == 1
    assert len(await rows("SELECT 1 FROM serve_message WHERE text LIKE '%%问%%' AND author = 'customer'")) == 12


async def test_the_control_has_two_under_way_and_the_index_refuses_them(desk: Desk, firm: House) -> None:
    """What asking did before: looked, and then wrote, with nobody kept from writing in between."""
    old = UUID(await answered_and_closed(desk))
    caller = Caller(ids.customer_of_user(USER), USER, None)
    looked = asyncio.Barrier(2)

    async def naive(take_up: bool) -> None:
        async with firm.postgres.transaction() as tx:
            assert await repository.active(tx, [caller.customer_id]) is None
            await looked.wait()
            if take_up:
                await repository.reopen(tx, old, HARD, "other", needs_licence=False, now=firm.clock.now())
            else:
                await asking._new(tx, caller, HARD, None, None, firm.clock.now())

    with pytest.raises(UniqueViolation):
        await asyncio.gather(naive(take_up=True), naive(take_up=False))


async def ask_as_both(desk: Desk, phone: Any, visitors_text: str = OTHER, users_text: str = HARD) -> tuple[str, str]:
    """The same person asks from a device that nobody knows, and signed in elsewhere; both enquiries."""
    visitor = await phone(None, DEVICE)
    his = (await visitor.post("/api/v1/enquiries", json={"text": visitors_text})).json()["enquiry"]["id"]
    users = (await desk.ask(users_text))["enquiry"]["id"]
    assert his != users
    return his, users


def merged() -> VisitorMerged:
    his = ids.customer_of_visitor(DEVICE)
    return VisitorMerged(customer_id=his, visitor_id=his, into_id=ids.customer_of_user(USER))


@pytest.mark.parametrize("users_is_claimed", [True, False])
async def test_a_merge_leaves_one_under_way_and_loses_no_question(
    desk: Desk, phone: Any, publish: Any, rows: Any, told: Any, sweep: Any, users_is_claimed: bool
) -> None:
    """The one that a person serves goes on, and he sees what was asked in the other."""
    await desk.online("sh01.advisor")
    his, users = await ask_as_both(desk, phone)
    kept, ended = (users, his) if users_is_claimed else (his, users)
    await desk.do("sh01.advisor", f"enquiries/{kept}/claim")
    await desk.do("sh01.advisor", f"enquiries/{kept}/messages", 201, text="您好")
    await publish(merged())
    user = ids.customer_of_user(USER)
    assert await rows(LIVE) == [{"id": UUID(kept), "customer_id": user, "state": "claimed"}]
    over = await desk.get("supervisor", f"enquiries/{ended}")
    assert (over["state"], over["outcome"], over["merged_into"]) == ("closed", "merged", kept)
    asked_there = OTHER if users_is_claimed else HARD
    read = (await desk.get("sh01.advisor", f"enquiries/{kept}/messages"))["items"]
    assert (read[-1]["author"], read[-1]["text"]) == ("customer", asked_there)
    stands = await desk.get("sh01.advisor", f"enquiries/{kept}")
    assert stands["awaiting_since"] is not None
    known = await phone(USER)
    mine = {row["id"]: row["state"] for row in (await known.get("/api/v1/enquiries/mine")).json()["items"]}
    assert mine == {kept: "claimed", ended: "closed"}
    old = (await known.get(f"/api/v1/enquiries/{ended}/messages")).json()["items"]
    assert [message["text"] for message in old] == [asked_there]
    assert [(fact["enquiry_id"], fact["outcome"]) for fact in await told("serve:enquiry:closed")] == [(ended, "merged")]
    assert await desk.offered("sh01.advisor") == {"sh01.advisor": []}


async def test_merging_two_who_are_both_served_leaves_one_advisor(
    desk: Desk, phone: Any, publish: Any, rows: Any, clock: FixedClock
) -> None:
    await desk.online("sh01.advisor")
    await desk.online("agent")
    his, users = await ask_as_both(desk, phone)
    await desk.do("agent", f"enquiries/{his}/claim")
    clock.advance(timedelta(seconds=5))
    await desk.do("sh01.advisor", f"enquiries/{users}/claim")
    await publish(merged())
    assert [str(row["id"]) for row in await rows(LIVE)] == [his]
    assert (await desk.get("sh01.advisor", "conversations/mine"))["items"] == []
    assert [row["last_text"] for row in (await desk.get("agent", "conversations/mine"))["items"]] == [HARD]
    assert (
        await rows("SELECT 1 FROM serve_ownership WHERE ended_at IS NULL GROUP BY enquiry_id HAVING count(*) > 1") == []
    )


async def test_a_visitor_who_becomes_known_is_offered_at_his_home(desk: Desk, phone: Any, publish: Any) -> None:
    await desk.online("gz01.advisor")
    visitor = await phone(None, DEVICE)
    his = (await visitor.post("/api/v1/enquiries", json={"text": OTHER})).json()["enquiry"]["id"]
    assert await desk.offered("gz01.advisor") == {"gz01.advisor": [his]}
    await desk.online("sh01.advisor")
    await publish(merged())
    assert await desk.offered("sh01.advisor", "gz01.advisor") == {"sh01.advisor": [his], "gz01.advisor": []}


async def test_who_moves_while_he_waits_is_offered_at_his_new_home(
    desk: Desk, firm: House, clock: FixedClock, react: Any, staff: Any, sweep: Any
) -> None:
    """The circle begins anew: those of the old home are asked no more until it has widened to them again."""
    for login in ("sh01.advisor", "hz01.advisor", "gz01.advisor"):
        await desk.online(login)
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    clock.advance(timedelta(seconds=45))
    await sweep()
    shown = await desk.offered("sh01.advisor", "hz01.advisor", "gz01.advisor")
    assert {login for login, found in shown.items() if found} == {"sh01.advisor", "hz01.advisor"}
    async with firm.postgres.transaction() as tx:
        there = await people.branch_by_code(tx, "GZ01")
        assert there is not None
        await customers.move_relation(tx, ids.customer_of_user(USER), "service", there.id, None, "moved", clock.now())
    await react()
    shown = await desk.offered("sh01.advisor", "hz01.advisor", "gz01.advisor")
    assert shown == {"sh01.advisor": [], "hz01.advisor": [], "gz01.advisor": [enquiry]}
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim", 403)
    clock.advance(timedelta(seconds=45))
    await sweep()
    shown = await desk.offered("sh01.advisor", "gz01.advisor")
    assert shown == {"sh01.advisor": [enquiry], "gz01.advisor": [enquiry]}
