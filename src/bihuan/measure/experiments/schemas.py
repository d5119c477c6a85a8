"""Wire types of an experiment's result."""

from datetime import datetime

from pydantic import BaseModel, Field

from bihuan.measure.experiments.rules import (
    NEEDED_PER_ARM,
    Arm,
    Comparison,
    Counted,
    Reading,
    Result,
    SampleRatio,
    wilson,
)


class RateOut(BaseModel):
    """A share with what it was counted from, and its 95% Wilson interval; null where nobody was counted."""

    numerator: int
    denominator: int
    value: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, counted: Counted) -> "RateOut":
        """From what was counted."""
        interval = wilson(counted)
        return cls(
            numerator=counted.hits,
            denominator=counted.n,
            value=counted.share,
            low=interval.low if interval else None,
            high=interval.high if interval else None,
        )


class ArmOut(BaseModel):
    """One arm, by assignment: everybody it was meant for counts, reached or not."""

    arm: str
    weight: float = Field(description="configured share of assignments")
    n: int
    opened: int
    completion: RateOut
    resumed: RateOut
    reached_in_time: RateOut = Field(
        description="reached within the agreed time and before he resumed by himself: a message delivered, or a"
        " person's contact that was not noted as unanswered"
    )
    reached_by_person: RateOut = Field(description="the same, by a person")
    under_way: int = Field(description="neither opened nor given up yet")
    median_seconds_to_reach: float | None = Field(description="among those who were reached")
    median_seconds_to_resume: float | None = Field(description="among those who resumed")

    @classmethod
    def of(cls, arm: Arm) -> "ArmOut":
        """From the measured arm."""
        return cls(
            arm=arm.arm,
            weight=arm.weight,
            n=arm.completion.n,
            opened=arm.completion.hits,
            completion=RateOut.of(arm.completion),
            resumed=RateOut.of(arm.resumed),
            reached_in_time=RateOut.of(arm.reached_in_time),
            reached_by_person=RateOut.of(arm.reached_by_person),
            under_way=arm.under_way,
            median_seconds_to_reach=arm.median_seconds_to_reach,
            median_seconds_to_resume=arm.median_seconds_to_resume,
        )


class ComparisonOut(BaseModel):
    """Completion of one arm minus completion of another, with two 95% intervals.

    `always_low` and `always_high` are a confidence sequence (Waudby-Smith et al. 2021): it holds at all looks
    together, and `state` is read from it. `low`, `high` (Newcombe 1998, method 10), `z` and `p` hold for a single
    look at a size fixed beforehand, and mislead whoever looks again and again.
    """

    arm: str
    against: str
    headline: bool
    difference: float | None
    low: float | None
    high: float | None
    always_low: float | None
    always_high: float | None
    z: float | None
    p: float | None = Field(description="two-sided, pooled two-proportion z test")
    state: str = Field(description="too_early, no_difference_yet, better or worse")

    @classmethod
    def of(cls, found: Comparison) -> "ComparisonOut":
        """From the comparison."""
        difference, always = found.difference, found.always
        return cls(
            arm=found.arm,
            against=found.against,
            headline=found.headline,
            difference=difference.value if difference else None,
            low=difference.low if difference else None,
            high=difference.high if difference else None,
            always_low=always.low if always else None,
            always_high=always.high if always else None,
            z=found.z,
            p=found.p,
            state=found.state,
        )


class SampleRatioOut(BaseModel):
    """Whether the arms are as large as configured; below p = 0.001 the assignment itself is in doubt."""

    observed: dict[str, int]
    expected: dict[str, float]
    chi2: float | None
    p: float | None
    alarm: bool

    @classmethod
    def of(cls, ratio: SampleRatio) -> "SampleRatioOut":
        """From the check."""
        return cls(
            observed=dict(ratio.observed),
            expected=dict(ratio.expected),
            chi2=ratio.chi2,
            p=ratio.p,
            alarm=ratio.alarm,
        )


class ViewOut(BaseModel):
    """An experiment in one of its two views."""

    state: str = Field(description="too_early, no_difference_yet, better, worse, or broken by the sample-ratio alarm")
    arms: list[ArmOut]
    comparisons: list[ComparisonOut]

    @classmethod
    def of(cls, found: Result) -> "ViewOut":
        """From one view."""
        return cls(
            state=found.state,
            arms=[ArmOut.of(arm) for arm in found.arms],
            comparisons=[ComparisonOut.of(comparison) for comparison in found.comparisons],
        )


class ExperimentResultOut(ViewOut):
    """An experiment read by intention to treat: opened within the horizon, among those whose horizon is over.

    `immediate` counts everybody as he stands now, who got stuck a moment ago included.
    """

    key: str
    version: int
    as_of: datetime
    horizon_seconds: float
    immediate: ViewOut
    sample_ratio: SampleRatioOut = Field(description="of everybody assigned")
    needed_per_arm: int = Field(description="fewest assignments per arm before a comparison is made")

    @classmethod
    def of_reading(cls, found: Reading) -> "ExperimentResultOut":
        """From both views."""
        settled = ViewOut.of(found.settled)
        return cls(
            key=found.settled.key,
            version=found.settled.version,
            as_of=found.settled.as_of,
            state=settled.state,
            arms=settled.arms,
            comparisons=settled.comparisons,
            horizon_seconds=found.horizon.total_seconds(),
            immediate=ViewOut.of(found.immediate),
            sample_ratio=SampleRatioOut.of(found.settled.sample_ratio),
            needed_per_arm=NEEDED_PER_ARM,
        )
