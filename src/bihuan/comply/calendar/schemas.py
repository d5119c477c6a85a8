"""The calendar on the wire."""

from datetime import date
from typing import Annotated, Self

from fastapi import Path
from pydantic import BaseModel, Field

from bihuan.comply.calendar.rules import Closure

Year = Annotated[int, Path(ge=2010, le=2100)]


class ClosureIO(BaseModel):
    """The exchange does not trade from `first` to `last`, both included."""

    first: date
    last: date
    name: Annotated[str, Field(max_length=60)] = ""

    @classmethod
    def of(cls, closure: Closure) -> Self:
        """As the wire carries it."""
        return cls(first=closure.first, last=closure.last, name=closure.name)


class YearIn(BaseModel):
    """The closures of a year as the exchange announced them, and where."""

    closures: Annotated[list[ClosureIO], Field(max_length=40)]
    source: Annotated[str, Field(min_length=3, max_length=300, description="the exchange's notice")]


class YearOut(BaseModel):
    """A year: closures that fall on weekdays, each with the weekend days around it."""

    year: int
    announced: bool = Field(description="False: the table does not know the year, weekdays are taken provisionally")
    trading_days: int
    closures: list[ClosureIO]
    known_until: date | None = Field(description="the last day the table knows")
