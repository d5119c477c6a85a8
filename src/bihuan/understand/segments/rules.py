"""The language of segments, its limits, and whether one customer fits a rule. Pure.

A rule is JSON: `{"all": [...]}`, `{"any": [...]}`, `{"not": ...}` over
- `{"tag": "age_band", "op": "in", "value": ["b3", "b4"]}`: a tag; what is not known fits only `unknown`
- `{"did": "trade:filled", "within_days": 30, "op": ">=", "value": 3, "sum": "amount", "where": [...]}`: how often, or
  how much; without `op` at least once
- `{"first": "App Opened", "then": "Order Placed", "within_hours": 72, "happened": false, "within_days": 30}`: did A,
  then did (or, when the hours have passed, did not do) B
- `{"segment": "..."}`: membership of another segment
`matches` says it of one customer, `sql.py` of all; a property test holds the two against each other.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, TypeGuard, Union, cast
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bihuan.understand.tags.rules import Catalogue, Tag

DEEPEST = 12
MOST_PARTS = 100

Compare = Literal["<", "<=", "=", ">=", ">"]
TagOp = Literal["is", "in", "has", "known", "unknown", "<", "<=", "=", ">=", ">"]
TEXTS = ("screen", "item", "topic", "side", "product_kind", "device", "way")
NUMBERS = ("amount", "fee", "stars")
Text = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Days = Annotated[int, Field(ge=1, le=1000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


class All(_Part):
    """Everything of it."""

    all: Annotated[list["Rule"], Field(min_length=1, max_length=50)]


class AnyOf(_Part):
    """At least one of it."""

    any: Annotated[list["Rule"], Field(min_length=1, max_length=50)]


class Not(_Part):
    """Everybody else."""

    not_: "Rule" = Field(alias="not")


class HasTag(_Part):
    """A tag and what it must be: `value` is a level, a truth value, a number, an ISO date, or for `in` levels."""

    tag: Text
    op: TagOp
    value: bool | Number | Text | list[Text] | None = None


class Where(_Part):
    """A property of an event and what it must be."""

    property: Literal["screen", "item", "topic", "side", "product_kind", "device", "way", "amount", "fee", "stars"]
    op: Compare
    value: Number | Text


class Did(_Part):
    """How often a customer did something, or with `sum` how much it came to, within so many days or ever."""

    did: Text
    within_days: Days | None = None
    op: Compare = ">="
    value: Number = 1
    sum: Literal["amount", "fee"] | None = None
    where: Annotated[list[Where], Field(max_length=10)] = []


class Sequence_(_Part):
    """Did one thing, and then within so many hours another; with `happened` false: and then did not, while it could."""

    first: Text
    then: Text
    within_hours: Annotated[int, Field(ge=1, le=24 * 365)]
    happened: bool = True
    within_days: Days = 90


class InSegment(_Part):
    """Whoever was a member at its last evaluation."""

    segment: UUID


Rule = Union[All, AnyOf, Not, HasTag, Did, Sequence_, InSegment]  # noqa: UP007  (a forward reference cannot stand in |)
for _model in (All, AnyOf, Not):
    _model.model_rebuild()
_RULE: TypeAdapter[Rule] = TypeAdapter(Rule)

KEYS = {"all": All, "any": AnyOf, "not": Not, "tag": HasTag, "did": Did, "first": Sequence_, "segment": InSegment}


class RuleFault(ValueError):
    """A rule that cannot be evaluated, with what to change."""


def parse(told: Any, catalogue: Catalogue) -> Rule:
    """The rule that some JSON says. Raises RuleFault for one that is deep, enormous, unknown or senseless."""
    _bound(told)
    try:
        rule = _built(told)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the rule"
        raise RuleFault(f"{place}: {first['msg']}") from error
    for part in parts(rule):
        if isinstance(part, HasTag):
            _check_tag(part, catalogue)
        for where in part.where if isinstance(part, Did) else ():
            if (where.property in NUMBERS) != isinstance(where.value, float):
                raise RuleFault(
                    f"{where.property} is compared with a {'number' if where.property in NUMBERS else 'text'}."
                )
            if where.property in TEXTS and where.op != "=":
                raise RuleFault(f"{where.property} is a text: it can only be equal to something.")
    return rule


def _bound(told: Any) -> None:
    """Refuse what is too deep or too large before anything is built of it."""
    waiting, seen = [(told, 1)], 0
    while waiting:
        part, depth = waiting.pop()
        if not isinstance(part, dict | list):
            continue
        seen += isinstance(part, dict)
        if depth > 2 * DEEPEST:
            raise RuleFault(f"The rule is nested more than {DEEPEST} deep: make a segment of an inner part.")
        if seen > MOST_PARTS:
            raise RuleFault(f"The rule has more than {MOST_PARTS} parts: make segments of some of them.")
        waiting += [(inner, depth + 1) for inner in (part.values() if isinstance(part, dict) else part)]


def _built(told: Any) -> Rule:
    """The part that its one leading key names, so that a fault is told of that part and not of every kind there is."""
    if not isinstance(told, dict):
        raise RuleFault("A rule is a JSON object.")
    found = [key for key in KEYS if key in told]
    if len(found) != 1:
        raise RuleFault(f"Each part of a rule has one of {', '.join(KEYS)}; this has {', '.join(found) or 'none'}.")
    key = found[0]
    inner = dict(told)
    if key in ("all", "any"):
        items = told[key]
        inner[key] = [_built(one) for one in items] if isinstance(items, list) else items
    elif key == "not":
        inner[key] = _built(told[key])
    made: Rule = KEYS[key].model_validate(inner)  # type: ignore[attr-defined]
    return made


def _check_tag(part: HasTag, catalogue: Catalogue) -> None:
    tag = catalogue.tag(part.tag)
    if tag is None:
        raise RuleFault(f"There is no tag {part.tag}.")
    allowed = {
        "flag": ("is", "known", "unknown"),
        "level": ("is", "in", "known", "unknown"),
        "set": ("has", "known", "unknown"),
        "number": ("<", "<=", "=", ">=", ">", "known", "unknown"),
        "date": ("<", "<=", "=", ">=", ">", "known", "unknown"),
    }[tag.type]
    if part.op not in allowed:
        raise RuleFault(f"{part.tag} is a {tag.type}: compare it by {', '.join(allowed)}.")
    if not _fits_type(part, tag):
        raise RuleFault(f"{part.tag} {part.op} cannot be compared with {part.value!r}.")


def _fits_type(part: HasTag, tag: Tag) -> bool:
    value = part.value
    if part.op in ("known", "unknown"):
        return value is None
    if tag.type == "flag":
        return isinstance(value, bool)
    if tag.type == "number":
        return isinstance(value, float) and not isinstance(value, bool)
    if tag.type == "date":
        return isinstance(value, str) and _is_day(value)
    levels = value if isinstance(value, list) else [value]
    known = {level.code for level in tag.levels}
    return (isinstance(value, list) == (part.op == "in")) and all(
        isinstance(one, str) and (not known or one in known) for one in levels
    )


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and 1970 <= date.fromisoformat(text).year < 2149
    except ValueError:
        return False


def parts(rule: Rule) -> Iterator[Rule]:
    """The rule and everything in it."""
    yield rule
    if isinstance(rule, All):
        for inner in rule.all:
            yield from parts(inner)
    elif isinstance(rule, AnyOf):
        for inner in rule.any:
            yield from parts(inner)
    elif isinstance(rule, Not):
        yield from parts(rule.not_)


def segments_in(rule: Rule) -> frozenset[UUID]:
    """The other segments a rule asks for."""
    return frozenset(part.segment for part in parts(rule) if isinstance(part, InSegment))


def circle(start: UUID, asks: Mapping[UUID, Collection[UUID]]) -> list[UUID] | None:
    """A way from a segment back to itself over the segments that rules ask for, or None.

    >>> a, b = UUID(int=1), UUID(int=2)
    >>> circle(a, {a: [b], b: [a]}) == [a, b, a], circle(a, {a: [b], b: []})
    (True, None)
    """
    ways = [[start]]
    seen: set[UUID] = set()
    while ways:
        way = ways.pop()
        for following in asks.get(way[-1], ()):
            if following == start:
                return [*way, start]
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return None


@dataclass(frozen=True)
class Deed:
    """One event of a customer, with the properties rules can ask for."""

    name: str
    at: datetime
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Known:
    """What is known of one customer: tags by code, everything he did, segments he is a member of."""

    tags: Mapping[str, Any]
    deeds: Sequence[Deed]
    segments: Collection[UUID] = ()


def matches(rule: Rule, known: Known, now: datetime) -> bool:
    """Whether a customer fits a rule now."""
    match rule:
        case All():
            return all(matches(inner, known, now) for inner in rule.all)
        case AnyOf():
            return any(matches(inner, known, now) for inner in rule.any)
        case Not():
            return not matches(rule.not_, known, now)
        case HasTag():
            return _tag_fits(rule, known.tags.get(rule.tag))
        case Did():
            return _did(rule, known.deeds, now)
        case Sequence_():
            return _followed(rule, known.deeds, now)
        case InSegment():
            return rule.segment in known.segments


def _tag_fits(part: HasTag, value: Any) -> bool:
    if part.op in ("known", "unknown"):
        return (value is None) == (part.op == "unknown")
    if value is None:
        return False
    if part.op == "has":
        return part.value in str(value).split("|")
    if part.op == "in":
        return _is_list(part.value) and value in part.value
    if part.op == "is":
        return bool(value == (int(part.value) if isinstance(part.value, bool) else part.value))
    wanted: Any = date.fromisoformat(part.value) if isinstance(part.value, str) else part.value
    return compared(value, cast("Compare", part.op), wanted)


def _is_list(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list)


def compared(left: Any, op: Compare, right: Any) -> bool:
    """Two values by a comparison's sign.

    >>> compared(3, ">=", 3), compared(2, ">", 3)
    (True, False)
    """
    return bool(
        {"<": left < right, "<=": left <= right, "=": left == right, ">=": left >= right, ">": left > right}[op]
    )


def _did(part: Did, deeds: Sequence[Deed], now: datetime) -> bool:
    since = now - timedelta(days=part.within_days) if part.within_days else datetime.min.replace(tzinfo=now.tzinfo)
    found = [
        deed
        for deed in deeds
        if deed.name == part.did and since < deed.at <= now and all(_where(one, deed) for one in part.where)
    ]
    total = sum(float(deed.properties.get(part.sum) or 0) for deed in found) if part.sum else float(len(found))
    return compared(total, part.op, part.value)


def _where(part: Where, deed: Deed) -> bool:
    empty: Any = 0.0 if part.property in NUMBERS else ""
    return compared(deed.properties.get(part.property) or empty, part.op, part.value)


def _followed(part: Sequence_, deeds: Sequence[Deed], now: datetime) -> bool:
    since, window = now - timedelta(days=part.within_days), timedelta(hours=part.within_hours)
    then = [deed.at for deed in deeds if deed.name == part.then and deed.at <= now]
    for start in (deed.at for deed in deeds if deed.name == part.first and since < deed.at <= now):
        followed = any(start < at <= start + window for at in then)
        if followed if part.happened else not followed and start + window <= now:
            return True
    return False
