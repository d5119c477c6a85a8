"""What pages read of tags, within a data scope."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from bihuan.customers import facade as customers
from bihuan.kit.errors import NotFound
from bihuan.kit.house import House
from bihuan.kit.time import EXCHANGE
from bihuan.people.facade import Permission, Staff
from bihuan.understand.tags import archive, repository
from bihuan.understand.tags.definitions import catalogue
from bihuan.understand.tags.rules import Tag
from bihuan.understand.tags.schemas import (
    CustomerTagOut,
    CustomerTagsOut,
    DayOut,
    FamilyOut,
    RunOut,
    SampleOut,
    TagOut,
    TagPageOut,
    TagsOut,
    ValueOut,
)

_SAMPLE = 20
_TREND = timedelta(days=90)


def visible(tag: Tag, staff: Staff) -> bool:
    """Tags of the anti-money-laundering compartment are compliance's own."""
    return tag.sensitivity != "aml" or staff.may(Permission.POLICY_KEEP)


def scope_of(staff: Staff) -> tuple[str, Mapping[str, Any]]:
    """The condition, in ClickHouse's words, that says which customers this person may see."""
    if staff.branch_ids is None:
        return "true", {}
    return "branch_id IN {branches:Array(String)}", {"branches": sorted(str(one) for one in staff.branch_ids)}


async def page(house: House, staff: Staff) -> TagsOut:
    """The catalogue with what is known of each tag."""
    async with house.postgres.transaction() as tx:
        table = await repository.table(tx)
        runs = await repository.runs(tx, 1)
    tags = [tag for tag in catalogue().tags if visible(tag, staff)]
    known = await archive.coverage(house.clickhouse, table.name, tags, *scope_of(staff)) if table else {}
    families = [
        FamilyOut(
            code=family.code,
            zh=family.zh,
            en=family.en,
            tags=[TagOut.of(tag, known.get(tag.code)) for tag in family.tags if visible(tag, staff)],
        )
        for family in catalogue().families
    ]
    last = RunOut(**{name: getattr(runs[0], name) for name in RunOut.model_fields}) if runs else None
    moved = runs[0].moved if runs else {}
    return TagsOut(
        families=families,
        customers=known.get("all"),
        as_of=table.as_of if table else None,
        last=last,
        moved={tag.code: moved[tag.code] for tag in tags if tag.code in moved},
    )


async def one(house: House, staff: Staff, code: str, value: str | None) -> TagPageOut:
    """One tag: how its values are spread, how that changed, and some customers who have it. Raises NotFound."""
    tag = catalogue().tag(code)
    if tag is None or not visible(tag, staff):
        raise NotFound("tag", "There is no such tag.")
    today = house.clock.now().astimezone(EXCHANGE).date()
    async with house.postgres.transaction() as tx:
        table = await repository.table(tx)
        runs = await repository.runs(tx, 1)
        trend = await repository.days(tx, code, today - _TREND)
    if table is None:
        empty: dict[str, Any] = {"customers": None, "as_of": None, "spread": [], "quantiles": None, "sample": []}
        return TagPageOut(tag=TagOut.of(tag, None), trend=[], moved=None, **empty)
    scope, params = scope_of(staff)
    known = await archive.coverage(house.clickhouse, table.name, [tag], scope, params)
    spread = await archive.spread(house.clickhouse, table.name, tag, scope, params)
    found = await archive.sample(house.clickhouse, table.name, tag, value, scope, params, _SAMPLE)
    async with house.postgres.transaction() as tx:
        labels = await customers.labels(tx, found)
    return TagPageOut(
        tag=TagOut.of(tag, known[code]),
        customers=known["all"],
        as_of=table.as_of,
        spread=[] if tag.type == "number" else [ValueOut(**row) for row in spread],
        quantiles=_quantiles(spread[0]["quantiles"]) if tag.type == "number" else None,
        trend=[DayOut(day=day.day, value=day.value or None, customers=day.customers) for day in trend],
        moved=runs[0].moved.get(code, 0) if runs else None,
        sample=[
            SampleOut(customer_id=label.id, customer=label.name_masked, branch_id=label.branch_id)
            for label in labels.values()
        ],
    )


def _quantiles(found: list[float]) -> list[float] | None:
    return None if any(math.isnan(one) for one in found) else list(found)


async def of_customer(house: House, staff: Staff, customer_id: UUID) -> CustomerTagsOut:
    """All tags of a customer within the data scope. Raises NotFound."""
    async with house.postgres.transaction() as tx:
        label = (await customers.labels(tx, [customer_id])).get(customer_id)
        if label is None or not staff.sees(label.branch_id):
            raise NotFound("customer", "There is no such customer within your data scope.")
        table = await repository.table(tx)
        user = (await customers.canonical(tx, [customer_id]))[customer_id]
    row = await archive.of_customer(house.clickhouse, table.name, user) if table else None
    if table is None or row is None:
        return CustomerTagsOut(items=[], as_of=table.as_of if table else None)
    items = [_told(tag, row[tag.column]) for tag in catalogue().tags if visible(tag, staff)]
    return CustomerTagsOut(items=items, as_of=table.as_of)


def _told(tag: Tag, value: Any) -> CustomerTagOut:
    plain = {name: getattr(tag, name) for name in CustomerTagOut.model_fields if hasattr(tag, name)}
    zh, en = shown(tag, value)
    return CustomerTagOut(**plain, value=value, shown_zh=zh, shown_en=en)


def shown(tag: Tag, value: Any) -> tuple[str | None, str | None]:
    """A value in both languages; (None, None) where nothing is known.

    >>> from bihuan.understand.tags.definitions import catalogue
    >>> shown(catalogue().tag("gender"), "male"), shown(catalogue().tag("senior"), 1)
    (('男', 'Male'), ('是', 'Yes'))
    """
    if value is None:
        return None, None
    if tag.type == "flag":
        return ("是", "Yes") if value else ("否", "No")
    level = next((level for level in tag.levels if level.code == value), None)
    if level is not None:
        return level.zh, level.en
    if isinstance(value, float):
        text = f"{value:,.2f}".rstrip("0").rstrip(".")
        return text, text
    text = value.isoformat() if isinstance(value, date) else str(value).replace("|", "、")
    return text, text.replace("、", ", ")
