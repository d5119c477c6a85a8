"""The stage on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Part = Literal["fund_saver", "active_trader", "retired_c1", "high_net_worth", "dormant"]


class PersonaOut(BaseModel):
    """A customer whose phone a visitor may hold."""

    part: Part
    user_id: str
    age: int


class SeatOut(BaseModel):
    """Somebody of the staff; `code` stands in his QR code."""

    login: str
    name: str
    name_en: str
    branch: str = Field(description="code of the branch, empty at headquarters")
    code: str


class SeatsOut(BaseModel):
    """Staff whom the simulator leaves alone, and a recruiter of another branch."""

    advisor: SeatOut
    manager: SeatOut
    judge: SeatOut
    compliance: SeatOut
    recruiter: SeatOut


class StepPlayed(BaseModel):
    """A step of the opening, and the events by which the opening system tells of it."""

    code: str
    name_zh: str
    name_en: str
    milestone: Literal["submitted", "opened"] | None
    started_by: list[str]
    done_by: list[str]
    failed_by: list[str]


class BranchPlayed(BaseModel):
    """A branch that may be chosen."""

    code: str
    name: str
    name_en: str
    city: str


class StageOut(BaseModel):
    """What there is to play with. `on` is false outside demo mode, and nothing else is told."""

    on: bool
    write_key: str | None = None
    personas: list[PersonaOut] = []
    seats: SeatsOut | None = None
    steps: list[StepPlayed] = []
    branches: list[BranchPlayed] = []


class ClockIn(BaseModel):
    """How many times as fast as real time the product's time shall run."""

    factor: Annotated[float, Field(ge=1, le=120)]


class ClockOut(BaseModel):
    """The product's time and its speed."""

    now: str
    factor: float
