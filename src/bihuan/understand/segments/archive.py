"""All statements that segments send to ClickHouse."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from bihuan.kit.clickhouse import ClickHouse

PRESENT = "SELECT customer_id FROM segment_member FINAL WHERE segment_id = {segment:UUID} AND present"


async def fitting(
    clickhouse: ClickHouse, table: str, condition: str, scope: str, params: Mapping[str, Any], some: int
) -> tuple[int, int, list[UUID]]:
    """How many customers within the scope fit a condition, of how many, and some of them; one pass says all three."""
    sql = (
        f"SELECT count() AS everybody, countIf(fit) AS fits, groupArrayIf({int(some)})(customer_id, fit) AS some"
        f" FROM (SELECT customer_id, {condition} AS fit FROM {table} FINAL WHERE {scope})"
    )
    found = (await clickhouse.query(sql, params))[0]
    return int(found["fits"]), int(found["everybody"]), list(found["some"])


async def build(
    clickhouse: ClickHouse, table: str, segment_id: UUID, evaluation: int, condition: str, params: Mapping[str, Any]
) -> None:
    """The first members of a segment: everybody who fits."""
    sql = (
        "INSERT INTO segment_member (segment_id, customer_id, version, present)"
        f" SELECT {{segment:UUID}}, customer_id, {int(evaluation)}, true FROM {table} FINAL WHERE {condition}"
    )
    await clickhouse.query(sql, {**params, "segment": str(segment_id)})


async def changes(
    clickhouse: ClickHouse, table: str, segment_id: UUID, condition: str, params: Mapping[str, Any]
) -> tuple[list[UUID], list[UUID]]:
    """Who fits and is no member, and who is a member and fits no more; a customer who is gone fits no more."""
    given = {**params, "segment": str(segment_id)}
    fits = f"SELECT customer_id FROM {table} FINAL WHERE {condition}"
    entered = await clickhouse.query(f"{fits} AND customer_id NOT IN ({PRESENT})", given)
    left = await clickhouse.query(f"{PRESENT} AND customer_id NOT IN ({fits})", given)
    return [row["customer_id"] for row in entered], [row["customer_id"] for row in left]


async def put(clickhouse: ClickHouse, segment_id: UUID, moves: Sequence[tuple[UUID, int, bool]]) -> None:
    """Members that came and went; putting them twice changes nothing."""
    rows = [[segment_id, customer, evaluation, entered] for customer, evaluation, entered in moves]
    if rows:
        await clickhouse.insert("segment_member", ["segment_id", "customer_id", "version", "present"], rows, {})


async def size(clickhouse: ClickHouse, segment_id: UUID) -> int:
    """How many members a segment has."""
    sql = "SELECT count() AS n FROM segment_member FINAL WHERE segment_id = {segment:UUID} AND present"
    return int((await clickhouse.query(sql, {"segment": str(segment_id)}))[0]["n"])


async def forget(clickhouse: ClickHouse, segment_id: UUID) -> None:
    """Forget the members of a segment that is gone."""
    await clickhouse.command(f"DELETE FROM segment_member WHERE segment_id = '{segment_id}'")
