"""The language of segments: what it refuses, and that it says the same of one customer as of all."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bihuan.kit import ids
from bihuan.kit.house import House
from bihuan.understand.segments import sql
from bihuan.understand.segments.rules import (
    DEEPEST,
    MOST_PARTS,
    Deed,
    Known,
    RuleFault,
    circle,
    matches,
    parse,
    segments_in,
)
from bihuan.understand.segments.sql import condition
from bihuan.understand.tags import archive
from bihuan.understand.tags.definitions import catalogue

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
SEGMENTS = (UUID(int=7), UUID(int=8))
NAMES = ("App Opened", "Order Placed", "trade:filled")
LEVELS = {"age_band": ["b0", "b1", "b2"], "stage": ["new", "valid", "silent"]}

moments = st.integers(0, 60 * 24 * 40).map(lambda minutes: NOW - timedelta(minutes=minutes))
deeds = st.builds(
    Deed,
    st.sampled_from(NAMES),
    moments,
    st.fixed_dictionaries({"amount": st.integers(0, 5).map(float), "screen": st.sampled_from(["", "news", "me"])}),
)
tag_values = st.fixed_dictionaries(
    {
        "age_band": st.one_of(st.none(), st.sampled_from(LEVELS["age_band"])),
        "stage": st.one_of(st.none(), st.sampled_from(LEVELS["stage"])),
        "senior": st.one_of(st.none(), st.sampled_from([0, 1])),
        "cash_share": st.one_of(st.none(), st.sampled_from([0.0, 0.5, 1.0])),
        "first_deposit": st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 3, 1))),
        "content": st.one_of(st.none(), st.sampled_from(["科技", "科技|医药", "银行"])),
    }
)
known = st.builds(
    Known, tag_values, st.lists(deeds, max_size=8), st.lists(st.sampled_from(SEGMENTS), unique=True, max_size=2)
)

signs = st.sampled_from(["<", "<=", "=", ">=", ">"])
leaves = st.one_of(
    st.sampled_from(sorted(LEVELS)).flatmap(
        lambda tag: st.fixed_dictionaries(
            {"tag": st.just(tag), "op": st.just("is"), "value": st.sampled_from(LEVELS[tag])}
        )
    ),
    st.sampled_from(sorted(LEVELS)).flatmap(
        lambda tag: st.fixed_dictionaries(
            {"tag": st.just(tag), "op": st.just("in"), "value": st.lists(st.sampled_from(LEVELS[tag]), max_size=2)}
        )
    ),
    st.fixed_dictionaries({"tag": st.just("senior"), "op": st.just("is"), "value": st.booleans()}),
    st.fixed_dictionaries({"tag": st.just("cash_share"), "op": signs, "value": st.sampled_from([0.0, 0.5, 1.0])}),
    st.fixed_dictionaries({"tag": st.just("first_deposit"), "op": signs, "value": st.just("2026-02-01")}),
    st.fixed_dictionaries(
        {"tag": st.just("content"), "op": st.just("has"), "value": st.sampled_from(["科技", "医药"])}
    ),
    st.fixed_dictionaries(
        {"tag": st.sampled_from(["senior", "content", "stage"]), "op": st.sampled_from(["known", "unknown"])}
    ),
    st.fixed_dictionaries(
        {"did": st.sampled_from(NAMES), "op": signs, "value": st.integers(0, 3)},
        optional={
            "within_days": st.integers(1, 40),
            "sum": st.just("amount"),
            "where": st.lists(
                st.one_of(
                    st.fixed_dictionaries(
                        {"property": st.just("screen"), "op": st.just("="), "value": st.just("news")}
                    ),
                    st.fixed_dictionaries({"property": st.just("amount"), "op": signs, "value": st.integers(0, 5)}),
                ),
                max_size=2,
            ),
        },
    ),
    st.fixed_dictionaries(
        {"first": st.sampled_from(NAMES), "then": st.sampled_from(NAMES), "within_hours": st.sampled_from([1, 24, 72])},
        optional={"happened": st.booleans(), "within_days": st.integers(1, 40)},
    ),
    st.fixed_dictionaries({"segment": st.sampled_from(SEGMENTS).map(str)}),
)
rules = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=6,
)


async def put(house: House, people: list[Known]) -> None:
    """People of whom this is known, as the tables hold them; a half of their deeds came from another device."""
    for table in ("tag_t", "deed", "behaviour", "segment_member", "customer_alias"):
        await house.clickhouse.command(f"TRUNCATE TABLE IF EXISTS {table}")
    tagged, told, members, aliases = [], [], [], []
    for n, one in enumerate(people):
        user, visitor = ids.customer_of_user(f"u{n}"), ids.customer_of_visitor(f"v{n}")
        aliases.append([visitor, user, NOW])
        tagged.append([user, 1, *(one.tags.get(tag.code) for tag in catalogue().tags)])
        members += [[segment, user, 1, True] for segment in one.segments]
        for m, deed in enumerate(one.deeds):
            who = visitor if m % 2 else user
            told.append([who, deed.at, deed.name, deed.properties["screen"], deed.properties["amount"], NOW])
    columns = ["customer_id", "version", *(tag.column for tag in catalogue().tags)]
    await house.clickhouse.insert("tag_t", columns, tagged, {})
    await house.clickhouse.insert("customer_alias", ["from_id", "to_id", "at"], aliases, {})
    if told:
        named = ["customer_id", "at", "name", "screen", "amount", "received_at"]
        await house.clickhouse.insert("behaviour", named, told, {})
    if members:
        await house.clickhouse.insert(
            "segment_member", ["segment_id", "customer_id", "version", "present"], members, {}
        )


@pytest.mark.slow
async def test_all_and_one_agree_on_any_rule_and_any_people(house: House) -> None:
    await agree_on_everything(house)


@pytest.mark.slow
async def test_a_condition_that_forgets_merged_devices_is_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "_USER", "own")
    with pytest.raises(AssertionError):
        await agree_on_everything(house)


async def agree_on_everything(house: House) -> None:
    await archive.make(house.clickhouse, catalogue(), "tag_t")
    loop = asyncio.get_running_loop()

    @settings(
        max_examples=150,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],  # the rule is small enough as it is
    )
    @given(st.lists(known, min_size=4, max_size=12), st.lists(rules, min_size=6, max_size=6))
    def agree(people: list[Known], told: list[Any]) -> None:
        asyncio.run_coroutine_threadsafe(compared(people, told), loop).result()

    async def compared(people: list[Known], told: list[Any]) -> None:
        await put(house, people)
        for one in told:
            rule = parse(one, catalogue())
            where, params = condition(rule, catalogue(), NOW)
            rows = await house.clickhouse.query(f"SELECT customer_id FROM tag_t FINAL WHERE {where}", params)
            found = {row["customer_id"] for row in rows}
            expected = {ids.customer_of_user(f"u{n}") for n, who in enumerate(people) if matches(rule, who, NOW)}
            assert found == expected, one

    await asyncio.to_thread(agree)


def test_a_rule_that_did_not_look_at_the_window_would_be_found() -> None:
    """The control: one day makes a difference that `matches` sees."""
    rule = parse({"did": "App Opened", "within_days": 1}, catalogue())
    early, late = NOW - timedelta(days=2), NOW - timedelta(hours=2)
    assert not matches(rule, Known({}, [Deed("App Opened", early, {})]), NOW)
    assert matches(rule, Known({}, [Deed("App Opened", late, {})]), NOW)


def nested(depth: int, leaf: Callable[[], Any]) -> Any:
    told = leaf()
    for _ in range(depth):
        told = {"not": told}
    return told


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (nested(2 * DEEPEST + 1, lambda: {"did": "a"}), "nested"),
        (nested(20_000, lambda: {"did": "a"}), "nested"),
        ({"all": [{"did": "a"}] * (MOST_PARTS + 1)}, "parts"),
        ({"all": []}, "at least 1"),
        ({"tag": "no such", "op": "known"}, "no tag"),
        ({"tag": "senior", "op": ">", "value": 1}, "compare it by is"),
        ({"tag": "cash_share", "op": ">", "value": "much"}, "cannot be compared"),
        ({"tag": "cash_share", "op": ">", "value": float("nan")}, "value"),
        ({"tag": "age_band", "op": "in", "value": ["b99"]}, "cannot be compared"),
        ({"tag": "first_deposit", "op": ">", "value": "yesterday"}, "cannot be compared"),
        ({"did": "a", "where": [{"property": "screen", "op": ">", "value": "x"}]}, "text"),
        ({"did": "a", "where": [{"property": "amount", "op": ">", "value": "x"}]}, "number"),
        ({"did": "a", "where": [{"property": "1; DROP TABLE log", "op": "=", "value": "x"}]}, "Input should be"),
        ({"did": "a", "tag": "b"}, "tag, did"),
        ({"fits": 1}, "none"),
        ([], "object"),
        ("all", "object"),
        (None, "object"),
    ],
)
def test_a_senseless_rule_is_refused_with_what_to_change(told: Any, said: str) -> None:
    with pytest.raises(RuleFault, match=said):
        parse(told, catalogue())


json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["all", "any", "not", "tag", "did", "op", "value", "first", "x"]), inner, max_size=3
        ),
    ),
    max_leaves=10,
)


@given(json)
def test_any_json_is_a_rule_or_a_clear_refusal(told: Any) -> None:
    with suppress(RuleFault):
        matches(parse(told, catalogue()), Known({}, []), NOW)


@given(st.dictionaries(st.integers(0, 6), st.sets(st.integers(0, 6), max_size=3)))
def test_a_circle_is_found_exactly_when_there_is_one(edges: dict[int, set[int]]) -> None:
    asks = {UUID(int=a): [UUID(int=b) for b in bs] for a, bs in edges.items()}
    reach: set[int] = set()
    waiting = list(edges.get(0, ()))
    while waiting:
        at = waiting.pop()
        if at not in reach:
            reach.add(at)
            waiting += edges.get(at, ())
    found = circle(UUID(int=0), asks)
    assert (found is not None) == (0 in reach)
    if found:
        assert all(b in asks[a] for a, b in pairwise(found))


def test_the_segments_that_a_rule_asks_for_are_known() -> None:
    rule = parse({"all": [{"segment": str(SEGMENTS[0])}, {"not": {"segment": str(SEGMENTS[1])}}]}, catalogue())
    assert segments_in(rule) == frozenset(SEGMENTS)
