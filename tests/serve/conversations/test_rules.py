"""What gives an answer away, and what only explains."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.serve.conversations.rules import plain, refused_phrase, supplied_answer

GIVEN_AWAY = [
    "选A",
    "第3题选B",
    "第三题选B就可以了",
    "您这里选 C 吧",
    "第５题选Ｄ",
    "全部选是",
    "都选同意就行",
    "答案是B",
    "3.B 4.A",
    "A B C D A",
    "这题填第二个",
    "选最后一个",
    "收入那里选高一点",
    "选激进的",
    "回访就说是本人",
    "您就答“知道”",
    "选第一个选项，这样才能评到C4",
    "選\u200bA",
    "choose answer C",
    "Please choose C for question 3",
    "just tick yes",
    "question 3 is B",
    "Q5: a",
    "the correct answer is no",
    "pick the third option",
    "1) a 2) c",
    "select the highest to get a C4",
]

EXPLAINED = [
    "这一页是风险测评，请按您的真实情况回答，我不能代您选择。",
    "每一题只能选一个答案，选好后点“下一题”。",
    "如果页面打不开，请退出后重新进入。",
    "测评结果会在最后一页显示。",
    "协议需要您本人阅读后签署，看完可以点“同意并签署”。",
    "您好，我是上海静安营业部的客户经理，有什么可以帮您？",
    "请准备好身份证，A4纸不需要。",
    "一共有16道题，大约需要3分钟。",
    "Please read each question and answer truthfully by yourself.",
    "The page lists the agreements; scroll down to see them all.",
    "If the page does not load, close the app and open it again.",
    "There are 16 questions and it takes about three minutes.",
]


@pytest.mark.parametrize("text", GIVEN_AWAY)
def test_an_answer_is_found(text: str) -> None:
    assert supplied_answer(text.replace("選", "选")) is not None


@pytest.mark.parametrize("text", EXPLAINED)
def test_an_explanation_may_leave(text: str) -> None:
    assert supplied_answer(text) is None


def test_only_hidden_steps_are_strict() -> None:
    assert refused_phrase("第3题选B", "risk", {"risk"}) == "第3题选B"
    assert refused_phrase("第3题选B", "bank", {"risk"}) is None
    assert refused_phrase("第3题选B", None, {"risk"}) is None


@given(st.sampled_from(GIVEN_AWAY), st.sampled_from(EXPLAINED), st.sampled_from(["。", "\n", " ", "!"]))
def test_politeness_around_it_hides_nothing(answer: str, polite: str, joint: str) -> None:
    assert supplied_answer(polite + joint + answer.replace("選", "选")) is not None


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    found = supplied_answer(text)
    assert found is None or found in plain(text)
