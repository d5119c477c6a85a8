"""Nothing is taken for granted when a text leaves: it may have lain in the queue for a night."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from bihuan.comply import facade as comply
from bihuan.connect.sms.gateway import HttpTextGateway
from bihuan.reach import facade as reach
from bihuan.reach.sending import asking, service
from bihuan.serve.facts import RescueContacted
from bihuan.understand.facts import OpeningAdvanced

MINUTE = timedelta(minutes=1)


async def lies_there(publish: Any, stall: Any, rows: Any) -> Any:
    """A text that passed the gate and has not left."""
    found = stall()
    await publish(found)
    assert await rows("SELECT state FROM reach_delivery") == [{"state": "queued"}]
    return found


async def no_more(firm: Any, customer_id: Any) -> None:
    async with firm.postgres.transaction() as tx:
        no = comply.Said(customer_id, "service", "sms", False, firm.clock.now(), "app", "u1", "tap 1")
        await comply.record_consents(tx, [no], firm.clock.now())


async def outcome(rows: Any) -> tuple[list[Any], list[Any], int]:
    """Deliveries, the moment, and how many contacts count."""
    deliveries = await rows("SELECT channel, state, reason FROM reach_delivery ORDER BY created_at, id")
    moments = await rows("SELECT state, reason FROM reach_moment")
    return (
        [tuple(row.values()) for row in deliveries],
        [tuple(row.values()) for row in moments],
        len(await rows("SELECT 1 FROM comply_contact")),
    )


@pytest.mark.parametrize("turn", ["resumed", "taken"])
async def test_whoever_went_on_or_was_called_meanwhile_gets_none(
    publish, stall, gateway, work, rows, clock, turn: str
) -> None:
    found = await lies_there(publish, stall, rows)
    clock.advance(MINUTE)
    who = (found.customer_id, found.opening_id, found.branch_id)
    if turn == "resumed":
        await publish(OpeningAdvanced(*who, "id", "profile", clock.now()))
    else:
        by = (uuid4(), found.branch_id, "call")
        await publish(
            RescueContacted(found.customer_id, uuid4(), "o1", found.branch_id, "id", *by, found.stuck_at, clock.now())
        )
    await work()
    assert gateway.handed_over == []
    assert await outcome(rows) == ([("sms", "refused", turn)], [(turn, None)], 0)


async def test_who_opts_out_meanwhile_gets_no_text_and_finds_it_in_his_inbox(
    firm, publish, stall, gateway, work, rows, sweep
) -> None:
    found = await lies_there(publish, stall, rows)
    await no_more(firm, found.customer_id)
    for _ in range(2):
        await work()
        await sweep()
    assert gateway.handed_over == []
    both = [("sms", "refused", "no-consent"), ("inbox", "delivered", None)]
    assert await outcome(rows) == (both, [("messaged", None)], 1)


async def test_words_that_may_not_be_said_any_more_do_not_leave(
    firm, publish, stall, gateway, work, rows, sweep, told
) -> None:
    await lies_there(publish, stall, rows)
    async with firm.postgres.transaction() as tx:
        await tx.execute("UPDATE reach_template SET valid_to = %s", [firm.clock.now()])
    await work()
    await sweep()
    assert gateway.handed_over == []
    assert await outcome(rows) == ([("sms", "refused", "no-template")], [("refused", "no-template")], 0)
    assert [fact["reason"] for fact in await told("reach:message:refused")] == ["no-template"]


async def test_at_night_it_waits_for_the_morning(publish, stall, gateway, work, rows, clock, sweep) -> None:
    await lies_there(publish, stall, rows)
    clock.advance(timedelta(hours=12))  # 22:00
    await work()
    assert gateway.handed_over == []
    assert await outcome(rows) == ([("sms", "queued", "quiet-hours")], [("messaged", None)], 1)
    clock.advance(timedelta(hours=9, minutes=59))
    await sweep()
    await work()
    assert gateway.handed_over == []
    clock.advance(MINUTE)  # 08:00
    await sweep()
    await work()
    assert len(gateway.handed_over) == 1
    assert await outcome(rows) == ([("sms", "sent", None)], [("messaged", None)], 1)


async def test_it_is_asked_before_every_try(firm, publish, stall, gateway, work, rows, sweep) -> None:
    gateway.answers = [503]
    found = await lies_there(publish, stall, rows)
    await work()
    await no_more(firm, found.customer_id)
    await work()
    assert len(gateway.handed_over) == 1
    assert (await outcome(rows))[0] == [("sms", "refused", "no-consent")]


async def test_one_that_may_have_gone_out_is_stopped_but_counts_and_has_no_second(
    firm, publish, stall, gateway, work, rows, sweep
) -> None:
    gateway.answers = [504]
    found = await lies_there(publish, stall, rows)
    await work()
    await no_more(firm, found.customer_id)
    for _ in range(2):
        await work()
        await sweep()
    assert await outcome(rows) == ([("sms", "refused", "no-consent")], [("refused", "no-consent")], 1)


async def test_the_control_that_asks_nothing_sends_at_night(
    firm, publish, stall, gateway, work, rows, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What sending did before; the tests above can fail."""

    async def nothing(*_: object) -> bool:
        return False

    await lies_there(publish, stall, rows)
    clock.advance(timedelta(hours=12))
    monkeypatch.setattr(asking, "stopped", nothing)
    (row,) = await rows("SELECT id FROM reach_delivery")
    client = HttpTextGateway(firm.outbound, firm.settings.sms_url, firm.settings.sms_secret.get_secret_value())
    await reach.send(firm, client, row["id"])
    assert service.asking is asking
    assert len(gateway.handed_over) == 1
