"""Wire types of the cockpit and the morning page."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field


class FigureOut(BaseModel):
    """One figure of today until now, beside the same weekday before until the same time.

    A rate carries what it was counted from; `change` is relative for counts and a plain difference for the rest.
    """

    metric: str = Field(description="code in the metrics catalogue")
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    before: float | None = None
    change: float | None = None


class LeakOut(BaseModel):
    """Where a stage loses most: a rate, and what it is about (a step, a reason, a channel)."""

    metric: str
    detail: str = Field(description="step, reason or slot it is about; empty where there is no finer one")
    numerator: int
    denominator: int
    share: float | None
    act: bool = Field(description="somebody must act; shown red")


class StageOut(BaseModel):
    """One of the eight stages of the loop."""

    stage: str
    figure: FigureOut
    leak: LeakOut | None


class NeedOut(BaseModel):
    """Something that waits for a person."""

    kind: str = Field(description="stuck_openings, waiting_enquiries, owed_callbacks, open_disputes, poison_entries")
    count: int
    oldest_at: datetime | None


class CockpitOut(BaseModel):
    """The loop now. Experience, efficiency and cost are never shown one without the others."""

    as_of: datetime
    compared_with: date = Field(description="the day before of the same weekday and kind (trading or not)")
    loop: list[StageOut]
    opened_today: FigureOut
    planned_today: float | None = Field(description="accounts planned for today over all branches; null without plan")
    experience: list[FigureOut]
    efficiency: list[FigureOut]
    cost: list[FigureOut]
    needs: list[NeedOut]


class ComparedOut(BaseModel):
    """A branch's figure of the last trading day, against plan and the other branches."""

    value: int
    plan: float | None
    rank: int | None = Field(description="1 is best; branches with the same value share a rank")
    of: int = Field(description="branches ranked")


class StuckStepOut(BaseModel):
    """Openings of the branch that are stuck at one step."""

    step: str
    openings: int
    oldest_at: datetime


class MorningOut(BaseModel):
    """What a branch manager needs before nine."""

    branch_id: UUID
    as_of: datetime
    since: datetime = Field(description="start of the last trading day; the period ends at last midnight")
    until: datetime
    opened: ComparedOut
    openings_under_way: int
    openings_stuck: int
    stuck_steps: list[StuckStepOut]
    untouched_rescues: NeedOut
    promises_missed: FigureOut = Field(description="enquiries that waited longer for a person than promised")
    owed_callbacks: NeedOut
    credits: int
    assists: int
    open_disputes: NeedOut
    satisfaction: FigureOut
