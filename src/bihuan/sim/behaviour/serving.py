"""How advisors work and how customers judge it. Pure: the random generator is an argument."""

import numpy as np

from bihuan.sim.behaviour.parameters import AdvisorHabits, Questions


def _lognormal(median: float, spread: float, rng: np.random.Generator) -> float:
    return float(rng.lognormal(np.log(median), spread))


def claim_delay(habits: AdvisorHabits, rng: np.random.Generator) -> float | None:
    """Seconds until an advisor grabs an offer; None for one he never notices."""
    if rng.random() < habits.misses:
        return None
    delay = _lognormal(habits.claim_median, habits.claim_spread, rng)
    return delay * (habits.slow_factor if rng.random() < habits.slow else 1)


def reply_delay(habits: AdvisorHabits, busy: int, rng: np.random.Generator) -> float:
    """Seconds to type an answer, with `busy` other conversations open beside this one."""
    return _lognormal(habits.reply_median * (1 + 0.5 * busy), habits.reply_spread, rng)


def desk_delay(habits: AdvisorHabits, rng: np.random.Generator) -> float:
    """Seconds until an idle advisor looks at the opening desk again."""
    return _lognormal(habits.desk_median, habits.desk_spread, rng)


def call_time(habits: AdvisorHabits, answered: bool, rng: np.random.Generator) -> float:
    """Seconds an advisor is on a call, or on one that rings out."""
    return _lognormal(habits.call_median, habits.call_spread, rng) if answered else habits.unanswered


def wrap_time(habits: AdvisorHabits, rng: np.random.Generator) -> float:
    """Seconds of writing up afterwards."""
    return _lognormal(habits.wrap_median, habits.wrap_spread, rng)


def patience_with_answer(questions: Questions, rng: np.random.Generator) -> float:
    """Seconds a customer waits for an answer before he gives the chat up."""
    return 30 + float(rng.exponential(questions.leaves_after))


def stars(wait: float, solved: bool, rng: np.random.Generator) -> int:
    """The rating for having waited `wait` seconds: 1 to 5; a solved question starts high, waiting costs.

    >>> stars(5, True, np.random.default_rng(1)) >= 3
    True
    """
    score = (4.7 if solved else 2.9) - 0.6 * np.log1p(wait / 60) + rng.normal(0, 0.5)
    return int(np.clip(np.round(score), 1, 5))


def on_shift(hour: float, place: int) -> bool:
    """Whether the advisor who is number `place` in his branch works at this hour of a trading day.

    Half the branch lunches from 11:30, the other half from 12:15; one in five stays for the evening peak of openings.

    >>> on_shift(10.0, 3), on_shift(11.8, 2), on_shift(20.5, 0), on_shift(20.5, 1)
    (True, False, True, False)
    """
    if place % 5 == 0:
        return 9.0 <= hour < 12.25 or 13.0 <= hour < 21.5
    lunch = (11.5, 12.25) if place % 2 == 0 else (12.25, 13.0)
    return 8.75 <= hour < 18.0 and not lunch[0] <= hour < lunch[1]


def at_work(count: int, share: float, rng: np.random.Generator) -> set[int]:
    """Which of `count` advisors are at work at all when only a share of them is: exactly round(count * share)."""
    return set(rng.permutation(count)[: round(count * share)].tolist())
