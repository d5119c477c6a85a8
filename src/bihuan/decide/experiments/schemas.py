"""Experiments on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from bihuan.decide.experiments.rules import Experiment

Weight = Annotated[float, Field(ge=0, le=1)]


class ArmOut(BaseModel):
    """One arm: its share of customers, and how many openings were exposed to it in this version."""

    arm: str
    weight: float
    exposed: int


class ExperimentOut(BaseModel):
    """One version of an experiment."""

    key: str
    version: int
    name_zh: str
    name_en: str
    question_zh: str
    question_en: str
    unit: str
    arms: list[ArmOut]
    control: str
    otherwise: str = Field(description="the arm everybody gets, unexposed, while the experiment does not run")
    status: Literal["running", "paused", "ended"]
    started_at: datetime
    ended_at: datetime | None
    edited_by: str

    @classmethod
    def of(cls, experiment: Experiment, exposed: Mapping[str, int]) -> Self:
        """From the row and the exposures of this version."""
        arms = [ArmOut(arm=arm, weight=weight, exposed=exposed.get(arm, 0)) for arm, weight in experiment.arms.items()]
        names = cls.model_fields.keys() - {"arms"}
        return cls(arms=arms, **{name: getattr(experiment, name) for name in names})


class ExperimentsOut(BaseModel):
    """Experiments, or the versions of one."""

    items: list[ExperimentOut]


class ExperimentPatch(BaseModel):
    """A change; other weights make a new version, and nobody who has an arm gets another."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1, le=2_000_000_000, description="the version that was looked at")]
    arms: Annotated[dict[Annotated[str, Field(max_length=40)], Weight], Field(max_length=20)] | None = None
    status: Literal["running", "paused"] | None = None
    reason: Annotated[str, Field(min_length=1, max_length=500, description="why, for the audit trail")]
