"""The SQL of funnels against its plain definition, on the real engine."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.kit import ids
from bihuan.measure.facade import FunnelQuery, Group, Step, funnel, parse_steps, parse_window
from bihuan.measure.funnels.repository import behind, event_names, event_properties
from bihuan.measure.funnels.rules import Mark, walk

if TYPE_CHECKING:
    from tests.measure.conftest import Archive

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Event = tuple[UUID, str, datetime, dict[str, object]]


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def customer(n: int) -> UUID:
    return ids.customer_of_user(f"u{n}")


async def test_counts_conversions_and_waits(archive: Archive) -> None:
    a, b, c = customer(1), customer(2), customer(3)
    await archive.write(
        [
            (a, "visit", at(0), {}),
            (a, "submit", at(10), {}),
            (a, "open", at(30), {}),
            (b, "visit", at(0), {}),
            (b, "submit", at(40), {}),
            (c, "submit", at(0), {}),
            (c, "visit", at(1), {}),
        ]
    )
    found = await funnel(archive.clickhouse, FunnelQuery(("visit", "submit", "open"), timedelta(hours=1)))
    assert found.steps == (
        Step("visit", 3, 3, 3, None),
        Step("submit", 2, 3, 3, 25.0),
        Step("open", 1, 3, 2, 20.0),
    )
    assert found.steps[2].conversion == pytest.approx(1 / 3)
    assert found.steps[2].step_conversion == 0.5


async def test_the_last_moment_of_the_window_counts_and_the_next_does_not(archive: Archive) -> None:
    await archive.write([(customer(1), "visit", at(0), {}), (customer(1), "open", at(60), {})])
    await archive.write([(customer(2), "visit", at(0), {}), (customer(2), "open", at(60.001), {})])
    found = await funnel(archive.clickhouse, FunnelQuery(("visit", "open"), timedelta(seconds=60)))
    assert [step.customers for step in found.steps] == [2, 1]


async def test_an_empty_archive_is_a_funnel_of_zeros(archive: Archive) -> None:
    found = await funnel(archive.clickhouse, FunnelQuery(("visit", "open"), by="channel"))
    assert found.steps == (Step("visit", 0, 0, 0, None), Step("open", 0, 0, 0, None))
    assert found.steps[1].conversion is None
    assert found.breakdown == ()


NAMES = st.sampled_from("ABC")
MOMENTS = st.integers(0, 12)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    events = draw(st.lists(st.tuples(st.integers(0, 3), NAMES, MOMENTS, st.sampled_from("xy")), max_size=30))
    return [(customer(n), name, at(moment), {"p": value}) for n, name, moment, value in events]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    events=histories(),
    steps=st.lists(NAMES, min_size=1, max_size=5),
    window=st.integers(1, 14),
    since=st.none() | MOMENTS,
    until=st.none() | MOMENTS,
)
async def test_it_is_the_plain_definition(
    archive: Archive, events: list[Event], steps: list[str], window: int, since: int | None, until: int | None
) -> None:
    await archive.empty()
    await archive.write(events)
    query = FunnelQuery(
        tuple(steps),
        timedelta(seconds=window),
        since=None if since is None else at(since),
        until=None if until is None else at(until),
    )
    found = await funnel(archive.clickhouse, query)

    chains = [chain for chain in expected(query, events) if chain]
    reached = [sum(len(chain) > k for chain in chains) for k in range(len(steps))]
    waits = [
        median((chain[k] - chain[k - 1]).total_seconds() for chain in chains if len(chain) > k)
        if k and reached[k]
        else None
        for k in range(len(steps))
    ]
    assert [step.customers for step in found.steps] == reached
    assert [step.median_seconds for step in found.steps] == pytest.approx(waits)


def expected(query: FunnelQuery, events: list[Event]) -> list[list[datetime]]:
    by_customer: dict[UUID, dict[str, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for who, name, moment, _ in sorted(events, key=lambda e: e[2]):
        if query.since is None or moment >= query.since:
            by_customer[who][name].append(moment)
    return [walk(query.steps, query.window, times, query.until) for times in by_customer.values()]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=histories(), steps=st.lists(NAMES, min_size=1, max_size=3, unique=True), window=st.integers(1, 14))
async def test_the_engines_own_funnel_counts_the_same(
    archive: Archive, events: list[Event], steps: list[str], window: int
) -> None:
    await archive.empty()
    await archive.write(events)
    found = await funnel(archive.clickhouse, FunnelQuery(tuple(steps), timedelta(seconds=window)))

    conditions = ", ".join(f"name = '{name}'" for name in steps)
    levels = await archive.clickhouse.query(
        f"SELECT windowFunnel({window * 1000})(toUInt64(toUnixTimestamp64Milli(occurred_at)), {conditions}) AS level"
        " FROM events GROUP BY customer_id"
    )
    reached = [sum(row["level"] > k for row in levels) for k in range(len(steps))]
    assert [step.customers for step in found.steps] == reached


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=histories(), steps=st.lists(NAMES, min_size=1, max_size=3), values=st.integers(1, 13))
async def test_a_breakdown_is_by_the_first_step_and_adds_up(
    archive: Archive, events: list[Event], steps: list[str], values: int
) -> None:
    await archive.empty()
    kind = {at(moment): f"v{moment % values:02}" for moment in range(13)}
    await archive.write([(who, name, moment, {"kind": kind[moment]}) for who, name, moment, _ in events])
    query = FunnelQuery(tuple(steps), timedelta(seconds=5), by="kind")
    found = await funnel(archive.clickhouse, query)

    chains = [chain for chain in expected(query, events) if chain]
    counts = Counter(kind[chain[0]] for chain in chains)
    shown = sorted(counts, key=lambda value: (-counts[value], value))[:10]
    assert [group.value for group in found.breakdown if not group.is_other] == shown
    for group in found.breakdown:
        own = [
            chain
            for chain in chains
            if (kind[chain[0]] == group.value) or (group.is_other and kind[chain[0]] not in shown)
        ]
        assert [step.customers for step in group.steps] == [sum(len(c) > k for c in own) for k in range(len(steps))]
    for k, step in enumerate(found.steps):
        assert step.customers == sum(group.steps[k].customers for group in found.breakdown)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=histories(), steps=st.lists(NAMES, min_size=1, max_size=3), page=st.integers(1, 5))
async def test_behind_each_bar_stand_those_who_were_counted(
    archive: Archive, events: list[Event], steps: list[str], page: int
) -> None:
    await archive.empty()
    await archive.write(events)
    query = FunnelQuery(tuple(steps), timedelta(seconds=5), by="p")
    found = await funnel(archive.clickhouse, query)

    async def stand(mark: Mark) -> list[tuple[UUID, datetime, datetime]]:
        rows: list[tuple[UUID, datetime, datetime]] = []
        while more := await behind(archive.clickhouse, query, mark, (rows[-1][1], rows[-1][0]) if rows else None, page):
            rows += [(row["customer_id"], row["first_at"], row["last_at"]) for row in more]
        return rows

    for k, step in enumerate(found.steps, start=1):
        reached = await stand(Mark(k))
        assert len({who for who, _, _ in reached}) == len(reached) == step.customers
        assert all(first <= last <= first + query.window for _, first, last in reached)
        assert [first for _, first, _ in reached] == sorted((first for _, first, _ in reached), reverse=True)
        if k > 1:
            assert len(await stand(Mark(k, lost=True))) == step.previous - step.customers
        for group in found.breakdown:
            if group.value is not None and not group.is_other:
                assert len(await stand(Mark(k, value=group.value))) == group.steps[k - 1].customers


async def test_a_visitor_who_becomes_a_user_is_one_customer(archive: Archive) -> None:
    visitor, user = ids.customer_of_visitor("device"), ids.customer_of_user("u1")
    await archive.write([(visitor, "visit", at(0), {"channel": "ad"}), (user, "open", at(60), {})])
    query = FunnelQuery(("visit", "open"), timedelta(hours=1), by="channel")
    assert [s.customers for s in (await funnel(archive.clickhouse, query)).steps] == [1, 0]
    await archive.merge(visitor, user, at(30))
    found = await funnel(archive.clickhouse, query)
    assert [s.customers for s in found.steps] == [1, 1]
    assert found.breakdown == (Group("ad", False, found.steps),)


async def test_properties_of_every_kind_can_break_a_funnel_down(archive: Archive) -> None:
    kinds: list[tuple[object, str | None]] = [
        ('手机 "x"', '手机 "x"'),
        ("", ""),
        (20000, "20000"),
        (1.5, "1.5"),
        (True, "true"),
        (None, None),
        ([1, 2], "[1,2]"),
    ]
    for n, (value, _) in enumerate(kinds):
        await archive.write([(customer(n), "visit", at(0), {"p": value})])
    await archive.write([(customer(99), "visit", at(0), {})])
    found = await funnel(archive.clickhouse, FunnelQuery(("visit",), by="p"))
    assert {group.value for group in found.breakdown} == {text for _, text in kinds}
    assert next(group for group in found.breakdown if group.value is None).steps[0].customers == 2


async def test_many_values_are_ten_and_the_others(archive: Archive) -> None:
    await archive.write([(customer(n), "visit", at(0), {"p": f"v{min(n, 11)}"}) for n in range(20)])
    found = await funnel(archive.clickhouse, FunnelQuery(("visit",), by="p"))
    assert [group.is_other for group in found.breakdown] == [False] * 10 + [True]
    assert found.breakdown[0].value == "v11"
    assert found.breakdown[-1].steps[0].customers == 2
    assert found.steps[0].customers == 20


async def test_a_fact_and_the_context_can_be_asked_too(archive: Archive) -> None:
    await archive.write([(customer(1), "visit", at(0), {})])
    await archive.tell(customer(2), "understand:opening:stuck", at(0), step="video")
    assert (await funnel(archive.clickhouse, FunnelQuery(("understand:opening:stuck",), by="step"))).breakdown[
        0
    ].value == "video"
    assert (await funnel(archive.clickhouse, FunnelQuery(("visit",), by="context.device.type"))).breakdown[
        0
    ].value == "ios"


async def test_as_many_steps_as_are_allowed(archive: Archive) -> None:
    steps = tuple(f"s{n % 9}" for n in range(16))
    await archive.write([(customer(1), name, at(n), {}) for n, name in enumerate(steps)])
    found = await funnel(archive.clickhouse, FunnelQuery(steps, timedelta(hours=1)))
    assert [step.customers for step in found.steps] == [1] * 16


async def test_names_and_properties_to_choose_from(archive: Archive) -> None:
    await archive.write([(customer(n), "visit", at(n), {"channel": "ad", "id": f"secret{n}"}) for n in range(6)])
    await archive.tell(customer(1), "understand:opening:stuck", at(9), step="video")
    names = await event_names(archive.clickhouse, "")
    assert [(row["name"], row["kind"], row["events"], row["customers"]) for row in names] == [
        ("visit", "tracked", 6, 6),
        ("understand:opening:stuck", "fact", 1, 1),
    ]
    assert names[0]["last_at"] == at(5)
    assert [row["name"] for row in await event_names(archive.clickhouse, "STUCK")] == ["understand:opening:stuck"]
    assert await event_properties(archive.clickhouse, "visit") == [
        {"name": "channel", "events": 6, "sampled": 6, "values": 1, "examples": ["ad"]},
        {"name": "id", "events": 6, "sampled": 6, "values": 6, "examples": []},
    ]


async def test_periods_beyond_all_events_hold_them_all(archive: Archive) -> None:
    await archive.write([(customer(1), "visit", at(0), {}), (customer(1), "open", at(5), {})])
    ever = FunnelQuery(("visit", "open"), since=datetime(1, 1, 2, tzinfo=UTC), until=datetime(9999, 12, 30, tzinfo=UTC))
    never = FunnelQuery(("visit", "open"), until=datetime(1, 1, 2, tzinfo=UTC))
    assert [step.customers for step in (await funnel(archive.clickhouse, ever)).steps] == [1, 1]
    assert [step.customers for step in (await funnel(archive.clickhouse, never)).steps] == [0, 0]


@pytest.mark.slow
async def test_the_loan_funnel_known_from_public_data(archive: Archive) -> None:
    path = SHARED / "bpi2012_loan_funnel" / "bpi2012_events.csv.gz"
    if not path.exists():
        pytest.skip(f"the public data set is not at {path}")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        events = [
            (
                ids.customer_of_user(row["case_id"]),
                row["activity"],
                datetime.fromisoformat(row["timestamp"]),
                {"lifecycle": row["lifecycle"]},
            )
            for row in csv.DictReader(file)
        ]
    await archive.write(events)
    steps = "A_SUBMITTED,A_PARTLYSUBMITTED,A_PREACCEPTED,A_ACCEPTED,A_FINALIZED,O_SENT_BACK,A_APPROVED"
    found = await funnel(archive.clickhouse, FunnelQuery(parse_steps(steps), parse_window("365d")))
    assert [step.customers for step in found.steps] == [9161, 9161, 5168, 3565, 3497, 2270, 1535]
