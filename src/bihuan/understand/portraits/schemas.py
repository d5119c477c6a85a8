"""Portraits on the wire."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

By = Literal[
    "age_band", "asset_band", "stage", "risk_level", "grade", "acquired_by", "region", "gender", "trading_activity",
    "app_activity", "order_habit", "branch",
]  # fmt: skip


class GroupOut(BaseModel):
    """One group of customers. `value` null: not known."""

    value: str | None
    zh: str | None
    en: str | None
    customers: int
    known: int = Field(description="customers whose assets are known")
    assets: float = Field(description="yuan, of those")
    median: float | None


class BaseOut(BaseModel):
    """The customers within your data scope, by one of their tags or by branch, and how unevenly assets lie."""

    by: By
    customers: int
    known: int
    assets: float
    groups: list[GroupOut]
    curve: list[float] = Field(
        description="share of assets held by the poorest 5%, 10% ... 100% of those with known assets"
    )
    gini: float | None
    top_tenth: float | None = Field(description="share of assets held by the richest tenth")
    as_of: datetime | None = Field(description="null before tags were ever computed")
