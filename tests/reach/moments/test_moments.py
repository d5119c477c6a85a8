"""Stalls become messages at most once, after everything was asked, and what became of them is kept."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from bihuan.comply import facade as comply
from bihuan.customers.facts import RelationMoved
from bihuan.people import facade as people
from bihuan.reach.moments import repository, service
from bihuan.serve.facts import RescueContacted, RescueReleased, RescueTaken
from bihuan.understand.facts import OpeningAdvanced, OpeningReturned

MINUTE = timedelta(minutes=1)


def taken(stall: Any, at: Any) -> RescueTaken:
    return RescueTaken(
        customer_id=stall.customer_id,
        rescue_id=uuid4(),
        opening_id=stall.opening_id,
        branch_id=stall.branch_id,
        step=stall.step,
        staff_id=uuid4(),
        staff_branch_id=stall.branch_id,
        stuck_at=stall.stuck_at,
        taken_at=at,
    )


def advanced(stall: Any, at: Any) -> OpeningAdvanced:
    return OpeningAdvanced(stall.customer_id, stall.opening_id, stall.branch_id, stall.step, "profile", at)


async def state_of(rows: Any) -> list[tuple[str, str | None]]:
    return [(row["state"], row["reason"]) for row in await rows("SELECT state, reason FROM reach_moment ORDER BY id")]


async def test_the_message_arm_is_messaged_at_once_and_once(firm, publish, stall, rows, told) -> None:
    await publish(stall(), stall())
    await publish(stall())
    assert await state_of(rows) == [("messaged", None)]
    (delivery,) = await rows("SELECT * FROM reach_delivery")
    assert (delivery["channel"], delivery["state"], delivery["step"]) == ("inbox", "delivered", "id")
    assert delivery["link"] == "/open/o1/id"
    assert "/open/o1/id" in delivery["body"]
    assert len(await told("reach:message:sent")) == 1


async def test_the_control_arm_is_never_contacted_and_kept(publish, stall, rows, clock, sweep) -> None:
    await publish(stall(arm="control"), stall(arm="an arm from later", opening_id="o2"))
    clock.advance(timedelta(days=3))
    await sweep()
    assert await state_of(rows) == [("held", None), ("held", None)]
    assert await rows("SELECT 1 FROM reach_delivery") == []


async def test_a_person_has_his_time_and_then_a_message_goes(publish, stall, rows, clock, sweep) -> None:
    await publish(stall(arm="person"))
    clock.advance(timedelta(seconds=299))
    await sweep()
    assert await state_of(rows) == [("waiting", None)]
    clock.advance(timedelta(seconds=1))
    await sweep()
    assert await state_of(rows) == [("messaged", None)]


async def test_taken_in_time_means_no_message(publish, stall, rows, clock, sweep) -> None:
    found = stall(arm="person")
    await publish(found)
    await publish(taken(found, clock.advance(4 * MINUTE)))
    clock.advance(timedelta(hours=2))
    await sweep()
    assert await state_of(rows) == [("taken", None)]
    assert await rows("SELECT 1 FROM kit_deadline WHERE kind LIKE 'reach.%%'") == []


async def test_held_again_is_taken_however_early_it_was_taken(publish, stall, rows, clock, sweep) -> None:
    """He took it before it stalled again: the fact names the later stall, and it is his too."""
    found = stall(arm="person")
    await publish(found)
    await publish(taken(found, found.stuck_at - 20 * MINUTE))
    clock.advance(6 * MINUTE)
    await sweep()
    assert await state_of(rows) == [("taken", None)]
    assert await rows("SELECT 1 FROM reach_delivery") == []


async def test_taken_before_reach_heard_of_the_stall_counts_too(publish, stall, rows, clock, sweep) -> None:
    found = stall(arm="person")
    await publish(taken(found, clock.now() + MINUTE))
    await publish(found)
    assert await state_of(rows) == [("taken", None)]


@pytest.mark.parametrize("contacted", [False, True])
async def test_put_back_without_contact_the_rest_of_the_time_runs_on(
    publish, stall, rows, clock, sweep, contacted: bool
) -> None:
    found = stall(arm="person")
    await publish(found)
    took = taken(found, clock.advance(2 * MINUTE))
    await publish(took)
    if contacted:
        await publish(
            RescueContacted(
                found.customer_id,
                took.rescue_id,
                "o1",
                found.branch_id,
                "id",
                took.staff_id,
                found.branch_id,
                "chat",
                found.stuck_at,
                clock.advance(MINUTE),
            )
        )
    await publish(
        RescueReleased(
            found.customer_id, took.rescue_id, "o1", found.branch_id, took.staff_id, "silent", clock.advance(MINUTE)
        )
    )
    assert await state_of(rows) == [("taken" if contacted else "waiting", None)]
    clock.advance(2 * MINUTE)
    await sweep()
    assert await state_of(rows) == [("taken" if contacted else "messaged", None)]


@pytest.mark.parametrize("arm", ["message", "person"])
async def test_who_went_on_by_himself_is_left_alone(publish, stall, rows, clock, sweep, arm: str) -> None:
    found = stall(arm=arm)
    late = advanced(found, found.stuck_at - MINUTE)  # done during the silence, heard of after it
    await publish(*((late, found) if arm == "message" else (found, late)))
    clock.advance(timedelta(hours=1))
    await sweep()
    assert await state_of(rows) == [("resumed", None)]


async def test_the_step_that_began_the_silence_does_not_end_it(publish, stall, rows) -> None:
    found = stall()
    await publish(advanced(found, found.last_fact_at), found)
    assert await state_of(rows) == [("messaged", None)]


async def test_a_returned_application_gets_the_words_for_it(publish, stall, rows, clock) -> None:
    found = stall()
    await publish(OpeningReturned(found.customer_id, "o1", found.branch_id, "id", "blurred", found.last_fact_at), found)
    (delivery,) = await rows("SELECT occasion, template FROM reach_delivery")
    assert delivery == {"occasion": "opening-returned", "template": "opening-returned.any.zh-CN.inbox"}


async def test_at_night_a_text_waits_for_the_morning_and_asks_again(
    gateway, publish, stall, rows, clock, sweep
) -> None:
    clock.advance(timedelta(hours=12))  # 22:00
    found, other = stall(), stall(opening_id="o2")
    await publish(found, other)
    assert await state_of(rows) == [("deferred", "quiet-hours"), ("deferred", "quiet-hours")]
    clock.advance(timedelta(hours=9, minutes=59))
    await publish(advanced(other, clock.now()))
    await sweep()
    assert await state_of(rows) == [("deferred", "quiet-hours"), ("resumed", None)]
    clock.advance(MINUTE)  # 08:00
    await sweep()
    assert await state_of(rows) == [("messaged", None), ("resumed", None)]


async def test_who_refused_is_not_messaged_and_the_refusal_is_told(firm, publish, stall, rows, told) -> None:
    found = stall()
    async with firm.postgres.transaction() as tx:
        word = comply.Said(found.customer_id, "service", "inbox", False, firm.clock.now(), "test", "u1", "app")
        await comply.record_consents(tx, [word], firm.clock.now())
    await publish(found)
    assert await state_of(rows) == [("refused", "no-consent")]
    (refusal,) = await told("reach:message:refused")
    assert (refusal["reason"], refusal["arm"]) == ("no-consent", "message")


async def refuse_texts(firm: Any, customer_id: Any, *channels: str) -> None:
    async with firm.postgres.transaction() as tx:
        words = [
            comply.Said(customer_id, "service", channel, False, firm.clock.now(), "test", "u1", f"app {channel}")
            for channel in channels
        ]
        await comply.record_consents(tx, words, firm.clock.now())


@pytest.mark.parametrize("lacks", ["consent", "template"])
async def test_where_no_text_may_go_the_inbox_is_asked(firm, gateway, publish, stall, rows, work, lacks: str) -> None:
    found = stall()
    if lacks == "consent":
        await refuse_texts(firm, found.customer_id, "sms")
    else:
        async with firm.postgres.transaction() as tx:
            await tx.execute("UPDATE reach_template SET valid_to = %s WHERE channel = 'sms'", [firm.clock.now()])
    await publish(found)
    await work()
    assert await state_of(rows) == [("messaged", None)]
    assert await rows("SELECT channel, state FROM reach_delivery") == [{"channel": "inbox", "state": "delivered"}]
    assert await rows("SELECT channel FROM comply_contact") == [{"channel": "inbox"}]
    assert gateway.handed_over == []


async def test_who_refuses_both_gets_neither(firm, gateway, publish, stall, rows, told) -> None:
    found = stall()
    await refuse_texts(firm, found.customer_id, "sms", "inbox")
    await publish(found)
    assert await state_of(rows) == [("refused", "no-consent")]
    assert [(fact["channel"], fact["reason"]) for fact in await told("reach:message:refused")] == [
        ("inbox", "no-consent")
    ]


async def test_whoever_was_contacted_often_enough_is_not_messaged(firm, gateway, publish, stall, rows, told) -> None:
    """The cap is over all channels: another one does not help."""
    found = stall()
    async with firm.postgres.transaction() as tx:
        for n in range(5):
            kept = await comply.reserve_contact(tx, found.customer_id, "chat", "service", firm.clock.now(), f"talk {n}")
            assert isinstance(kept, comply.Reserved)
    await publish(found)
    assert await state_of(rows) == [("refused", "cap-day")]
    (fact,) = await told("reach:message:refused")
    assert (fact["channel"], fact["reason"]) == ("sms", "cap-day")
    assert await rows("SELECT 1 FROM reach_delivery") == []
    assert len(await rows("SELECT 1 FROM comply_contact")) == 5


async def test_without_an_approved_template_in_its_time_nothing_leaves(firm, publish, stall, rows) -> None:
    async with firm.postgres.transaction() as tx:
        await tx.execute("UPDATE reach_template SET valid_to = %(now)s", {"now": firm.clock.now()})
    await publish(stall())
    assert await state_of(rows) == [("refused", "no-template")]
    assert await rows("SELECT 1 FROM reach_delivery") == []


async def test_wording_is_asked_again_at_sending(firm, publish, stall, rows) -> None:
    async with firm.postgres.transaction() as tx:
        await tx.execute("UPDATE reach_template SET body = '稳赚不赔 {link}'")
    await publish(stall())
    assert await state_of(rows) == [("refused", "wording")]


async def test_nobody_knows_the_customer(publish, stall, rows) -> None:
    await publish(stall(customer_id=None), stall(customer_id=uuid4(), opening_id="o2"))
    assert await state_of(rows) == [("refused", "unknown-customer")] * 2


CHECK_THEN_INSERT = repository.ADD.replace("VALUES (", "SELECT ").replace(
    "%(settled_at)s)\nON CONFLICT (opening_id, stuck_at) DO NOTHING",
    "%(settled_at)s WHERE NOT EXISTS (SELECT 1 FROM reach_moment m"
    " WHERE m.opening_id = %(opening_id)s AND m.stuck_at = %(stuck_at)s)",
)


@pytest.mark.parametrize("broken", [False, True])
async def test_never_twice_for_the_same_moment_under_concurrent_reactions(
    firm, stall, rows, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    """With the unique key replaced by a look before the leap, the same test sees the customer messaged twice."""
    if broken:
        monkeypatch.setattr(repository, "ADD", CHECK_THEN_INSERT)
        async with firm.postgres.transaction() as tx:
            await tx.execute("ALTER TABLE reach_moment DROP CONSTRAINT reach_moment_opening_id_stuck_at_key")
    found = stall()
    begun = asyncio.Barrier(4)

    async def once() -> None:
        async with firm.postgres.transaction() as tx:
            await tx.execute("SELECT 1")
            await begun.wait()
            await service.assigned(tx, firm, [found], firm.clock.now())

    await asyncio.gather(*(once() for _ in range(4)))
    deliveries = await rows("SELECT 1 FROM reach_delivery")
    assert len(deliveries) > 1 if broken else len(deliveries) == 1


async def test_a_batch_of_many_is_weighed_in_one_go(publish, stall, rows) -> None:
    await publish(*(stall(opening_id=f"o{n}", arm=("control", "message", "person")[n % 3]) for n in range(30)))
    states = [state for state, _ in await state_of(rows)]
    assert states.count("held") == 10
    assert states.count("waiting") == 10
    assert states.count("messaged") + states.count("refused") == 10  # the daily cap stops the sixth


async def test_what_was_sent_follows_a_customer_to_his_new_branch(firm, publish, stall, rows) -> None:
    found = stall()
    await publish(found)
    (was,) = await rows("SELECT branch_id FROM reach_delivery")
    async with firm.postgres.transaction() as tx:
        other = next(branch.id for branch in await people.branches(tx) if branch.id != was["branch_id"])
    await publish(RelationMoved(found.customer_id, "contract", other, None, 1.0, firm.clock.now()))
    assert await rows("SELECT branch_id FROM reach_delivery") == [was]
    await publish(RelationMoved(found.customer_id, "service", other, None, 1.0, firm.clock.now()))
    assert await rows("SELECT branch_id FROM reach_moment UNION SELECT branch_id FROM reach_delivery") == [
        {"branch_id": other}
    ]
    shown = await rows("SELECT topic, row IS NULL AS gone FROM live_change ORDER BY at, number")
    assert {"topic": f"deliveries:{was['branch_id']}", "gone": True} in shown
    assert {"topic": f"deliveries:{other}", "gone": False} in shown
