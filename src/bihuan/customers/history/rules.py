"""From records to versions. Pure.

Two times belong to every record: the day from which it was so (`valid_from`, the record's date in its file) and the
moment we learned it (`recorded_at`). Records are a set, so files give the same history in whatever order they come. Of
two records of one day the one learned later is the correction. Within one dated file the contents decide, so that the
order of rows does not; in a file without dates the last row counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Record:
    """What one record says; an attribute that it leaves out is not touched by it."""

    valid_from: date
    recorded_at: datetime
    digest: bytes
    values: dict[str, Any]
    place: int = 0  # its row in a file without dates


@dataclass(frozen=True)
class Version:
    """A value of an attribute and the days it was valid; `valid_to` is the first day on which it was not, or None."""

    attribute: str
    value: Any
    valid_from: date
    valid_to: date | None
    recorded_at: datetime


def in_order(records: Iterable[Record]) -> list[Record]:
    """Records as they follow from each other, whatever order they come in."""
    return sorted(records, key=lambda record: (record.valid_from, record.recorded_at, record.place, record.digest))


def latest(records: Iterable[Record]) -> dict[str, Any]:
    """Each attribute's latest valid value."""
    found: dict[str, Any] = {}
    for record in in_order(records):
        found.update(record.values)
    return found


def versions(records: Iterable[Record]) -> list[Version]:
    """Each attribute's versions, oldest first, by attribute. The same value said again is no new version.

    A record that another of the same day corrected leaves no version.
    """
    said: dict[str, dict[date, tuple[Any, datetime]]] = {}
    for record in in_order(records):
        for attribute, value in record.values.items():
            said.setdefault(attribute, {})[record.valid_from] = (value, record.recorded_at)
    return [version for attribute in sorted(said) for version in _runs(attribute, said[attribute])]


def _runs(attribute: str, said: dict[date, tuple[Any, datetime]]) -> list[Version]:
    changes: list[tuple[date, Any, datetime]] = []
    for day in sorted(said):
        value, at = said[day]
        if not changes or changes[-1][1] != value:
            changes.append((day, value, at))
    ends = [day for day, _, _ in changes[1:]] + [None]
    return [Version(attribute, value, day, end, at) for (day, value, at), end in zip(changes, ends, strict=True)]


def valid_on(found: Iterable[Version], day: date) -> list[Version]:
    """The versions that were valid on a day."""
    return [v for v in found if v.valid_from <= day and (v.valid_to is None or day < v.valid_to)]
