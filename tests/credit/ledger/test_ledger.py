"""An opened account finds its owner once, by the rules in their order; rescues earn assists and move nothing."""

import asyncio
import dataclasses
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from uuid import uuid4

import psycopg
import pytest

from bihuan.credit.claims import repository as claims
from bihuan.credit.facts import AccountCredited, Holder
from bihuan.credit.ledger import repository, service
from bihuan.customers import facade as customers
from bihuan.customers.facts import VisitorMerged
from bihuan.kit import log
from bihuan.serve.facts import EnquiryClaimed, EnquiryReturned, RescueTaken

MINUTE = timedelta(minutes=1)


async def test_a_staff_code_goes_before_everything(publish, course, enquiry, branches, ledger, lost, clock) -> None:
    asked = enquiry("gz01.advisor", clock.now() - timedelta(hours=3))
    await publish(asked, *course(staff_code="SH01A", chosen="HZ01", branch=branches["HZ01"]))
    assert await ledger() == [("acquisition", "staff-code", "SH01", "sh01.advisor", 1.0)]
    assert await lost() == [
        ("branch_chosen", "HZ01", "earlier-rule", False),
        ("enquiry", "GZ01", "earlier-rule", False),
    ]


async def test_an_existing_relation_goes_before_an_enquiry(
    firm, publish, course, enquiry, staff, branches, customer_id, ledger, clock
) -> None:
    async with firm.postgres.transaction() as tx:
        long_ago = clock.now() - timedelta(days=900)
        owner = staff["sh01.advisor2"]
        await customers.move_relation(
            tx, customer_id, "acquisition", branches["SH01"], owner.id, "import", clock.now(), since=long_ago
        )
    await publish(enquiry("gz01.advisor", clock.now() - timedelta(hours=3)), *course(chosen="HZ01"))
    assert await ledger() == [("acquisition", "relation", "SH01", "sh01.advisor2", 1.0)]


async def test_whoever_answered_the_last_enquiry_that_led_to_it(publish, course, enquiry, ledger, lost, clock) -> None:
    await publish(
        enquiry("gz01.advisor", clock.now() - timedelta(days=2)),
        enquiry("hz01.advisor", clock.now() - timedelta(hours=1)),
        enquiry("sh01.advisor", clock.now() - timedelta(days=9)),
        *course(chosen="SH01"),
    )
    assert await ledger() == [("acquisition", "enquiry", "HZ01", "hz01.advisor", 1.0)]
    whys = {(kind, branch): why for kind, branch, why, _ in await lost()}
    assert whys["enquiry", "GZ01"] == "another-was-taken"
    assert whys["enquiry", "SH01"] == "outside-window"
    assert whys["branch_chosen", "SH01"] == "earlier-rule"


async def test_who_claimed_and_never_answered_has_no_claim(
    publish, course, enquiry, staff, ledger, lost, clock, customer_id
) -> None:
    """Hangzhou takes the enquiry and lets it lie; Guangzhou takes it up and answers."""
    who, at = staff["hz01.advisor"], clock.now() - timedelta(hours=2)
    answered = enquiry("gz01.advisor", at + 5 * MINUTE)
    number, branch = answered.enquiry_id, answered.branch_id
    claimed = EnquiryClaimed(customer_id, number, branch, None, who.id, who.branch_id, 1, at, at, at, at)
    back = EnquiryReturned(customer_id, number, branch, who.id, "silent", at, at + MINUTE)
    bot = dataclasses.replace(enquiry("sh01.advisor", at + 6 * MINUTE), by_bot=True, staff_id=None)
    await publish(claimed, back, answered, bot, *course(chosen="SH01"))
    assert await ledger() == [("acquisition", "enquiry", "GZ01", "gz01.advisor", 1.0)]
    assert await lost() == [("branch_chosen", "SH01", "earlier-rule", False)]


async def test_who_answered_and_handed_back_keeps_his_claim(
    publish, course, enquiry, staff, ledger, clock, customer_id
) -> None:
    first = enquiry("hz01.advisor", clock.now() - timedelta(hours=2))
    back = EnquiryReturned(
        customer_id,
        first.enquiry_id,
        first.branch_id,
        first.staff_id,
        "released",
        first.claimed_at,
        first.claimed_at + MINUTE,
        1,
        first.first_answer_at,
    )
    await publish(first, back, *course(chosen="SH01"))
    assert await ledger() == [("acquisition", "enquiry", "HZ01", "hz01.advisor", 1.0)]


async def test_a_closed_chat_that_is_taken_up_again_costs_nobody_his_claim(
    publish, course, enquiry, ledger, lost, clock
) -> None:
    """Answered, handed in, and asked again while the review goes on: the first answer led to the account."""
    first = enquiry("hz01.advisor", clock.now() - timedelta(hours=2))
    during_review = enquiry("hz01.advisor", clock.now() - 2 * MINUTE, enquiry_id=first.enquiry_id, number=2)
    await publish(first, during_review, *course(chosen="SH01"))
    assert await ledger() == [("acquisition", "enquiry", "HZ01", "hz01.advisor", 1.0)]
    assert ("enquiry", "HZ01", "too-late", False) in await lost()


async def test_the_nearest_branch_with_room_when_nobody_claims(firm, publish, course, branches, ledger) -> None:
    await publish(*course("o1", branch=branches["HZ01"], customer=None))
    async with firm.postgres.transaction() as tx:
        await tx.execute("UPDATE people_branch SET monthly_capacity = 1 WHERE code = 'HZ01'")
    await publish(*course("o2", branch=branches["HZ01"], customer=None))
    assert await ledger() == [
        ("acquisition", "nearest-branch", "HZ01", None, 1.0),
        ("acquisition", "nearest-branch", "SH01", None, 1.0),
    ]


async def test_the_place_comes_with_the_account(publish, course, ledger) -> None:
    await publish(*course("o1", customer=None, city="广州"))
    await publish(*course("o2", customer=None, city="广州", latitude=30.2, longitude=120.1))
    assert [line[1:3] for line in await ledger()] == [("nearest-branch", "GZ01"), ("nearest-branch", "HZ01")]


async def test_a_witness_is_never_credited(publish, course, ledger, lost, firm, staff) -> None:
    async with firm.postgres.transaction() as tx:
        await tx.execute("UPDATE people_staff SET staff_code = 'W1' WHERE login = 'sh01.witness'")
    await publish(*course(staff_code="W1", chosen="HZ01"))
    assert await ledger() == [("acquisition", "branch-chosen", "HZ01", None, 1.0)]
    assert ("staff_code", "SH01", "witness", False) in await lost()


async def test_a_code_of_somebody_who_left_credits_his_branch(publish, course, ledger, firm) -> None:
    async with firm.postgres.transaction() as tx:
        await tx.execute("UPDATE people_staff SET active = false WHERE login = 'sh01.advisor'")
    await publish(*course(staff_code="SH01A"))
    assert await ledger() == [("acquisition", "staff-code", "SH01", None, 1.0)]


async def test_a_shared_relation_shares_the_account(
    firm, publish, course, staff, branches, customer_id, ledger
) -> None:
    async with firm.postgres.transaction() as tx:
        for login, share in (("sh01.advisor", "0.6667"), ("hz01.advisor", "0.3333")):
            who = staff[login]
            await tx.execute(
                "INSERT INTO customers_relation (id, customer_id, kind, branch_id, staff_id, share, valid_from, reason)"
                " VALUES (gen_random_uuid(), %s, 'acquisition', %s, %s, %s, %s, 'import')",
                [customer_id, who.branch_id, who.id, share, firm.clock.now() - timedelta(days=300)],
            )
    await publish(*course())
    lines = await ledger()
    assert [(line[2], line[4]) for line in lines] == [("SH01", 0.6667), ("HZ01", 0.3333)]


async def share_out(firm, staff, customer_id, **shares: str) -> None:
    """Give the customer an acquisition relation of several holders, a year old."""
    async with firm.postgres.transaction() as tx:
        for login, share in shares.items():
            who = staff[login.replace("_", ".")]
            await tx.execute(
                "INSERT INTO customers_relation (id, customer_id, kind, branch_id, staff_id, share, valid_from, reason)"
                " VALUES (gen_random_uuid(), %s, 'acquisition', %s, %s, %s, %s, 'import')",
                [customer_id, who.branch_id, who.id, share, firm.clock.now() - timedelta(days=365)],
            )


async def acquired(firm, customer_id, at) -> set[tuple[object, object, float]]:
    """Who holds the customer's acquisition at a moment, with shares."""
    async with firm.postgres.transaction() as tx:
        held = await customers.relations(tx, customer_id, at)
    return {(r.branch_id, r.staff_id, float(r.share)) for r in held if r.kind == "acquisition"}


async def test_a_second_account_by_relation_costs_nobody_his_share_of_the_customer(
    firm, publish, course, staff, customer_id, ledger, rows
) -> None:
    await share_out(firm, staff, customer_id, sh01_advisor="0.6", hz01_advisor="0.4")
    before = await rows("SELECT * FROM customers_relation ORDER BY id")
    held = await acquired(firm, customer_id, firm.clock.now())
    for opening_id in ("o1", "o2"):
        await publish(*course(opening_id))
    assert {(line[1], line[2], line[4]) for line in await ledger()} == {
        ("relation", "SH01", 0.6),
        ("relation", "HZ01", 0.4),
    }
    assert await rows("SELECT * FROM customers_relation ORDER BY id") == before
    assert {share for _, _, share in held} == {0.6, 0.4}


async def test_every_holder_of_a_correction_gets_his_share_from_the_time_the_fact_names(
    firm, publish, staff, branches, customer_id, clock
) -> None:
    await share_out(firm, staff, customer_id, sh01_advisor="1")
    at = clock.now() - timedelta(hours=2)
    holders = (
        Holder(branches["HZ01"], staff["hz01.advisor"].id, Decimal("0.66667")),
        Holder(branches["GZ01"], None, Decimal("0.33333")),
    )
    largest = holders[0]
    await publish(
        AccountCredited(customer_id, uuid4(), "o1", largest.branch_id, largest.staff_id, largest.share, holders,
                        "dispute", 1, uuid4(), at)
    )  # fmt: skip
    assert await acquired(firm, customer_id, at - MINUTE) == {(branches["SH01"], staff["sh01.advisor"].id, 1.0)}
    assert await acquired(firm, customer_id, at) == {
        (branches["HZ01"], staff["hz01.advisor"].id, 0.66667),
        (branches["GZ01"], None, 0.33333),
    }
    async with firm.postgres.transaction() as tx:
        assert (await customers.branch_of(tx, [customer_id]))[customer_id] == branches["HZ01"]


@pytest.mark.parametrize("order", [("o1", "o2"), ("o2", "o1")])
async def test_relations_are_the_same_in_whatever_order_two_accounts_are_heard_of(
    firm, publish, staff, branches, customer_id, clock, order: tuple[str, str]
) -> None:
    times = {"o1": clock.now() - timedelta(hours=2), "o2": clock.now() - timedelta(hours=1)}
    codes = {"o1": "SH01", "o2": "HZ01"}
    for opening_id in order:
        holder = Holder(branches[codes[opening_id]], None, Decimal(1))
        await publish(
            AccountCredited(customer_id, uuid4(), opening_id, holder.branch_id, None, holder.share, (holder,),
                            "staff-code", 1, None, times[opening_id])
        )  # fmt: skip
    assert await acquired(firm, customer_id, times["o1"]) == {(branches["SH01"], None, 1.0)}
    assert await acquired(firm, customer_id, times["o2"]) == {(branches["HZ01"], None, 1.0)}
    assert await acquired(firm, customer_id, clock.now()) == {(branches["HZ01"], None, 1.0)}


async def test_the_account_gives_the_customer_his_relations(
    firm, publish, course, staff, branches, customer_id, told
) -> None:
    await publish(*course(staff_code="SH01A"))
    (fact,) = await told("credit:account:credited")
    assert (fact["rule"], fact["rule_version"], fact["corrects"]) == ("staff-code", 1, None)
    async with firm.postgres.transaction() as tx:
        held = await customers.relations(tx, customer_id, firm.clock.now())
    assert {(r.kind, r.branch_id, r.staff_id) for r in held} == {
        (kind, branches["SH01"], staff["sh01.advisor"].id) for kind in ("acquisition", "service")
    }


@pytest.mark.parametrize("login", ["sh01.advisor", "hz01.advisor"])
async def test_a_rescue_earns_an_assist_and_moves_nothing(publish, course, finished, ledger, told, login: str) -> None:
    helped = finished(login)
    await publish(helped, *course(staff_code="SH01A"))
    await publish(helped)
    branch = login[:4].upper()
    assert sorted(await ledger()) == [
        ("acquisition", "staff-code", "SH01", "sh01.advisor", 1.0),
        ("assist", "rescue-assist", branch, login, 1.0),
    ]
    assert len(await told("credit:assist:credited")) == 1


async def test_no_assist_without_contact_between_the_clock_and_the_next_step(publish, finished, ledger, clock) -> None:
    now = clock.now()
    await publish(
        finished(contacted_at=None),
        finished(contacted_at=now - timedelta(minutes=11)),  # before the clock ran out
        finished(contacted_at=now - timedelta(minutes=5)),  # after the next step
        finished(next_step_at=None, outcome="no_answer"),
        finished("sh01.witness"),
        finished(staff_id=None),
    )
    assert await ledger() == []


async def test_what_a_rescuer_hears_in_the_chat_is_no_enquiry_that_led_to_it(
    publish, course, enquiry, staff, customer_id, clock, ledger, lost
) -> None:
    who, at = staff["hz01.advisor"], clock.now() - 10 * MINUTE
    took = RescueTaken(customer_id, uuid4(), "o1", who.branch_id, "bank", who.id, who.branch_id, at, at)
    await publish(took, enquiry("hz01.advisor", at + MINUTE, opening_id="o1"), *course(chosen="SH01"))
    assert await ledger() == [("acquisition", "branch-chosen", "SH01", None, 1.0)]
    assert ("enquiry", "HZ01", "rescue", False) in await lost()


@pytest.mark.parametrize(("code_ago", "owner"), [(15 * MINUTE, "sh01.advisor"), (9 * MINUTE, None)])
async def test_a_rescuer_s_own_code_counts_only_where_it_came_before_the_rescue(
    publish, course, staff, customer_id, clock, ledger, lost, code_ago: timedelta, owner: str | None
) -> None:
    who, at = staff["sh01.advisor"], clock.now() - 10 * MINUTE
    took = RescueTaken(customer_id, uuid4(), "o1", who.branch_id, "bank", who.id, who.branch_id, at, at)
    await publish(took, *course(staff_code="SH01A", code_ago=code_ago, chosen="HZ01"))
    if owner:
        assert await ledger() == [("acquisition", "staff-code", "SH01", owner, 1.0)]
    else:
        assert await ledger() == [("acquisition", "branch-chosen", "HZ01", None, 1.0)]
        assert await lost() == [("staff_code", "SH01", "rescue", False)]


async def test_a_code_counts_from_the_event_that_brought_it(publish, course, ledger, lost) -> None:
    await publish(*course(staff_code="SH01A", code_ago=MINUTE, chosen="HZ01"))  # after the application was handed in
    assert await ledger() == [("acquisition", "branch-chosen", "HZ01", None, 1.0)]
    assert await lost() == [("staff_code", "SH01", "too-late", False)]


async def test_a_claim_heard_of_late_is_shown_and_changes_nothing(
    publish, course, enquiry, ledger, lost, clock, told
) -> None:
    late = enquiry("hz01.advisor", clock.now() - timedelta(hours=1))
    outside = enquiry("gz01.advisor", clock.now() - timedelta(days=30))
    after = enquiry("gz01.advisor", clock.now() + MINUTE)
    await publish(*course(chosen="SH01"))
    before = await ledger()
    clock.advance(5 * MINUTE)
    await publish(late, outside, after)
    await publish(late)
    assert await ledger() == before == [("acquisition", "branch-chosen", "SH01", None, 1.0)]
    assert [claim for claim in await lost() if claim[3]] == [
        ("enquiry", "GZ01", "outside-window", True),
        ("enquiry", "HZ01", "late", True),
    ]
    assert len(await told("credit:account:credited")) == 1


async def test_a_visitors_claims_stand_for_the_user_he_became(
    firm, publish, course, enquiry, ledger, lost, clock, customer_id
) -> None:
    visitor = uuid4()
    asked = enquiry("hz01.advisor", clock.now() - timedelta(hours=1), customer=visitor)
    await publish(asked)
    await publish(VisitorMerged(visitor, visitor, customer_id))
    await publish(*course(chosen="SH01"))
    assert await ledger() == [("acquisition", "enquiry", "HZ01", "hz01.advisor", 1.0)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_however_facts_arrive_one_entry_and_every_claim_is_kept(
    firm, course, enquiry, clock, react, ledger, rows, order: tuple[int, ...]
) -> None:
    answers = [enquiry(who, clock.now() - timedelta(hours=1)) for who in ("hz01.advisor", "gz01.advisor")]
    facts = [*answers, *course(chosen="SH01")]
    for n in order:
        async with firm.postgres.transaction() as tx:
            await log.publish(tx, facts[n], now=clock.now())
        await react()
    entries = [line for line in await ledger() if line[0] == "acquisition"]
    assert len(entries) == 1
    kept = await rows("SELECT claim_id FROM credit_lost_claim UNION SELECT claim_id FROM credit_entry")
    collected = await rows("SELECT id FROM credit_claim")
    assert {row["claim_id"] for row in kept} == {row["id"] for row in collected}


@pytest.mark.parametrize("broken", [False, True])
async def test_one_account_is_credited_once_under_concurrency(
    firm, publish, course, ledger, rows, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    """Without the unique index and the lock, the same race credits the account twice."""
    async with firm.postgres.transaction() as tx:
        await tx.execute(
            "INSERT INTO credit_opening (opening_id, opened_at, chosen_branch) VALUES ('o1', %(now)s, 'SH01')",
            {"now": firm.clock.now()},
        )
        if broken:
            await tx.execute("DROP INDEX credit_entry_one_per_account")
    begun = asyncio.Barrier(5)

    async def once() -> None:
        async with firm.postgres.transaction() as tx:
            await tx.execute("SELECT 1")
            await begun.wait()
            if not await repository.of_opening(tx, "o1"):  # what a look before the leap would do
                await service.credit_account(tx, "o1", firm.clock.now())

    await asyncio.gather(*(once() for _ in range(5)))
    counted = Counter(line[0] for line in await ledger())
    assert counted["acquisition"] > 1 if broken else counted["acquisition"] == 1


@pytest.mark.parametrize("broken", [False, True])
async def test_two_lanes_never_both_give_a_branch_s_last_place_away(
    firm, branches, ledger, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    """Both have counted before either writes, if they can: without the lock Hangzhou gets one account too many."""
    async with firm.postgres.transaction() as tx:
        await tx.execute("UPDATE people_branch SET monthly_capacity = 1 WHERE code = 'HZ01'")
        for opening_id in ("o1", "o2"):
            await tx.execute(
                "INSERT INTO credit_opening (opening_id, opened_at, city) VALUES (%s, %s, '杭州')",
                [opening_id, firm.clock.now()],
            )
    counted, both, count = 0, asyncio.Event(), repository.taken_since

    async def counts_and_waits_for_the_other(tx, since):
        nonlocal counted
        found = await count(tx, since)
        counted += 1
        if counted == 2:
            both.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(both.wait(), 0.5)
        return found

    async def nothing(tx) -> None:
        return None

    monkeypatch.setattr(repository, "taken_since", counts_and_waits_for_the_other)
    if broken:
        monkeypatch.setattr(claims, "hold_capacity", nothing)

    async def credit(opening_id: str) -> None:
        async with firm.postgres.transaction() as tx:
            await service.credit_account(tx, opening_id, firm.clock.now())

    await asyncio.gather(credit("o1"), credit("o2"))
    assert Counter(line[2] for line in await ledger()) == ({"HZ01": 2} if broken else {"HZ01": 1, "SH01": 1})


async def test_the_ledger_refuses_any_change(firm, publish, course) -> None:
    await publish(*course(staff_code="SH01A", chosen="HZ01"))
    for statement in (
        "UPDATE credit_entry SET rule = 'mine'",
        "DELETE FROM credit_entry",
        "UPDATE credit_share SET share = 0.5",
        "DELETE FROM credit_lost_claim",
    ):
        with pytest.raises(psycopg.errors.RaiseException, match="only ever added"):
            async with firm.postgres.transaction() as tx:
                await tx.execute(statement)


async def test_an_account_of_a_house_without_branches_waits_for_the_first_one(
    firm, publish, course, ledger, clock, sweep
) -> None:
    async with firm.postgres.transaction() as tx:
        await tx.execute("UPDATE people_branch SET active = false")
    await publish(*course())
    assert await ledger() == []
    async with firm.postgres.transaction() as tx:
        await tx.execute("UPDATE people_branch SET active = true WHERE code = 'GZ01'")
    clock.advance(timedelta(hours=1))
    await sweep()
    assert await ledger() == [("acquisition", "nearest-branch", "GZ01", None, 1.0)]
