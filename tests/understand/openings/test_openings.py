"""Openings on a real database: turns told once, stalls told once, rows kept right."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.understand.conftest import Facts, OpeningSystem

from bihuan import loop
from bihuan.customers.facts import RelationMoved
from bihuan.kit import deadlines, ids, live, log, postgres
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.kit.time import FixedClock
from bihuan.people import facade as people
from bihuan.understand import facade
from bihuan.understand.facade import Opening
from bihuan.understand.openings import desk, repository

Turn = Callable[[], Awaitable[int]]

WALK = (
    (
        "opening:visit",
        0,
        {"channel": "staff_qr", "staff_code": "SH01A", "city": "上海", "latitude": 31.23456, "longitude": 121},
    ),
    ("opening:phone:verified", 1, {}),
    ("opening:products:chosen", 2, {"branch_code": "HZ01"}),
    ("opening:id:rejected", 3, {"reason": "blurred"}),
    ("opening:id:accepted", 4, {}),
    ("opening:profile:done", 5, {}),
    ("opening:face:passed", 6, {}),
    ("opening:risk:assessed", 7, {"level": "C2", "score": 31}),
    ("opening:agreements:signed", 8, {}),
    ("opening:bank:bound", 9, {}),
    ("opening:password:set", 10, {}),
    ("opening:video:queued", 11, {}),
    ("opening:video:passed", 14, {}),
    ("opening:callback:done", 15, {}),
    ("opening:submitted", 16, {}),
    ("opening:returned", 20, {"step": "face", "reason": "face_unclear"}),
    ("opening:face:passed", 22, {}),
    ("opening:submitted", 23, {}),
    ("opening:reviewed", 30, {}),
    ("opening:account:opened", 31, {}),
    ("deposit:first", 60, {"amount": "100.00"}),
)


async def row(house: House, opening_id: str = "A1") -> Opening:
    async with house.postgres.transaction() as tx:
        found = await facade.opening(tx, opening_id)
    assert found is not None
    return found


async def branch(house: House, code: str) -> Any:
    async with house.postgres.transaction() as tx:
        found = await people.branch_by_code(tx, code)
    assert found is not None
    return found.id


async def test_a_whole_application(opening_system: OpeningSystem, firm: House, react: Turn, facts: Facts) -> None:
    await opening_system.send(*[opening_system.arrival(name, "A1", at, **more) for name, at, more in WALK])
    await react()
    found = await row(firm)
    assert (found.state, found.step, found.times_stuck) == ("opened", "trade", 0)
    assert (found.channel, found.staff_code, found.chosen_branch) == ("staff_qr", "SH01A", "HZ01")
    assert found.branch_id == await branch(firm, "HZ01")
    assert found.customer_id == ids.customer_of_user("u1")
    assert found.steps["face"]["sent_back"] == 1
    opened = await facts("understand:opening:opened")
    assert [(one["opening_id"], one["staff_code"], one["chosen_branch"]) for one in opened] == [("A1", "SH01A", "HZ01")]
    assert [(one["city"], one["latitude"], one["longitude"]) for one in opened] == [("上海", 31.235, 121.0)]
    times = [datetime.fromisoformat(opened[0][name]) for name in ("started_at", "staff_code_at", "submitted_at", "at")]
    assert times == [opening_system.start + timedelta(minutes=minutes) for minutes in (0, 0, 16, 31)]
    assert len(await facts("understand:opening:started")) == 1
    assert [one["again"] for one in await facts("understand:opening:submitted")] == [False, True]
    assert [one["step"] for one in await facts("understand:opening:returned")] == ["face"]
    steps = [(one["step"], one["reviewed_back"]) for one in await facts("understand:opening:advanced")]
    assert steps[:3] == [("phone", False), ("products", False), ("id", False)]
    assert ("face", True) in steps
    assert steps[-1] == ("deposit", False)


async def test_no_answer_of_the_questionnaire_is_stored(
    opening_system: OpeningSystem, firm: House, react: Turn
) -> None:
    await opening_system.tell("opening:risk:assessed", level="C2", score=31, answers=["a", "b"])
    await react()
    async with firm.postgres.transaction() as tx:
        kept = await postgres.rows(tx, "SELECT properties, e.* FROM understand_opening_event e")
        shown = await postgres.rows(tx, "SELECT * FROM understand_opening")
    assert [one["properties"] for one in kept] == [{}]
    assert "C2" not in f"{kept} {shown}"


@pytest.mark.parametrize("seed", range(4))
async def test_however_events_arrive_state_and_turns_are_the_same(
    opening_system: OpeningSystem, firm: House, react: Turn, facts: Facts, seed: int
) -> None:
    chance = random.Random(seed)
    arrivals = [
        opening_system.arrival(name, "A1", at, user="u1" if at > 3 else None, visitor="v1", **more)
        for name, at, more in WALK
    ]
    chance.shuffle(arrivals)
    while arrivals:
        size = chance.randint(1, 6)
        await opening_system.send(*arrivals[:size], *arrivals[:1])
        arrivals = arrivals[size:]
        await react()
    found = await row(firm)
    assert (found.state, found.step, found.customer_id) == ("opened", "trade", ids.customer_of_user("u1"))
    told = sorted((one["step"], one["reviewed_back"]) for one in await facts("understand:opening:advanced"))
    assert len(told) == len(set(told)) == 17
    assert len(await facts("understand:opening:opened")) == 1
    assert len(await facts("understand:opening:submitted")) == 2


async def test_a_stall_is_told_once_when_the_clock_of_its_step_runs_out(
    opening_system: OpeningSystem, firm: House, react: Turn, sweep: Turn, clock: FixedClock, facts: Facts
) -> None:
    await opening_system.tell("opening:products:chosen", "A1", 0)
    await opening_system.tell("opening:phone:verified", "A1", 0)
    await react()
    clock.advance(timedelta(minutes=14, seconds=59))
    assert await sweep() == 0
    clock.advance(timedelta(seconds=1))
    assert await sweep() == 1
    assert await sweep() == 0
    stuck = await facts("understand:opening:stuck")
    assert [(one["step"], one["times"]) for one in stuck] == [("id", 1)]
    assert (await row(firm)).stuck_since == opening_system.start + timedelta(minutes=15)

    await opening_system.tell("opening:id:rejected", "A1", 16, reason="blurred")
    await react()
    assert (await row(firm)).stuck_since is None
    clock.advance(timedelta(minutes=16))
    assert await sweep() == 1
    stuck = await facts("understand:opening:stuck")
    assert [(one["step"], one["times"], one["reason"]) for one in stuck] == [("id", 1, None), ("id", 2, "blurred")]


async def test_a_late_event_of_an_earlier_time_does_not_tell_a_stall_again(
    opening_system: OpeningSystem, firm: House, react: Turn, sweep: Turn, clock: FixedClock, facts: Facts
) -> None:
    await opening_system.tell("opening:products:chosen", "A1", 5)
    await react()
    clock.advance(timedelta(minutes=40))
    await sweep()
    await opening_system.tell("opening:phone:verified", "A1", 1)  # the step changes, the silence does not
    await react()
    await sweep()
    assert len(await facts("understand:opening:stuck")) == 1
    assert (await row(firm)).step == "id"


async def test_an_event_in_time_but_read_late_breaks_the_silence(
    opening_system: OpeningSystem, firm: House, react: Turn, sweep: Turn, clock: FixedClock, facts: Facts
) -> None:
    await opening_system.tell("opening:phone:verified", "A1", 0)
    await react()
    clock.advance(timedelta(minutes=31))
    await sweep()
    await opening_system.tell("opening:products:chosen", "A1", 20)
    await react()
    found = await row(firm)
    assert (found.step, found.stuck_since, found.times_stuck) == ("id", None, 0)
    assert [one["step"] for one in await facts("understand:opening:advanced")] == ["phone", "products"]


async def test_a_silence_is_not_told_while_what_may_break_it_lies_unread(
    opening_system: OpeningSystem, firm: House, react: Turn, sweep: Turn, clock: FixedClock, facts: Facts
) -> None:
    """The worker rested: the next step came in time, and the sweep comes before its lane."""
    for name in ("A1", "A2"):
        await opening_system.tell("opening:phone:verified", name, 0)
    await react()
    clock.advance(timedelta(minutes=20))
    await opening_system.tell("opening:products:chosen", "A1", 20)
    clock.advance(timedelta(minutes=11))
    async with firm.postgres.transaction() as tx:
        await deadlines.sweep(tx, loop.deadlines(firm), clock.now(), 10)
    assert await facts("understand:opening:stuck") == []
    await react()
    clock.advance(timedelta(seconds=2))
    await sweep()
    assert [one["opening_id"] for one in await facts("understand:opening:stuck")] == ["A2"]


async def race(opening_system: OpeningSystem, react: Turn, clock: FixedClock, facts: Facts) -> list[str]:
    """Forty silences run out while sweepers and a lane that reads late events meet; the openings told as stuck."""
    firm, openings = opening_system.house, [f"B{n}" for n in range(40)]
    await opening_system.send(*[opening_system.arrival("opening:phone:verified", one, 0) for one in openings])
    await react()
    clock.advance(timedelta(minutes=45))
    late = [opening_system.arrival("opening:password:set", one, 0, message_id=f"a{one}") for one in openings[:20]]
    await opening_system.send(*late)

    async def sweep_all() -> None:
        fired = 1
        while fired:
            async with firm.postgres.transaction() as tx:
                fired = await deadlines.sweep(tx, loop.deadlines(firm), clock.now(), 7)

    await asyncio.gather(sweep_all(), sweep_all(), react(), sweep_all())
    clock.advance(timedelta(seconds=5))  # for those that the lane held
    await sweep_all()
    return sorted(one["opening_id"] for one in await facts("understand:opening:stuck"))


async def test_sweepers_and_a_lane_at_once_tell_a_stall_once(
    opening_system: OpeningSystem, react: Turn, clock: FixedClock, facts: Facts
) -> None:
    assert await race(opening_system, react, clock, facts) == sorted(f"B{n}" for n in range(40))


async def test_the_race_finds_a_planted_fault(
    opening_system: OpeningSystem, react: Turn, clock: FixedClock, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forgetful(tx: Tx, kind: str, silent: Collection[Opening], now: datetime) -> list[Opening]:
        return list(silent)

    monkeypatch.setattr(repository, "tell", forgetful)
    told = await race(opening_system, react, clock, facts)
    assert len(told) > len(set(told))


async def test_the_video_clock_waits_for_the_witnesses(
    opening_system: OpeningSystem, firm: House, react: Turn, clock: FixedClock
) -> None:
    before = [one for one in WALK if one[1] < 11]
    await opening_system.send(*[opening_system.arrival(name, "A1", at, **more) for name, at, more in before])
    await opening_system.tell("opening:video:interrupted", "A1", 80)  # 11:20
    await react()
    found = await row(firm)
    assert (found.step, found.stuck_at) == ("video", opening_system.start + timedelta(hours=3, minutes=8))


async def test_who_is_silent_for_a_week_is_given_up_and_may_come_back(
    opening_system: OpeningSystem, firm: House, react: Turn, sweep: Turn, clock: FixedClock, facts: Facts
) -> None:
    await opening_system.tell("opening:phone:verified", "A1", 0)
    await react()
    clock.advance(timedelta(hours=1))
    await sweep()
    clock.advance(timedelta(days=7))
    await sweep()
    assert (await row(firm)).state == "abandoned"
    assert len(await facts("understand:opening:abandoned")) == 1
    await opening_system.tell("opening:products:chosen", "A1", 60 * 24 * 7 + 61)
    await react()
    assert (await row(firm)).state == "under_way"


async def test_stalls_of_imported_history_are_shown_but_not_announced(
    opening_system: OpeningSystem, firm: House, react: Turn, sweep: Turn, facts: Facts
) -> None:
    await opening_system.tell("opening:phone:verified", "A1", -60 * 24 * 2)
    await react()
    await sweep()
    assert (await row(firm)).stuck_since is not None
    assert await facts("understand:opening:stuck") == []


async def test_untrusted_and_nameless_events_change_nothing(
    opening_system: OpeningSystem, firm: House, react: Turn
) -> None:
    await opening_system.tell("opening:account:opened", "A1", trusted=False)
    await opening_system.tell("opening:account:opened", None)
    await opening_system.tell("opening:account:opened", ["A1"])
    await react()
    async with firm.postgres.transaction() as tx:
        assert (await facade.totals(tx)).started == 0


async def test_the_serving_branch_is_followed_until_one_is_chosen(
    opening_system: OpeningSystem, firm: House, react: Turn
) -> None:
    await opening_system.tell("opening:phone:verified")
    await react()
    assert (await row(firm)).branch_id is None
    customer, shanghai = ids.customer_of_user("u1"), await branch(firm, "SH01")
    async with firm.postgres.transaction() as tx:
        moved = RelationMoved(customer, "service", shanghai, None, 1.0, firm.clock.now())
        await postgres.execute(
            tx,
            "UPDATE customers_customer SET branch_id = %(b)s, branch_rank = 1 WHERE id = %(id)s",
            b=shanghai,
            id=customer,
        )
        await log.publish(tx, moved, now=firm.clock.now())
    await react()
    assert (await row(firm)).branch_id == shanghai
    await opening_system.tell("opening:products:chosen", "A1", 1, branch_code="GZ01")
    await react()
    assert (await row(firm)).branch_id == await branch(firm, "GZ01")


async def test_a_visitor_s_application_becomes_the_user_s(
    opening_system: OpeningSystem, firm: House, react: Turn
) -> None:
    await opening_system.tell("opening:visit", user=None, visitor="v9")
    await react()
    assert (await row(firm)).customer_id == ids.customer_of_visitor("v9")
    await opening_system.tell("Signed In", None, 1, user="u9", visitor="v9")  # no step event: the merge alone tells it
    await react()
    assert (await row(firm)).customer_id == ids.customer_of_user("u9")


async def test_the_desk_s_snapshot_and_changes_give_the_new_snapshot(
    opening_system: OpeningSystem, firm: House, react: Turn, sweep: Turn, clock: FixedClock
) -> None:
    async with firm.postgres.transaction() as tx:
        operator = await people.staff_by_login(tx, "operator")
    views: dict[str, dict[str, Any]] = {}
    topics = ["openings:all", *[f"openings:{await branch(firm, code)}" for code in ("SH01", "HZ01")]]

    async def look() -> dict[str, dict[str, Any]]:
        async with firm.postgres.transaction(snapshot=True) as tx:
            return {one: plain(await desk.snapshot(tx, operator, one.partition(":")[2])) for one in topics}

    def plain(rows: Any) -> dict[str, Any]:
        import msgspec

        found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(rows))
        return found

    views, numbers = await look(), dict.fromkeys(topics, 0)
    for step in (
        lambda: opening_system.tell("opening:phone:verified", "A1", 0),
        lambda: opening_system.tell("opening:products:chosen", "A2", 1, branch_code="SH01", user="u2"),
        lambda: opening_system.tell("opening:products:chosen", "A1", 2, branch_code="SH01"),
        lambda: opening_system.tell("opening:products:chosen", "A1", 3, branch_code="HZ01"),
        lambda: asyncio.sleep(clock.advance(timedelta(hours=1)).year * 0),
        lambda: opening_system.tell("opening:submitted", "A1", 62),
        lambda: opening_system.tell("opening:returned", "A1", 63, step="id"),
    ):
        await step()
        await react()
        await sweep()
        for topic in topics:
            async with firm.postgres.transaction() as tx:
                for change in await live.since(tx, topic, numbers[topic]):
                    numbers[topic] = change.number
                    views[topic] = {k: v for k, v in views[topic].items() if k != change.key} | (
                        {} if change.row is None else {change.key: change.row}
                    )
        assert views == await look()
    assert set(views["openings:all"]) == {"A1", "A2"}
    assert views["openings:all"]["A1"]["state"] == "sent_back"
