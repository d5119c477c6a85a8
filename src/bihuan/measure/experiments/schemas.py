"""Wire types of an experiment's result."""

from datetime import datetime

from pydantic import BaseModel, Field


class RateOut(BaseModel):
    """A share with what it was counted from, and its 95% Wilson interval; null where nobody was counted."""

    numerator: int
    denominator: int
    value: float | None
    low: float | None
    high: float | None


class ArmOut(BaseModel):
    """One arm, by assignment: everybody it was meant for counts, reached or not."""

    arm: str
    weight: float = Field(description="configured share of assignments")
    n: int
    opened: int
    completion: RateOut
    resumed: RateOut
    reached_in_time: RateOut = Field(description="contacted before he resumed by himself or had left")
    under_way: int = Field(description="neither opened nor given up yet")
    median_seconds_to_contact: float | None
    median_seconds_to_resume: float | None = Field(description="among those who resumed")


class ComparisonOut(BaseModel):
    """Completion of one arm minus completion of another, with Newcombe's 95% interval (1998, method 10)."""

    arm: str
    against: str
    headline: bool
    difference: float | None
    low: float | None
    high: float | None
    z: float | None
    p: float | None = Field(description="two-sided, pooled two-proportion z test")
    state: str = Field(description="too_early, no_difference_yet, better or worse")


class SampleRatioOut(BaseModel):
    """Whether the arms are as large as configured; below p = 0.001 the assignment itself is in doubt."""

    observed: dict[str, int]
    expected: dict[str, float]
    chi2: float | None
    p: float | None
    alarm: bool


class ExperimentResultOut(BaseModel):
    """An experiment read by intention to treat."""

    key: str
    version: int
    as_of: datetime
    state: str = Field(description="too_early, no_difference_yet, better, worse, or broken by the sample-ratio alarm")
    arms: list[ArmOut]
    comparisons: list[ComparisonOut]
    sample_ratio: SampleRatioOut
    needed_per_arm: int = Field(description="fewest assignments per arm before a comparison is made")
