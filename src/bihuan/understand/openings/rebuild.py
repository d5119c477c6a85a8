"""Recompute all openings from the archive and the unshipped tail of the log, while the lanes go on reading."""

from dataclasses import dataclass

from bihuan.kit.house import House


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild found: applications, their events, and rows that differed from what the log says."""

    openings: int
    events: int
    corrected: int


async def rebuild(house: House) -> Rebuilt:
    """Recompute."""
    raise NotImplementedError
