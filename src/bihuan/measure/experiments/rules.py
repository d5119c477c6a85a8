"""How arms are compared: pure statistics, each formula with its source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import erfc, exp, gamma, inf, log, sqrt
from statistics import NormalDist
from typing import Literal

Z95 = NormalDist().inv_cdf(0.975)

# Below this p value of the sample-ratio test the assignment itself is in doubt (the customary level of Fabijan et al.,
# "Diagnosing sample ratio mismatch in online controlled experiments", KDD 2019, is 0.0005 to 0.01).
BROKEN_BELOW = 0.001

# Fewest assignments per arm, and fewest opened and not opened in an arm, before a difference is spoken of at all.
# With five of each the score intervals hold their level (Newcombe 1998); thirty keeps the first hours from shouting.
NEEDED_PER_ARM = 30
NEEDED_OF_EACH = 5

# How often a verdict may be wrong under no effect, over all looks together; and the number of assignments (both arms)
# at which the confidence sequence is narrowest. The latter must be fixed before an experiment starts, or the promise
# is void: hence constants and no settings. A thousand is about what the rescue gathers in its first busy days.
ALPHA = 0.05
TIGHTEST_AT = 1000

State = Literal["too_early", "no_difference_yet", "better", "worse"]
Verdict = Literal["too_early", "no_difference_yet", "better", "worse", "broken"]


@dataclass(frozen=True)
class Interval:
    """A figure with its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Counted:
    """`hits` of `n`."""

    hits: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.n:
            raise ValueError(f"{self.hits} of {self.n} cannot be")

    @property
    def share(self) -> float | None:
        """Hits per counted, or None where nobody was counted."""
        return self.hits / self.n if self.n else None


@dataclass(frozen=True)
class Arm:
    """What became of those assigned to an arm.

    Times are medians in seconds since the exposure, among those who were reached and those who resumed.
    """

    arm: str
    weight: float
    completion: Counted
    resumed: Counted
    reached_in_time: Counted
    reached_by_person: Counted
    under_way: int
    median_seconds_to_reach: float | None
    median_seconds_to_resume: float | None


@dataclass(frozen=True)
class Comparison:
    """Completion of `arm` minus completion of `against`.

    `difference` carries the interval of a single look at a size fixed beforehand, `always` the one that holds at all
    looks together; only the latter makes a `state`, because pages are looked at again and again.
    """

    arm: str
    against: str
    headline: bool
    difference: Interval | None
    always: Interval | None
    z: float | None
    p: float | None
    state: State


@dataclass(frozen=True)
class SampleRatio:
    """Whether the arms are as large as their weights say."""

    observed: Mapping[str, int]
    expected: Mapping[str, float]
    chi2: float | None
    p: float | None

    @property
    def alarm(self) -> bool:
        """Whether the assignment is in doubt."""
        return self.p is not None and self.p < BROKEN_BELOW


@dataclass(frozen=True)
class Result:
    """An experiment read by intention to treat at a moment, in one of its two views."""

    key: str
    version: int
    as_of: datetime
    state: Verdict
    arms: tuple[Arm, ...]
    comparisons: tuple[Comparison, ...]
    sample_ratio: SampleRatio

    @property
    def headline(self) -> Comparison | None:
        """The comparison the experiment was made for."""
        return next((c for c in self.comparisons if c.headline), None)


@dataclass(frozen=True)
class Reading:
    """An experiment in both views.

    `settled` is the analysis: opened within `horizon` of the stall, among those whose horizon is over, so that each
    is looked at for the same time. `immediate` is all of them as they stand now: who got stuck a minute ago counts
    as not opened, so its shares rise with time and arms compare fairly only because they fill at the same pace.
    """

    horizon: timedelta
    settled: Result
    immediate: Result


def wilson(counted: Counted, z: float = Z95) -> Interval | None:
    """The score interval of a share (Wilson 1927); None where nobody was counted.

    >>> found = wilson(Counted(81, 263))
    >>> [round(x, 4) for x in (found.low, found.high)]
    [0.2553, 0.3662]
    """
    if not counted.n:
        return None
    n, share = counted.n, counted.hits / counted.n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # At no hits and all hits the bound is exactly 0 or 1; rounding must not move it past the share.
    low = 0.0 if counted.hits == 0 else min(share, middle - half)
    high = 1.0 if counted.hits == n else max(share, middle + half)
    return Interval(share, low, high)


def newcombe(treated: Counted, reference: Counted, z: float = Z95) -> Interval | None:
    """The difference of two shares, treated minus reference, with the hybrid score interval.

    R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine
    17 (1998), method 10. None where an arm is empty.

    >>> found = newcombe(Counted(56, 70), Counted(48, 80))
    >>> [round(x, 4) for x in (found.value, found.low, found.high)]
    [0.2, 0.0524, 0.3339]
    """
    a, b = wilson(treated, z), wilson(reference, z)
    if a is None or b is None:
        return None
    difference = a.value - b.value
    low = difference - sqrt((a.value - a.low) ** 2 + (b.high - b.value) ** 2)
    high = difference + sqrt((a.high - a.value) ** 2 + (b.value - b.low) ** 2)
    return Interval(difference, max(-1.0, low), min(1.0, high))


def confidence_sequence(treated: Counted, reference: Counted, alpha: float = ALPHA) -> Interval | None:
    """The difference of two shares with an interval that holds at all sample sizes at once; None where an arm is empty.

    However often and whenever one looks, and stops because of what one saw: under no effect the interval ever
    excludes zero in at most a share `alpha` of experiments (asymptotically; the first looks need `NEEDED_PER_ARM`).

    I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, "Time-uniform central limit theory and asymptotic
    confidence sequences" (arXiv 2103.06476, 2021; Annals of Statistics 52, 2024), theorem 2.2, for the influence
    function of a difference of two means in a randomised experiment, whose variance over t is the sum of the arms'
    v/n; rho as their equation for the narrowest interval at `TIGHTEST_AT`. The variances are taken with one hit and
    one miss added to each arm (Agresti and Caffo 2000), so that an arm of all or none is not taken for certain.

    >>> found = confidence_sequence(Counted(56, 70), Counted(48, 80))
    >>> [round(x, 4) for x in (found.value, found.low, found.high)]
    [0.2, -0.0586, 0.4586]
    """
    if not treated.n or not reference.n:
        return None
    difference = treated.hits / treated.n - reference.hits / reference.n
    t = treated.n + reference.n
    rho2 = (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / TIGHTEST_AT
    reach = 2 * (t * rho2 + 1) / (t * rho2) * log(sqrt(t * rho2 + 1) / alpha)
    half = sqrt((_variance(treated) + _variance(reference)) * reach)
    return Interval(difference, max(-1.0, difference - half), min(1.0, difference + half))


def _variance(counted: Counted) -> float:
    """Of a share, with one hit and one miss added."""
    share = (counted.hits + 1) / (counted.n + 2)
    return share * (1 - share) / counted.n


def two_proportions(treated: Counted, reference: Counted) -> tuple[float, float] | None:
    """z and two-sided p of the pooled two-proportion test; None where an arm is empty or nothing varies."""
    n = treated.n + reference.n
    pooled = (treated.hits + reference.hits) / n if treated.n and reference.n else 0.0
    if pooled in (0.0, 1.0):
        return None
    error = sqrt(pooled * (1 - pooled) * (1 / treated.n + 1 / reference.n))
    z = (treated.hits / treated.n - reference.hits / reference.n) / error
    return z, erfc(abs(z) / sqrt(2))


def chi2_tail(x: float, df: int) -> float:
    """The chance that chi-square with `df` degrees of freedom exceeds `x`.

    By the recurrence Q(x; k+2) = Q(x; k) + (x/2)^(k/2) e^(-x/2) / Gamma(k/2 + 1), from erfc and exp.
    """
    if x == inf:
        return 0.0
    half, k = x / 2, 1 if df % 2 else 2
    tail = erfc(sqrt(half)) if k == 1 else exp(-half)
    while k < df:
        tail += half ** (k / 2) * exp(-half) / gamma(k / 2 + 1)
        k += 2
    return min(1.0, tail)


def sample_ratio(observed: Mapping[str, int], weights: Mapping[str, float]) -> SampleRatio:
    """Chi-square of the sizes of the arms against their configured weights.

    Somebody in an arm that should be empty makes p zero. No p before anybody is assigned, or with one arm only.
    """
    arms = sorted({*observed, *weights})
    n, total = sum(observed.values()), sum(weights.values())
    expected = {arm: n * weights.get(arm, 0.0) / total if total else 0.0 for arm in arms}
    counted = {arm: observed.get(arm, 0) for arm in arms}
    real = [arm for arm in arms if expected[arm] > 0]
    if not n or len(arms) < 2:
        return SampleRatio(counted, expected, None, None)
    if any(counted[arm] for arm in arms if arm not in real):
        return SampleRatio(counted, expected, None, 0.0)
    if len(real) < 2:
        return SampleRatio(counted, expected, None, None)
    chi2 = sum((counted[arm] - expected[arm]) ** 2 / expected[arm] for arm in real)
    return SampleRatio(counted, expected, chi2, chi2_tail(chi2, len(real) - 1))


def ordered(arms: Iterable[str], control: str) -> list[str]:
    """The arms from the least to the most: control first, the others by name.

    >>> ordered(["person", "control", "message"], "control")
    ['control', 'message', 'person']
    """
    return sorted(arms, key=lambda arm: (arm != control, arm))


def pairs(arms: Sequence[str], control: str) -> list[tuple[str, str]]:
    """Which arms are compared, the headline first: treatments with each other, then each with the control.

    With two treatments the question is whether the costlier one does more than the cheaper one; that doing something
    beats doing nothing is the lesser claim.

    >>> pairs(["control", "message", "person"], "control")
    [('person', 'message'), ('message', 'control'), ('person', 'control')]
    """
    treatments = [arm for arm in arms if arm != control]
    among = [(b, a) for n, a in enumerate(treatments) for b in treatments[n + 1 :]]
    return among + [(arm, control) for arm in treatments if control in arms]


def compare(arm: Arm, against: Arm, *, headline: bool) -> Comparison:
    """One arm beside another, and what may honestly be said of it now."""
    treated, reference = arm.completion, against.completion
    always = confidence_sequence(treated, reference)
    test = two_proportions(treated, reference)
    return Comparison(
        arm.arm,
        against.arm,
        headline,
        newcombe(treated, reference),
        always,
        test[0] if test else None,
        test[1] if test else None,
        state_of(treated, reference, always),
    )


def state_of(treated: Counted, reference: Counted, difference: Interval | None) -> State:
    """What an interval lets one say: nothing yet, no difference seen, or which is better.

    >>> state_of(Counted(9, 10), Counted(1, 10), confidence_sequence(Counted(9, 10), Counted(1, 10)))
    'too_early'
    """
    if difference is None or min(treated.n, reference.n) < NEEDED_PER_ARM:
        return "too_early"
    if difference.low > 0:
        return "better"
    if difference.high < 0:
        return "worse"
    both = treated.hits + reference.hits
    if min(both, treated.n + reference.n - both) < 2 * NEEDED_OF_EACH:
        return "too_early"
    return "no_difference_yet"


def verdict(comparisons: Sequence[Comparison], ratio: SampleRatio) -> Verdict:
    """The state of the whole: a broken assignment outweighs any difference, else the headline speaks."""
    if ratio.alarm:
        return "broken"
    headline = next((c for c in comparisons if c.headline), None)
    return headline.state if headline else "too_early"
