"""All SQL of funnels: customers' chains computed inside ClickHouse, aliases of visitors resolved as it reads."""

from datetime import UTC, datetime
from math import isnan
from typing import Any
from uuid import UUID

from bihuan.kit.clickhouse import ClickHouse
from bihuan.measure.funnels.rules import SHOWN_GROUPS, FunnelQuery, Mark

# Later than any event, in milliseconds, and small enough to subtract from.
NEVER = 9_000_000_000_000_000

# What the engine's time stamps can hold, in milliseconds: the years 1900 and 2299.
EARLIEST, LATEST = -2_208_988_800_000, 10_413_791_999_000

# Events looked at to tell an event's properties, and customers who must share a value before it is shown as an
# example, so that nobody can be recognised by it.
SAMPLED = 10_000
SHARED_BY = 5

# The user behind a visitor, where he is known by now; one alias per visitor, the latest.
ALIASES = "(SELECT from_id, argMax(to_id, at) AS to_id FROM customer_alias GROUP BY from_id)"
CUSTOMER = "if(a.from_id = e.customer_id, a.to_id, e.customer_id)"

# A customer's events of the wanted names, in time, one array per name.
EVENTS = """
SELECT {customer} AS customer, {arrays}
  FROM events e LEFT JOIN {aliases} a ON a.from_id = e.customer_id
 WHERE e.name IN {{names:Array(String)}} AND {period}
 GROUP BY customer
"""

# For each first step (t_1, in time) the chain that takes the earliest event for every later step: t_k are its times,
# i_k the places of these events among those of the same name. The best chain comes furthest; of several, the earliest.
CHAINS = """
SELECT *, arrayMax(levels) AS level, indexOf(levels, level) AS best
  FROM (SELECT *, arrayMap(({times}) -> {level}, {arrays}) AS levels FROM ({steps}))
"""
STARTS = "SELECT *, {starts} AS t_1, arrayEnumerate(t_1) AS i_1 FROM ({events}) WHERE notEmpty(t_1)"

# Counts and median waits per value of the breakdown: the most frequent values, the others together, and everybody.
FUNNEL = """
WITH groups AS (
  SELECT {value} AS value, {counts} AS counts{states} FROM ({chains}) GROUP BY value
), ranked AS (
  SELECT *, row_number() OVER (ORDER BY counts[1] DESC, value) > {{shown:UInt32}} AS is_other FROM groups
)
SELECT grouping(is_other) AS is_all, is_other, label, sumForEach(counts) AS counts, {medians} AS medians
  FROM (SELECT *, if(is_other, NULL, value) AS label FROM ranked)
 GROUP BY GROUPING SETS ((is_other, label), ())
 ORDER BY is_all DESC, is_other, counts[1] DESC, label
"""


def _lookup(source: str, name: str, queries: str, entries: str) -> str:
    """`source` with a column `name`: for each of the sorted `queries` the first of `entries` not below it.

    Entries are tuples (key, 1, payload). One sort merges both, and each entry fills the queries before it: linear,
    where looking up every query would be quadratic for a customer with thousands of events. Each column stands in a
    query of its own, because ClickHouse writes an alias out wherever it is used again.
    """
    asked = f"arrayMap(q -> (toInt64(q), toUInt8(0), toInt64(0)), {queries})"
    merged = f"SELECT *, arraySort(arrayConcat({asked}, {entries})) AS merged_{name} FROM ({source})"
    filled = f"arrayReverseFill(m -> m.2 = 1, merged_{name})"
    return f"SELECT *, arrayFilter((f, m) -> m.2 = 0, {filled}, merged_{name}) AS {name} FROM ({merged})"


def _entries(times: str, key: str, payload: str, last: str) -> str:
    mapped = f"arrayMap((t, i) -> (toInt64({key}), toUInt8(1), toInt64({payload})), {times}, arrayEnumerate({times}))"
    return f"arrayConcat({mapped}, [{last}])"


def _step(source: str, k: int, times: str, used: int | None) -> str:
    """`source` with the columns t_k and i_k.

    `used` is the last step that took an event of the same name: one event counts for one step.
    """
    end = f"toInt64(length({times}) + 1)"
    by_time = _entries(times, "t", "i", f"(toInt64({NEVER}), toUInt8(1), {end})")
    found = _lookup(source, f"f_{k}", f"t_{k - 1}", by_time)
    if used is None:
        return f"SELECT *, f_{k}.1 AS t_{k}, f_{k}.3 AS i_{k} FROM ({found})"
    places = f"arrayMap((i, u) -> least(greatest(i, u + 1), {end}), f_{k}.3, i_{used})"
    by_place = _entries(times, "i", "t", f"({end}, toUInt8(1), toInt64({NEVER}))")
    taken = _lookup(found, f"g_{k}", places, by_place)
    return f"SELECT *, g_{k}.3 AS t_{k}, g_{k}.1 AS i_{k} FROM ({taken})"


def _property(by: str) -> tuple[str, dict[str, str]]:
    """SQL for a property as text, NULL where it is missing, and its parameters.

    Of a tracked event it is read from `properties` (or, named `context.x.y`, from its context), of a fact from its
    fields. Texts stand bare, everything else as JSON.
    """
    context = by.split(".") if by.startswith("context.") else []
    params = {"by": by} | {f"by_{n}": part for n, part in enumerate(context)}

    def text(*path: str) -> str:
        at = ", ".join(["e.body", *path])
        kind = f"JSONType({at})"
        return f"multiIf({kind} = 'Null', NULL, {kind} = 'String', JSONExtractString({at}), JSONExtractRaw({at}))"

    if context:
        return text(*(f"{{by_{n}:String}}" for n in range(len(context)))), params
    inside = text("'properties'", "{by:String}")
    return f"if(JSONHas(e.body, 'properties'), {inside}, {text('{by:String}')})", params


def _events(query: FunnelQuery, names: list[str], params: dict[str, Any]) -> str:
    """SQL with the columns customer and, for the d-th name, e_d: his times in order."""
    stamp = "toUnixTimestamp64Milli(e.occurred_at)"
    params |= {f"name_{d}": name for d, name in enumerate(names, start=1)}
    arrays = [
        f"arraySort(groupArrayIf({stamp}, e.name = {{name_{d}:String}})) AS e_{d}" for d in range(2, len(names) + 1)
    ]
    if query.by is None:
        arrays.append(f"arraySort(groupArrayIf({stamp}, e.name = {{name_1:String}})) AS e_1")
        return _grouped(arrays, query, params)
    value, more = _property(query.by)
    params |= more
    # The condition stands inside too, so that the JSON of other events is not read: `if` evaluates only what it needs.
    told = f"({stamp}, e.message_id, if(e.name = {{name_1:String}}, {value}, NULL))"
    arrays.append(f"arraySort(groupArrayIf({told}, e.name = {{name_1:String}})) AS firsts")
    return f"SELECT *, firsts.1 AS e_1, firsts.3 AS values FROM ({_grouped(arrays, query, params)})"


def _grouped(arrays: list[str], query: FunnelQuery, params: dict[str, Any]) -> str:
    return EVENTS.format(customer=CUSTOMER, arrays=", ".join(arrays), aliases=ALIASES, period=_period(query, params))


def _chains(query: FunnelQuery, params: dict[str, Any]) -> str:
    """SQL with a row per customer: t_k, level and best, and values where there is a breakdown."""
    names = list(dict.fromkeys(query.steps))
    numbers = range(1, len(query.steps) + 1)
    starts = "e_1" if query.until is None else "arrayFilter(t -> t < {until:Int64}, e_1)"
    source = STARTS.format(starts=starts, events=_events(query, names, params))
    for k in numbers[1:]:
        name = query.steps[k - 1]
        used = next((j for j in range(k - 1, 0, -1) if query.steps[j - 1] == name), None)
        source = _step(source, k, f"e_{names.index(name) + 1}", used)
    return CHAINS.format(
        times=", ".join(f"x{k}" for k in numbers),
        level=" + ".join(["1", *(f"(x{k} - x1 <= {{window:Int64}})" for k in numbers[1:])]),
        arrays=", ".join(f"t_{k}" for k in numbers),
        steps=source,
    )


def _period(query: FunnelQuery, params: dict[str, Any]) -> str:
    """Events outside can be neither a first step of the period nor a later step of such a chain."""
    bounds = ["1"]
    params["window"] = _milliseconds(query.window.total_seconds())
    if query.since is not None:
        params["since"] = max(EARLIEST, _milliseconds(query.since.timestamp()))
        bounds.append("e.occurred_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')")
    if query.until is not None:
        params["until"] = _milliseconds(query.until.timestamp())
        params["last"] = max(EARLIEST, min(LATEST, params["until"] + params["window"]))
        bounds.append("e.occurred_at <= fromUnixTimestamp64Milli({last:Int64}, 'UTC')")
    return " AND ".join(bounds)


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


async def funnel(clickhouse: ClickHouse, query: FunnelQuery) -> list[dict[str, Any]]:
    """Rows with `is_all`, `is_other`, `label`, `counts` and `medians` (seconds since the step before, None if none).

    The first row is everybody; there is none when nobody took the first step.
    """
    n = len(query.steps)
    params: dict[str, Any] = {"names": list(set(query.steps)), "shown": SHOWN_GROUPS}
    chains = _chains(query, params)
    gaps = {k: f"(t_{k}[best] - t_{k - 1}[best]) / 1000" for k in range(2, n + 1)}
    states = [f", quantileExactInclusiveStateIf(0.5)({gap}, level >= {k}) AS m_{k}" for k, gap in gaps.items()]
    sql = FUNNEL.format(
        value="values[best]" if query.by else "CAST(NULL, 'Nullable(String)')",
        counts="[" + ", ".join(f"countIf(level >= {k})" for k in range(1, n + 1)) + "]",
        states="".join(states),
        chains=chains,
        medians="[nan" + "".join(f", quantileExactInclusiveMerge(0.5)(m_{k})" for k in gaps) + "]",
    )
    found = await clickhouse.query(sql, params)
    return [{**row, "medians": [None if isnan(x) else x for x in row["medians"]]} for row in found if row["counts"]]


# The customers of one bar, who began last first.
BEHIND = """
SELECT customer AS customer_id, t_1[best] AS first_ms, t_{last}[best] AS last_ms
  FROM ({chains})
 WHERE {which} AND {value} AND (first_ms, customer_id) < ({{after_ms:Int64}}, {{after_id:UUID}})
 ORDER BY first_ms DESC, customer_id DESC LIMIT {{limit:UInt32}}
"""


async def behind(
    clickhouse: ClickHouse, query: FunnelQuery, mark: Mark, after: tuple[datetime, UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """Rows with `customer_id`, `first_at` (his first step) and `last_at` (the last step he reached of those up to the
    bar), who began last first; `after` is the (first_at, customer_id) to go on from.
    """
    params: dict[str, Any] = {"names": list(set(query.steps)), "limit": limit}
    at, customer_id = after or (datetime(2290, 1, 1, tzinfo=UTC), UUID(int=0))
    params |= {"after_ms": _milliseconds(at.timestamp()), "after_id": str(customer_id)}
    value = "1"
    if mark.value is not None:
        value, params["value"] = "values[best] = {value:String}", mark.value
    sql = BEHIND.format(
        last=mark.step - mark.lost,
        chains=_chains(query, params),
        which=f"level = {mark.step - 1}" if mark.lost else f"level >= {mark.step}",
        value=value,
    )
    found = await clickhouse.query(sql, params)
    return [
        {"customer_id": row["customer_id"]}
        | {f"{end}_at": datetime.fromtimestamp(row[f"{end}_ms"] / 1000, UTC) for end in ("first", "last")}
        for row in found
    ]


# Names of the archive with how often and by how many; a room's facts carry its name as source.
EVENT_NAMES = """
SELECT toString(name) AS name, if(startsWith(name, concat(toString(any(source)), ':')), 'fact', 'tracked') AS kind,
       count() AS events, uniq(customer_id) AS customers, min(occurred_at) AS first_at, max(occurred_at) AS last_at
  FROM events
 WHERE positionCaseInsensitiveUTF8(name, {q:String}) > 0 OR {q:String} = ''
 GROUP BY name ORDER BY events DESC, name LIMIT 500
"""


async def event_names(clickhouse: ClickHouse, q: str) -> list[dict[str, Any]]:
    """The event names that contain `q`, most frequent first."""
    found = await clickhouse.query(EVENT_NAMES, {"q": q})
    # The client gives a column in UTC without its zone.
    return [{**row, **{at: row[at].replace(tzinfo=UTC) for at in ("first_at", "last_at")}} for row in found]


# The properties of an event's latest occurrences, each with its frequent values.
EVENT_PROPERTIES = """
WITH latest AS (
  SELECT customer_id, if(JSONHas(body, 'properties'), JSONExtractRaw(body, 'properties'), body) AS properties
    FROM events WHERE name = {name:String} ORDER BY occurred_at DESC LIMIT {sampled:UInt32}
), pairs AS (
  SELECT pair.1 AS key, trim(BOTH '"' FROM pair.2) AS value, count() AS seen, uniqExact(customer_id) AS shared_by
    FROM latest ARRAY JOIN JSONExtractKeysAndValuesRaw(properties) AS pair
   WHERE pair.2 != 'null' GROUP BY key, value
)
SELECT key AS name, sum(seen) AS events, (SELECT count() FROM latest) AS sampled, count() AS values,
       arrayMap(e -> e.2, arraySlice(arrayReverseSort(groupArrayIf((seen, substringUTF8(value, 1, 80)),
                                                                   shared_by >= {shared_by:UInt32})), 1, 5)) AS examples
  FROM pairs GROUP BY key ORDER BY events DESC, name LIMIT 200
"""


async def event_properties(clickhouse: ClickHouse, name: str) -> list[dict[str, Any]]:
    """The properties seen in the latest events of a name, most frequent first."""
    return await clickhouse.query(EVENT_PROPERTIES, {"name": name, "sampled": SAMPLED, "shared_by": SHARED_BY})
