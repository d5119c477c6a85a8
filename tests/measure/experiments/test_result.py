"""The rescue's result on a migrated database."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bihuan.decide.facts import RescueAssigned
from bihuan.kit import ids
from bihuan.kit.errors import NotFound
from bihuan.kit.log import Fact
from bihuan.kit.postgres import Tx
from bihuan.kit.testing import A_TRADING_MORNING
from bihuan.measure.facade import Counted, reading, result
from bihuan.reach.facts import MessageDelivered, MessageSent
from bihuan.serve.facts import RescueContacted, RescueFinished
from bihuan.understand.facts import OpeningAbandoned, OpeningAdvanced, OpeningOpened

Hear = Callable[..., Awaitable[None]]
NOW = A_TRADING_MORNING


def life(
    n: int,
    arm: str,
    *,
    called_after: int | None,
    resumed_after: int | None,
    opened: bool,
    stuck: datetime = NOW - timedelta(hours=5),
) -> list[Fact]:
    """One stuck application; minutes after the stall."""
    who, opening = ids.customer_of_user(f"u{n}"), f"o{n}"
    minutes = timedelta(minutes=1)
    facts: list[Fact] = [
        RescueAssigned(who, opening, None, "ad", "id", stuck, stuck, 1, "opening-rescue", 1, arm, True)
    ]
    if called_after is not None:
        at = stuck + called_after * minutes
        facts.append(RescueContacted(who, ids.new_id(), opening, None, "id", ids.new_id(), None, "call", stuck, at))
    if resumed_after is not None:
        facts.append(OpeningAdvanced(who, opening, None, "id", "profile", stuck + resumed_after * minutes))
    if opened:
        facts.append(OpeningOpened(who, opening, None, "ad", None, None, stuck + timedelta(hours=2)))
    elif resumed_after is None:
        facts.append(OpeningAbandoned(who, opening, None, "ad", "id", stuck - 15 * minutes))
    return facts


async def test_before_anybody_was_assigned(tx: Tx) -> None:
    found = await result(tx, "opening-rescue", NOW)
    assert found.state == "too_early"
    assert [(arm.arm, arm.completion) for arm in found.arms] == [
        ("control", Counted(0, 0)),
        ("message", Counted(0, 0)),
        ("person", Counted(0, 0)),
    ]
    assert found.headline is not None
    assert (found.headline.arm, found.headline.against, found.headline.difference) == ("person", "message", None)


async def test_an_unknown_experiment(tx: Tx) -> None:
    with pytest.raises(NotFound):
        await result(tx, "nothing", NOW)


async def test_everybody_counts_where_he_was_assigned(tx: Tx, hear: Hear) -> None:
    facts: list[Fact] = []
    for n in range(40):
        facts += life(n, "control", called_after=None, resumed_after=None, opened=False)
    for n in range(100, 180):
        facts += life(n, "message", called_after=None, resumed_after=60 if n < 140 else None, opened=n < 120)
    for n in range(200, 280):  # half are called in time, some too late, some after they had resumed by themselves
        called = 4 if n < 240 else 30 if n < 250 else None
        resumed = 2 if n < 205 else 20 if n < 260 else None
        facts += life(n, "person", called_after=called, resumed_after=resumed, opened=n < 245)
    who, delivery = ids.customer_of_user("u150"), ids.new_id()
    facts.append(MessageSent(who, delivery, "o150", None, "id", "message", "sms", "s", 1))
    facts.append(MessageDelivered(who, delivery, "o150", "sms"))
    await hear(tx, *facts)

    found = await result(tx, "opening-rescue", NOW)
    control, message, person = found.arms
    assert (control.completion, message.completion, person.completion) == (
        Counted(0, 40),
        Counted(20, 80),
        Counted(45, 80),
    )
    assert (message.resumed, person.resumed) == (Counted(40, 80), Counted(60, 80))
    assert person.reached_in_time == person.reached_by_person == Counted(35, 80)
    assert message.reached_in_time == Counted(0, 80)  # its one message left five hours after the stall
    assert person.median_seconds_to_reach == 4 * 60
    assert person.median_seconds_to_resume == 20 * 60
    assert (control.under_way, message.under_way, person.under_way) == (0, 20, 15)
    assert found.state == "better"
    assert found.headline is not None
    assert found.headline.difference is not None
    assert found.headline.difference.value == pytest.approx(25 / 80)
    assert [(c.arm, c.against) for c in found.comparisons] == [
        ("person", "message"),
        ("message", "control"),
        ("person", "control"),
    ]
    assert not found.sample_ratio.alarm


async def test_a_broken_assignment_is_said_before_anything_else(tx: Tx, hear: Hear) -> None:
    facts: list[Fact] = []
    for n in range(200):
        facts += life(n, "person" if n < 150 else "message", called_after=1, resumed_after=2, opened=True)
    await hear(tx, *facts)
    found = await result(tx, "opening-rescue", NOW)
    assert found.state == "broken"
    assert found.sample_ratio.alarm


async def test_only_whom_a_contact_reached_counts_as_reached(tx: Tx, hear: Hear) -> None:
    stuck, minute = NOW - timedelta(minutes=9), timedelta(minutes=1)

    def message(n: int, *, delivered: bool) -> list[Fact]:
        who, opening, delivery = ids.customer_of_user(f"u{n}"), f"o{n}", ids.new_id()
        sent = MessageSent(who, delivery, opening, None, "id", "message", "sms", "s", 1)
        return [sent, *([MessageDelivered(who, delivery, opening, "sms")] if delivered else [])]

    def call(n: int, outcome: str | None) -> list[Fact]:
        who, opening, rescue = ids.customer_of_user(f"u{n}"), f"o{n}", ids.new_id()
        at, one = stuck + 2 * minute, ids.new_id()
        facts: list[Fact] = [RescueContacted(who, rescue, opening, None, "id", one, None, "call", stuck, at)]
        if outcome:
            told = (outcome, stuck, stuck + minute, at, None, None, stuck + 3 * minute)
            facts.append(RescueFinished(who, rescue, opening, None, "id", "person", one, None, *told))
        return facts

    facts: list[Fact] = []
    for n in range(6):
        arm = "message" if n < 2 else "person"
        facts += life(n, arm, called_after=None, resumed_after=8, opened=False, stuck=stuck)
    facts += [*message(0, delivered=True), *message(1, delivered=False)]
    facts += [*call(2, None), *call(3, "no_answer"), *call(4, "not_interested")]
    await hear(tx, *facts)
    _, messages, persons = (await result(tx, "opening-rescue", NOW)).arms
    # Received just now, nine minutes after the stall but after he had gone on: reached, though not in time.
    assert (messages.reached_in_time, messages.median_seconds_to_reach) == (Counted(0, 2), 9 * 60)
    assert persons.reached_in_time == persons.reached_by_person == Counted(2, 4)
    assert persons.median_seconds_to_reach == 2 * 60


async def test_the_analysis_waits_until_each_has_been_looked_at_for_the_same_time(tx: Tx, hear: Hear) -> None:
    """Who got stuck a moment ago has not failed: he counts once his horizon is over."""
    a_while_ago, just_now = NOW - timedelta(hours=30), NOW - timedelta(minutes=1)
    facts: list[Fact] = []
    for n in range(40):
        facts += life(n, "message", called_after=None, resumed_after=5, opened=n < 20, stuck=a_while_ago)
        facts += life(100 + n, "person", called_after=None, resumed_after=5, opened=n < 30, stuck=a_while_ago)
        facts += life(200 + n, "person", called_after=None, resumed_after=None, opened=False, stuck=just_now)
    late = OpeningOpened(ids.customer_of_user("u39"), "o39", None, "ad", None, None, a_while_ago + timedelta(hours=25))
    await hear(tx, *facts, late)
    found = await reading(tx, "opening-rescue", NOW)
    assert found.horizon == timedelta(days=1)
    assert [arm.completion for arm in found.settled.arms] == [Counted(0, 0), Counted(20, 40), Counted(30, 40)]
    assert [arm.completion for arm in found.immediate.arms] == [Counted(0, 0), Counted(21, 40), Counted(30, 80)]
    assert found.settled.headline is not None
    assert found.settled.headline.difference is not None
    assert found.settled.headline.difference.value == 0.25
    assert found.immediate == await result(tx, "opening-rescue", NOW)
    assert found.settled.sample_ratio == found.immediate.sample_ratio
