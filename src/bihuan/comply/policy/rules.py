"""Policy as one typed value, and what a firm may set it to."""

from dataclasses import dataclass
from datetime import time
from typing import Annotated, Any, Literal

import msgspec

_Days = Annotated[int, msgspec.Meta(ge=1, le=3660)]
_Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
_Channel = Literal["sms", "inbox", "push", "call", "chat"]
_Count = Annotated[int, msgspec.Meta(ge=0, le=1000)]

# What each row may hold.
SHAPES: dict[str, Any] = {
    "risk.valid_for_days": _Days,
    "risk.longest_days": _Days,
    "risk.high_risk_from": Annotated[int, msgspec.Meta(ge=1, le=5)],
    "quiet.start": _Clock,
    "quiet.end": _Clock,
    "quiet.channels": frozenset[_Channel],
    "quiet.purposes": frozenset[Literal["marketing", "service"]],
    "quiet.marketing_on_trading_days_only": bool,
    "cap.day.marketing": _Count,
    "cap.week.marketing": _Count,
    "cap.day.service": _Count,
    "cap.week.service": _Count,
    "consent.personalisation": bool,
}


@dataclass(frozen=True)
class Cap:
    """How many contacts, over all channels and purposes, stand before the next is refused."""

    per_day: int
    per_week: int


@dataclass(frozen=True)
class Policy:
    """All numbers compliance sets."""

    valid_for_days: int
    longest_days: int
    high_risk_from: int
    quiet_start: time
    quiet_end: time
    quiet_channels: frozenset[str]
    quiet_purposes: frozenset[str]
    marketing_on_trading_days_only: bool
    caps: dict[str, Cap]
    personalisation: bool


def fault_of(key: str, value: object) -> str | None:
    """Why a row may not hold this value, or None.

    >>> fault_of("cap.day.service", -1)
    'Expected `int` >= 0'
    """
    if key not in SHAPES:
        return f"There is no such row; choose from {', '.join(SHAPES)}."
    try:
        msgspec.convert(value, SHAPES[key])
    except msgspec.ValidationError as error:
        return str(error)
    return None


def policy_of(values: dict[str, Any]) -> Policy:
    """The policy the rows spell. Raises msgspec.ValidationError or KeyError for rows that spell none."""
    read = {key: msgspec.convert(values[key], shape) for key, shape in SHAPES.items()}
    return Policy(
        valid_for_days=read["risk.valid_for_days"],
        longest_days=read["risk.longest_days"],
        high_risk_from=read["risk.high_risk_from"],
        quiet_start=time.fromisoformat(read["quiet.start"]),
        quiet_end=time.fromisoformat(read["quiet.end"]),
        quiet_channels=read["quiet.channels"],
        quiet_purposes=read["quiet.purposes"],
        marketing_on_trading_days_only=read["quiet.marketing_on_trading_days_only"],
        caps={
            purpose: Cap(read[f"cap.day.{purpose}"], read[f"cap.week.{purpose}"])
            for purpose in ("marketing", "service")
        },
        personalisation=read["consent.personalisation"],
    )
