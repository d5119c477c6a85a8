"""A rule as one condition on a customer's row in the table of tags. Pure; `rules.matches` says the same of one.

Everything that staff wrote is a parameter; what stands in the text are our own names.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, assert_never

from bihuan.understand.segments.rules import (
    NUMBERS,
    All,
    AnyOf,
    Did,
    HasTag,
    InSegment,
    Not,
    Rule,
    Sequence_,
    Where,
    compared,
)
from bihuan.understand.tags.rules import Catalogue

# Who a visitor turned out to be, joined after his events were added up.
_USER = "if(a.to_id = toUUIDOrZero(''), own, a.to_id)"
_ALIAS = "LEFT JOIN (SELECT from_id, to_id FROM customer_alias FINAL) a ON a.from_id = own"


@dataclass
class Condition:
    """A condition in the making: its parameters, and how many there are."""

    catalogue: Catalogue
    now: datetime
    params: dict[str, Any] = field(default_factory=dict)

    def put(self, value: Any, kind: str) -> str:
        """A parameter of this ClickHouse type."""
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"{{{name}:{kind}}}"

    def of(self, rule: Rule) -> str:
        """The condition of a rule, never NULL."""
        match rule:
            case All():
                return "(" + " AND ".join(self.of(inner) for inner in rule.all) + ")"
            case AnyOf():
                return "(" + " OR ".join(self.of(inner) for inner in rule.any) + ")"
            case Not():
                return f"(NOT {self.of(rule.not_)})"
            case HasTag():
                return self._tag(rule)
            case Did():
                return self._did(rule)
            case Sequence_():
                return self._sequence(rule)
            case InSegment():
                asked = self.put(str(rule.segment), "UUID")
                members = f"SELECT customer_id FROM segment_member FINAL WHERE segment_id = {asked} AND present"
                return f"(customer_id IN ({members}))"
            case _:
                assert_never(rule)

    def _tag(self, part: HasTag) -> str:
        tag = self.catalogue.tag(part.tag)
        assert tag is not None  # noqa: S101  (`parse` has looked)
        column = tag.column
        if part.op in ("known", "unknown"):
            return f"({column} IS {'NOT ' if part.op == 'known' else ''}NULL)"
        if part.op == "has":
            wanted = self.put(part.value, "String")
            return f"has(splitByChar('|', ifNull({column}, '\\0')), {wanted})"
        if part.op == "in":
            wanted = self.put(part.value, "Array(String)")
            return f"({column} IS NOT NULL AND has({wanted}, ifNull({column}, '')))"
        if part.op == "is":
            wanted = (
                self.put(int(part.value), "UInt8") if isinstance(part.value, bool) else self.put(part.value, "String")
            )
            return f"ifNull({column} = {wanted}, 0)"
        kind = "Date32" if tag.type == "date" else "Float64"
        return f"ifNull({column} {part.op} {self.put(part.value, kind)}, 0)"

    def _time(self, at: datetime) -> str:
        return self.put(f"{at:%Y-%m-%d %H:%M:%S.%f}", "DateTime64(6, 'UTC')")

    def _since(self, days: int | None) -> str:
        now = self._time(self.now)
        return f"at <= {now}" + (f" AND at > {now} - toIntervalDay({int(days)})" if days else "")

    def _did(self, part: Did) -> str:
        cuts = [f"name = {self.put(part.did, 'String')}", self._since(part.within_days), *map(self._where, part.where)]
        wanted = self.put(part.value, "Float64")
        amount = f"sum({part.sum})" if part.sum else "toFloat64(count())"
        # Whoever never did it is in no group: where nothing at all fits, those are left out who do not.
        nobody_fits = compared(0.0, part.op, part.value)
        having = f"sum(total) {part.op} {wanted}"
        inner = f"SELECT customer_id AS own, {amount} AS total FROM deed WHERE {' AND '.join(cuts)} GROUP BY own"
        found = f"SELECT {_USER} AS id FROM ({inner}) e {_ALIAS} GROUP BY id HAVING {'NOT ' * nobody_fits}({having})"
        return f"(customer_id {'NOT ' * nobody_fits}IN ({found}))"

    def _where(self, part: Where) -> str:
        kind = "Float64" if part.property in NUMBERS else "String"
        return f"{part.property} {part.op} {self.put(part.value, kind)}"

    def _sequence(self, part: Sequence_) -> str:
        first, then = self.put(part.first, "String"), self.put(part.then, "String")
        now, hours = self._time(self.now), int(part.within_hours)
        recent = f"name = {first} AND at > {now} - toIntervalDay({int(part.within_days)})"
        inner = (
            f"SELECT customer_id AS own, groupArrayIf(at, {recent}) AS starts, groupArrayIf(at, name = {then}) AS ends"
            f" FROM deed WHERE name IN ({first}, {then}) AND at <= {now} GROUP BY own"
        )
        outer = (
            f"SELECT {_USER} AS id, groupArrayArray(starts) AS begun, groupArrayArray(ends) AS ended"
            f" FROM ({inner}) e {_ALIAS} GROUP BY id"
        )
        followed = f"arrayExists(y -> y > x AND y <= x + toIntervalHour({hours}), ended)"
        if not part.happened:
            followed = f"NOT {followed} AND x + toIntervalHour({hours}) <= {now}"
        return f"(customer_id IN (SELECT id FROM ({outer}) WHERE arrayExists(x -> {followed}, begun)))"


def condition(rule: Rule, catalogue: Catalogue, now: datetime) -> tuple[str, dict[str, Any]]:
    """The condition and its parameters, by name."""
    made = Condition(catalogue, now)
    return made.of(rule), made.params
