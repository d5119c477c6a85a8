"""Wire types of funnels and the event explorer."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from bihuan.measure.funnels.rules import FunnelResult, Step


class FunnelStepOut(BaseModel):
    """One step: `conversion` is `customers / first`, `step_conversion` is `customers / previous`."""

    name: str
    customers: int = Field(description="customers whose chain reached this step")
    first: int = Field(description="customers at the first step, the denominator of `conversion`")
    previous: int = Field(description="customers at the step before, the denominator of `step_conversion`")
    conversion: float | None = Field(description="null where nobody took the first step")
    step_conversion: float | None = Field(description="null where nobody took the step before")
    median_seconds: float | None = Field(description="median time since the step before; null for the first step")

    @classmethod
    def of(cls, step: Step) -> "FunnelStepOut":
        """From the measured step."""
        return cls(
            name=step.name,
            customers=step.customers,
            first=step.first,
            previous=step.previous,
            conversion=step.conversion,
            step_conversion=step.step_conversion,
            median_seconds=step.median_seconds,
        )


class FunnelGroupOut(BaseModel):
    """The funnel of those whose first step carried this value of the property."""

    value: str | None = Field(description="null: the first step's event lacks the property")
    is_other: bool = Field(description="all values beyond the ten most frequent, together")
    steps: list[FunnelStepOut]


class FunnelOut(BaseModel):
    """An ordered funnel over customers; visitors who became users count once."""

    window_seconds: float
    by: str | None
    since: datetime | None
    until: datetime | None
    steps: list[FunnelStepOut]
    breakdown: list[FunnelGroupOut]

    @classmethod
    def of(cls, result: FunnelResult) -> "FunnelOut":
        """From the measured funnel."""
        return cls(
            window_seconds=result.query.window.total_seconds(),
            by=result.query.by,
            since=result.query.since,
            until=result.query.until,
            steps=[FunnelStepOut.of(step) for step in result.steps],
            breakdown=[
                FunnelGroupOut(
                    value=group.value, is_other=group.is_other, steps=[FunnelStepOut.of(step) for step in group.steps]
                )
                for group in result.breakdown
            ],
        )


class FunnelCustomerOut(BaseModel):
    """A customer behind a bar of the funnel."""

    customer_id: UUID
    name: str = Field(description="masked; empty while nothing is known of a visitor")
    branch_id: UUID | None
    first_at: datetime = Field(description="his first step")
    last_at: datetime = Field(description="the last step he reached, up to the bar's")


class EventNameOut(BaseModel):
    """An event name of the archive. `kind` is `tracked` (from outside) or `fact` (from a room)."""

    name: str
    kind: str
    events: int
    customers: int = Field(description="approximate above some thousands")
    first_at: datetime
    last_at: datetime


class EventPropertyOut(BaseModel):
    """A property seen among the `sampled` latest events of a name."""

    name: str
    events: int = Field(description="how many of the sampled events carry it")
    sampled: int
    values: int = Field(description="distinct values among them")
    examples: list[str] = Field(description="frequent values, each seen at five customers or more")
