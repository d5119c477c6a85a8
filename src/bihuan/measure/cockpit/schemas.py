"""Wire types of the cockpit and the morning page."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from bihuan.measure.cockpit.morning import Morning
from bihuan.measure.cockpit.rules import Cockpit, Figure, Leak, Need, Settlement


class FigureOut(BaseModel):
    """One figure of today until now, beside the same weekday before until the same time.

    A rate carries what it was counted from; a percentile only `denominator`, how many it is of. `change` is relative
    for counts and a plain difference for the rest.
    """

    metric: str = Field(description="code in the metrics catalogue")
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    before: float | None = None
    change: float | None = None
    low: float | None = Field(default=None, description="of an estimate: its 95% interval, in the figure's unit")
    high: float | None = None
    sizes: dict[str, int] | None = Field(default=None, description="of an estimate: how many are in each arm compared")

    @classmethod
    def of(cls, figure: Figure) -> "FigureOut":
        """From the measured figure."""
        return cls(
            metric=figure.metric,
            value=figure.value,
            numerator=figure.numerator,
            denominator=figure.denominator,
            before=figure.before,
            change=figure.change,
            low=figure.low,
            high=figure.high,
            sizes=dict(figure.sizes) or None,
        )


class LeakOut(BaseModel):
    """Where a stage loses most: a rate, and what it is about (a step, a reason, a channel)."""

    metric: str
    detail: str = Field(description="step, reason or slot it is about; empty where there is no finer one")
    numerator: int
    denominator: int
    share: float | None
    act: bool = Field(description="somebody must act; shown red")

    @classmethod
    def of(cls, leak: Leak) -> "LeakOut":
        """From the measured leak."""
        return cls(
            metric=leak.metric,
            detail=leak.detail,
            numerator=leak.numerator,
            denominator=leak.denominator,
            share=leak.share,
            act=leak.act,
        )


class StageOut(BaseModel):
    """One of the eight stages of the loop."""

    stage: str
    figure: FigureOut
    leak: LeakOut | None


class NeedOut(BaseModel):
    """Something that waits for a person."""

    kind: str = Field(
        description="stuck_openings, promises_at_risk, waiting_enquiries, owed_callbacks, open_disputes,"
        " poison_entries, lanes_behind, broken_experiments"
    )
    count: int
    oldest_at: datetime | None

    @classmethod
    def of(cls, need: Need) -> "NeedOut":
        """From what waits."""
        return cls(kind=need.kind, count=need.count, oldest_at=need.oldest_at)


class SettlementOut(BaseModel):
    """Net new assets in yuan of the last day whose fund flows are known."""

    day: date
    compared_with: date
    net: FigureOut
    inflow: float
    outflow: float
    planned: float | None = Field(description="that day's part of the month's plans; null without a plan")

    @classmethod
    def of(cls, found: Settlement) -> "SettlementOut":
        """From the settled day."""
        return cls(**{**vars(found), "net": FigureOut.of(found.net)})


class CockpitOut(BaseModel):
    """The loop now. Experience, efficiency and cost are never shown one without the others."""

    as_of: datetime
    compared_with: date = Field(description="the day before of the same weekday and kind (trading or not)")
    loop: list[StageOut]
    opened_today: FigureOut
    planned_today: float | None = Field(description="accounts planned for today over all branches; null without plan")
    settlement: SettlementOut | None = Field(description="null before any fund flow was imported")
    experience: list[FigureOut]
    efficiency: list[FigureOut]
    cost: list[FigureOut]
    needs: list[NeedOut]

    @classmethod
    def of(cls, found: Cockpit) -> "CockpitOut":
        """From the cockpit put together."""
        return cls(
            as_of=found.as_of,
            compared_with=found.compared_with,
            loop=[
                StageOut(
                    stage=stage.stage,
                    figure=FigureOut.of(stage.figure),
                    leak=LeakOut.of(stage.leak) if stage.leak else None,
                )
                for stage in found.loop
            ],
            opened_today=FigureOut.of(found.opened_today),
            planned_today=found.planned_today,
            settlement=SettlementOut.of(found.settlement) if found.settlement else None,
            experience=[FigureOut.of(figure) for figure in found.experience],
            efficiency=[FigureOut.of(figure) for figure in found.efficiency],
            cost=[FigureOut.of(figure) for figure in found.cost],
            needs=[NeedOut.of(need) for need in found.needs],
        )


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
    opened: ComparedOut = Field(description="accounts credited to the branch, disputes decided so far included")
    openings_under_way: int
    openings_stuck: int
    stuck_steps: list[StuckStepOut] = Field(description="most stuck first")
    untouched_rescues: NeedOut
    promises_at_risk: NeedOut
    waiting_enquiries: NeedOut
    owed_callbacks: NeedOut
    open_disputes: NeedOut
    promises_missed: FigureOut = Field(description="enquiries that waited longer for a person than promised")
    assists: int
    satisfaction: FigureOut

    @classmethod
    def of(cls, found: Morning) -> "MorningOut":
        """From the morning put together."""
        stuck = [
            StuckStepOut(step=step.step, openings=step.openings, oldest_at=step.oldest_at)
            for step in sorted(found.openings, key=lambda step: -step.openings)
            if step.step is not None and step.oldest_at is not None
        ]
        return cls(
            branch_id=found.branch_id,
            as_of=found.as_of,
            since=found.period.since,
            until=found.period.until,
            opened=ComparedOut(**vars(found.opened)),
            openings_under_way=sum(step.openings for step in found.openings),
            openings_stuck=sum(step.openings for step in stuck),
            stuck_steps=stuck,
            untouched_rescues=NeedOut.of(found.needs["stuck_openings"]),
            promises_at_risk=NeedOut.of(found.needs["promises_at_risk"]),
            waiting_enquiries=NeedOut.of(found.needs["waiting_enquiries"]),
            owed_callbacks=NeedOut.of(found.needs["owed_callbacks"]),
            open_disputes=NeedOut.of(found.needs["open_disputes"]),
            promises_missed=FigureOut.of(found.promises),
            assists=found.assists,
            satisfaction=FigureOut.of(found.satisfaction),
        )
