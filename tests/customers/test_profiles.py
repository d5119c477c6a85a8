"""Profiles come out the same however lanes, batches and arrivals interleave."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.errors import UniqueViolation

from bihuan.collect.intake import repository as intake
from bihuan.collect.intake.repository import Arrival
from bihuan.customers import facade as customers
from bihuan.customers.profiles import rules, service
from bihuan.kit import ids
from bihuan.kit import log as the_log
from bihuan.kit import postgres as pg
from bihuan.kit.house import House
from bihuan.kit.log import Entry
from bihuan.kit.testing import A_TRADING_MORNING
from bihuan.people import facade as people

React = Callable[[], Awaitable[int]]


def arrival(
    n: int,
    *,
    user: str | None,
    device: str | None,
    minute: int,
    kind: str = "track",
    trusted: bool = False,
    **body: Any,
) -> Arrival:
    customer = ids.customer_of_user(user) if user else ids.customer_of_visitor(str(device))
    at = A_TRADING_MORNING + timedelta(minutes=minute)
    name = "Page Viewed" if kind == "track" else kind
    text = msgspec.json.encode({"type": kind, "event": name, **body}).decode()
    return Arrival(name, customer, user, device, f"m{n}", "web", trusted, at, A_TRADING_MORNING, text)


async def enter(house: House, *arrivals: Arrival) -> None:
    async with house.postgres.transaction() as tx:
        await intake.enter(tx, arrivals, await the_log.lane_count(tx))


async def profile(house: House, customer_id: UUID) -> dict[str, Any]:
    async with house.postgres.transaction() as tx:
        row = await pg.one(
            tx,
            "SELECT c.channel, c.staff_code, c.city, c.branch_id, c.traits, c.name_masked, c.first_touch,"
            " (SELECT sum(events) FROM customers_customer v WHERE v.id = c.id OR v.merged_into = c.id) AS events"
            " FROM customers_customer c WHERE c.id = %(id)s",
            id=customer_id,
        )
    assert row is not None
    return row


STORY = (
    arrival(1, user=None, device="d1", minute=0, properties={"channel": "advertisement", "city": "上海"}),
    arrival(2, user=None, device="d1", minute=3),
    arrival(3, user="u1", device="d1", minute=5, kind="identify", traits={"name": "王小明", "level": 1}),
    arrival(4, user="u1", device="d1", minute=9, kind="identify", traits={"level": 2}),
    arrival(5, user="u1", device=None, minute=12, properties={"channel": "search"}),
)


@pytest.mark.slow
async def test_every_order_and_batching_of_the_same_events_gives_the_same_profile(house: House, react: React) -> None:
    async with house.postgres.transaction() as tx:
        await people.import_branches(tx, [people.BranchRow("SH1", "上海一部", "east", city="上海")])
    found: list[dict[str, Any]] = []
    for n, order in enumerate(list(permutations(STORY))[::17]):
        async with house.postgres.transaction() as tx:
            await tx.execute("TRUNCATE customers_customer, customers_alias")
            await tx.execute("DELETE FROM log")
        for start in range(0, len(order), 1 + n % 3):
            await enter(house, *order[start : start + 1 + n % 3])
            await react()
        found.append(await profile(house, ids.customer_of_user("u1")))
    assert all(row == found[0] for row in found)
    assert (found[0]["channel"], found[0]["events"]) == ("advertisement", 5)
    assert found[0]["traits"]["level"] == 2
    assert found[0]["name_masked"] == "王**"
    assert found[0]["branch_id"] is not None


async def test_a_shared_device_belongs_to_the_user_seen_on_it_first(house: House, react: React) -> None:
    await enter(house, arrival(1, user="late", device="d", minute=9))
    await react()
    await enter(house, arrival(2, user="early", device="d", minute=1))
    await react()
    visitor = ids.customer_of_visitor("d")
    async with house.postgres.transaction() as tx:
        assert (await customers.canonical(tx, [visitor]))[visitor] == ids.customer_of_user("early")


async def test_a_service_relation_moves_the_branch_and_keeps_the_past(house: House, react: React) -> None:
    async with house.postgres.transaction() as tx:
        rows = [people.BranchRow(code, code, "east", city=code) for code in ("A", "B")]
        await people.import_branches(tx, rows)
        a, b = [(await people.branch_by_code(tx, code)) for code in ("A", "B")]
        assert a
        assert b
    await enter(house, arrival(1, user="u1", device=None, minute=0, properties={"city": "A"}))
    await react()
    customer = ids.customer_of_user("u1")
    for branch in (a, b):
        async with house.postgres.transaction() as tx:
            now = house.clock.now() + timedelta(hours=1 if branch is b else 0)
            await customers.move_relation(tx, customer, "service", branch.id, None, "test", now)
    async with house.postgres.transaction() as tx:
        assert (await customers.branch_of(tx, [customer]))[customer] == b.id
        then = await customers.relations(tx, customer, house.clock.now() + timedelta(minutes=1))
        assert [r.branch_id for r in then] == [a.id]
        assert [r.branch_id for r in await customers.relations(tx, customer, None)] == [b.id, a.id]


def entries_of(numbers: Sequence[int]) -> list[Entry]:
    made = []
    for n in numbers:
        a = arrival(n, user=f"u{n % 3}", device="d", minute=n % 5, properties={"channel": f"c{n % 4}"})
        made.append(
            Entry("1", n, 0, "tracked", a.name, a.customer_id, a.user_id, a.anonymous_id, a.message_id, a.source,
                  a.trusted, a.occurred_at, a.received_at, a.text)
        )  # fmt: skip
    return made


@given(st.lists(st.integers(0, 30), unique=True, min_size=1), st.randoms())
def test_touches_and_aliases_do_not_depend_on_the_order_within_a_batch(numbers: list[int], random: Any) -> None:
    shuffled = list(numbers)
    random.shuffle(shuffled)
    one, other = rules.touches(entries_of(numbers)), rules.touches(entries_of(shuffled))
    assert [(t.customer_id, t.events, t.first_seen, t.last_seen) for t in one] == [
        (t.customer_id, t.events, t.first_seen, t.last_seen) for t in other
    ]
    assert rules.aliases(entries_of(numbers)) == rules.aliases(entries_of(shuffled))


async def phone_of(house: House, user: str) -> str | None:
    async with house.postgres.transaction() as tx:
        found = await service.contact(tx, house.cipher, ids.customer_of_user(user))
    return found[1] if found else None


def identify(n: int, phone: str, *, trusted: bool = False, minute: int | None = None, **traits: Any) -> Arrival:
    return arrival(n, user="u1", device=None, minute=n if minute is None else minute, kind="identify", trusted=trusted,
                   traits={"phone": phone, **traits})  # fmt: skip


async def test_a_public_key_gives_a_number_to_nobody_who_has_one(house: House, react: React) -> None:
    await enter(house, identify(1, "13800000001"))
    await react()
    assert await phone_of(house, "u1") == "13800000001"
    for minute in (-10_000, 2, 10_000):  # neither an older nor a younger time helps
        await enter(house, identify(minute, "13899999999", minute=minute, tier="private", level=3))
        await react()
    assert await phone_of(house, "u1") == "13800000001"
    await enter(house, identify(3, "13800000003", trusted=True))
    await react()
    assert await phone_of(house, "u1") == "13800000003"
    await enter(house, identify(4, "13899999999"))
    await react()
    assert await phone_of(house, "u1") == "13800000003"
    assert (await profile(house, ids.customer_of_user("u1")))["traits"]["level"] == 3


async def test_an_import_wins_over_what_a_public_key_said_before_and_after(house: House, react: React) -> None:
    await enter(house, identify(1, "13899999999"))
    await react()
    async with house.postgres.transaction() as tx:
        rows = [customers.CustomerRow("u1", phone="13800000001")]
        await customers.import_customers(tx, house.cipher, rows, house.clock.now())
    await enter(house, identify(2, "13899999999"))
    await react()
    assert await phone_of(house, "u1") == "13800000001"


async def test_the_firms_word_wins_within_one_batch_too(house: House, react: React) -> None:
    await enter(house, identify(1, "13800000001", trusted=True), identify(2, "13899999999"))
    await react()
    assert await phone_of(house, "u1") == "13800000001"


async def test_two_rows_of_one_customer_in_one_import_begin_one_relation(house: House) -> None:
    async with house.postgres.transaction() as tx:
        await people.import_branches(tx, [people.BranchRow(c, c, "east") for c in ("SH1", "SH2")])
        first, second = (branch.id for branch in await people.branches(tx))
        rows = [customers.CustomerRow("u1", branch_id=first), customers.CustomerRow("u1", branch_id=second)]
        await customers.import_customers(tx, house.cipher, rows, house.clock.now())
    async with house.postgres.transaction() as tx:
        found = await customers.relations(tx, ids.customer_of_user("u1"), house.clock.now())
        assert [(r.kind, r.branch_id) for r in found] == [("acquisition", second), ("service", second)]
        with pytest.raises(UniqueViolation):
            await tx.execute(
                "INSERT INTO customers_relation (id, customer_id, kind, branch_id, share, valid_from, reason)"
                " SELECT gen_random_uuid(), customer_id, kind, branch_id, share, valid_from, reason"
                " FROM customers_relation"
            )
