"""All statements that tags send to ClickHouse."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bihuan.kit.clickhouse import ClickHouse, Limits
from bihuan.kit.house import House
from bihuan.understand.tags import rules
from bihuan.understand.tags.rules import Catalogue, Tag

TOUCHED = "tag_touched"  # the customers a delta is about
DELTA = "tag_delta"
_MIRRORS = ("portrait_customer", "portrait_investor")
_JOINED = {"join_use_nulls": 1, "optimize_aggregation_in_order": 1}

NAMES = "SELECT DISTINCT name FROM behaviour"
UPTO = "SELECT max(received_at) AS upto FROM behaviour"

# Whoever did something that arrived since, as the user he is, and whose tags change by themselves today.
TOUCH = """
INSERT INTO {touched}
SELECT DISTINCT if(a.to_id = toUUIDOrZero(''), found.id, a.to_id) AS id
  FROM (SELECT DISTINCT customer_id AS id FROM behaviour WHERE received_at > {since:String}
        UNION DISTINCT SELECT customer_id FROM {table} FINAL WHERE due_on <= {today:Date}) found
  LEFT JOIN (SELECT from_id, to_id FROM customer_alias FINAL) a ON a.from_id = found.id
"""


def _limits(house: House) -> Limits:
    """A refresh is long and alone: it gets all of the memory setting and more time than a page's query."""
    return Limits(
        max(house.settings.query_seconds, 600.0), house.settings.query_memory_mb, house.settings.query_threads
    )


def _settings(house: House) -> dict[str, Any]:
    return {**_limits(house).settings(), **_JOINED}


async def names(clickhouse: ClickHouse) -> frozenset[str]:
    """The events that the firm sends at all."""
    return frozenset(row["name"] for row in await clickhouse.query(NAMES))


async def upto(clickhouse: ClickHouse) -> datetime:
    """Up to which arrival events are in the archive."""
    found: datetime = (await clickhouse.query(UPTO))[0]["upto"]
    return found


async def empty_mirrors(clickhouse: ClickHouse) -> None:
    """Forget the mirrors before they are filled whole."""
    for table in _MIRRORS:
        await clickhouse.command(f"TRUNCATE TABLE {table}")


async def has_holdings(clickhouse: ClickHouse) -> bool:
    """Whether the firm loads holdings at all."""
    return bool(await clickhouse.query("SELECT 1 AS n FROM portrait_customer WHERE assets IS NOT NULL LIMIT 1"))


async def make(clickhouse: ClickHouse, catalogue: Catalogue, table: str) -> None:
    """An empty table of tags, in place of one that a refresh left unfinished."""
    await drop(clickhouse, table)
    await clickhouse.command(rules.table_sql(table, catalogue))


async def drop(clickhouse: ClickHouse, table: str) -> None:
    """Forget a table of tags."""
    await clickhouse.command(f"DROP TABLE IF EXISTS {table} SYNC")


async def fill(
    house: House, catalogue: Catalogue, table: str, version: int, today: date, known: Collection[str], whom: str
) -> None:
    """Compute the tags of these customers into a table."""
    holdings = await has_holdings(house.clickhouse)
    select = rules.tags_sql(catalogue, known, today, whom, holdings=holdings)
    columns = ", ".join(tag.column for tag in catalogue.tags)
    await house.clickhouse.command(
        f"INSERT INTO {table} (customer_id, branch_id, is_user, due_on, version, {columns})"
        f" SELECT customer_id, branch_id, is_user, due_on, {version} AS version, {columns} FROM ({select})",
        _settings(house),
    )


async def touch(clickhouse: ClickHouse, table: str, since: datetime, today: date) -> list[UUID]:
    """The customers whose tags may have changed, kept as a table for the delta's queries."""
    await drop(clickhouse, TOUCHED)
    await clickhouse.command(f"CREATE TABLE {TOUCHED} (id UUID) ENGINE = MergeTree ORDER BY id")
    sql = TOUCH.replace("{touched}", TOUCHED).replace("{table}", table)
    sql = sql.replace("{since:String}", f"toDateTime64('{since:%Y-%m-%d %H:%M:%S.%f}', 6, 'UTC')")
    await clickhouse.command(sql.replace("{today:Date}", f"toDate('{today}')"))
    return [row["id"] for row in await clickhouse.query(f"SELECT id FROM {TOUCHED}")]


async def moved(
    clickhouse: ClickHouse, tags: Sequence[Tag], before: str, after: str, limits: Limits | None = None
) -> dict[str, int]:
    """Of how many customers each tag differs between two tables; whoever is new differs where he has a value."""
    counts = ", ".join(f"countIf(b.{t.column} IS DISTINCT FROM a.{t.column}) AS {t.code}" for t in tags)
    found = await clickhouse.query(
        f"SELECT {counts} FROM (SELECT * FROM {after} FINAL) a"
        f" LEFT JOIN (SELECT * FROM {before} FINAL WHERE customer_id IN (SELECT customer_id FROM {after})) b"
        " ON b.customer_id = a.customer_id SETTINGS join_use_nulls = 1",
        limits=limits,
    )
    return {code: int(count) for code, count in found[0].items() if count}


async def take_over(clickhouse: ClickHouse, table: str, delta: str) -> None:
    """Put a delta's rows over those of the table, in one block: readers see all of them or none."""
    await clickhouse.command(
        f"INSERT INTO {table} SELECT * FROM {delta}",
        {"max_threads": 1, "max_block_size": 1_000_000, "min_insert_block_size_rows": 1_000_000},
    )


async def spread(clickhouse: ClickHouse, table: str, tag: Tag, scope: str, params: Mapping[str, Any]) -> list[Any]:
    """How many customers have each value; of numbers the quantiles, of dates nothing but how many have one."""
    column = tag.column
    if tag.type == "number":
        sql = (
            f"SELECT count() AS customers, count({column}) AS known, quantiles(0.05, 0.25, 0.5, 0.75, 0.95)({column})"
            f" AS quantiles FROM {table} FINAL WHERE {scope}"
        )
    elif tag.type == "set":
        sql = (
            f"SELECT value, count() AS customers FROM (SELECT arrayJoin(if({column} IS NULL, [NULL],"
            f" arrayMap(x -> toNullable(x), splitByChar('|', assumeNotNull({column}))))) AS value FROM {table} FINAL"
            f" WHERE {scope}) GROUP BY value ORDER BY customers DESC LIMIT 50"
        )
    else:
        value = f"toString({column})" if tag.type != "date" else f"toString(toStartOfMonth({column}))"
        sql = (
            f"SELECT {value} AS value, count() AS customers FROM {table} FINAL WHERE {scope} GROUP BY value"
            " ORDER BY customers DESC LIMIT 50"
        )
    return await clickhouse.query(sql, params)


async def coverage(
    clickhouse: ClickHouse, table: str, tags: Sequence[Tag], scope: str, params: Mapping[str, Any]
) -> dict[str, int]:
    """Of how many customers each tag knows anything, and under `all` how many there are."""
    counts = ", ".join(f"count({tag.column}) AS {tag.code}" for tag in tags)
    found = await clickhouse.query(f"SELECT count() AS all, {counts} FROM {table} FINAL WHERE {scope}", params)
    return {name: int(count) for name, count in found[0].items()}


async def of_customer(clickhouse: ClickHouse, table: str, customer_id: UUID) -> dict[str, Any] | None:
    """Every tag of one customer, by column; None where he has none yet."""
    found = await clickhouse.query(
        f"SELECT * FROM {table} FINAL WHERE customer_id = {{id:UUID}}", {"id": str(customer_id)}
    )
    return found[0] if found else None


async def sample(
    clickhouse: ClickHouse, table: str, tag: Tag, value: str | None, scope: str, params: Mapping[str, Any], limit: int
) -> list[UUID]:
    """Some customers who have a value, or any value."""
    if tag.type == "set" and value is not None:
        having = f"has(splitByChar('|', ifNull({tag.column}, '')), {{value:String}})"
    else:
        having = f"{tag.column} IS NOT NULL" if value is None else f"toString({tag.column}) = {{value:String}}"
    found = await clickhouse.query(
        f"SELECT customer_id FROM {table} FINAL WHERE {having} AND {scope} LIMIT {{limit:UInt32}}",
        {**params, "limit": limit, **({} if value is None else {"value": value})},
    )
    return [row["customer_id"] for row in found]
