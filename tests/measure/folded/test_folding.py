"""Facts of one opening in any order, in any batches, leave the same rows."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.credit.facts import AccountCredited, Holder
from bihuan.customers.facts import RelationMoved
from bihuan.decide.facts import RescueAssigned
from bihuan.kit import ids, postgres
from bihuan.kit.log import Fact
from bihuan.kit.postgres import Postgres, Tx
from bihuan.kit.testing import A_TRADING_MORNING
from bihuan.reach.facts import MessageDelivered, MessageSent
from bihuan.serve.facts import (
    CallbackOwed,
    EnquiryAnswered,
    EnquiryAsked,
    EnquiryClaimed,
    EnquiryClosed,
    EnquiryOffered,
    EnquiryRated,
    RescueContacted,
    RescueFinished,
    RescueOffered,
    RescueReleased,
    RescueTaken,
)
from bihuan.understand.facts import (
    OpeningAbandoned,
    OpeningAdvanced,
    OpeningOpened,
    OpeningStarted,
    OpeningStuck,
    OpeningSubmitted,
)

Hear = Callable[..., Awaitable[None]]
VISITOR, USER = ids.customer_of_visitor("d1"), ids.customer_of_user("u1")
BRANCH, OTHER, STAFF, RESCUE, ENQUIRY = (UUID(int=n) for n in range(1, 6))


def at(minutes: float) -> datetime:
    return A_TRADING_MORNING + timedelta(minutes=minutes)


def stuck(minute: float, times: int) -> tuple[Fact, Fact]:
    what = (at(minute - 15), at(minute), times)
    return (
        OpeningStuck(VISITOR, "o1", BRANCH, "ad", "id", *what),
        RescueAssigned(VISITOR, "o1", BRANCH, "ad", "id", *what, "opening-rescue", 1, "person", times == 1),
    )


STORY: list[Fact] = [
    OpeningStarted(VISITOR, "o1", None, "ad", "phone", at(0)),
    OpeningAdvanced(VISITOR, "o1", BRANCH, "phone", "id", at(5)),
    *stuck(20, 1),
    RescueOffered(VISITOR, RESCUE, "o1", BRANCH, "id", "person", at(20), at(20)),
    RescueTaken(VISITOR, RESCUE, "o1", BRANCH, "id", STAFF, BRANCH, at(20), at(21)),
    RescueReleased(VISITOR, RESCUE, "o1", BRANCH, STAFF, "silent", at(22)),
    RescueTaken(VISITOR, RESCUE, "o1", BRANCH, "id", STAFF, BRANCH, at(20), at(23)),
    RescueContacted(VISITOR, RESCUE, "o1", BRANCH, "id", STAFF, BRANCH, "call", at(20), at(24)),
    MessageSent(VISITOR, UUID(int=77), "o1", BRANCH, "id", "person", "sms", "stuck", 1),
    MessageDelivered(VISITOR, UUID(int=77), "o1", "sms"),
    OpeningAdvanced(USER, "o1", BRANCH, "id", "profile", at(30)),
    RescueFinished(
        USER,
        RESCUE,
        "o1",
        BRANCH,
        "id",
        "person",
        STAFF,
        BRANCH,
        "resumed",
        at(20),
        at(23),
        at(24),
        at(30),
        at(30),
        at(31),
    ),
    *stuck(60, 2),
    OpeningSubmitted(USER, "o1", OTHER, "ad", None, at(70)),
    OpeningAdvanced(USER, "o1", OTHER, "submit", None, at(70)),
    OpeningOpened(USER, "o1", OTHER, "ad", None, None, at(90)),
    AccountCredited(USER, UUID(int=9), "o1", BRANCH, STAFF, 1, (Holder(BRANCH, STAFF, 1),), "qr", 1, None, at(90)),
    AccountCredited(
        USER, UUID(int=8), "o1", OTHER, STAFF, 1, (Holder(OTHER, STAFF, 1),), "dispute", 1, UUID(int=9), at(99)
    ),
    EnquiryAsked(VISITOR, ENQUIRY, BRANCH, "o1", "opening", 1, at(10)),
    EnquiryOffered(VISITOR, ENQUIRY, BRANCH, "branch", 1, (STAFF,), at(11), at(11)),
    EnquiryClaimed(VISITOR, ENQUIRY, BRANCH, "o1", STAFF, BRANCH, 1, at(10), at(11), at(11), at(12)),
    EnquiryAnswered(
        VISITOR, ENQUIRY, BRANCH, "o1", STAFF, BRANCH, False, None, "opening", 1, at(10), at(11), at(11), at(12), at(13)
    ),
    CallbackOwed(VISITOR, ENQUIRY, BRANCH, 1, at(11), at(14)),
    EnquiryClosed(
        USER, ENQUIRY, BRANCH, "o1", STAFF, BRANCH, False, "answered", 1, at(10), at(11), at(11), at(12), at(13), at(20)
    ),
    EnquiryRated(USER, ENQUIRY, BRANCH, STAFF, BRANCH, False, 2, at(21)),
    EnquiryRated(USER, ENQUIRY, BRANCH, STAFF, BRANCH, False, 5, at(22)),
]
TABLES = ("opening", "opening_step", "rescue", "delivery", "exposure_outcome", "enquiry", "rating")


async def rows(tx: Tx) -> dict[str, list[dict[str, Any]]]:
    return {table: await postgres.rows(tx, f"SELECT * FROM measure_{table} ORDER BY 1, 2") for table in TABLES}


async def test_a_story_told_in_order(tx: Tx, hear: Hear) -> None:
    await hear(tx, *STORY)
    found = await rows(tx)
    opening = found["opening"][0]
    assert (opening["customer_id"], opening["branch_id"], opening["credited_branch_id"]) == (USER, OTHER, OTHER)
    assert (opening["started_at"], opening["opened_at"], opening["credited_at"]) == (at(0), at(90), at(90))
    assert (opening["stuck_at"], opening["stuck_step"], opening["advanced_step"]) == (at(60), "id", "submit")
    outcome = found["exposure_outcome"][0]
    assert (outcome["arm"], outcome["exposed_at"], outcome["customer_id"]) == ("person", at(20), USER)
    # The message arrived at the clock's time, before the call in this story: the first contact counts.
    assert (outcome["reached_at"], outcome["reach_channel"]) == (at(0), "sms")
    assert (outcome["person_reached_at"], outcome["resumed_at"], outcome["opened_at"]) == (at(24), at(30), at(90))
    assert [step["step"] for step in found["opening_step"]] == ["phone", "id", "submit"]
    enquiry = found["enquiry"][0]
    assert (enquiry["asked_at"], enquiry["claimed_at"], enquiry["first_answer_at"]) == (at(10), at(12), at(13))
    assert (enquiry["by_bot"], enquiry["outcome"]) == (False, "answered")
    assert found["rating"][0]["stars"] == 5
    assert found["rescue"][0]["outcome"] == "resumed"


@pytest.fixture
async def told_in_order(postgres: Postgres, hear: Hear) -> dict[str, Any]:
    async with postgres.transaction() as tx, tx.transaction(force_rollback=True):
        await hear(tx, *STORY)
        return await rows(tx)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(STORY))), cuts=st.sets(st.integers(1, len(STORY) - 1), max_size=4))
async def test_the_same_in_any_order_and_any_batches(
    postgres: Postgres, hear: Hear, told_in_order: dict[str, Any], order: list[int], cuts: set[int]
) -> None:
    shuffled = [STORY[n] for n in order]
    edges = [0, *sorted(cuts), len(STORY)]
    async with postgres.transaction() as tx, tx.transaction(force_rollback=True):
        for start, end in pairwise(edges):
            await hear(tx, *shuffled[start:end])
        assert await rows(tx) == told_in_order


async def test_who_is_given_up_has_left_unless_he_comes_back(tx: Tx, hear: Hear) -> None:
    await hear(tx, *STORY[:4], OpeningAbandoned(VISITOR, "o1", BRANCH, "ad", "id", at(5)))
    assert (await rows(tx))["exposure_outcome"][0]["left_at"] == at(5)
    await hear(tx, OpeningAdvanced(VISITOR, "o1", BRANCH, "id", "profile", at(9000)))
    assert (await rows(tx))["exposure_outcome"][0]["left_at"] is None


async def test_an_open_application_follows_the_customers_service(tx: Tx, hear: Hear) -> None:
    await hear(tx, *STORY[:4])
    await hear(tx, RelationMoved(VISITOR, "acquisition", UUID(int=50), None, 1.0, at(40)))
    assert (await rows(tx))["opening"][0]["branch_id"] == BRANCH
    await hear(tx, RelationMoved(VISITOR, "service", OTHER, None, 1.0, at(40)))
    assert (await rows(tx))["opening"][0]["branch_id"] == OTHER


async def test_a_contact_without_an_arm_is_none_of_the_rescue(tx: Tx, hear: Hear) -> None:
    sent = MessageSent(VISITOR, UUID(int=78), "o1", BRANCH, "id", "", "sms", "opened", 1)
    await hear(tx, *STORY[:4], sent, MessageDelivered(VISITOR, UUID(int=78), "o1", "sms"))
    assert (await rows(tx))["exposure_outcome"][0]["reached_at"] is None


async def test_what_the_gateway_took_has_reached_nobody_until_its_receipt(tx: Tx, hear: Hear) -> None:
    await hear(tx, *STORY[:4], MessageSent(VISITOR, UUID(int=77), "o1", BRANCH, "id", "person", "sms", "stuck", 1))
    assert (await rows(tx))["exposure_outcome"][0]["reached_at"] is None
    await hear(tx, MessageDelivered(VISITOR, UUID(int=77), "o1", "sms"))
    assert (await rows(tx))["exposure_outcome"][0]["reached_at"] == at(0)


async def test_two_lanes_with_facts_of_one_opening_miss_nothing(postgres: Postgres, hear: Hear) -> None:
    assigned, contacted = STORY[3], STORY[8]
    async with postgres.transaction() as first:
        await hear(first, assigned)

        async def other_lane() -> None:
            async with postgres.transaction() as second:
                await hear(second, contacted, lane=1)

        waiting = asyncio.create_task(other_lane())
        await asyncio.sleep(0.2)
        assert not waiting.done()
    await waiting
    async with postgres.transaction() as tx:
        assert (await rows(tx))["exposure_outcome"][0]["person_reached_at"] == at(24)
