"""Writing segments and evaluating them."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kit import audit, log
from bihuan.kit import ids as new_ids
from bihuan.kit.errors import Conflict, Invalid, NotFound
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx, alone
from bihuan.kit.time import EXCHANGE
from bihuan.people.facade import Staff
from bihuan.understand.facts import SegmentEntered, SegmentLeft
from bihuan.understand.segments import archive, repository
from bihuan.understand.segments.repository import Segment
from bihuan.understand.segments.rules import Rule, RuleFault, circle, parse, segments_in
from bihuan.understand.segments.sql import condition
from bihuan.understand.tags import repository as tags
from bihuan.understand.tags.definitions import catalogue

_AT_ONCE = 2_000  # facts in one transaction: an edited rule may move a million, and no write may last


def read_rule(told: Any) -> Rule:
    """A rule from JSON. Raises Invalid with what to change."""
    try:
        return parse(told, catalogue())
    except RuleFault as fault:
        raise Invalid("segment-rule", str(fault)) from fault


async def create(tx: Tx, staff: Staff, now: datetime, *, name_zh: str, name_en: str, about: str, rule: Any) -> Segment:
    """A new segment. Raises Invalid for its rule, Conflict for a name that is taken."""
    await repository.lock(tx)
    segment_id = new_ids.new_id()
    await _check(tx, segment_id, name_zh, rule)
    await repository.add(tx, segment_id, staff.id, now, name_zh=name_zh, name_en=name_en, about=about, rule=rule)
    await audit.record(tx, staff.id, "understand:segment:created", segment_id, {"name": name_zh}, now)
    return await one(tx, segment_id)


async def edit(tx: Tx, staff: Staff, segment_id: UUID, version: int, now: datetime, **told: Any) -> Segment:
    """Its next version. Raises NotFound, Conflict when somebody was faster, Invalid for a rule that asks for itself."""
    await repository.lock(tx)
    await one(tx, segment_id)
    await _check(tx, segment_id, told["name_zh"], told["rule"])
    if not await repository.edit(tx, segment_id, version, staff.id, now, **told):
        raise Conflict("segment-version", "Somebody has changed this segment meanwhile: read it again.")
    await audit.record(tx, staff.id, "understand:segment:edited", segment_id, {"from": version}, now)
    return await one(tx, segment_id)


async def _check(tx: Tx, segment_id: UUID, name: str, told: Any) -> None:
    everything = await repository.segments(tx)
    if any(other.name_zh.lower() == name.lower() and other.id != segment_id for other in everything):
        raise Conflict("segment-name", "Another segment has this name.")
    asked = segments_in(read_rule(told))
    known = {other.id for other in everything} | {segment_id}
    if asked - known:
        raise Invalid("segment-rule", f"There is no segment {next(iter(asked - known))}.")
    asks = {other.id: segments_in(read_rule(other.rule)) for other in everything if other.id != segment_id}
    way = circle(segment_id, {**asks, segment_id: asked})
    if way:
        names = {other.id: other.name_zh for other in everything} | {segment_id: name}
        raise Invalid("segment-circle", f"The rule asks for itself: {' > '.join(names[step] for step in way)}.")


async def remove(tx: Tx, staff: Staff, segment_id: UUID, now: datetime) -> None:
    """Forget it. Raises NotFound, Conflict while another segment asks for it."""
    await repository.lock(tx)
    found = await one(tx, segment_id)
    users = [
        other.name_zh for other in await repository.segments(tx) if segment_id in segments_in(read_rule(other.rule))
    ]
    if users:
        raise Conflict("segment-used", f"Other segments ask for this one: {', '.join(users)}.", by=users)
    await repository.remove(tx, segment_id)
    await audit.record(tx, staff.id, "understand:segment:removed", segment_id, {"name": found.name_zh}, now)


async def one(tx: Tx, segment_id: UUID) -> Segment:
    """A segment. Raises NotFound."""
    found = await repository.segment(tx, segment_id)
    if found is None:
        raise NotFound("segment", "There is no such segment.")
    return found


def in_order(segments: Sequence[Segment]) -> list[Segment]:
    """Each after those it asks for."""
    waiting = {segment.id: segment for segment in segments}
    done: list[Segment] = []

    def take(segment_id: UUID) -> None:
        segment = waiting.pop(segment_id, None)
        if segment is not None:
            for asked in segments_in(read_rule(segment.rule)):
                take(asked)
            done.append(segment)

    for segment in segments:
        take(segment.id)
    return done


async def evaluate_all(house: House) -> int:
    """Bring the members of every segment up to now, each after those it asks for; how many. One that fails says why,
    keeps its members, and holds up no other.
    """
    async with house.postgres.transaction() as tx:
        found = in_order(await repository.segments(tx))
    for segment in found:
        try:
            await evaluate(house, segment.id)
        except NotFound:
            continue  # somebody removed it meanwhile
        except Exception as error:
            async with house.postgres.transaction() as tx:
                await repository.failed(tx, segment.id, f"{type(error).__name__}: {error}"[:2000])
    return len(found)


async def evaluate(house: House, segment_id: UUID) -> Segment:
    """Bring the members of one segment up to now, and tell who entered and who left, each once.

    Raises NotFound; Conflict before tags were ever computed, and while the same is evaluated elsewhere.
    """
    async with alone(house.postgres.url, f"understand.segment {segment_id}"):
        return await _evaluate(house, segment_id)


async def _evaluate(house: House, segment_id: UUID) -> Segment:
    began, now = time.monotonic(), house.clock.now()
    async with house.postgres.transaction() as tx:
        segment = await one(tx, segment_id)
        table = await tags.table(tx)
        pending = await repository.moves(tx, segment_id)
    if table is None:
        raise Conflict("no-tags", "Tags were never computed: refresh them first.")
    await archive.put(house.clickhouse, segment_id, pending)
    where, params = condition(read_rule(segment.rule), catalogue(), now)
    evaluation = segment.evaluation + 1
    entered: list[UUID] = []
    left: list[UUID] = []
    if segment.evaluation == 0:
        await archive.forget(house.clickhouse, segment_id)  # what a build that died had begun
        await archive.build(house.clickhouse, table.name, segment_id, evaluation, where, params)
    else:
        entered, left = await archive.changes(house.clickhouse, table.name, segment_id, where, params)
    async with house.postgres.transaction() as tx:
        await repository.moved(tx, segment_id)
        await repository.evaluated(tx, segment_id, evaluation, segment.members or 0, 0.0, now)
    for start in range(0, len(entered), _AT_ONCE):
        await _tell(house, segment_id, evaluation, entered[start : start + _AT_ONCE], now, entered=True)
    for start in range(0, len(left), _AT_ONCE):
        await _tell(house, segment_id, evaluation, left[start : start + _AT_ONCE], now, entered=False)
    members = await archive.size(house.clickhouse, segment_id)
    async with house.postgres.transaction() as tx:
        await repository.moved(tx, segment_id)
        seconds = round(time.monotonic() - began, 3)
        await repository.evaluated(tx, segment_id, evaluation, members, seconds, now)
        day = now.astimezone(EXCHANGE).date()
        await repository.keep_day(tx, segment_id, day, members, len(entered), len(left))
        return await one(tx, segment_id)


async def _tell(
    house: House, segment_id: UUID, evaluation: int, ids: Sequence[UUID], now: datetime, *, entered: bool
) -> None:
    """Tell of some who came or went, and put them into the archive: what died in between the next evaluation puts."""
    fact = SegmentEntered if entered else SegmentLeft
    async with house.postgres.transaction() as tx:
        await repository.move(tx, segment_id, evaluation, ids, entered=entered)
        await log.publish(tx, *(fact(customer, segment_id, evaluation, now) for customer in ids), now=now)
    await archive.put(house.clickhouse, segment_id, [(customer, evaluation, entered) for customer in ids])
    async with house.postgres.transaction() as tx:
        await repository.moved(tx, segment_id)
