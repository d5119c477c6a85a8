"""The gate before the bot, and search."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.serve.knowledge.rules import Hit, best, is_valid, language_of, left_to_people, plain
from bihuan.serve.knowledge.search import Index, Phrase, terms

ADVICE = [
    "这只股票能买吗",
    "推荐几只股票",
    "明天大盘会涨吗",
    "茅台现在可以买吗",
    "600519怎么样",
    "要不要割肉",
    "哪只基金好",
    "现在是抄底的时候吗",
    "买什么基金好",
    "中签的新股什么时候卖",
    "新能源还能拿吗",
    "茅 台 能 买 吗",
    "这只股票　能\u200b买吗？",
    "手里的票要不要跑",
    "should I buy Tesla",
    "Which fund should I pick?",
    "is now a good time to sell",
    "will the market go up tomorrow",
    "recommend me a stock",
    "what should I invest in",
]
OTHERS = [
    ("我要投诉", "complaint"),
    ("转人工", "person"),
    ("I want to talk to a person", "person"),
    ("我的钱为什么少了", "personal"),
    ("you cheated me, I will complain", "complaint"),
]
BOTS = [
    "佣金多少",
    "收不到验证码",
    "转不进钱",
    "中签缴款",
    "忘记密码",
    "当天买的股票能卖吗",
    "can I sell shares bought today",
    "怎么开通科创板",
    "最少买多少股",
    "how much is the commission",
    "卖了股票钱为什么转不出来",
    "人工客服时间",
]


@pytest.mark.parametrize("text", ADVICE)
def test_what_to_buy_or_sell_is_for_people(text: str) -> None:
    assert left_to_people(text) == "advice"


@pytest.mark.parametrize(("text", "reason"), OTHERS)
def test_some_things_are_for_people(text: str, reason: str) -> None:
    assert left_to_people(text) == reason


@pytest.mark.parametrize("text", BOTS)
def test_rules_and_how_to_are_the_bots(text: str) -> None:
    assert left_to_people(text) is None


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert left_to_people(text) in (None, "advice", "complaint", "person", "personal")
    assert language_of(text) in ("zh", "en")
    assert plain(plain(text)) == plain(text)


@given(st.sampled_from(ADVICE), st.text(alphabet="，。 \u200b!?", max_size=6))
def test_marks_around_it_hide_nothing(text: str, marks: str) -> None:
    assert left_to_people(marks + text + marks) == "advice"


hits = st.builds(Hit, st.integers(1, 5), st.just("p"), st.floats(0, 1))


@given(st.lists(hits), st.floats(0, 1))
def test_only_the_nearest_answers_and_only_when_near(found: list[Hit], threshold: float) -> None:
    top = best(found, threshold)
    if top is None:
        assert all(hit.score < threshold for hit in found)
    else:
        assert top.score >= threshold
        assert top.score == max(hit.score for hit in found)


DAY = date(2026, 3, 10)
days = st.none() | st.integers(-5, 5).map(lambda n: DAY + timedelta(days=n))


@given(days, days)
def test_an_entry_is_valid_on_its_first_and_last_day(first: date | None, last: date | None) -> None:
    expected = not (first and first > DAY) and not (last and last < DAY)
    assert is_valid(first, last, DAY) is expected


PHRASES = [Phrase(UUID(int=n), text) for n, text in enumerate(["佣金多少", "忘记密码怎么办", "reset my password"], 1)]


def test_the_very_words_are_nearest() -> None:
    index = Index(PHRASES)
    for phrase in PHRASES:
        top = index.nearest(phrase.text)[0]
        assert top.entry_id == phrase.entry_id
        assert top.score > 0.99


@given(st.text(max_size=60))
def test_scores_are_cosines(text: str) -> None:
    found = Index(PHRASES).nearest(text)
    assert all(0 < hit.score <= 1 for hit in found)
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_an_empty_shelf_answers_nothing() -> None:
    assert Index([]).nearest("佣金多少") == []


def test_words_that_only_ask_do_not_count() -> None:
    assert terms("请问怎么办呢") == "请问怎么办呢"  # nothing else is left
    assert terms("请问忘记密码怎么办呢") == "忘记密码"
