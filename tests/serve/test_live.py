"""Live topics: snapshot and changes always make the new snapshot, and nobody looks where he must not."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.serve.conftest import USER, Desk

from bihuan.kit import ids
from bihuan.kit.errors import Forbidden, Problem
from bihuan.kit.house import House
from bihuan.kit.time import FixedClock
from bihuan.people.facade import Caller
from bihuan.serve.claims import service as claims
from bihuan.serve.conversations import service as conversations
from bihuan.serve.enquiries import lists
from bihuan.serve.enquiries import service as asking
from bihuan.serve.presence import service as presence

HARD = "我的合同在哪里盖章比较快"
ADVISORS = ("sh01.advisor", "sh01.advisor2", "hz01.advisor")
CUSTOMERS = tuple(Caller(ids.customer_of_user(user), user, None) for user in (USER, "u2"))

DAYS, DEEDS = 10, 14
DEEDS_OF_ALL = (
    *("ask", "ask", "state", "state", "claim", "claim", "decline", "release"),
    *("close", "say", "wait", "end", "again", "assign", "transfer"),
)


def deed(chance: random.Random) -> tuple[Any, ...]:
    """Something that somebody does."""
    kind = chance.choice(DEEDS_OF_ALL)
    if kind == "ask":
        return kind, chance.choice(CUSTOMERS), chance.choice([HARD, "佣金多少", "转人工", "这只股票能买吗"])
    if kind == "state":
        return kind, chance.choice(ADVISORS), chance.choice(["online", "online", "away", "offline"])
    if kind in ("end", "again"):
        return kind, chance.choice(CUSTOMERS), None
    if kind in ("assign", "transfer"):
        return kind, chance.choice(ADVISORS), chance.choice([*ADVISORS, None])
    if kind == "wait":
        return kind, chance.choice([10, 50, 100, 400, 2000]), None
    return kind, chance.choice(ADVISORS), None


def _timeless(rows: dict[str, Any]) -> dict[str, Any]:
    """Without the last sign of life, which no screen is told of."""
    return {key: {name: value for name, value in row.items() if name != "last_seen"} for key, row in rows.items()}


async def did(house: House, clock: FixedClock, sweep: Any, staff: Any, deed: tuple[Any, ...], known: set[UUID]) -> None:
    """One deed; what the product refuses is no change."""
    what, who, how = deed
    if what == "wait":
        clock.advance(timedelta(seconds=who))
        await sweep()
        return
    try:
        async with house.postgres.transaction() as tx:
            if what == "ask":
                enquiry, _ = await asking.ask(tx, who, how, None, None, clock.now())
                known.add(enquiry.id)
            elif what == "end":
                for enquiry in await lists.of_customer(tx, [who.customer_id], 1):
                    await asking.close(tx, enquiry.id, who, "answered", clock.now())
            elif what == "again":
                for enquiry in (await lists.of_customer(tx, [who.customer_id], 5))[-1:]:
                    await asking.say(tx, who, enquiry.id, HARD, None, clock.now())
            elif what == "state":
                await presence.say(tx, staff[who], how, 2, clock.now())
            elif known:
                await at(
                    tx, what, staff[who], max(known), clock.now(), staff[how] if how else None, staff["supervisor"]
                )
    except Problem:
        pass


async def at(tx: Any, what: str, advisor: Any, enquiry_id: UUID, now: datetime, to: Any, supervisor: Any) -> None:
    """Staff do something with an enquiry."""
    if what == "say":
        await conversations.staff_says(tx, enquiry_id, advisor, "您好", None, now)
    elif what == "close":
        await asking.close(tx, enquiry_id, advisor, "answered", now)
    elif what == "assign":
        await claims.assign(tx, enquiry_id, supervisor, advisor.id, now)
    elif what == "transfer":
        await claims.transfer(tx, enquiry_id, supervisor, to.id if to else None, None, "请接手", now)
    else:
        await getattr(claims, what)(tx, enquiry_id, advisor, now)


async def test_snapshot_and_changes_make_the_new_snapshot(
    firm: House, clock: FixedClock, sweep: Any, staff: Any, watch: Any, branch_id: UUID
) -> None:
    """One firm lives through ten days of random deeds; every screen follows."""
    known: set[UUID] = set()
    chance = random.Random(7)
    for _ in range(DAYS):
        screens = [
            *[
                await watch(staff[who], f"{kind}:{staff[who].id}")
                for who in ADVISORS
                for kind in ("offers", "enquiries")
            ],
            *[await watch(caller, f"me:{caller.customer_id}") for caller in CUSTOMERS],
            await watch(staff["supervisor"], "waiting:all"),
            await watch(staff["supervisor"], "presence:all"),
            await watch(staff["sh01.advisor"], f"presence:{branch_id}"),
            await watch(staff["sh01.advisor"], f"waiting:{branch_id}"),
            *[await watch(staff["supervisor"], f"conversation:{enquiry_id}") for enquiry_id in sorted(known)[-3:]],
        ]
        for done in [deed(chance) for _ in range(DEEDS)]:
            await did(firm, clock, sweep, staff, done, known)
            for screen in screens:
                shown, fresh = _timeless(await screen.follow()), _timeless(await screen.fresh())
                assert {key: shown.get(key) for key in fresh} == fresh, (screen.kind.prefix, done)
                if screen.kind.prefix != "me":  # a chat shows its latest enquiries only
                    assert shown.keys() == fresh.keys(), (screen.kind.prefix, done)
    assert len(known) > 3


async def test_an_offer_is_on_the_screen_at_once(desk: Desk, watch: Any, staff: Any) -> None:
    await desk.online("sh01.advisor")
    screen = await watch(staff["sh01.advisor"], f"offers:{staff['sh01.advisor'].id}")
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    assert list(await screen.follow()) == [enquiry]
    row = screen.rows[enquiry]
    assert row["customer"] == "王**"
    assert "phone" not in row
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim")
    assert await screen.follow() == {}


async def test_the_customer_sees_his_advisor_and_his_messages(desk: Desk, watch: Any, staff: Any) -> None:
    caller = Caller(ids.customer_of_user(USER), USER, None)
    await desk.online("sh01.advisor")
    me = await watch(caller, f"me:{caller.customer_id}")
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    conversation = await watch(caller, f"conversation:{enquiry}")
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim")
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 201, text="您好")
    row = (await me.follow())[enquiry]
    assert row["advisor"] == {
        "name": "上顾问",
        "name_en": "Shanghai Advisor",
        "branch": "上海静安营业部",
        "branch_en": "Shanghai Jing'an",
        "registration_number": "S1000001",
        "licensed": True,
    }
    assert [message["text"] for message in (await conversation.follow()).values()] == [HARD, "您好"]


async def test_nobody_looks_where_he_must_not(desk: Desk, watch: Any, staff: Any) -> None:
    await desk.online("sh01.advisor")
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    stranger = Caller(ids.customer_of_user("u2"), "u2", None)
    own = Caller(ids.customer_of_user(USER), USER, None)
    refused: list[tuple[Any, str]] = [
        (stranger, f"conversation:{enquiry}"),
        (stranger, f"me:{own.customer_id}"),
        (own, f"offers:{staff['sh01.advisor'].id}"),
        (own, "waiting:all"),
        (own, "rescues:all"),
        (own, "presence:all"),
        (staff["gz01.advisor"], f"conversation:{enquiry}"),
        (staff["gz01.advisor"], f"offers:{staff['sh01.advisor'].id}"),
        (staff["gz01.advisor"], f"enquiries:{staff['sh01.advisor'].id}"),
        (staff["sh01.advisor"], "waiting:all"),
        (staff["sh01.advisor"], "rescues:all"),
        (staff["gz01.advisor"], f"rescues:{staff['sh01.advisor'].branch_id}"),
        (staff["sh01.witness"], f"waiting:{staff['sh01.witness'].branch_id}"),
        (staff["supervisor"], "waiting:nonsense"),
        (staff["supervisor"], "conversation:nonsense"),
    ]
    for principal, topic in refused:
        with pytest.raises(Forbidden):
            await watch(principal, topic)
    for principal, topic in [
        (own, f"conversation:{enquiry}"),
        (staff["sh01.advisor2"], f"conversation:{enquiry}"),
        (staff["agent"], "rescues:all"),
        (staff["east"], f"presence:{staff['sh01.advisor'].branch_id}"),
    ]:
        await watch(principal, topic)


async def test_the_desk_follows_a_rescue(
    desk: Desk, watch: Any, staff: Any, stall: Any, publish: Any, clock: FixedClock, branch_id: UUID
) -> None:
    branch = await watch(staff["sh01.advisor"], f"rescues:{branch_id}")
    everything = await watch(staff["supervisor"], "rescues:all")
    await publish(stall(), stall(opening_id="o2", arm="control"))
    states = {key: row["state"] for key, row in (await branch.follow()).items()}
    assert states == {"o1": "open", "o2": "held"}
    await desk.do("sh01.advisor", "openings/o1/take")
    for screen in (branch, everything):
        assert (await screen.follow())["o1"]["staff_name"] == "上顾问"
        assert await screen.follow() == await screen.fresh()
    await desk.do("sh01.advisor", "openings/o1/contact", channel="call")
    await desk.do("sh01.advisor", "openings/o1/outcome", outcome="not_interested")
    for screen in (branch, everything):
        assert set(await screen.follow()) == {"o2"}
        assert await screen.follow() == await screen.fresh()
