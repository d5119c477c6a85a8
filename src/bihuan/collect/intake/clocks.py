"""How the clocks of devices go: what this process saw itself, over what all processes wrote down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from bihuan.collect.intake import rules

_NOTED_FOR = timedelta(days=1)


class Note(NamedTuple):
    """What one request said of a device's clock, to be written down."""

    device: str
    behind: timedelta
    at: datetime


@dataclass(slots=True)
class _Known:
    seen: tuple[timedelta, ...]
    noted_at: datetime | None = None


class Clocks:
    """Recent requests of the devices this process sees, the least recently seen forgotten first.

    Nearly all clocks are right, and of those no more is written down than once a day that they were. Only of a clock
    that is off, or seems so, is every request noted; and only of such a one is it asked what others noted: a request
    that lay an hour in a queue must not be taken for a clock an hour behind, whichever process it comes to.
    """

    def __init__(self, large: timedelta, devices: int = 150_000) -> None:
        self._large = large
        self._devices = devices
        self._known: dict[str, _Known] = {}

    def unknown(self, seen: Mapping[str, timedelta]) -> list[str]:
        """Those of a request's devices that seem to be off and were not seen here before."""
        return [device for device, behind in seen.items() if abs(behind) > self._large and device not in self._known]

    def learn(self, noted: Mapping[str, Iterable[timedelta]]) -> None:
        """Take over what was written down."""
        for device, seen in noted.items():
            self._known.setdefault(device, _Known(tuple(seen)[-rules.RECENT :]))

    def observe(self, seen: Mapping[str, timedelta], at: datetime) -> tuple[dict[str, timedelta], list[Note]]:
        """Add what a request said; how far each device's clock runs behind, and what to write down."""
        skews: dict[str, timedelta] = {}
        notes: list[Note] = []
        for device, behind in seen.items():
            known = self._known.pop(device, None) or _Known(())
            self._known[device] = known
            known.seen = rules.recent(known.seen, behind)
            skews[device] = skew = rules.skew_of(known.seen)
            off = abs(behind) > self._large or abs(skew) > self._large
            if off or known.noted_at is None or at - known.noted_at > _NOTED_FOR:
                known.noted_at = at
                notes.append(Note(device, behind, at))
        while len(self._known) > self._devices:
            del self._known[next(iter(self._known))]
        return skews, notes
