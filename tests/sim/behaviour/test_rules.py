"""The law of stalling, resuming and leaving."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.sim.behaviour import rules
from bihuan.sim.behaviour.parameters import CHANNELS, STEPS, Stalling, Truth
from bihuan.sim.behaviour.rules import NEVER, Pushes

STALLING = Stalling()
ages = st.floats(0, 6 * 3600)
pushes = st.lists(st.tuples(st.floats(0, 3 * 3600), st.floats(0, 60), st.floats(60, 7200)), min_size=1, max_size=3).map(
    lambda some: Pushes(*(np.array([column]) for column in zip(*some, strict=True)))
)
resolves = st.floats(0.05, 5).map(lambda x: np.array([x]))


def one(x: float) -> np.ndarray:
    return np.array([x])


@given(resolve=resolves, age=ages, more=ages, given_pushes=pushes)
def test_exposure_is_the_integral_of_the_rate(resolve, age, more, given_pushes):
    grid = np.linspace(age, age + more, 6001)
    rate = np.array([rules.resume_rate(STALLING, resolve, one(t), given_pushes)[0] for t in grid[::30]])
    numeric = np.trapezoid(rate, grid[::30])
    exact = rules.resume_exposure(STALLING, resolve, one(age + more), given_pushes) - rules.resume_exposure(
        STALLING, resolve, one(age), given_pushes
    )
    # A push that sets in between two points of the grid is caught half a step late at most.
    slack = more / 200 * rate.max(initial=0) + 1e-6
    assert exact[0] == pytest.approx(numeric, abs=2 * slack)


@given(resolve=resolves, since=ages, given_pushes=pushes, seed=st.integers(0, 2**32 - 1))
def test_a_drawn_age_spends_exactly_the_exposure_that_was_drawn(resolve, since, given_pushes, seed):
    age = rules.resume_age(STALLING, resolve, one(since), given_pushes, np.random.default_rng(seed))
    draw = np.random.default_rng(seed).standard_exponential(1)
    before = rules.resume_exposure(STALLING, resolve, one(since), given_pushes)
    if age[0] == NEVER:
        assert (rules.resume_exposure(STALLING, resolve, one(1e9), given_pushes) - before)[0] <= draw[0]
    else:
        spent = rules.resume_exposure(STALLING, resolve, age, given_pushes) - before
        assert age[0] >= since
        assert spent[0] == pytest.approx(draw[0], rel=1e-4, abs=1e-6)


@given(resolve=resolves, since=ages, seed=st.integers(0, 2**32 - 1), at=ages, kind=st.sampled_from(["sms", "call"]))
def test_a_contact_never_delays_anybody(resolve, since, seed, at, kind):
    contact = Truth().contacts[kind]
    push = rules.push_of(contact, one(at), np.random.default_rng(seed), np.array([True]))
    without = rules.resume_age(STALLING, resolve, one(since), Pushes.none(1), np.random.default_rng(seed))
    pushed = rules.resume_age(STALLING, resolve, one(since), push, np.random.default_rng(seed))
    assert pushed[0] <= without[0] + 1e-5 or not np.isfinite(without[0])


@given(early=ages, later=ages)
def test_the_sooner_a_person_calls_the_more_it_helps_in_all(early, later):
    early, later = sorted((early, later))
    call = Truth().contacts["call"]

    def gained(at: float) -> float:
        push = Pushes(np.array([[at]]), np.array([[call.gain * np.exp(-at / call.late)]]), np.array([[call.fade]]))
        return float(rules.resume_exposure(STALLING, one(1.0), one(1e9), push)[0])

    assert gained(early) >= gained(later) * (1 - 1e-12)


@given(seed=st.integers(0, 2**32 - 1), at=ages)
def test_a_call_pushes_more_than_a_text(seed, at):
    truth = Truth()
    always = np.array([True])
    text = rules.push_of(truth.contacts["sms"], one(at), np.random.default_rng(seed), always)
    call = rules.push_of(truth.contacts["call"], one(at), np.random.default_rng(seed), always)
    assert call.gain[0, 0] >= text.gain[0, 0]


@given(seed=st.integers(0, 2**32 - 1))
def test_nobody_is_reached_before_his_number_is_known_or_without_an_attempt(seed):
    rng, call = np.random.default_rng(seed), Truth().contacts["call"]
    unknown = rules.push_of(call, one(60), rng, np.array([False]))
    never = rules.push_of(call, one(NEVER), rng, np.array([True]))
    assert unknown.at[0, 0] == never.at[0, 0] == NEVER
    assert unknown.gain[0, 0] == never.gain[0, 0] == 0


@settings(max_examples=30)
@given(
    step=st.integers(0, len(STEPS) - 1),
    hour=st.floats(0, 23.99),
    share=st.floats(0, 3),
    channel=st.sampled_from(CHANNELS),
    seed=st.integers(0, 2**32 - 1),
)
def test_an_attempt_takes_time_and_stalls_with_the_stated_chance(step, hour, share, channel, seed):
    rng, truth, n = np.random.default_rng(seed), Truth(), 400
    traits = rules.draw_traits(truth, [channel] * n, rng)
    steps, hours, shares = np.full(n, step), np.full(n, hour), np.full(n, share)
    go = rules.attempt(truth, steps, traits, hours, shares, rng)
    chance = rules.stall_chance(truth, steps, traits, hours, shares)
    assert (go.seconds > 0).all()
    assert ((chance >= 0) & (chance <= 1)).all()
    assert go.stalls[traits.barred_at == step].all()
    spread = np.sqrt((chance * (1 - chance)).sum())
    assert abs(go.stalls.sum() - chance.sum()) <= 5 * spread + 1e-9


def test_leaving_and_asking_follow_their_rates():
    rng, n = np.random.default_rng(1), 200_000
    ones, zeros = np.ones(n), np.zeros(n)
    assert rules.leave_age(STALLING, ones, zeros, rng).mean() == pytest.approx(1 / STALLING.leave, rel=0.02)
    asked = rules.ask_age(STALLING, ones, zeros, rng)
    expected = -np.expm1(-STALLING.ask * STALLING.ask_fade)
    assert np.isfinite(asked).mean() == pytest.approx(expected, rel=0.03)
    # Given that nobody asked in the first quarter of an hour, later asking only becomes rarer.
    later = rules.ask_age(STALLING, ones, zeros + 900, rng)
    assert np.isfinite(later).mean() < expected
    assert later.min() >= 900
