"""Finding what must not be said."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import bihuan.comply.wording
from bihuan.comply.wording.rules import SEVERITIES, Watched, lint, reduce
from bihuan.comply.wording.variants import SIMPLIFIED

FILE = Path(bihuan.comply.wording.__file__).parent / "phrases.yaml"
GROUPS = yaml.safe_load(FILE.read_text("utf-8"))
PHRASES = [
    Watched(
        None,
        phrase["phrase"],
        group["severity"],
        group["category"],
        group["reason"],
        group["reason_en"],
        group["context"],
        tuple(phrase.get("unless", ())),
    )
    for group in GROUPS
    for phrase in group["phrases"]
]
CHINESE = [p for p in PHRASES if not p.phrase.isascii()]
TRADITIONAL = {simplified: traditional for traditional, simplified in SIMPLIFIED.items()}
INVISIBLE = ["​", "‌", "‍", "⁠", "﻿", "­", " ", "\t", "　", "*", "-", "·"]


def found(text: str, context: str = "questionnaire") -> set[str]:
    return {hit.phrase for hit in lint(text, PHRASES, context)}


@pytest.mark.parametrize("watched", PHRASES, ids=lambda p: p.phrase)
def test_every_phrase_is_found_as_it_stands(watched: Watched) -> None:
    assert watched.severity in SEVERITIES
    assert watched.phrase in found(f"您好 {watched.phrase} 谢谢")


@given(st.sampled_from(CHINESE), st.lists(st.sampled_from(INVISIBLE), min_size=1, max_size=4))
def test_what_is_put_between_does_not_hide_it(watched: Watched, between: list[str]) -> None:
    assert watched.phrase in found("".join(between).join(watched.phrase))


@given(st.sampled_from(CHINESE))
def test_traditional_characters_do_not_hide_it(watched: Watched) -> None:
    assert watched.phrase in found("".join(TRADITIONAL.get(char, char) for char in watched.phrase))


@given(st.sampled_from(PHRASES), st.booleans())
def test_width_and_case_do_not_hide_it(watched: Watched, upper: bool) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in watched.phrase)
    assert watched.phrase in found(wide.upper() if upper else wide)


@given(st.text(max_size=200))
def test_a_hit_quotes_the_text(text: str) -> None:
    for hit in lint(text + "稳赚 risk-free", PHRASES):
        assert (text + "稳赚 risk-free")[hit.start : hit.end] == hit.found
        assert hit.start < hit.end


@given(st.text(max_size=100))
def test_reduced_places_rise(text: str) -> None:
    reduced = reduce(text)
    assert len(reduced.text) == len(reduced.places)
    assert list(reduced.places) == sorted(reduced.places)


@pytest.mark.parametrize(
    "text",
    [
        "本产品为非保本浮动收益产品，不保本，不承诺收益。",
        "投资有风险，入市需谨慎。",
        "我们确保本周内完成审核。",
        "请确保本人操作。",
        "投保本金以合同为准",
        "以无风险利率为基准",
        "请问有没有风险？",
        "我们没有内部消息，也不提供内幕消息",
        "The principal is not guaranteed. There are no guaranteed returns.",
        "whatsure profits matter",
        "Compare with the risk-free rate.",
        "佣金以合同为准，客户经理会与您联系。",
        "手机号收不到验证码时，请检查短信拦截。",
        "",
    ],
)
def test_honest_words_may_leave(text: str) -> None:
    assert lint(text, PHRASES) == []


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("这只产品穩 賺 不賠", "稳赚"),
        ("保​本保息", "保本"),
        ("確保本金安全", "确保本金"),
        ("开户即享零佣金", "零佣金"),
        ("开户０佣金", "0佣金"),
        ("我有内·部·消·息", "内部消息"),
        ("It is risk-free, believe me", "risk free"),
        ("ＧＵＡＲＡＮＴＥＥＤ  RETURNS", "guaranteed returns"),
        ("不用担心。稳赚", "稳赚"),
    ],
)
def test_dishonest_words_are_found(text: str, phrase: str) -> None:
    hits = [hit for hit in lint(text, PHRASES) if hit.phrase == phrase]
    assert [hit.severity for hit in hits] == ["block"]


def test_across_two_sentences_it_is_only_a_warning() -> None:
    hits = lint("请一定办好担。保。本月见", [Watched(None, "保本", "block", "promise", "", "")])
    assert [hit.severity for hit in hits] == ["warn"]


def test_answers_are_watched_for_at_the_questionnaire_only() -> None:
    assert found("这题选C就行") == {"选C"}
    assert found("这题选C就行", context="any") == set()


def test_every_occurrence_is_told() -> None:
    assert len(lint("稳赚稳赚，稳赚", PHRASES)) == 3


@given(st.sampled_from(sorted(SIMPLIFIED)))
def test_simplifying_is_done_once(char: str) -> None:
    assert SIMPLIFIED.get(SIMPLIFIED[char], SIMPLIFIED[char]) == SIMPLIFIED[char]
