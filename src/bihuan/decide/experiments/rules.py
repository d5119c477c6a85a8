"""Who gets which arm: a pure function of salt, experiment and customer."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

_SPACE = 2**64


@dataclass(frozen=True)
class Experiment:
    """One version of an experiment. `arms` are weights that sum to 1; `otherwise` is everybody's arm while it rests."""

    key: str
    version: int
    name_zh: str
    name_en: str
    question_zh: str
    question_en: str
    unit: str
    salt: str
    arms: Mapping[str, float]
    control: str
    otherwise: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    edited_by: str

    @property
    def running(self) -> bool:
        """Whether customers are being exposed."""
        return self.status == "running"


def point(salt: str, key: str, customer_id: UUID) -> float:
    """Where a customer falls in [0, 1): the first 64 bits of SHA-256 over salt, experiment and customer."""
    digest = hashlib.sha256(f"{salt}\x1f{key}\x1f{customer_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / _SPACE


def assign(salt: str, key: str, arms: Mapping[str, float], customer_id: UUID) -> str:
    """The arm of a customer: the one in whose share of [0, 1) his point falls, arms in the order of their names.

    >>> assign("s", "e", {"a": 0.0, "b": 1.0}, UUID(int=7))
    'b'
    """
    at, edge, chosen = point(salt, key, customer_id), 0.0, ""
    for arm in sorted(arms):
        if arms[arm] <= 0:
            continue
        chosen = arm
        edge += arms[arm]
        if at < edge:
            break
    return chosen  # rounding may leave the edge a hair below 1: the last arm takes the rest


def fault_of(arms: Mapping[str, float], known: Mapping[str, float]) -> str | None:
    """Why an experiment may not have these weights, or None. Arms themselves are the code's, not a setting.

    >>> fault_of({"a": 0.5, "b": 0.4}, {"a": 0.5, "b": 0.5})
    'The weights sum to 0.9; make it 1.'
    """
    if set(arms) != set(known):
        return f"Give one weight for each of {', '.join(sorted(known))}."
    if any(not math.isfinite(weight) or weight < 0 for weight in arms.values()):
        return "A weight is a number from 0 to 1."
    total = math.fsum(arms.values())
    return None if math.isclose(total, 1, abs_tol=1e-9) else f"The weights sum to {total:g}; make it 1."
