"""What must not stay with one advisor for ever: rescues go back to the desk by themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.kit import deadlines, log
from bihuan.kit.deadlines import Deadline
from bihuan.kit.postgres import Tx
from bihuan.serve.dispatch.service import SOON
from bihuan.serve.limits.repository import limits
from bihuan.serve.presence import repository as presence
from bihuan.serve.rescue import repository, told, topics
from bihuan.serve.rescue.repository import Rescue

OFFER = "serve.rescue_offer"  # until somebody takes it
CONTACT = "serve.rescue_contact"  # from taking it to reaching out
OUTCOME = "serve.rescue_outcome"  # from the last contact to how it ended
KINDS = (OFFER, CONTACT, OUTCOME)


async def put_back(tx: Tx, rescue: Rescue, reason: str, now: datetime) -> Rescue:
    """On the desk again; the row is locked."""
    assert rescue.staff_id is not None  # noqa: S101  (it is taken)
    back = await repository.put_back(tx, rescue.id, rescue.staff_id)
    if back is None:
        return rescue
    for kind in (CONTACT, OUTCOME):
        await deadlines.clear_deadline(tx, kind, back.id)
    await deadlines.set_deadline(tx, OFFER, back.id, now + (await limits(tx)).rescue_offer)
    await log.publish(tx, told.released(back, rescue.staff_id, reason, now), now=now)
    await topics.show(tx, back)
    return back


async def gone(tx: Tx, staff_id: UUID, at: datetime, now: datetime) -> None:
    """He has gone off duty. What he did not get to goes back at once; whom he has spoken with waits for him as long
    as for a first contact, for a connection may come back.
    """
    if await _on_duty(tx, staff_id):
        return  # he is back already
    numbers = await limits(tx)
    for rescue in await repository.taken_by(tx, staff_id):
        if rescue.taken_at is None or rescue.taken_at > at:
            continue
        if rescue.contacted_at is None:
            await put_back(tx, rescue, "offline", now)
        else:
            ends = await _outcome_owed_at(tx, rescue, numbers.rescue_outcome)
            await deadlines.set_deadline(tx, OUTCOME, rescue.id, min(ends, now + numbers.rescue_contact))


async def dismissed(tx: Tx, staff_id: UUID, now: datetime) -> None:
    """He may not help applicants any more."""
    for rescue in await repository.taken_by(tx, staff_id):
        await put_back(tx, rescue, "dismissed", now)


async def offers_due(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
    """Nobody has taken it: supervisors are warned."""
    for rescue in await _locked_of(tx, due, now):
        overdue = await repository.overdue(tx, rescue.id, now)
        if overdue is not None:
            await topics.show(tx, overdue)


async def contacts_due(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
    """Taken, and the customer not contacted: it goes back to the desk."""
    for rescue in await _locked_of(tx, due, now):
        if rescue.state == "taken" and rescue.contacted_at is None:
            await put_back(tx, rescue, "silent", now)


async def outcomes_due(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
    """Contacted long ago, or by somebody who has left, and neither a step nor an outcome since: others may try."""
    numbers = await limits(tx)
    for rescue in await _locked_of(tx, due, now):
        if rescue.state != "taken" or rescue.staff_id is None:
            continue
        ends = await _outcome_owed_at(tx, rescue, numbers.rescue_outcome)
        there = await _on_duty(tx, rescue.staff_id)
        if ends > now and there:
            await deadlines.set_deadline(tx, OUTCOME, rescue.id, ends)
        else:
            await put_back(tx, rescue, "silent" if there else "offline", now)


async def _on_duty(tx: Tx, staff_id: UUID) -> bool:
    found = await presence.by_id(tx, staff_id)
    return found is not None and found.state != "offline"


async def _outcome_owed_at(tx: Tx, rescue: Rescue, patience: timedelta) -> datetime:
    """When its advisor must have said how it ended, counted from his last contact."""
    _, last_at = await repository.contacts(tx, rescue.id)
    return (last_at or rescue.contacted_at or rescue.stuck_at) + patience


async def _locked_of(tx: Tx, due: Sequence[Deadline], now: datetime) -> list[Rescue]:
    ids = [UUID(deadline.subject) for deadline in due]
    found = await repository.lock_free(tx, ids)
    busy = set(ids) - {rescue.id for rescue in found}
    if busy:
        await deadlines.set_deadlines(tx, due[0].kind, [(rescue_id, now + SOON) for rescue_id in busy])
    return found
