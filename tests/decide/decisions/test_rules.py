"""Filling slots: never unsuitable, never nothing where a default is lawful, the same from the same evidence."""

import dataclasses
import random
from datetime import UTC, date, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from bihuan.comply.facade import Investor, match
from bihuan.decide.catalogue.rules import ASSET_CLASSES, GOALS, KINDS, Item, Slot
from bihuan.decide.decisions import rules
from bihuan.decide.decisions.rules import Answer, Known, Ranking

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
TOPICS = ("基金", "新股", "opening", "risk")
RANKING = Ranking(1, 0.5, 0.2, 0.3)
maybe = st.none() | st.integers(0, 5)


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    """A small catalogue of all kinds, some of it half described, and the lawful default `safe`."""
    found = [Item("safe", 1, "content", "默认", "Default", topics=("opening",))]
    for number in range(draw(st.integers(0, 10))):
        found.append(
            Item(
                f"i{number}",
                draw(st.integers(1, 3)),
                draw(st.sampled_from(KINDS)),
                "名",
                "Name",
                risk_level=draw(st.none() | st.integers(1, 5)),
                term_days=draw(st.none() | st.sampled_from([0, 91, 400, 3000])),
                asset_class=draw(st.none() | st.sampled_from(ASSET_CLASSES)),
                goal=draw(st.none() | st.sampled_from(GOALS)),
                permission=draw(st.none() | st.just("star")),
                qualified_only=draw(st.booleans()),
                sale_from=draw(
                    st.sampled_from([None, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)])
                ),
                topics=tuple(draw(st.lists(st.sampled_from(TOPICS), max_size=2, unique=True))),
                weight=draw(st.floats(0, 1)),
                active=draw(st.booleans()),
            )
        )
    return found


@st.composite
def slots(draw: st.DrawFn) -> list[Slot]:
    """A page of slots; some have no default."""
    return [
        Slot(
            f"s{number}",
            number,
            "home",
            "位",
            "Slot",
            "cards",
            draw(st.integers(1, 3)),
            tuple(draw(st.lists(st.sampled_from(KINDS), min_size=1, unique=True))),
            tuple(draw(st.lists(st.sampled_from(TOPICS), max_size=1))),
            draw(st.sampled_from(["safe", None, "i0", "gone"])),
        )
        for number in range(draw(st.integers(1, 4)))
    ]


@st.composite
def knowns(draw: st.DrawFn) -> Known:
    """What is known of somebody: nothing, or an assessment of any sort."""
    investor = Investor(
        level=draw(st.none() | st.integers(1, 5)),
        lowest_category=draw(st.booleans()),
        source=draw(st.sampled_from(["none", "assessed", "predicted"])),
        valid_until=draw(st.sampled_from([None, date(2026, 3, 9), date(2027, 1, 1)])),
        term=draw(st.sampled_from([None, "short", "medium", "long"])),
        kinds=frozenset(draw(st.sets(st.sampled_from(ASSET_CLASSES)))),
        goals=frozenset(draw(st.sets(st.sampled_from(GOALS)))),
        qualified=draw(st.booleans()),
        permissions=frozenset(draw(st.sets(st.just("star")))),
        birth_year=draw(st.none() | st.just(1980)),
    )
    return Known(
        NOW,
        draw(st.none() | st.just(investor)),
        draw(st.booleans()),
        interests=draw(st.dictionaries(st.sampled_from(TOPICS), st.floats(0, 1))),
        asked_topics=tuple(draw(st.lists(st.sampled_from(TOPICS), max_size=1))),
    )


def filled(page: list[Slot], catalogue: list[Item], known: Known) -> list[Answer]:
    return rules.fill(page, catalogue, known, {item.code: 0.7 for item in catalogue[:2]}, RANKING)


@given(slots(), items(), knowns())
def test_whatever_is_shown_is_lawful(page: list[Slot], catalogue: list[Item], known: Known) -> None:
    for answer in filled(page, catalogue, known):
        for one in answer.winners:
            assert one.item.active
            assert one.reasons
            if one.item.offers:
                assert known.personalised
                assert one.item.on_sale(NOW)
                verdict = match(known.investor or Investor(), one.item.product(), date(2026, 3, 10))
                assert verdict.proactive_allowed
            if not answer.by_default:
                assert one.item.kind in answer.slot.kinds


@given(slots(), items(), knowns())
def test_a_slot_is_never_empty_while_its_default_is_lawful(
    page: list[Slot], catalogue: list[Item], known: Known
) -> None:
    for answer in filled(page, catalogue, known):
        assert len(answer.winners) <= answer.slot.capacity
        if answer.slot.default_item == "safe":
            assert answer.winners


@given(slots(), items(), knowns())
def test_every_candidate_has_one_fate_and_the_counts_add_up(
    page: list[Slot], catalogue: list[Item], known: Known
) -> None:
    for answer in filled(page, catalogue, known):
        assert [one.item.code for one in answer.fates] == [item.code for item in catalogue]
        shown = 0 if answer.by_default else len(answer.winners)
        assert sum(answer.fell.values()) + shown == len(catalogue)


@given(slots(), items(), knowns())
def test_nothing_but_functions_is_shown_twice_on_a_page_by_ranking(
    page: list[Slot], catalogue: list[Item], known: Known
) -> None:
    seen: list[str] = []
    for answer in filled(page, catalogue, known):
        if not answer.by_default:
            seen += [one.item.code for one in answer.winners if one.item.kind != "function"]
    assert len(seen) == len(set(seen))


@given(slots(), items(), knowns(), st.randoms(use_true_random=False))
def test_the_order_of_the_catalogue_decides_nothing(
    page: list[Slot], catalogue: list[Item], known: Known, chance: random.Random
) -> None:
    shuffled = list(catalogue)
    chance.shuffle(shuffled)
    before, after = filled_alike(page, catalogue, known), filled_alike(page, shuffled, known)
    assert before == after


def filled_alike(page: list[Slot], catalogue: list[Item], known: Known) -> list[list[str]]:
    answers = rules.fill(page, catalogue, known, {}, RANKING)
    return [[one.item.code for one in answer.winners] for answer in answers]


@given(slots(), items(), knowns())
def test_what_evidence_keeps_gives_the_same_answer_again(page: list[Slot], catalogue: list[Item], known: Known) -> None:
    stored = msgspec.json.encode(known)
    again = msgspec.json.decode(stored, type=Known)
    assert [a.fell for a in filled(page, catalogue, again)] == [a.fell for a in filled(page, catalogue, known)]
    assert filled_alike(page, catalogue, again) == filled_alike(page, catalogue, known)


@given(items(), knowns())
def test_without_personal_data_nobody_s_traits_matter(catalogue: list[Item], known: Known) -> None:
    page = [Slot("s", 1, "home", "位", "Slot", "cards", 5, KINDS, (), "safe")]
    off = dataclasses.replace(known, personalised=False)
    stranger = Known(NOW, asked_topics=known.asked_topics)
    assert filled_alike(page, catalogue, off) == filled_alike(page, catalogue, stranger)


def test_what_somebody_cares_for_comes_first_and_says_why() -> None:
    page = [Slot("s", 1, "home", "位", "Slot", "list", 2, ("content",), (), None)]
    catalogue = [
        Item("a", 1, "content", "甲", "A", topics=("新股",), weight=0.9),
        Item("b", 1, "content", "乙", "B", topics=("基金",), weight=0.5),
    ]
    known = Known(NOW, Investor(), True, interests={"基金": 1.0})
    first, second = rules.fill(page, catalogue, known, {}, RANKING)[0].winners
    assert (first.item.code, first.score, [r.code for r in first.reasons]) == ("b", 0.65, ["interest"])
    assert (second.item.code, [r.code for r in second.reasons]) == ("a", ["editors"])


def test_a_c1_customer_is_not_offered_a_fund_of_r3() -> None:
    page = [Slot("s", 1, "home", "位", "Slot", "banner", 1, ("product", "content"), (), "safe")]
    safe = Item("safe", 1, "content", "默认", "Default")
    fund = Item("f", 1, "product", "基", "Fund", risk_level=3, term_days=0, asset_class="equity", goal="growth")
    c1 = Investor(level=1, source="assessed", valid_until=date(2027, 1, 1), term="long",
                  kinds=frozenset(ASSET_CLASSES), goals=frozenset(GOALS), birth_year=1950)  # fmt: skip
    answer = rules.fill(page, [safe, fund], Known(NOW, c1, True), {}, RANKING)[0]
    assert [one.item.code for one in answer.winners] == ["safe"]
    assert answer.fell == {"above-level": 1}
    c3 = msgspec.convert({**msgspec.to_builtins(c1), "level": 3}, Investor)
    answer = rules.fill(page, [safe, fund], Known(NOW, c3, True), {}, RANKING)[0]
    assert answer.winners[0].item.code in ("safe", "f")
    assert answer.fates[1].eligible
