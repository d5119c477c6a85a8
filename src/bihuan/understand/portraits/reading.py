"""What the page about the base reads, within a data scope."""

import math

from bihuan.kit.house import House
from bihuan.people.facade import Staff
from bihuan.understand.portraits import archive
from bihuan.understand.portraits.schemas import BaseOut, By, GroupOut
from bihuan.understand.tags import repository as tags
from bihuan.understand.tags.definitions import catalogue
from bihuan.understand.tags.reading import scope_of


async def base(house: House, staff: Staff, by: By) -> BaseOut:
    """The base by one of its tags or by branch."""
    async with house.postgres.transaction() as tx:
        table = await tags.table(tx)
    if table is None:
        return BaseOut(
            by=by, customers=0, known=0, assets=0, groups=[], curve=[], gini=None, top_tenth=None, as_of=None
        )
    tag = catalogue().tag(by)
    column = "branch_id" if tag is None else tag.column
    scope, params = scope_of(staff)
    found = await archive.groups(house.clickhouse, table.name, column, scope, params)
    curve = await archive.curve(house.clickhouse, table.name, scope, params)
    levels = {level.code: level for level in tag.levels} if tag else {}
    groups = []
    for row in found:
        level = levels.get(row["value"])
        median = row["median"]
        groups.append(
            GroupOut(
                value=row["value"],
                zh=level.zh if level else row["value"],
                en=level.en if level else row["value"],
                customers=row["customers"],
                known=row["known"],
                assets=row["total"],
                median=None if median is None or math.isnan(median) else median,
            )
        )
    shares = list(curve["curve"])
    return BaseOut(
        by=by,
        customers=sum(group.customers for group in groups),
        known=int(curve["known"]),
        assets=float(curve["total"]),
        groups=groups,
        curve=shares,
        gini=curve["gini"],
        top_tenth=round(1 - shares[17], 6) if shares else None,
        as_of=table.as_of,
    )
