"""What truly happened to each applicant: kept by the simulator, never sent to the product."""

from dataclasses import dataclass, field

from bihuan.sim.behaviour.rules import NEVER


@dataclass
class Attempted:
    """One contact attempt: when, how, and whether it got through (and at what age of the stall it pushed)."""

    at: float
    kind: str
    through: bool
    push_age: float = NEVER
    gain: float = 0.0
    fade: float = 1.0


@dataclass
class Stall:
    """One time of being stuck: where, since when, why, what reached him, and how it ended."""

    step: int
    at: float
    reason: str
    asked_at: float = NEVER
    ended_at: float = NEVER
    end: str = ""  # "resumed", "left" or still open
    contacts: list[Attempted] = field(default_factory=list)


@dataclass
class Journal:
    """One applicant's true story."""

    started_at: float
    steps: list[tuple[float, int]] = field(default_factory=list)  # when each step was done, in order
    stalls: list[Stall] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)  # sent away from the video desk: from, until
    submitted_at: float = NEVER
    sent_back_at: float = NEVER
    opened_at: float = NEVER
    left_at: float = NEVER

    def stall_at(self, at: float) -> Stall | None:
        """The stall under way at a moment; one that ended by leaving never stops being under way."""
        for stall in reversed(self.stalls):
            if stall.at <= at:
                return stall if at < stall.ended_at or stall.end == "left" else None
        return None
