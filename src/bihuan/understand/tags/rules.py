"""The catalogue of tags as the files say it, and the SQL that computes all of them at once. Pure.

A tag is an expression over a *frame*: one row per customer with what customers and comply know of him (the mirrors
`portrait_customer` and `portrait_investor`) and the measures of what he did. Three words are ours: `trait('x')` is an
attribute that the firm keeps of a customer, `have(x)` is 1 where the firm sends what the measure x counts, and `:x` is
a parameter of the tag (or `:today`).
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, Literal

Kind = Literal["fact", "rule", "statistic", "model", "manual"]
Type = Literal["flag", "level", "number", "date", "set"]
Sensitivity = Literal["open", "personal", "restricted", "aml"]

COLUMN = {
    "flag": "Nullable(UInt8)",
    "level": "LowCardinality(Nullable(String))",
    "number": "Nullable(Float64)",
    "date": "Nullable(Date32)",
    "set": "Nullable(String)",
}
NEVER = "2149-06-06"  # the last day of ClickHouse's Date: nothing changes by itself
SLICES = 8
_ARRAYS = ("topK", "groupArray")
_WORD = re.compile(r":([a-z_]\w*)")


@dataclass(frozen=True)
class Measure:
    """One aggregate over a customer's events; see measures.yaml for the fields."""

    name: str
    fn: str
    of: str
    when: str
    needs: tuple[str, ...]
    window: int | None = None
    empty: int | None = None
    then: str | None = None

    @property
    def is_list(self) -> bool:
        """Whether it gives an array, which is empty where nothing is known."""
        return self.fn.startswith(_ARRAYS)

    @property
    def type(self) -> str:
        """Its ClickHouse type in the frame."""
        if self.then is not None:
            return "Array(UInt64)"
        if self.is_list:
            return "Array(String)"
        if self.fn in ("min", "max") and self.of == "at":
            return "Nullable(DateTime64(6, 'UTC'))"
        return "Nullable(String)" if self.of.startswith("way") else "Nullable(Float64)"


@dataclass(frozen=True)
class Level:
    """One value that a tag of type level takes."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Tag:
    """One tag as the catalogue defines it; `sql` is its formula with the parameters' names in it."""

    code: str
    number: int
    family: str
    zh: str
    en: str
    means_zh: str
    means_en: str
    kind: Kind
    type: Type
    inputs: tuple[str, ...]
    sql: str
    refresh: str
    life_days: int
    sensitivity: Sensitivity
    uses: tuple[str, ...]
    owner: str
    params: Mapping[str, float] = field(default_factory=dict)
    levels: tuple[Level, ...] = ()
    due: str | None = None

    @property
    def column(self) -> str:
        """Its column in a table of tags."""
        return f"t_{self.code}"


@dataclass(frozen=True)
class Family:
    """A family of tags, in the order of the catalogue."""

    code: str
    zh: str
    en: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True)
class Catalogue:
    """All tags and what they are made of."""

    families: tuple[Family, ...]
    measures: tuple[Measure, ...]

    @property
    def tags(self) -> Iterator[Tag]:
        """Every tag, by family."""
        return (tag for family in self.families for tag in family.tags)

    def tag(self, code: str) -> Tag | None:
        """The tag of this code."""
        return next((tag for tag in self.tags if tag.code == code), None)


def measures_of(told: Mapping[str, Any]) -> tuple[Measure, ...]:
    """The measures of a file."""
    return tuple(Measure(**{**row, "needs": tuple(row["needs"])}) for row in told["measures"])


def family_of(told: Mapping[str, Any]) -> Family:
    """A family of a file. Raises ValueError, with the code, for a tag that says too little or contradicts itself."""
    family = told["family"]
    tags = tuple(_tag(family["code"], {**told["defaults"], **row}) for row in told["tags"])
    return Family(family["code"], family["zh"], family["en"], tags)


def _tag(family: str, row: Mapping[str, Any]) -> Tag:
    try:
        levels = tuple(Level(str(code), str(zh), str(en)) for code, (zh, en) in row.get("levels", {}).items())
        made = Tag(
            code=row["code"],
            number=row["number"],
            family=family,
            zh=row["zh"],
            en=row["en"],
            means_zh=row["means"]["zh"],
            means_en=row["means"]["en"],
            kind=row["kind"],
            type=row["type"],
            inputs=tuple(row["inputs"]),
            sql=row["sql"] if "sql" in row else _bands(row["bands"], levels),
            refresh=row["refresh"],
            life_days=row["life_days"],
            sensitivity=row["sensitivity"],
            uses=tuple(row["uses"]),
            owner=row["owner"],
            params={name: float(number) for name, number in row.get("params", {}).items()},
            levels=levels,
            due=row.get("due"),
        )
    except KeyError as missing:
        raise ValueError(f"tag {row.get('code', '?')} does not say {missing}") from missing
    unknown = {name for text in (made.sql, made.due or "") for name in _WORD.findall(text)} - {*made.params, "today"}
    if unknown:
        raise ValueError(f"tag {made.code} names parameters it has not: {', '.join(sorted(unknown))}")
    if "price" in made.uses:
        raise ValueError(f"tag {made.code} may not be used for prices: no customer pays by his tags")
    return made


def _bands(bands: Mapping[str, Any], levels: Sequence[Level]) -> str:
    """In which band a number lies: `<=` each edge, or with `right_open` `<`.

    >>> _bands({"of": "age", "edges": ["a"]}, [Level("b0", "", ""), Level("b1", "", "")])
    "multiIf((age) IS NULL, NULL, (age) <= :a, 'b0', 'b1')"
    """
    of, under = bands["of"], "<" if bands.get("right_open") else "<="
    if len(levels) != len(bands["edges"]) + 1:
        raise ValueError(f"{len(bands['edges'])} edges make {len(bands['edges']) + 1} bands, not {len(levels)}")
    cuts = (f"({of}) {under} :{edge}, '{level.code}'" for edge, level in zip(bands["edges"], levels, strict=False))
    return f"multiIf(({of}) IS NULL, NULL, {', '.join(cuts)}, '{levels[-1].code}')"


def written(text: str, params: Mapping[str, float], today: date, known: Collection[str]) -> str:
    """A formula with its parameters in place.

    >>> written("a >= :n AND day < :today", {"n": 3.0}, date(2026, 3, 10), ())
    "a >= 3 AND day < toDate('2026-03-10')"
    >>> written("have(x) = 0 OR trait('y') = '1'", {}, date(2026, 3, 10), ["x"])
    "1 = 0 OR nullIf(told['y'], '') = '1'"
    """

    def word(found: re.Match[str]) -> str:
        name = found[1]
        return f"toDate('{today}')" if name == "today" else f"{params[name]:.15g}"

    text = re.sub(r"have\((\w+)\)", lambda found: str(int(found[1] in known)), text)
    text = re.sub(r"trait\('(\w+)'\)", r"nullIf(told['\1'], '')", text)
    return _WORD.sub(word, text)


def known_measures(measures: Sequence[Measure], names: Collection[str]) -> frozenset[str]:
    """The measures of which a firm that sends these events has any data."""
    return frozenset(measure.name for measure in measures if not set(names).isdisjoint(measure.needs))


def aggregate(measure: Measure, today: date) -> str:
    """A measure as an expression over the rows of one customer.

    >>> aggregate(Measure("n", "count", "", "name = 'A'", ("A",), window=30, empty=0), date(2026, 3, 31))
    "countIf((name = 'A') AND day > toDate('2026-03-01'))"
    """
    cut = f" AND day > toDate('{_back(today, measure.window)}')" if measure.window else ""
    base, _, argument = measure.fn.partition("(")
    nullable = "" if measure.empty is not None or measure.is_list else "OrNull"
    given = f"{measure.of}, " if measure.of else ""
    found = f"{base}{nullable}If{'(' + argument if argument else ''}({given}({measure.when}){cut})"
    return measure.then.replace(":it", found) if measure.then else found


def _back(today: date, days: int) -> date:
    return date.fromordinal(today.toordinal() - days)


def leaving(measures: Sequence[Measure], today: date) -> list[str]:
    """Per length of window, the day on which the customer's oldest event in it leaves it; 1970 where there is none."""
    by_window: dict[int, set[str]] = {}
    for measure in measures:
        if measure.window:
            by_window.setdefault(measure.window, set()).update(measure.needs)
    return [
        f"minIf(day, name IN ({_texts(names)}) AND day > toDate('{_back(today, window)}')) + {window}"
        for window, names in sorted(by_window.items())
    ]


def _texts(texts: Collection[str]) -> str:
    return ", ".join("'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'" for text in sorted(texts))


def events_sql(catalogue: Catalogue, names: Collection[str], today: date, whom: str) -> str:
    """One row of measures per customer who did anything; visitors count with the user they turned out to be.

    `whom` is a condition on `{id}` that says which customers are wanted. Whoever has no other id is aggregated in the
    order in which the table lies; the few that were merged are joined first.
    """
    known = known_measures(catalogue.measures, names)
    found = [measure for measure in catalogue.measures if measure.name in known]
    columns = [f"{aggregate(measure, today)} AS {measure.name}" for measure in found]
    columns.append(f"[{', '.join(leaving(found, today)) or 'toDate(0)'}] AS leaving")
    head = f"SELECT id, {', '.join(columns)}"
    own = "SELECT customer_id AS id, *, toDate(at, 'Asia/Shanghai') AS day FROM behaviour"
    merged = "SELECT arrayJoin([from_id, to_id]) FROM alias"
    alone = f"{head} FROM ({own}) WHERE {whom.format(id='id')} AND id NOT IN ({merged}) GROUP BY id"
    together = (
        f"{head} FROM (SELECT a.id AS id, b.*, toDate(at, 'Asia/Shanghai') AS day FROM behaviour b INNER JOIN"
        " (SELECT from_id AS raw, to_id AS id FROM alias UNION DISTINCT SELECT to_id, to_id FROM alias) a"
        f" ON b.customer_id = a.raw) WHERE {whom.format(id='id')} GROUP BY id"
    )
    return f"WITH alias AS (SELECT from_id, to_id FROM customer_alias FINAL) {alone} UNION ALL {together}"


def tags_sql(catalogue: Catalogue, names: Collection[str], today: date, whom: str, *, holdings: bool) -> str:
    """One row of tags per customer: id, branch, whether a user, the day it may change by itself, then every tag.

    `names` are the events the firm sends at all, `holdings` says whether it loads any: where it does, an account
    without one has nothing, else nobody knows.
    """
    known = known_measures(catalogue.measures, names)
    measures = []
    for measure in catalogue.measures:
        if measure.name not in known:
            empty = "[]" if measure.is_list else "NULL"
            measures.append(f"CAST({empty} AS {measure.type}) AS {measure.name}")
        elif measure.empty is not None:
            measures.append(f"toNullable(toFloat64(ifNull(e.{measure.name}, {measure.empty}))) AS {measure.name}")
        else:
            measures.append(f"e.{measure.name} AS {measure.name}")
    nothing = "if(p.assets IS NULL AND p.accounts IS NOT NULL, 0, p.assets)" if holdings else "p.assets"
    zeros = ", ".join(
        f"if(p.{part} IS NULL AND p.accounts IS NOT NULL AND {int(holdings)}, 0, p.{part}) AS {part}"
        for part in ("cash", "shares", "funds", "wealth", "bonds", "margin")
    )
    frame = (
        "SELECT p.customer_id AS customer_id, p.* EXCEPT (customer_id, assets, cash, shares, funds, wealth, bonds,"
        " margin), s.* EXCEPT (customer_id, mirrored_at),"
        f" {nothing} AS assets, {zeros}, mapApply((k, v) -> (k, trim(BOTH '\"' FROM v)),"
        " CAST(JSONExtractKeysAndValuesRaw(p.traits), 'Map(String, String)')) AS told,"
        f" e.leaving AS leaving, {', '.join(measures)}"
        f" FROM (SELECT * FROM portrait_customer FINAL WHERE {whom.format(id='customer_id')}) p"
        f" LEFT JOIN (SELECT * FROM portrait_investor FINAL WHERE {whom.format(id='customer_id')}) s"
        " ON s.customer_id = p.customer_id"
        f" LEFT JOIN ({events_sql(catalogue, names, today, whom)}) e ON e.id = p.customer_id"
    )
    tags = [
        f"CAST({written(tag.sql, tag.params, today, known)} AS {COLUMN[tag.type]}) AS {tag.column}"
        for tag in catalogue.tags
    ]
    dues = [
        f"ifNull(toDate({written(tag.due, tag.params, today, known)}), toDate(0))" for tag in catalogue.tags if tag.due
    ]
    due = (
        f"arrayMin(arrayFilter(d -> d > toDate('{today}'), arrayConcat(leaving, [{', '.join(dues)},"
        f" toDate('{NEVER}')])))"
    )
    return f"SELECT customer_id, branch_id, is_user, {due} AS due_on, {', '.join(tags)} FROM ({frame})"


def table_sql(table: str, catalogue: Catalogue) -> str:
    """The table that holds one version of the catalogue's tags."""
    columns = ", ".join(f"{tag.column} {COLUMN[tag.type]}" for tag in catalogue.tags)
    return (
        f"CREATE TABLE {table} (customer_id UUID, branch_id Nullable(String), is_user Bool, due_on Date,"
        f" version UInt32, {columns}) ENGINE = ReplacingMergeTree(version) ORDER BY customer_id"
    )


def slices(count: int) -> list[str]:
    """Conditions on `{id}` that cut all customers into so many parts of about the same size, each once.

    Ids are hashes, so their last eight bytes are spread evenly over those that the variant bits leave (80 to bf);
    ClickHouse orders UUIDs by these first.

    >>> slices(2)
    ["{id} < toUUID('00000000-0000-0000-a000-000000000000')", "{id} >= toUUID('00000000-0000-0000-a000-000000000000')"]
    """
    cuts = [f"toUUID('00000000-0000-0000-{0x80 + 0x40 * n // count:02x}00-000000000000')" for n in range(1, count)]
    bounds = [None, *cuts, None]
    found = []
    for low, high in pairwise(bounds):
        parts = [f"{{id}} >= {low}"] * bool(low) + [f"{{id}} < {high}"] * bool(high)
        found.append(" AND ".join(parts) or "true")
    return found
