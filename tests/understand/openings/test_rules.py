"""The fold: the state of an application depends on its events alone."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.understand.openings import rules
from bihuan.understand.openings.course import WitnessHours
from bihuan.understand.openings.folding import fold
from bihuan.understand.openings.rules import RETURNED, Event, OpeningState, Place

from .course_for_tests import CALENDAR, COURSE, HALF_HOUR, HOURS, START, event

NAMES = sorted({*COURSE.events, "opening:returned", "opening:bank:changed"})
REASONS = ("blurred", "under_age", "")
SENT_BACK = ("id", "risk", "phone", "submit", "review", "x", "")


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """Events of one application in any number, with ties in time and odd returns."""
    found = []
    for number in range(draw(st.integers(1, 12))):
        properties = {"reason": draw(st.sampled_from(REASONS)), "step": draw(st.sampled_from(SENT_BACK))}
        at = START + timedelta(minutes=draw(st.integers(0, 40)) * 7)
        found.append(
            Event(
                at, f"m{number}", draw(st.sampled_from(NAMES)), None, False, {k: v for k, v in properties.items() if v}
            )
        )
    return found


def folded(found: Sequence[Event]) -> OpeningState:
    state = fold(found, COURSE)
    assert state is not None
    return state


@given(events(), st.randoms(use_true_random=False))
def test_the_state_does_not_depend_on_the_order_of_arrival(found: list[Event], chance: random.Random) -> None:
    shuffled = [*found, *found[:2]]
    chance.shuffle(shuffled)
    assert folded(shuffled) == folded(found)


@given(events(), st.randoms(use_true_random=False))
def test_any_arrival_in_any_batches_tells_the_same_turns_each_once(found: list[Event], chance: random.Random) -> None:
    arriving = list(found)
    chance.shuffle(arriving)
    stored: list[Event] = []
    told: list[str] = []
    while arriving:
        size = chance.randint(1, len(arriving))
        before = fold(stored, COURSE)
        stored, arriving = [*stored, *arriving[:size]], arriving[size:]
        told += [turn.key for turn in rules.new_turns(before, folded(stored))]
    assert len(told) == len(set(told))
    assert set(told) == {turn.key for turn in folded(found).turns}


@given(events())
def test_turns_come_in_the_order_in_which_they_happened(found: list[Event]) -> None:
    state = folded(found)
    assert state.turns[0].kind == "started"
    assert [turn.at for turn in state.turns] == sorted(turn.at for turn in state.turns)


@given(events())
def test_the_current_step_is_never_a_done_one_and_a_clock_runs_only_while_the_applicant_has_the_move(
    found: list[Event],
) -> None:
    state = folded(found)
    assert state.step is None or not state.steps[state.step].done
    due = rules.stuck_at(state, COURSE)
    assert due is None or (state.state in rules.WAITING and due > state.last_fact_at)
    assert (rules.abandoned_at(state, timedelta(days=7)) is not None) == (state.state in rules.WAITING)


@given(events())
def test_every_stall_outlasted_its_clock_and_was_broken_by_an_event(found: list[Event]) -> None:
    times = {one.occurred_at for one in found}
    for stall in folded(found).stalls:
        assert stall.last_fact_at < stall.stuck_at < stall.ended_at
        assert {stall.last_fact_at, stall.ended_at} <= times


@given(events(), st.integers(0, 2000))
def test_stalls_counted_in_hindsight_are_those_a_watchman_would_have_seen(found: list[Event], later: int) -> None:
    ordered = sorted(found, key=lambda one: one.order)
    now = ordered[-1].occurred_at + timedelta(minutes=later)
    seen = 0
    for n, one in enumerate(ordered):
        upcoming = ordered[n + 1].occurred_at if n + 1 < len(ordered) else now
        due = rules.stuck_at(folded(ordered[: n + 1]), COURSE)
        seen += due is not None and due < upcoming and one.occurred_at < upcoming
    state = folded(found)
    due = rules.stuck_at(state, COURSE)
    assert len(state.stalls) + (due is not None and due < now) == seen


@given(events(), st.sampled_from([step.code for step in COURSE.steps if not step.may_be_sent_back]))
def test_a_return_that_names_a_step_which_may_not_be_sent_back_names_none(found: list[Event], code: str) -> None:
    def naming(step: str | None) -> list[Event]:
        return [
            replace(one, properties={"reason": "r", **({"step": step} if step else {})})
            if one.name == RETURNED
            else one
            for one in found
        ]

    assert folded(naming(code)) == folded(naming(None))


@given(events())
def test_only_steps_that_may_be_sent_back_are_ever_sent_back(found: list[Event]) -> None:
    state = folded(found)
    returnable = {step.code for step in COURSE.steps if step.may_be_sent_back}
    assert {code for code, step in state.steps.items() if step.sent_back} <= returnable
    assert state.returned_step is None or state.returned_step in returnable
    assert {turn.step for turn in state.turns if turn.kind == "returned"} <= {None, *returnable}


def test_the_code_carries_the_time_of_the_event_that_brought_it() -> None:
    walk = [event("opening:visit", 0), event("opening:id:accepted", 7, staff_code="S7")]
    state = folded([*walk, event("opening:submitted", 9, staff_code="S9")])
    assert (state.staff_code, state.staff_code_at) == ("S7", START + timedelta(minutes=7))


def test_the_place_is_the_last_that_was_told_as_a_whole() -> None:
    visit = event("opening:visit", 0, city="上海", latitude="31.2", longitude="121.5")
    papers = event("opening:id:accepted", 2, city="杭州")
    assert folded([visit, papers]).place == Place("上海", 31.2, 121.5)
    assert folded([visit, papers, event("opening:products:chosen", 3, city="广州")]).place == Place("广州")


@given(st.floats() | st.integers() | st.text() | st.none() | st.booleans(), st.floats(-180, 180))
def test_degrees_are_kept_in_pairs_and_never_nonsense(latitude: object, longitude: float) -> None:
    kept = rules.kept({"latitude": latitude, "longitude": longitude})
    sane = isinstance(latitude, int | float) and not isinstance(latitude, bool) and abs(latitude) <= 90
    assert set(kept) == ({"latitude", "longitude"} if sane else set())
    assert all(abs(float(value)) <= 180 for value in kept.values())


def test_a_plain_walk_to_the_account() -> None:
    state = folded(
        [
            event("opening:visit", 0, channel="staff_qr", staff_code="S7"),
            event("opening:phone:verified", 1, channel="other"),
            event("opening:id:accepted", 3),
            event("opening:risk:assessed", 5, score="71"),
            event("opening:video:queued", 6),
            event("opening:video:passed", 9),
            event("opening:submitted", 10),
            event("opening:reviewed", 20),
            event("opening:account:opened", 21),
        ]
    )
    assert (state.state, state.step) == ("opened", "deposit")
    assert (state.channel, state.staff_code) == ("staff_qr", "S7")
    assert state.opened_at == START + timedelta(minutes=21)
    assert [turn.kind for turn in state.turns if turn.kind != "advanced"] == ["started", "submitted", "opened"]
    assert rules.stuck_at(state, COURSE) is None


def test_nobody_is_stuck_after_submission() -> None:
    state = folded([event("opening:visit", 0), event("opening:submitted", 1)])
    assert (state.state, state.step) == ("submitted", "review")
    assert rules.stuck_at(state, COURSE) is None
    assert state.steps["id"].passed


def test_a_return_sends_one_step_back_and_its_clock_runs_again() -> None:
    walk = [
        event("opening:visit", 0),
        event("opening:submitted", 5),
        event("opening:returned", 9, step="id", reason="blurred"),
    ]
    state = folded(walk)
    assert (state.state, state.step, state.returned_reason) == ("sent_back", "id", "blurred")
    assert rules.stuck_at(state, COURSE) == START + timedelta(minutes=9 + 15)
    redone = folded([*walk, event("opening:id:accepted", 12)])
    assert (redone.state, redone.step) == ("sent_back", "submit")
    assert [(turn.step, turn.next_step) for turn in redone.turns if turn.again] == [("id", "submit")]
    again = folded([*walk, event("opening:id:accepted", 12), event("opening:submitted", 13)])
    assert (again.state, again.step) == ("submitted", "review")
    assert [(turn.kind, turn.again) for turn in again.turns if turn.kind == "submitted"] == [
        ("submitted", False),
        ("submitted", True),
    ]


def test_who_may_not_open_an_account_is_not_chased() -> None:
    walk = [event("opening:phone:verified", 0), event("opening:id:rejected", 2, reason="under_age")]
    state = folded(walk)
    assert state.state == "ineligible"
    assert rules.stuck_at(state, COURSE) is None
    assert state.turns[-1].kind == "ineligible"
    assert folded([*walk, event("opening:id:accepted", 3)]).state == "under_way"


def test_a_failed_attempt_is_a_sign_of_life_and_says_why() -> None:
    state = folded([event("opening:phone:verified", 0), event("opening:id:rejected", 10, reason="blurred")])
    assert (state.step, state.reason, state.steps["id"].attempts) == ("id", "blurred", 1)
    assert rules.stuck_at(state, COURSE) == START + timedelta(minutes=25)


def test_the_video_clock_stands_still_at_lunch_at_night_and_on_holidays() -> None:
    eighteen = timedelta(minutes=18)

    def due(day: int, hour: int, minute: int) -> datetime | None:
        return HOURS.after(datetime(2026, 3, day, hour - 8, minute, tzinfo=UTC), eighteen)

    assert due(10, 10, 0) == datetime(2026, 3, 10, 2, 18, tzinfo=UTC)
    assert due(10, 11, 20) == datetime(2026, 3, 10, 5, 8, tzinfo=UTC)  # ten minutes, lunch, eight more
    assert due(10, 20, 0) == datetime(2026, 3, 11, 1, 48, tzinfo=UTC)
    assert due(12, 15, 0) == datetime(2026, 3, 16, 1, 48, tzinfo=UTC)  # a holiday and a weekend lie between


@given(st.datetimes(datetime(2026, 3, 2), datetime(2026, 4, 20)), st.integers(1, 300))
def test_working_hours_end_later_the_longer_the_span_and_always_inside_them(at: datetime, minutes: int) -> None:
    start = at.replace(tzinfo=UTC)
    end = HOURS.after(start, timedelta(minutes=minutes))
    assert end is not None
    assert end >= start + timedelta(minutes=minutes)
    assert CALENDAR.in_session(end - timedelta(microseconds=1))
    later = HOURS.after(start, timedelta(minutes=minutes + 1))
    assert later is not None
    assert later > end


def test_without_witnesses_no_clock_runs() -> None:
    assert WitnessHours(CALENDAR, ()).after(START, HALF_HOUR) is None


def test_no_answer_and_no_score_is_kept() -> None:
    kept = rules.kept({"level": "C2", "score": 31, "answers": [1, 2], "reason": "r" * 999, "step": 3, "channel": True})
    assert kept == {"reason": "r" * 200, "step": "3"}
