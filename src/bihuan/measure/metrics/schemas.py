"""Wire types of the metrics catalogue."""

from pydantic import BaseModel, Field


class MetricOut(BaseModel):
    """What a figure means. A rate names its numerator and denominator; a figure of another kind its formula only."""

    code: str
    name: dict[str, str] = Field(description="by language: zh-CN, en")
    group: str
    kind: str = Field(description="count, rate or quantity")
    unit: str = Field(description="count, share, seconds, yuan, minutes, accounts_per_hour, stars, points")
    formula: dict[str, str]
    numerator: dict[str, str] | None
    denominator: dict[str, str] | None
    window: dict[str, str]
    population: dict[str, str]
    better: str = Field(description="up, down or neither")
