"""The opening system on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

Text = Annotated[str, Field(max_length=200)]
OpeningId = Annotated[str, Field(pattern="^D[0-9a-f]{12}$", description="as POST /demo/openings gave it")]


class NumbersIn(BaseModel):
    """What the application is to be an example of."""

    arm: Literal["control", "message", "person"] | None = Field(
        None,
        description="the arm of the rescue experiment that a stall is to show; picked by hand it counts in no analysis",
    )


class NumbersOut(BaseModel):
    """The numbers under which an application goes on."""

    opening_id: str
    user_id: str


class StepIn(BaseModel):
    """One event of the application's own."""

    event: Text
    ago_seconds: Annotated[float, Field(ge=0, le=7200, description="how long ago, in product time")] = 0
    reason: Text | None = None
    step: Text | None = Field(None, description="the step an application is sent back to")
    branch_code: Text | None = None
    staff_code: Text | None = None
    channel: Text | None = None
    level: Annotated[str | None, Field(pattern="^C[1-5]$", description="result of the risk questionnaire")] = None
    lowest_category: bool | None = None
    term: Literal["short", "medium", "long"] | None = None
    kinds: Annotated[list[Text] | None, Field(max_length=6)] = None
    goals: Annotated[list[Text] | None, Field(max_length=6)] = None


class ApplicantIn(BaseModel):
    """What the applicant has entered so far."""

    name: Text | None = None
    phone: Text | None = None
    city: Text | None = None
    language: Text | None = None
    gender: Literal["male", "female"] | None = None
    birth_year: Annotated[int, Field(ge=1900, le=2100)] | None = None


class StepsIn(BaseModel):
    """Steps to tell of, in their order."""

    opening_id: OpeningId
    steps: Annotated[list[StepIn], Field(min_length=1, max_length=30)]
    applicant: ApplicantIn = ApplicantIn()


class StepsOut(BaseModel):
    """How many events were told."""

    told: int


class OwnStep(BaseModel):
    """One step of one's own application."""

    code: str
    name_zh: str
    name_en: str
    done: bool
    reason: str | None


class OwnOpening(BaseModel):
    """One's own application as it stands."""

    id: str
    state: Literal["under_way", "sent_back", "submitted", "opened", "abandoned", "ineligible"]
    step: str | None
    branch_code: str | None
    branch: str | None
    branch_en: str | None
    returned_step: str | None
    returned_reason: str | None
    last_fact_at: datetime
    stuck_at: datetime | None
    submitted_at: datetime | None
    opened_at: datetime | None
    steps: list[OwnStep]


class OwnOpenings(BaseModel):
    """One's applications, the latest first."""

    items: list[OwnOpening]
    next: None = None


def properties_of(step: StepIn) -> dict[str, Any]:
    """What the event carries."""
    return step.model_dump(exclude={"event", "ago_seconds"}, exclude_none=True)
