"""The days of a year as the exchange announces them: weekdays, less the closures. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = 31  # days of one closure; the longest so far was Spring Festival 2020, 11 days with its weekends


@dataclass(frozen=True)
class Closure:
    """The exchange does not trade from `first` to `last`, both included."""

    first: date
    last: date
    name: str

    @property
    def days(self) -> Iterator[date]:
        """Every day of it."""
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


def days_of(year: int, closures: Sequence[Closure]) -> dict[date, bool]:
    """Every day of the year and whether the exchange trades on it.

    A weekend stays closed even where offices work on it to make up for a holiday: by the rules of both exchanges
    trading days are Monday to Friday, but for holidays and the closures that the exchange announces.

    >>> days = days_of(2027, [Closure(date(2027, 1, 1), date(2027, 1, 3), "元旦")])
    >>> days[date(2027, 1, 1)], days[date(2027, 1, 4)], days[date(2027, 1, 9)], len(days)
    (False, True, False, 365)
    """
    closed = {day for closure in closures for day in closure.days}
    first = date(year, 1, 1)
    count = (date(year + 1, 1, 1) - first).days
    every = (first + timedelta(days=n) for n in range(count))
    return {day: day.weekday() < 5 and day not in closed for day in every}


def closures_of(days: Mapping[date, bool], names: Mapping[date, str]) -> list[Closure]:
    """The closures that a year's days tell of: runs of closed days with a weekday among them.

    >>> new_year = Closure(date(2027, 1, 1), date(2027, 1, 1), "")
    >>> [(found.first.day, found.last.day) for found in closures_of(days_of(2027, [new_year]), {})]
    [(1, 3)]
    """
    found: list[Closure] = []
    run: list[date] = []
    for day in [*sorted(days), date.max]:
        if day != date.max and not days[day]:
            run.append(day)
            continue
        if any(one.weekday() < 5 for one in run):
            found.append(Closure(run[0], run[-1], next((names[one] for one in run if one in names), "")))
        run = []
    return found


def fault_of(year: int, closures: Sequence[Closure], today: date, standing: Mapping[date, bool]) -> str | None:
    """What is wrong with a year's closures, as a sentence; None where nothing is.

    What is over stays as it was: waits and figures of those days were counted by it.
    """
    for closure in closures:
        if closure.first.year != year or closure.last.year != year:
            return f"Closures of {year} lie within {year}: see {closure.first} to {closure.last}."
        if closure.last < closure.first:
            return f"A closure ends on or after the day it begins: see {closure.first} to {closure.last}."
        if (closure.last - closure.first).days >= LONGEST:
            return f"A closure lasts at most {LONGEST} days: see {closure.first} to {closure.last}."
    planned = days_of(year, closures)
    changed = sorted(day for day, is_open in standing.items() if day < today and planned[day] != is_open)
    if changed:
        return f"Days before today stay as they were: {changed[0]} would change."
    return None
