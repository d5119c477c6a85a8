"""A story on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class Happened(BaseModel):
    """A fact, by the name it has in the log."""

    name: str
    at: datetime


class StoryOut(BaseModel):
    """The facts about the applicant, the earliest first."""

    customer_id: UUID | None = Field(description="null while the application is not known")
    happened: list[Happened]
