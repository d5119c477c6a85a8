"""Templates on the wire."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from bihuan.reach.templates.rules import Template

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*(\.(zh-CN|en))?[a-z0-9._-]*$", max_length=80)]
Title = Annotated[str, Field(min_length=1, max_length=60)]
Body = Annotated[str, Field(min_length=1, max_length=500)]
Step = Annotated[str, Field(min_length=1, max_length=40)]


class TemplateEdit(BaseModel):
    """The parts of a template that may be edited. A `step` of null fits every step."""

    step: Step | None = None
    purpose: Literal["service", "marketing"] = "service"
    title: Title
    body: Body
    valid_from: AwareDatetime
    valid_to: AwareDatetime

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.valid_to <= self.valid_from:
            raise ValueError("valid_to must be later than valid_from")
        return self


class TemplateIn(TemplateEdit):
    """A new template; a known name makes its next version."""

    name: Name
    occasion: Literal["opening-stuck", "opening-returned"]
    language: Literal["zh-CN", "en"]
    channel: Literal["sms", "inbox"]


class TemplateOut(BaseModel):
    """One version. `approver_id` is the second person; null with null `author_id`: supplied with the product."""

    id: UUID
    name: str
    version: int
    occasion: str
    step: str | None
    language: str
    channel: str
    purpose: str
    title: str
    body: str
    variables: list[str]
    status: Literal["draft", "submitted", "approved", "rejected", "expired"]
    valid_from: datetime
    valid_to: datetime
    author_id: UUID | None
    approval_id: UUID | None
    approver_id: UUID | None
    reason: str | None
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None

    @classmethod
    def of(cls, template: Template, now: datetime) -> Self:
        """A template as staff see it at this time."""
        return cls.model_validate({**vars(template), "status": template.shown_status(now)})
