"""What is to happen when, in product time: one heap for everybody the simulator plays."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(order=True)
class Entry:
    """One thing to do; order is by time, then by when it was entered."""

    at: float
    number: int
    act: Callable[[float], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Take it off the agenda."""
        self.cancelled = True


class Agenda:
    """Callbacks by product time in seconds since the epoch. Each gets the time it was entered for."""

    def __init__(self) -> None:
        self._heap: list[Entry] = []
        self._number = 0

    def add(self, at: float, act: Callable[[float], None]) -> Entry:
        """Enter something to do at `at`."""
        self._number += 1
        entry = Entry(at, self._number, act)
        heapq.heappush(self._heap, entry)
        return entry

    def next_at(self) -> float:
        """When the next thing is due; infinity when nothing is."""
        while self._heap and self._heap[0].cancelled:
            heapq.heappop(self._heap)
        return self._heap[0].at if self._heap else float("inf")

    def run_until(self, now: float, most: int = 1_000_000) -> int:
        """Do what is due by `now`, in order, at most so many things; how many were done."""
        done = 0
        while done < most and self.next_at() <= now:
            entry = heapq.heappop(self._heap)
            entry.act(entry.at)
            done += 1
        return done
