"""Live lists of deliveries and inboxes: what stood there and what changed make what stands there now."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from bihuan import app as application
from bihuan.kit import live
from bihuan.kit.errors import Forbidden
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.people.facade import Caller

KINDS = {kind.prefix: kind for kind in application.topics()}


async def staff(firm: House, login: str) -> people.Staff:
    async with firm.postgres.transaction() as tx:
        found = await people.staff_by_login(tx, login)
    assert found is not None
    return found


async def snapshot(firm: House, who: Any, prefix: str, argument: str) -> dict[str, Any]:
    async with firm.postgres.transaction(snapshot=True) as tx:
        rows = await KINDS[prefix].snapshot(tx, who, argument)
    return msgspec.json.decode(msgspec.json.encode(rows))


async def changed(firm: House, topic: str, before: dict[str, Any], number: int = 0) -> dict[str, Any]:
    rows = dict(before)
    async with firm.postgres.transaction() as tx:
        for change in await live.since(tx, topic, number):
            rows.pop(change.key, None)
            if change.row is not None:
                rows[change.key] = change.row
    return rows


def moments(rows: dict[str, Any]) -> dict[str, Any]:
    """Rows with their times as moments: a test's clock tells exchange time, the database UTC."""
    times = ("created_at", "sent_at", "delivered_at", "failed_at", "read_at")
    return {
        key: {**row, **{t: row[t] and msgspec.convert(row[t], type=datetime) for t in times if t in row}}
        for key, row in rows.items()
    }


async def test_snapshot_and_changes_make_the_next_snapshot(
    firm, publish, stall, gateway, work, branch_id: UUID
) -> None:
    operator, manager = await staff(firm, "operator"), await staff(firm, "sh01.manager")
    before = await snapshot(firm, operator, "deliveries", "all")
    assert before == {}
    await publish(stall())
    await work()
    await publish(stall(opening_id="o2", branch_id=None))
    after = await snapshot(firm, operator, "deliveries", "all")
    assert len(after) == 2
    assert moments(await changed(firm, "deliveries:all", before)) == moments(after)
    own = await snapshot(firm, manager, "deliveries", str(branch_id))
    assert moments(await changed(firm, f"deliveries:{branch_id}", {})) == moments(own)
    assert len(own) == 1


async def test_the_inbox_of_a_customer(firm, publish, stall, customer_id: UUID) -> None:
    caller = Caller(customer_id, "u1", None)
    await publish(stall())
    now = await snapshot(firm, caller, "inbox", str(customer_id))
    assert len(now) == 1
    assert moments(await changed(firm, f"inbox:{customer_id}", {})) == moments(now)


async def test_who_may_look(firm, branch_id: UUID, customer_id: UUID) -> None:
    allowed = [
        ("operator", "deliveries", "all"),
        ("operator", "deliveries", str(branch_id)),
        ("sh01.manager", "deliveries", str(branch_id)),
        ("operator", "credits", "all"),
        ("sh01.advisor", "credits", str(branch_id)),
        ("sh01.manager", "disputes", str(branch_id)),
    ]
    refused = [
        ("sh01.manager", "deliveries", "all"),
        ("gz01.manager", "deliveries", str(branch_id)),
        ("sh01.advisor", "deliveries", str(branch_id)),
        ("operator", "deliveries", "nowhere"),
        ("sh01.manager", "credits", "all"),
        ("gz01.manager", "credits", str(branch_id)),
        ("sh01.witness", "credits", str(branch_id)),
        ("gz01.manager", "disputes", str(branch_id)),
        ("operator", "inbox", str(customer_id)),
    ]
    async with firm.postgres.transaction() as tx:
        for login, prefix, argument in allowed:
            await KINDS[prefix].authorise(tx, await staff(firm, login), argument)
        for login, prefix, argument in refused:
            with pytest.raises(Forbidden):
                await KINDS[prefix].authorise(tx, await staff(firm, login), argument)
        for prefix, argument in (("deliveries", "all"), ("credits", "all"), ("inbox", str(uuid4()))):
            with pytest.raises(Forbidden):
                await KINDS[prefix].authorise(tx, Caller(customer_id, "u1", None), argument)
        await KINDS["inbox"].authorise(tx, Caller(customer_id, "u1", None), str(customer_id))
