"""Openings on the wire."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from bihuan.understand.openings.course import Step
from bihuan.understand.openings.repository import Opening
from bihuan.understand.openings.rules import Event

State = Literal["under_way", "sent_back", "submitted", "opened", "abandoned", "ineligible"]
Tab = Literal["all", "under_way", "sent_back"]


class StepOut(BaseModel):
    """One step of an account opening, as the firm's rows describe it."""

    code: str
    ordinal: int
    name_zh: str
    name_en: str
    milestone: Literal["submitted", "opened"] | None = Field(description="what finishing this step means")
    stuck_after_seconds: float | None = Field(description="silence that counts as stuck; null: no clock")
    needs_session: bool = Field(description="the clock runs only while witnesses are at work")
    may_be_sent_back: bool
    answers_hidden: bool = Field(description="explain the screen; never see or give the answers")

    @classmethod
    def of(cls, step: Step) -> Self:
        """From the row."""
        after = step.stuck_after.total_seconds() if step.stuck_after else None
        plain = {name: getattr(step, name) for name in cls.model_fields if name != "stuck_after_seconds"}
        return cls(stuck_after_seconds=after, **plain)


class OpeningStepsOut(BaseModel):
    """All steps in their order."""

    items: list[StepOut]


class OpeningOut(BaseModel):
    """One account application as it stands now."""

    id: str = Field(description="the opening system's own name for the application")
    customer_id: UUID | None
    branch_id: UUID | None = Field(description="the branch that serves it; null: headquarters")
    channel: str | None
    state: State
    step: str | None = Field(description="the first step that is not done")
    first_fact_at: datetime
    last_fact_at: datetime
    stuck_at: datetime | None = Field(description="when the clock of the current step runs out")
    stuck_since: datetime | None = Field(description="the same, once it has run out")
    stuck_reason: str | None = Field(description="why the last attempt at the step failed, where it did")
    times_stuck: int
    returned_step: str | None
    returned_reason: str | None
    submitted_at: datetime | None
    opened_at: datetime | None

    @classmethod
    def of(cls, opening: Opening) -> Self:
        """From the row."""
        plain = {name: getattr(opening, name) for name in cls.model_fields if name != "id"}
        return cls(id=opening.opening_id, **plain)


class OpeningPage(BaseModel):
    """One page of applications, the latest sign of life first; `next` is the cursor of the following page."""

    items: list[OpeningOut]
    next: str | None = None


class StepCount(BaseModel):
    """How many applications stand at a step, and how many of them are stuck there."""

    step: str
    openings: int
    stuck: int


class OpeningCounts(BaseModel):
    """The figures on the desk's tabs."""

    all: int
    under_way: int
    sent_back: int
    stuck: int
    steps: list[StepCount]


class StepHistory(BaseModel):
    """How one step of an application went. Answers are not among it."""

    step: str
    started_at: datetime | None = None
    done_at: datetime | None = None
    passed: bool = Field(False, description="its own event never came, but a later milestone proves it done")
    attempts: int = 0
    failed_at: datetime | None = None
    reason: str | None = None
    sent_back: int = 0
    answers_hidden: bool


class OpeningEvent(BaseModel):
    """One event of the application, as far as staff may see it."""

    at: datetime
    name: str
    reason: str | None = None

    @classmethod
    def of(cls, event: Event, *, hidden: bool) -> Self:
        """From what was kept of the event; its name only where answers are hidden."""
        return cls(at=event.occurred_at, name=event.name, reason=None if hidden else event.properties.get("reason"))


class StallOut(BaseModel):
    """A silence that outlasted the clock; `ended_at` is null while it lasts."""

    step: str
    last_fact_at: datetime
    stuck_at: datetime
    ended_at: datetime | None


class OpeningDetail(OpeningOut):
    """One application with the history of its steps."""

    staff_code: str | None
    chosen_branch: str | None
    resume_path: str | None = Field(description="link back to the very step")
    answers_hidden: bool = Field(description="explain the screen; never see or give the answers")
    history: list[StepHistory]
    stalls: list[StallOut]
    events: list[OpeningEvent]
