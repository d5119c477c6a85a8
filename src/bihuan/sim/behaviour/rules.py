"""How an applicant gets through the opening, stalls, and comes back or not: hazards in closed form.

Everything is vectorised over applicants and pure: the random generator is an argument. The live simulator uses
arrays of one, the calculation of the true effect arrays of many, so both obey the same law. All ages are seconds
since the stall.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

from bihuan.sim.behaviour.parameters import ID, PHONE, Channel, Contact, Stalling, Truth

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
NEVER = np.inf
_ALWAYS = 1e9


@dataclass(frozen=True)
class Traits:
    """What differs between applicants, one entry each. The multipliers have mean 1 before the channel's own factor."""

    resolve: Floats
    patience: Floats
    asking: Floats
    pace: Floats
    trouble: Floats
    barred_at: Ints  # index of the step that will never be passed, or -1

    def take(self, index: Ints) -> Self:
        """The traits of some of them, in that order."""
        return type(self)(*(getattr(self, field.name)[index] for field in fields(self)))


def draw_traits(truth: Truth, channels: list[Channel], rng: np.random.Generator) -> Traits:
    """Draw the traits of new applicants, one for each channel given."""
    n, stalling, who = len(channels), truth.stalling, truth.applicants
    barred_id = rng.random(n) < who.under_age + who.over_age
    barred_phone = rng.random(n) < who.client_already
    return Traits(
        resolve=_gamma(stalling.resolve_shape, n, rng) * np.array([c.resolve for c in channels]),
        patience=_gamma(stalling.patience_shape, n, rng),
        asking=_gamma(stalling.asking_shape, n, rng) * np.array([c.asks for c in channels]),
        pace=rng.lognormal(0, who.pace_spread, n),
        trouble=np.array([c.trouble for c in channels]),
        barred_at=np.where(barred_phone, PHONE, np.where(barred_id, ID, -1)).astype(np.int64),
    )


def _gamma(shape: float, n: int, rng: np.random.Generator) -> Floats:
    return np.maximum(rng.gamma(shape, 1 / shape, n), 1e-3)


def lognormal(median: float | Floats, spread: float | Floats, n: int, rng: np.random.Generator) -> Floats:
    """Positive times with this median and this standard deviation of their logarithm."""
    return np.asarray(rng.lognormal(np.log(median), spread, n))


# --- one attempt at one step -----------------------------------------------------------------------------------


def hour_pace(hour: Floats) -> Floats:
    """How much longer things take at an hour of the day: people are slower late at night.

    >>> hour_pace(np.array([10.0, 23.5])).tolist()
    [1.0, 1.25]
    """
    return np.where((hour >= 22.5) | (hour < 6), 1.25, 1.0)


def hour_trouble(hour: Floats) -> Floats:
    """How much more often people get stuck at an hour: at work in the morning, tired at night."""
    return np.select([(hour >= 22.5) | (hour < 6), (hour >= 9) & (hour < 11.5)], [1.35, 1.05], 1.0)


@dataclass(frozen=True)
class Attempt:
    """One go at a step: after `seconds` it is done, or, where `stalls`, the applicant is stuck in it."""

    seconds: Floats
    stalls: Bools


def stall_chance(truth: Truth, step: Ints, traits: Traits, hour: Floats, share: Floats) -> Floats:
    """The chance to get stuck in `step`; `share` scales it (relapse after a stall, a step sent back)."""
    base = np.array([s.stall for s in truth.steps])[step]
    hazard = -np.log1p(-base) * traits.trouble * hour_trouble(hour) * share
    return np.where(step == traits.barred_at, 1.0, -np.expm1(-hazard))


def attempt(truth: Truth, step: Ints, traits: Traits, hour: Floats, share: Floats, rng: np.random.Generator) -> Attempt:
    """Draw one go at each applicant's step. Where he stalls, `seconds` is the time until then: part of the way."""
    n = len(step)
    medians = np.array([s.median for s in truth.steps])[step] * traits.pace * hour_pace(hour)
    spreads = np.array([s.spread for s in truth.steps])[step]
    seconds = lognormal(medians, spreads, n, rng)
    stalls = rng.random(n) < stall_chance(truth, step, traits, hour, share)
    return Attempt(np.where(stalls, seconds * rng.random(n), seconds), stalls)


# --- stuck: resume, leave, ask ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pushes:
    """Contacts that got through, along the last axis: at what age, how strong, and how fast each wears off."""

    at: Floats
    gain: Floats
    fade: Floats

    @classmethod
    def none(cls, n: int, slots: int = 1) -> Self:
        """No contact for anybody."""
        shape = (n, slots)
        return cls(np.full(shape, NEVER), np.zeros(shape), np.ones(shape))

    def joined(self, other: Self) -> Self:
        """These and the others."""
        return type(self)(
            np.concatenate([self.at, other.at], -1),
            np.concatenate([self.gain, other.gain], -1),
            np.concatenate([self.fade, other.fade], -1),
        )


def resume_rate(stalling: Stalling, resolve: Floats, age: Floats, pushes: Pushes) -> Floats:
    """The rate of resuming per second at `age`."""
    since = age[:, None] - pushes.at
    pushed = np.where(since >= 0, pushes.gain * np.exp(-np.maximum(since, 0) / pushes.fade), 0.0)
    unaided = stalling.resume * resolve * np.exp(-age / stalling.resume_fade)
    return np.asarray(unaided * (1 + pushed.sum(-1)))


def resume_exposure(stalling: Stalling, resolve: Floats, age: Floats, pushes: Pushes) -> Floats:
    """The integral of `resume_rate` from the stall to `age`, in closed form: products of exponentials."""
    wear = 1 / (1 / stalling.resume_fade + 1 / pushes.fade)
    since = np.maximum(age[:, None] - pushes.at, 0.0)
    pushed = pushes.gain * np.exp(-pushes.at / stalling.resume_fade) * wear * -np.expm1(-since / wear)
    unaided = stalling.resume_fade * -np.expm1(-age / stalling.resume_fade)
    return np.asarray(stalling.resume * resolve * (unaided + pushed.sum(-1)))


def resume_age(stalling: Stalling, resolve: Floats, since: Floats, pushes: Pushes, rng: np.random.Generator) -> Floats:
    """Draw the age at which each resumes, given that he had not at age `since`; NEVER where he never would.

    Inverts the exposure by bisection; redrawing after a new contact is exact, because what is drawn is conditional
    on having come this far.
    """
    target = resume_exposure(stalling, resolve, since, pushes) + rng.standard_exponential(len(since))
    never = target >= resume_exposure(stalling, resolve, np.full(len(since), _ALWAYS), pushes)
    latest = np.where(np.isfinite(pushes.at), pushes.at, 0.0).max(-1)
    low, high = since.copy(), np.maximum(since, latest) + 50 * stalling.resume_fade
    for _ in range(44):
        middle = (low + high) / 2
        early = resume_exposure(stalling, resolve, middle, pushes) < target
        low, high = np.where(early, middle, low), np.where(early, high, middle)
    return np.where(never, NEVER, high)


def leave_age(stalling: Stalling, patience: Floats, since: Floats, rng: np.random.Generator) -> Floats:
    """Draw the age at which each has left for good, given that he had not at `since`: a constant hazard."""
    return np.asarray(since + rng.standard_exponential(len(since)) * patience / stalling.leave)


def ask_age(stalling: Stalling, asking: Floats, since: Floats, rng: np.random.Generator) -> Floats:
    """Draw the age at which each opens the chat and asks, given that he had not at `since`; NEVER for most."""
    fade, rate = stalling.ask_fade, stalling.ask * asking
    target = rate * fade * -np.expm1(-since / fade) + rng.standard_exponential(len(since))
    left = 1 - target / (rate * fade)
    return np.where(left > 0, -fade * np.log(np.maximum(left, 1e-300)), NEVER)


def push_of(contact: Contact, age: Floats, rng: np.random.Generator, reachable: Bools) -> Pushes:
    """What a contact attempted at `age` does: nothing where it does not get through, else a push some time later.

    An `age` of NEVER means no attempt. `reachable` is False where no attempt can get through (no number known yet).
    """
    n = len(age)
    through = (rng.random(n) < contact.through) & reachable & np.isfinite(age)
    at = np.where(through, age + rng.standard_exponential(n) * contact.delay, NEVER)
    gain = np.where(through, contact.gain * np.exp(-at / contact.late), 0.0)
    return Pushes(at[:, None], gain[:, None], np.full((n, 1), contact.fade))
