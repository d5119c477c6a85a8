"""The cockpit and its live topic on a migrated database."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from bihuan.credit.facts import AccountCredited, DisputeDecided, DisputeOpened, Holder
from bihuan.decide.facts import DecisionMade, RescueAssigned, Shown
from bihuan.kit import ids, live
from bihuan.kit import log as the_log
from bihuan.kit.errors import Forbidden
from bihuan.kit.house import House
from bihuan.kit.log import Batch, Entry, Fact, publish
from bihuan.kit.postgres import Tx
from bihuan.kit.testing import A_TRADING_MORNING
from bihuan.kit.time import EXCHANGE, FixedClock
from bihuan.measure.cockpit import live as live_cockpit
from bihuan.measure.cockpit.rules import Figure, Need
from bihuan.measure.cockpit.schemas import CockpitOut
from bihuan.measure.counters import reactions as counters
from bihuan.measure.facade import Cockpit, cockpit
from bihuan.measure.plans import repository as plans
from bihuan.measure.plans.repository import Plan
from bihuan.reach.facts import MessageRefused, MessageSent
from bihuan.serve.facts import (
    CallbackOwed,
    EnquiryAnswered,
    EnquiryAsked,
    EnquiryClaimed,
    EnquiryClosed,
    EnquiryOffered,
    EnquiryRated,
    PresenceChanged,
    RescueFinished,
    RescueOffered,
    RescueReleased,
    RescueTaken,
)
from bihuan.understand.facts import OpeningAdvanced, OpeningOpened, OpeningStarted, OpeningStuck

Hear = Callable[..., Awaitable[None]]
WHO, BRANCH, STAFF = ids.customer_of_user("u1"), UUID(int=1), UUID(int=2)
WEEK = timedelta(days=7)


def at(minutes: float) -> datetime:
    """Minutes before now."""
    return A_TRADING_MORNING - timedelta(minutes=minutes)


async def look(tx: Tx, house: House) -> Cockpit:
    return await cockpit(tx, house.clock.now(), house.calendar)


def figures(found: Cockpit) -> dict[str, Figure]:
    every = [stage.figure for stage in found.loop] + [*found.experience, *found.efficiency, *found.cost]
    return {figure.metric: figure for figure in [*every, found.opened_today]}


async def test_before_anything_happened(tx: Tx, house: House) -> None:
    found = await look(tx, house)
    assert [stage.stage for stage in found.loop] == [
        "collect", "understand", "decide", "reach", "serve", "credit", "measure", "learn"
    ]  # fmt: skip
    assert all(need.count == 0 and need.oldest_at is None for need in found.needs)
    assert found.planned_today is None
    assert all(figure.denominator in (None, 0) for figure in figures(found).values())
    assert CockpitOut.of(found).compared_with.isoformat() == "2026-03-03"


def opening(n: int, started: datetime, *, stuck: datetime | None = None, opened: datetime | None = None) -> list[Fact]:
    name = f"o{n}"
    facts: list[Fact] = [OpeningStarted(WHO, name, BRANCH, "ad", "id", started)]
    if stuck:
        facts.append(OpeningStuck(WHO, name, BRANCH, "ad", "id", started, stuck, 1))
    if opened:
        facts.append(OpeningOpened(WHO, name, BRANCH, "ad", None, None, opened))
    return facts


async def test_openings_today_and_a_week_ago(tx: Tx, house: House, hear: Hear) -> None:
    a_week_ago = at(60) - WEEK
    await hear(
        tx,
        *opening(1, at(90), opened=at(5)),
        *opening(2, at(80), stuck=at(40)),
        *opening(3, at(80), stuck=at(30)),
        *opening(4, at(70)),
        *opening(5, at(20 * 60)),  # yesterday
        *opening(6, a_week_ago, opened=a_week_ago + timedelta(minutes=30)),
        *opening(7, a_week_ago, opened=at(-60) - WEEK),  # a week ago, but later in the day than now
    )
    await hear(tx, OpeningAdvanced(WHO, "o3", BRANCH, "id", "profile", at(10)))
    found = await look(tx, house)
    assert figures(found)["openings_started"] == Figure("openings_started", 4, before=2, relative=True)
    assert found.opened_today == Figure("accounts_opened", 1, before=1, relative=True)
    leak = found.loop[1].leak
    assert leak is not None
    assert (leak.detail, leak.numerator, leak.denominator, leak.act) == ("id", 1, 4, False)


async def test_counted_things_and_what_messages_cost(tx: Tx, house: House, hear: Hear) -> None:
    shown = (Shown("banner", "fund", 1, 1),)
    decided = DecisionMade(WHO, ids.new_id(), shown, ("banner", "card"), True)
    sent = MessageSent(WHO, ids.new_id(), "o1", BRANCH, "id", "message", "sms", "t", 1)
    refused = MessageRefused(WHO, "o1", BRANCH, "id", "message", "sms", "quiet_hours")
    await hear(tx, decided, sent, sent, refused)
    await hear(tx, decided, sent, lane=1)
    found = await look(tx, house)
    assert figures(found)["decisions"].value == 4
    assert figures(found)["messages_sent"].value == 3
    assert figures(found)["delivery_cost"].value == pytest.approx(0.15)
    decide, reach = found.loop[2].leak, found.loop[3].leak
    assert decide is not None
    assert (decide.detail, decide.numerator, decide.denominator, decide.act) == ("card", 2, 2, True)
    assert reach is not None
    assert (reach.detail, reach.numerator, reach.denominator, reach.act) == ("quiet_hours", 1, 4, False)


def enquiry(n: int, asked: float, person: float | None, claimed: float | None, answered: float | None) -> list[Fact]:
    """One enquiry; all in minutes before now."""
    key, round_ = UUID(int=100 + n), 1
    facts: list[Fact] = [EnquiryAsked(WHO, key, BRANCH, None, "fees", round_, at(asked))]
    by_person = at(person) if person is not None else None
    if by_person:
        facts.append(EnquiryOffered(WHO, key, BRANCH, "branch", round_, (STAFF,), by_person, by_person))
    if by_person and claimed is not None:
        told = (round_, at(asked), by_person, by_person, at(claimed))
        facts.append(EnquiryClaimed(WHO, key, BRANCH, None, STAFF, BRANCH, *told))
    if answered is not None:
        taken = at(claimed) if claimed is not None else None
        by_bot = person is None
        who = (None, None, True) if by_bot else (STAFF, BRANCH, False)
        told = (None, "fees", round_, at(asked), by_person, by_person, taken, at(answered))
        facts.append(EnquiryAnswered(WHO, key, BRANCH, None, *who, *told))
    return facts


async def test_experience_beside_efficiency_and_cost(tx: Tx, house: House, hear: Hear) -> None:
    await hear(
        tx,
        *[fact for n in range(9) for fact in enquiry(n, 60, None, None, 60)],  # the bot, at once
        *enquiry(10, 50, 49, 48, 47),
        *enquiry(11, 5, 4, None, None),  # waits for four minutes
        *enquiry(12, 0.5, 0.25, None, None),  # waits, but not longer than promised
        *[EnquiryRated(WHO, UUID(int=100 + n), BRANCH, None, None, True, 5 if n else 2, at(30)) for n in range(4)],
        *opening(1, at(90), opened=at(5)),
        PresenceChanged(None, STAFF, BRANCH, "online", "chosen", at(12 * 60)),  # since yesterday evening
        PresenceChanged(None, STAFF, BRANCH, "away", "chosen", at(60)),
        PresenceChanged(None, STAFF, BRANCH, "online", "chosen", at(30)),
        PresenceChanged(None, UUID(int=3), BRANCH, "online", "chosen", at(60)),
        PresenceChanged(None, UUID(int=3), BRANCH, "offline", "chosen", at(30)),
    )
    found = figures(await look(tx, house))
    # Of twelve who asked, the eleventh in order waited three minutes; who is still waiting has waited until now.
    assert (found["wait_p90"].value, found["wait_p90"].denominator) == (180.0, 12)
    assert (found["person_wait_p90"].value, found["person_wait_p90"].denominator) == (pytest.approx(240, abs=0.01), 3)
    assert (found["satisfaction"].numerator, found["satisfaction"].denominator) == (3, 4)
    assert found["stars"].value == 17 / 4
    assert (found["bot_share"].numerator, found["bot_share"].denominator) == (9, 10)
    # Midnight to nine, then half an hour each: ten hours of the day before the clock shows ten.
    assert found["accounts_per_advisor_hour"].denominator == pytest.approx(9 + 0.5 + 0.5)
    assert found["minutes_per_account"].value == pytest.approx(600)
    assert found["cost_per_account"].value == pytest.approx(600 * 1.0)


async def test_what_needs_a_person(tx: Tx, house: House, hear: Hear) -> None:
    rescue, held, back = (UUID(int=n) for n in (201, 202, 203))
    offered = [RescueOffered(WHO, r, f"o{r.int}", BRANCH, "id", "person", at(40), at(40)) for r in (rescue, held, back)]
    await hear(
        tx,
        *offered,
        *[RescueTaken(WHO, r, f"o{r.int}", BRANCH, "id", STAFF, BRANCH, at(40), at(30)) for r in (held, back)],
        RescueReleased(WHO, back, "o203", BRANCH, STAFF, "silent", at(20)),
        *enquiry(1, 6, 5, None, None),
        *enquiry(2, 6, 5, 4, 3),
        *enquiry(3, 20, 19, None, None),
        *enquiry(4, 1, 0.75, None, None),  # most of the promised minute is over
        *enquiry(5, 1, 0.25, None, None),
        CallbackOwed(WHO, UUID(int=103), BRANCH, 1, at(19), at(15)),
        DisputeOpened(WHO, UUID(int=301), ids.new_id(), BRANCH, STAFF),
        DisputeOpened(WHO, UUID(int=302), ids.new_id(), BRANCH, STAFF),
        DisputeDecided(WHO, UUID(int=302), ids.new_id(), BRANCH, "upheld", STAFF),
    )
    found = await look(tx, house)
    assert found.needs[:5] == (
        Need("stuck_openings", 2, at(40)),
        Need("waiting_enquiries", 1, at(5)),
        Need("promises_at_risk", 1, at(0.75)),
        Need("owed_callbacks", 1, at(15)),
        Need("open_disputes", 1, at(0)),
    )
    serve = found.loop[4].leak
    assert serve is not None
    assert (serve.numerator, serve.denominator, serve.act) == (2, 5, True)
    ended = RescueFinished(
        WHO, rescue, "o201", BRANCH, "id", "person", None, None, "resumed", at(40), None, None, at(1), at(1), at(1)
    )
    closed = EnquiryClosed(
        WHO, UUID(int=101), BRANCH, None, None, None, False, "withdrawn", 1, at(6), at(5), at(5), None, None, at(1)
    )
    await hear(tx, ended, closed)
    assert [need.count for need in (await look(tx, house)).needs[:2]] == [1, 0]


async def test_who_gave_up_waiting_waited_until_then(tx: Tx, house: House, hear: Hear) -> None:
    gone = EnquiryClosed(
        WHO, UUID(int=101), BRANCH, None, None, None, False, "withdrawn", 1, at(50), at(50), at(50), None, None, at(40)
    )
    await hear(tx, *enquiry(1, 50, 50, None, None), gone)
    found = figures(await look(tx, house))
    assert (found["person_wait_p90"].value, found["person_wait_p90"].denominator) == (600.0, 1)


async def test_waits_are_compared_as_they_stood_at_the_same_time(tx: Tx, house: House, hear: Hear) -> None:
    """A week ago somebody had waited ten minutes by now; that he was answered an hour later was not known then."""
    before = WEEK / timedelta(minutes=1)
    await hear(tx, *enquiry(1, before + 10, before + 10, before - 60, before - 60))
    assert figures(await look(tx, house))["person_wait_p90"].before == pytest.approx(600, abs=0.01)


def assigned(n: int, arm: str, *, opened: bool) -> list[Fact]:
    """An application whose day after the stall is over."""
    stuck, name = at(25 * 60), f"x{n}"
    who = ids.customer_of_user(name)
    facts: list[Fact] = [RescueAssigned(who, name, None, "ad", "id", stuck, stuck, 1, "opening-rescue", 1, arm, True)]
    return [*facts, OpeningOpened(who, name, None, "ad", None, None, at(24 * 60))] if opened else facts


async def test_the_lift_shows_with_its_interval_and_sizes_and_never_too_early(tx: Tx, house: House, hear: Hear) -> None:
    few = [f for n in range(20) for f in assigned(n, ("message", "person")[n % 2], opened=n % 2 == 1)]
    await hear(tx, *few)
    found = await look(tx, house)
    assert figures(found)["rescue_lift"] == Figure("rescue_lift", None)  # ten of ten against none of ten: too early
    leak = found.loop[6].leak
    assert leak is not None
    assert (leak.metric, leak.detail) == ("smallest_arm", "too_early")

    more = [f for n in range(20, 200) for f in assigned(n, ("message", "person")[n % 2], opened=n % 4 == 1)]
    await hear(tx, *more, *[f for n in range(200, 250) for f in assigned(n, "control", opened=False)])
    lift = figures(await look(tx, house))["rescue_lift"]
    assert lift.value == pytest.approx(55.0)
    assert lift.low is not None
    assert lift.high is not None
    assert 0 < lift.low < 55 < lift.high < 100
    assert dict(lift.sizes) == {"message": 100, "person": 100}
    out = CockpitOut.of(await look(tx, house)).loop[6].figure
    assert (out.sizes, out.low) == ({"message": 100, "person": 100}, lift.low)

    await hear(tx, *[f for n in range(300, 500) for f in assigned(n, "person", opened=True)])
    broken = await look(tx, house)
    assert figures(broken)["rescue_lift"].value is None
    assert broken.loop[6].leak is not None
    assert broken.loop[6].leak.act
    assert next(need.count for need in broken.needs if need.kind == "broken_experiments") == 1


async def test_disputes_are_measured_against_a_month_of_accounts(tx: Tx, house: House, hear: Hear) -> None:
    def credited(n: int, moment: datetime) -> AccountCredited:
        holders = (Holder(BRANCH, STAFF, 1),)
        return AccountCredited(WHO, ids.new_id(), f"c{n}", BRANCH, STAFF, 1, holders, "qr", 1, None, moment)

    def dispute(n: int) -> DisputeOpened:
        return DisputeOpened(WHO, UUID(int=400 + n), ids.new_id(), BRANCH, STAFF)

    month = [credited(n, at(60 * 24 * 29)) for n in range(99)]
    await hear(tx, *month, credited(100, at(5)), credited(101, at(60 * 24 * 31)), dispute(1), dispute(2))
    calm = (await look(tx, house)).loop[5].leak
    assert calm is not None
    assert (calm.numerator, calm.denominator, calm.act) == (2, 100, False)
    await hear(tx, dispute(3))
    grave = (await look(tx, house)).loop[5].leak
    assert grave is not None
    assert grave.act


FLOW_ENTRY = Entry(
    "1", 1, 0, "tracked", "flow:in", WHO, "u1", None, "m1", "counter", True, at(0), at(0), '{"properties":{}}'
)  # fmt: skip


async def test_net_new_assets_of_the_last_settled_day(tx: Tx, house: House, clock: FixedClock) -> None:
    def flow(day: date, direction: str, amount: object, *, trusted: bool = True) -> Entry:
        moment = datetime(day.year, day.month, day.day, 10, tzinfo=EXCHANGE)
        text = msgspec.json.encode({"properties": {"amount": amount}}).decode()
        return replace(FLOW_ENTRY, name=f"flow:{direction}", occurred_at=moment, trusted=trusted, text=text)

    assert (await look(tx, house)).settlement is None
    monday, before = date(2026, 3, 9), date(2026, 3, 2)
    told = [
        flow(monday, "in", 250_000.5), flow(monday, "in", "1000"), flow(monday, "out", 300_000),
        flow(monday, "in", 9_999_999, trusted=False), flow(monday, "in", "much"), flow(before, "in", 70_000),
        flow(date(2026, 3, 6), "out", 5_000_000), flow(date(2026, 3, 10), "in", 8_000_000),
    ]  # fmt: skip
    for lane in range(2):
        await the_log.run([counters.COUNT], Batch([replace(e, lane=lane) for e in told[lane::2]], clock.now()), tx)
    branch = ids.new_id()
    await plans.put(tx, Plan(branch, date(2026, 3, 1), 10, 2_200_000))
    found = (await look(tx, house)).settlement
    assert found is not None
    assert (found.day, found.compared_with) == (monday, before)
    assert (found.inflow, found.outflow) == (251_000.5, 300_000)
    assert (found.net.value, found.net.before, found.net.change) == (-48_999.5, 70_000, -118_999.5)
    assert found.planned == 100_000  # 22 trading days in March 2026


async def test_lanes_that_nobody_reads_are_an_alarm(house: House, clock: FixedClock) -> None:
    async with house.postgres.transaction() as tx:
        await publish(tx, *opening(1, clock.now()), now=clock.now())
    clock.advance(timedelta(minutes=2))
    async with house.postgres.transaction() as tx:
        behind = next(need for need in (await look(tx, house)).needs if need.kind == "lanes_behind")
    assert behind == Need("lanes_behind", 1, at(0))


async def test_an_account_counts_once_and_on_the_day_it_was_credited(tx: Tx, house: House, hear: Hear) -> None:
    first, second = ids.new_id(), ids.new_id()
    holders = (Holder(BRANCH, STAFF, 1),)
    await hear(
        tx,
        AccountCredited(WHO, first, "o1", BRANCH, STAFF, 1, holders, "qr", 1, None, at(24 * 60)),
        AccountCredited(WHO, second, "o1", UUID(int=5), STAFF, 1, holders, "dispute", 1, first, at(10)),
        AccountCredited(WHO, ids.new_id(), "o2", BRANCH, STAFF, 1, holders, "qr", 1, None, at(10)),
    )
    assert figures(await look(tx, house))["accounts_credited"].value == 1


async def test_the_live_rows_are_what_was_told(house: House, hear: Hear, clock: FixedClock) -> None:
    """A snapshot and the changes after it make the next snapshot, and nothing is told twice."""
    told: dict[str, live.Row] = {}
    number = 0
    for n in range(4):
        async with house.postgres.transaction() as tx:
            if n in (1, 3):
                await hear(tx, *opening(n, at(30), stuck=at(20)))
            changed = await live_cockpit.tell(tx, await look(tx, house))
        assert (changed > 0) == (n in (0, 1, 3))
        async with house.postgres.transaction() as tx:
            for change in await live.since(tx, live_cockpit.TOPIC, number):
                number = change.number
                if change.row is None:
                    told.pop(change.key)
                else:
                    told[change.key] = change.row
            assert await live_cockpit.snapshot(tx, None, "") == told
    assert told["stage:understand"]["figure"]["value"] == 2
    clock.advance(timedelta(minutes=1))


async def test_the_beat_goes_on(house: House, sweep: Callable[[], Awaitable[int]], clock: FixedClock) -> None:
    assert await sweep() >= 1
    async with house.postgres.transaction() as tx:
        assert "stage:collect" in await live_cockpit.snapshot(tx, None, "")
    clock.advance(timedelta(minutes=5))
    assert await sweep() >= 1


async def test_facts_reach_the_cockpit_through_the_log(
    house: House, react: Callable[[], Awaitable[int]], clock: FixedClock
) -> None:
    now = clock.now()
    async with house.postgres.transaction() as tx:
        await publish(tx, *opening(1, now), PresenceChanged(None, STAFF, BRANCH, "online", "chosen", now), now=now)
        await publish(tx, MessageRefused(WHO, "o1", BRANCH, "id", "message", "sms", "cap"), now=now)
    assert await react() >= 3
    async with house.postgres.transaction() as tx:
        found = await look(tx, house)
    assert figures(found)["openings_started"].value == 1
    reach = found.loop[3].leak
    assert reach is not None
    assert (reach.detail, reach.numerator, reach.denominator) == ("cap", 1, 1)


async def test_strangers_do_not_look(tx: Tx) -> None:
    with pytest.raises(Forbidden):
        await live_cockpit.authorise(tx, None, "")
