"""All statements that portraits send to ClickHouse."""

from collections.abc import Mapping
from typing import Any

from bihuan.kit.clickhouse import ClickHouse

MOST_GROUPS = 40

# Users only: a visitor has no account to be worth anything.
GROUPS = """
SELECT {column} AS value, count() AS customers, count(assets) AS known, sum(ifNull(assets, 0)) AS total,
       quantile(0.5)(assets) AS median
  FROM (SELECT t.*, p.assets AS assets FROM (SELECT * FROM {table} FINAL WHERE is_user AND {scope}) t
        LEFT JOIN (SELECT customer_id, assets FROM portrait_customer FINAL) p ON p.customer_id = t.customer_id)
 GROUP BY value ORDER BY customers DESC, value LIMIT {most}
SETTINGS join_use_nulls = 1
"""

# The Lorenz curve (share of everything that the poorest twentieth, two twentieths ... hold) and the Gini coefficient,
# taken in the engine so that no million of amounts travels.
CURVE = """
WITH arraySort(groupArray(greatest(assets, 0))) AS ordered, arrayCumSum(ordered) AS held, length(ordered) AS n
SELECT n AS known, if(n = 0, 0, held[n]) AS total,
       if(total <= 0, [], arrayMap(i -> if(round(n * i / 20) = 0, 0., held[toUInt32(round(n * i / 20))] / total),
                                   range(1, 21))) AS curve,
       if(total <= 0, NULL, 2 * arraySum((amount, place) -> amount * place, ordered, arrayEnumerate(ordered))
                            / (n * total) - (n + 1) / n) AS gini
  FROM (SELECT assumeNotNull(p.assets) AS assets
          FROM (SELECT customer_id FROM {table} FINAL WHERE is_user AND {scope}) t
          INNER JOIN (SELECT customer_id, assets FROM portrait_customer FINAL WHERE assets IS NOT NULL) p
          ON p.customer_id = t.customer_id)
"""


async def groups(
    clickhouse: ClickHouse, table: str, column: str, scope: str, params: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Per value of a column: customers, of how many assets are known, their sum and median."""
    sql = GROUPS.format(table=table, column=column, scope=scope, most=MOST_GROUPS)
    return await clickhouse.query(sql, params)


async def curve(clickhouse: ClickHouse, table: str, scope: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """How unevenly assets lie: known, total, the Lorenz curve in twentieths, Gini."""
    return (await clickhouse.query(CURVE.format(table=table, scope=scope), params))[0]
