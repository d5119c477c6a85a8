"""Somebody leaves the firm, or his post changes, while he is on duty."""

from datetime import datetime
from uuid import UUID

from bihuan.kit.log import Batch, Reaction
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.facade import Permission
from bihuan.people.facts import StaffChanged
from bihuan.serve.presence import service


async def react(batch: Batch, tx: Tx) -> None:
    """Whoever may not serve customers any more goes off duty at once; others are known by their new post."""
    for staff_id in sorted({StaffChanged.of(entry).staff_id for entry in batch.entries}):
        await _check(tx, staff_id, batch.now)


async def _check(tx: Tx, staff_id: UUID, now: datetime) -> None:
    staff = await people.staff_by_id(tx, staff_id)
    if staff is not None and staff.active and staff.may(Permission.ENQUIRY_CLAIM):
        await service.post_changed(tx, staff, now)
    else:
        await service.dismissed(tx, staff_id, now)


REACTION = Reaction("serve.presence", frozenset({StaffChanged.NAME}), react)
DEADLINES = {service.SILENCE: service.silences_due}
