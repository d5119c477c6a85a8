"""Folding facts into rows that do not depend on the order in which they are read.

Every field of a row is the earliest or the latest of its kind, so joining two rows is commutative, associative and
idempotent: whatever lanes do, and however often a batch is tried, the same row comes out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# A moment, and what was said with it: (at, value, ...). Values break ties, so they must be comparable.
Moment = tuple[datetime, *tuple[Any, ...]]


@dataclass(frozen=True)
class Kind:
    """A column of moments, `at`, and the columns of what was said with the one kept: the earliest, or the latest."""

    at: str
    values: Mapping[str, str] = field(default_factory=dict)
    earliest: bool = True


@dataclass(frozen=True)
class Shape:
    """A table of folded rows: its key columns with their types, and the kinds of moments it keeps."""

    table: str
    key: Mapping[str, str]
    kinds: tuple[Kind, ...]

    def kind(self, at: str) -> Kind:
        """The kind whose moments stand in column `at`."""
        return next(kind for kind in self.kinds if kind.at == at)


@dataclass(frozen=True)
class Trace:
    """What one or more facts say about the row with this key: by column of moments."""

    key: tuple[Any, ...]
    moments: Mapping[str, Moment]


def trace(key: object, **moments: tuple[Any, ...] | datetime | None) -> Trace:
    """A trace of one fact. A moment without a time, or with a value missing, says nothing and is left out."""
    given = {at: moment if isinstance(moment, tuple) else (moment,) for at, moment in moments.items()}
    said = {at: moment for at, moment in given.items() if all(part is not None for part in moment)}
    return Trace(key if isinstance(key, tuple) else (key,), said)


def joined(shape: Shape, traces: Iterable[Trace]) -> list[Trace]:
    """One trace per key, in the order of the keys: of each kind the earliest or the latest moment."""
    rows: dict[tuple[Any, ...], dict[str, Moment]] = {}
    earliest = {kind.at: kind.earliest for kind in shape.kinds}
    for one in traces:
        row = rows.setdefault(one.key, {})
        for at, moment in one.moments.items():
            known = row.get(at)
            if known is None or (moment < known if earliest[at] else moment > known):
                row[at] = moment
    return [Trace(key, rows[key]) for key in sorted(rows)]
