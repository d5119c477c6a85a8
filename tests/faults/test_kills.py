"""`kill -9` of any process amid traffic: every acknowledged event is there once, every effect happened once."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tests.faults.morning import STALLED_AFTER, STEPS, Morning, Size, a_morning, value
from tests.product import until

from bihuan.kit import ids, postgres

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(400)]

FULL = Size(openings=120, stalls=30, rescued=4, questions=24)
SMALL = Size(openings=8, stalls=8, rescued=1, questions=3)

Check = Callable[[Morning], Awaitable[None]]


async def events_are_there_once(morning: Morning) -> None:
    """Log, archive and profiles tell of every acknowledged event exactly once."""
    assert morning.events == morning.size.openings * len(STEPS) + morning.size.stalls * STALLED_AFTER + len(
        morning.rescued
    ) * (len(STEPS) - STALLED_AFTER)
    assert await morning.product.events() == morning.events
    doubled = "SELECT count() AS n FROM (SELECT source, message_id FROM log GROUP BY ALL HAVING count() > 1)"
    assert await morning.product.house.clickhouse.query(doubled) == [{"n": 0}]
    assert await value(morning.product, "SELECT sum(events) FROM customers_customer") == morning.events
    assert await value(morning.product, "SELECT count(*) FROM log_poison") == 0


async def facts(morning: Morning) -> Counter[str]:
    """How often each thing was told, by the archive."""
    told = await morning.product.house.clickhouse.query(
        "SELECT name, count() AS n FROM log WHERE kind = 'fact' GROUP BY name"
    )
    return Counter({row["name"]: row["n"] for row in told})


async def openings_moved_once(morning: Morning) -> None:
    """Each application was started, stuck and opened as often as it was."""
    size, told = morning.size, await facts(morning)
    opened = size.openings + len(morning.rescued)
    assert told["understand:opening:started"] == size.openings + size.stalls
    assert told["understand:opening:stuck"] == size.stalls
    assert told["understand:opening:opened"] == opened
    states = "SELECT count(*) FROM understand_opening WHERE state = 'opened'"
    assert await value(morning.product, states) == opened


async def accounts_were_credited_once(morning: Morning) -> None:
    """Each opened account has one entry, each rescue that was followed by a step one assist."""
    opened = morning.size.openings + len(morning.rescued)
    entries = "SELECT count(*) FROM credit_entry WHERE kind = %(kind)s"
    per_account = "SELECT count(DISTINCT opening_id) FROM credit_entry WHERE kind = %(kind)s"
    for kind, expected in (("acquisition", opened), ("assist", len(morning.rescued))):
        assert await value(morning.product, entries, kind=kind) == expected
        assert await value(morning.product, per_account, kind=kind) == expected
    told = await facts(morning)
    assert told["credit:account:credited"] == opened
    assert told["credit:assist:credited"] == len(morning.rescued)


async def stalls_were_assigned_once(morning: Morning) -> None:
    """The experiment knows each stall once, in one arm."""
    stalls, told = morning.size.stalls, await facts(morning)
    assert told["decide:rescue:assigned"] == stalls
    for table in ("decide_exposure", "reach_moment", "serve_rescue"):
        assert await value(morning.product, f"SELECT count(*) FROM {table}") == stalls, table
    assert await value(morning.product, "SELECT count(DISTINCT arm) FROM decide_exposure") == 3


async def texts_arrived_once(morning: Morning) -> None:
    """Every handset that is owed a text got one, nobody else did, and the books say so."""
    owed = await value(morning.product, "SELECT count(*) FROM reach_moment WHERE state = 'messaged'")
    sent = "SELECT count(*) FROM reach_delivery WHERE state = 'delivered' AND channel = 'sms'"
    assert 0 < owed <= morning.size.stalls
    assert await value(morning.product, sent) == owed
    assert set(morning.gateway.texts.values()) == {1}
    assert len(morning.gateway.texts) == owed
    told = await facts(morning)
    assert (told["reach:message:sent"], told["reach:message:delivered"]) == (owed, owed)


async def questions_were_answered_once(morning: Morning) -> None:
    """No question was lost or doubled, none had two owners, and every acknowledged reply stands in it once."""
    size, told = morning.size, await facts(morning)
    assert told["serve:enquiry:asked"] == size.questions
    asked = "SELECT count(*) FROM serve_enquiry WHERE origin = 'customer'"
    assert await value(morning.product, asked) == size.questions
    said = "SELECT count(*) FROM serve_message WHERE author = 'customer'"
    assert await value(morning.product, said) == size.questions
    async with morning.product.house.postgres.transaction() as tx:
        replies = await postgres.rows(
            tx,
            "SELECT m.client_id FROM serve_message m JOIN serve_enquiry e ON e.id = m.enquiry_id"
            " WHERE m.author = 'staff' AND e.origin = 'customer'",
        )
    stood = Counter(row["client_id"] for row in replies)
    assert set(stood.values()) == {1}
    assert morning.replies <= set(stood)
    owned = (
        "SELECT count(*) FROM serve_ownership o JOIN serve_enquiry e ON e.id = o.enquiry_id WHERE origin = 'customer'"
    )
    assert told["serve:enquiry:claimed"] == await value(morning.product, owned)


CHECKS: tuple[Check, ...] = (
    events_are_there_once,
    openings_moved_once,
    accounts_were_credited_once,
    stalls_were_assigned_once,
    texts_arrived_once,
    questions_were_answered_once,
)


async def everything_happened_once(morning: Morning) -> None:
    """All of it."""
    for check in CHECKS:
        await check(morning)


@pytest.mark.parametrize("victim", ["server", "worker", "postgres", "analytics"])
async def test_a_killed_process_costs_nothing(tmp_path: Path, victim: str) -> None:
    """Killed while events arrive, while applications run, and while texts are on their way and questions are open."""

    async def kill(morning: Morning) -> None:
        for moment in (_stored(200), _stored(900), _texts(3)):
            await until(lambda moment=moment: moment(morning), 120)  # type: ignore[misc]
            os.kill(morning.product.pid(victim), signal.SIGKILL)
            await asyncio.sleep(1.0)

    async with a_morning(tmp_path, FULL) as morning:
        await morning.play(kill)
        await everything_happened_once(morning)
        assert morning.product.up.supervisor.restarts(victim) >= 3


async def test_each_check_finds_an_effect_that_happened_twice(tmp_path: Path) -> None:
    """The broken control: after a quiet morning, each effect is done once more by hand."""
    async with a_morning(tmp_path, SMALL) as morning:
        await morning.play()
        await everything_happened_once(morning)
        told_twice = {
            openings_moved_once: "understand:opening:stuck",
            accounts_were_credited_once: "credit:account:credited",
            stalls_were_assigned_once: "decide:rescue:assigned",
            questions_were_answered_once: "serve:enquiry:claimed",
        }
        for check, name in told_twice.items():
            await _tell_again(morning, name)
            await morning.product.quiet()
            with pytest.raises(AssertionError):
                await check(morning)
        morning.gateway.texts.update(list(morning.gateway.texts)[:1])
        with pytest.raises(AssertionError):
            await texts_arrived_once(morning)
        # As a sender without ids would: the same event under a new one.
        again = {"type": "track", "event": STEPS[0], "userId": "u0", "messageId": str(ids.new_id())}
        await morning.product.track({**again, "properties": {"opening_id": "o0", "branch_code": morning.branch}})
        with pytest.raises(AssertionError):
            await events_are_there_once(morning)


async def _tell_again(morning: Morning, name: str) -> None:
    """A fact once more, as a reaction that ran twice would publish it."""
    again = (
        "INSERT INTO log (day, lane, kind, name, customer_id, source, trusted, occurred_at, received_at, body)"
        " SELECT day, lane, kind, name, customer_id, source, trusted, occurred_at, received_at, body"
        " FROM log WHERE name = %s LIMIT 1"
    )
    async with morning.product.house.postgres.transaction() as tx:
        assert (await tx.execute(again, [name])).rowcount == 1
        await tx.execute("SELECT pg_notify('log', '')")


def _stored(least: int) -> Callable[[Morning], Awaitable[bool]]:
    async def reached(morning: Morning) -> bool:
        count = "SELECT count(*) >= %(least)s FROM log WHERE kind = 'tracked'"
        return bool(await value(morning.product, count, least=least))

    return reached


def _texts(least: int) -> Callable[[Morning], Awaitable[bool]]:
    async def reached(morning: Morning) -> bool:
        return morning.gateway.handed_over >= least

    return reached
