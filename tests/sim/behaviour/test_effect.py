"""The calculated effect agrees with what happens, and would notice if it did not."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bihuan.sim.behaviour.cases import Episode, answers_of, cases_of, laws_of, row_of
from bihuan.sim.behaviour.effect import true_effect
from bihuan.sim.behaviour.laws import ContactLaw, Seen
from bihuan.sim.behaviour.parameters import Arrivals, Truth

from .rehearsal import ARMS, Rehearsal

BUSY = replace(Truth(), arrivals=replace(Arrivals(), starts_per_hour=800.0))


def rehearse(advisors: int, seed: int = 3) -> Rehearsal:
    rehearsal = Rehearsal(BUSY, seed, advisors)
    rehearsal.run(2, 4)
    return rehearsal


def episodes_of(rehearsal: Rehearsal) -> list[Episode]:
    contacts = defaultdict(list)
    for applicant, stuck, at, kind in rehearsal.contacts:
        contacts[applicant, stuck].append((at, kind))
    return [Episode(a, stuck, arm, tuple(sorted(contacts[a, stuck]))) for a, stuck, arm in rehearsal.episodes]


def expected(rehearsal: Rehearsal, **changes: Any) -> dict[str, Any]:
    episodes = episodes_of(rehearsal)
    found = [(a, row_of(a, at)) for a, (at, _) in rehearsal.stuck.items()]
    known = [(a, row) for a, row in found if row]
    assert len(known) > 0.98 * len(found)
    laws = {arm: laws_of(episodes, arm, rehearsal.until) for arm in ARMS} | changes
    return true_effect(
        rehearsal.truth,
        rehearsal.sessions,
        cases_of([a for a, _ in known], [row for _, row in known]),
        laws,
        answers_of(rehearsal.applicants, rehearsal.until),
        rehearsal.until,
        np.random.default_rng(1),
        replications=60,
    )


def measured(rehearsal: Rehearsal) -> dict[str, tuple[int, float]]:
    out = {}
    for arm in ARMS:
        group = [a for a, (_, drawn) in rehearsal.stuck.items() if drawn == arm]
        out[arm] = len(group), sum(a.state == "opened" for a in group) / len(group)
    return out


@pytest.fixture(scope="module")
def full() -> Rehearsal:
    return rehearse(60)


def deviations(rehearsal: Rehearsal, found: dict[str, Any]) -> dict[str, float]:
    """How many standard errors the completion of each arm lies from what the calculation expects."""
    out = {}
    for arm, (n, share) in measured(rehearsal).items():
        truth = found["arms"][arm]["opened"]
        out[arm] = abs(share - truth) / np.sqrt(truth * (1 - truth) / n)
    return out


@pytest.mark.slow
def test_the_expected_completion_of_each_arm_is_what_happens(full: Rehearsal) -> None:
    found = expected(full)
    assert found["n"] > 500
    assert max(deviations(full, found).values()) < 3.5
    assert found["effect"] > 0.15
    assert found["effect_error"] < 0.01


@pytest.mark.slow
def test_a_wrong_contact_law_is_noticed(full: Rehearsal) -> None:
    nothing = laws_of([], "person", 0.0)
    found = expected(full, person=nothing)
    assert deviations(full, found)["person"] > 5


@pytest.mark.slow
def test_fewer_advisors_reach_fewer_and_gain_less(full: Rehearsal) -> None:
    few = rehearse(4)
    calls = [sum(kind == "call" for *_, kind in r.contacts) for r in (full, few)]
    assert calls[1] < 0.7 * calls[0]
    found = expected(few)
    assert max(deviations(few, found).values()) < 3.5
    assert found["effect"] < expected(full)["effect"] - 0.05


@pytest.mark.slow
def test_a_call_that_follows_a_text_counts() -> None:
    late = rehearse(14)
    found = expected(late)
    laws = laws_of(episodes_of(late), "person", late.until)
    assert laws.then["sms"].weights.sum() > 0.2
    alone = expected(late, person=replace(laws, then={}))
    assert found["arms"]["person"]["opened"] > alone["arms"]["person"]["opened"] + 0.02
    assert max(deviations(late, found).values()) < 3.5


def test_the_same_seed_lives_the_same_life() -> None:
    first, second = Rehearsal(Truth(), 9), Rehearsal(Truth(), 9)
    first.run(0.3, 0.5)
    second.run(0.3, 0.5)
    assert first.events == second.events
    assert [a.journal for a in first.applicants] == [a.journal for a in second.applicants]


@pytest.mark.slow
def test_people_who_cannot_be_eligible_are_never_opened(full: Rehearsal) -> None:
    barred = [a for a in full.applicants if a.traits.barred_at[0] >= 0]
    assert len(barred) > 5
    assert not [a for a in barred if a.state == "opened"]


def test_waiting_is_censored_not_forgotten() -> None:
    quick, moved = Seen(10, "call"), Seen(20, "")
    law = ContactLaw.of([quick] * 50 + [moved] * 40 + [Seen(60, "sms")] * 10)
    _, kinds = law.draw(20_000, np.random.default_rng(2))
    # After the forty moved on, all who were still waiting got a text: nobody was left without.
    assert (kinds == "call").mean() == pytest.approx(0.5, abs=0.02)
    assert (kinds == "sms").mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.slow
def test_who_has_no_number_yet_says_nothing_of_how_soon_others_are_called(full: Rehearsal) -> None:
    called = {(a, stuck) for a, stuck, _, kind in full.contacts}
    person = [(a, stuck) for a, stuck, arm in full.episodes if arm == "person"]
    assert sum(one not in called for one in person) > 10
    assert laws_of(episodes_of(full), "person", full.until).first.weights.sum() > 0.98
