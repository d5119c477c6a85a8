"""Policy over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path

from bihuan.comply.policy import repository
from bihuan.comply.policy.rules import SHAPES, fault_of
from bihuan.comply.policy.schemas import PolicyChange, PolicyRow, PolicyTable
from bihuan.kit import audit
from bihuan.kit.errors import Invalid, NotFound
from bihuan.kit.http import Now, RequestTx
from bihuan.people.facade import PolicyKeeper, PolicyReader

router = APIRouter(tags=["comply"])


@router.get("/policy")
async def read_policy(staff: PolicyReader, tx: RequestTx) -> PolicyTable:
    """The numbers compliance sets, each with its source."""
    return PolicyTable(items=[PolicyRow.of(row) for row in await repository.rows(tx)])


@router.patch("/policy/{key}")
async def change_policy(
    key: Annotated[str, Path(max_length=60)], given: PolicyChange, staff: PolicyKeeper, tx: RequestTx, now: Now
) -> PolicyRow:
    """Set one number. It counts from the next contact and the next offer on."""
    if key not in SHAPES:
        raise NotFound("policy", "There is no such row.")
    fault = fault_of(key, given.value)
    if fault:
        raise Invalid("policy", fault, key=key)
    before = {row.key: row.value for row in await repository.rows(tx)}[key]
    await repository.set_row(tx, key, given.value, given.source, str(staff.id), now)
    await audit.record(tx, staff.id, "comply:policy:changed", key, {"from": before, "to": given.value}, now)
    return PolicyRow.of(next(row for row in await repository.rows(tx) if row.key == key))
