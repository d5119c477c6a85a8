"""How staff work and customers judge, and what is said in chats."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bihuan.sim.behaviour import questions, serving
from bihuan.sim.behaviour.agenda import Agenda
from bihuan.sim.behaviour.parameters import STEPS, AdvisorHabits, Questions

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)
HABITS = AdvisorHabits()


@given(rng=seeds, wait=st.floats(0, 36_000), solved=st.booleans())
def test_ratings_are_between_one_and_five_stars(rng, wait, solved):
    assert 1 <= serving.stars(wait, solved, rng) <= 5


@given(seed=st.integers(0, 2**32 - 1), wait=st.floats(0, 3600), more=st.floats(0, 3600))
def test_waiting_longer_never_pleases(seed, wait, more):
    soon = serving.stars(wait, True, np.random.default_rng(seed))
    late = serving.stars(wait + more, True, np.random.default_rng(seed))
    unsolved = serving.stars(wait, False, np.random.default_rng(seed))
    assert late <= soon
    assert unsolved <= soon


@given(rng=seeds, count=st.integers(0, 80), share=st.floats(0, 1))
def test_exactly_the_share_is_at_work(rng, count, share):
    working = serving.at_work(count, share, rng)
    assert len(working) == round(count * share)
    assert working <= set(range(count))


@given(rng=seeds, busy=st.integers(0, 5))
def test_every_delay_is_positive(rng, busy):
    assert serving.reply_delay(HABITS, busy, rng) > 0
    assert serving.desk_delay(HABITS, rng) > 0
    assert serving.call_time(HABITS, True, rng) > 0
    assert serving.call_time(HABITS, False, rng) > 0
    assert serving.wrap_time(HABITS, rng) > 0
    assert serving.patience_with_answer(Questions(), rng) > 0
    assert (serving.claim_delay(HABITS, rng) or 1) > 0


@given(hour=st.floats(0, 23.99))
def test_somebody_of_each_branch_works_all_through_the_sessions_and_nobody_at_night(hour):
    working = [place for place in range(5) if serving.on_shift(hour, place)]
    if 9.0 <= hour < 18.0:
        assert len(working) >= 2
    if hour < 8.75 or hour >= 21.5:
        assert not working


@given(rng=seeds, topic=st.sampled_from(questions.TOPICS), english=st.booleans())
def test_questions_are_put_in_the_language_that_was_asked_for(rng, topic, english):
    question = questions.phrase(topic, english, rng)
    assert question.text.isascii() == english
    assert any(text in question.text for text in (topic.en if english else topic.zh))


def test_every_reason_to_be_stuck_has_something_to_ask_about():
    reasons = {reason for step in STEPS for reason, _ in step.reasons}
    assert reasons - {"no_permission", "wrong_page", "distracted", "not_answered"} <= set(questions.ABOUT_REASON)
    assert set(questions.ABOUT_REASON.values()) <= set(questions.BY_CODE)


def test_all_three_kinds_of_question_come_up():
    rng = np.random.default_rng(4)
    kinds = [questions.existing_topic(rng).kind for _ in range(500)]
    assert {*kinds} == {questions.COMMON, questions.PERSONAL, questions.PROHIBITED}
    assert kinds.count(questions.COMMON) > 250


def test_no_answer_of_staff_promises_anything_or_gives_an_answer_away():
    forbidden = (
        "保本",
        "稳赚",
        "无风险",
        "内部消息",
        "承诺收益",
        "零佣金",
        "最低佣金",
        "应该选",
        "建议选",
        "guarantee",
    )
    for topic in questions.TOPICS:
        assert not any(word in topic.answer_zh + topic.answer_en for word in forbidden), topic.code


@given(times=st.lists(st.floats(0, 1000), max_size=40), cancelled=st.sets(st.integers(0, 39)))
def test_the_agenda_is_done_in_order_once_and_without_what_was_cancelled(times, cancelled):
    agenda, done = Agenda(), []
    entries = [agenda.add(at, lambda then, i=i: done.append((then, i))) for i, at in enumerate(times)]
    for i in cancelled & set(range(len(times))):
        entries[i].cancel()
    agenda.run_until(500)
    agenda.run_until(1000)
    expected = [(at, i) for i, at in enumerate(times) if i not in cancelled]
    assert done == sorted(expected)
    assert agenda.next_at() == float("inf")
