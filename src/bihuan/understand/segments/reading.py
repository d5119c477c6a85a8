"""What pages read of segments, within a data scope."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from bihuan.customers import facade as customers
from bihuan.kit.errors import Conflict
from bihuan.kit.house import House
from bihuan.kit.time import EXCHANGE
from bihuan.people.facade import Staff
from bihuan.understand.segments import archive, repository, service
from bihuan.understand.segments.repository import Segment
from bihuan.understand.segments.rules import segments_in
from bihuan.understand.segments.schemas import DayOut, FittingOut, PreviewOut, SegmentOut, SegmentPageOut
from bihuan.understand.segments.sql import condition
from bihuan.understand.segments.words import read_aloud
from bihuan.understand.tags import repository as tags
from bihuan.understand.tags.definitions import catalogue
from bihuan.understand.tags.reading import scope_of

_SAMPLE = 20
_TREND = timedelta(days=90)


def told(segment: Segment, everything: Sequence[Segment]) -> SegmentOut:
    """A segment with its rule read aloud."""
    names = {other.id: (other.name_zh, other.name_en) for other in everything}
    return SegmentOut.of(segment, read_aloud(service.read_rule(segment.rule), catalogue(), names))


async def preview(house: House, staff: Staff, rule: Any) -> PreviewOut:
    """Who fits a rule now. Raises Invalid for the rule, Conflict before tags were ever computed."""
    parsed = service.read_rule(rule)
    async with house.postgres.transaction() as tx:
        table = await tags.table(tx)
        everything = await repository.segments(tx)
    if table is None:
        raise Conflict("no-tags", "Tags were never computed: refresh them first.")
    where, params = condition(parsed, catalogue(), house.clock.now())
    scope, scoped = scope_of(staff)
    given = {**params, **scoped}
    fits, of, some = await archive.fitting(house.clickhouse, table.name, where, scope, given, _SAMPLE)
    zh, en = read_aloud(parsed, catalogue(), {other.id: (other.name_zh, other.name_en) for other in everything})
    return PreviewOut(
        fits=fits,
        everybody=of,
        reads_zh=zh,
        reads_en=en,
        sample=await _labelled(house, some),
        as_of=table.as_of,
    )


async def page(house: House, staff: Staff, segment_id: UUID) -> SegmentPageOut:
    """A segment, how it grew, what uses it, and members within the scope. Raises NotFound."""
    today = house.clock.now().astimezone(EXCHANGE).date()
    async with house.postgres.transaction() as tx:
        segment = await service.one(tx, segment_id)
        everything = await repository.segments(tx)
        trend = await repository.days(tx, segment_id, today - _TREND)
        table = await tags.table(tx)
    fits: int | None = None
    sample: list[FittingOut] = []
    if table is not None and segment.evaluation:
        member = f"customer_id IN ({archive.PRESENT})"
        scope, scoped = scope_of(staff)
        params = {**scoped, "segment": str(segment_id)}
        fits, _, some = await archive.fitting(house.clickhouse, table.name, member, scope, params, _SAMPLE)
        sample = await _labelled(house, some)
    return SegmentPageOut(
        segment=told(segment, everything),
        trend=[DayOut(**vars(day)) for day in trend],
        used_by=[other.name_zh for other in everything if segment_id in segments_in(service.read_rule(other.rule))],
        fits=fits,
        sample=sample,
    )


async def _labelled(house: House, found: Sequence[UUID]) -> list[FittingOut]:
    async with house.postgres.transaction() as tx:
        labels = await customers.labels(tx, found)
    return [
        FittingOut(customer_id=label.id, customer=label.name_masked, branch_id=label.branch_id)
        for label in labels.values()
    ]
