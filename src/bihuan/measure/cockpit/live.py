"""The cockpit, live: recomputed by a beat, and only what changed is told."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bihuan.kit import deadlines, live
from bihuan.kit.deadlines import Deadline, Handler
from bihuan.kit.errors import Forbidden
from bihuan.kit.house import House
from bihuan.kit.live import Row, TopicKind
from bihuan.kit.postgres import Tx
from bihuan.measure.cockpit import repository, service
from bihuan.measure.cockpit.rules import Cockpit
from bihuan.measure.cockpit.schemas import CockpitOut
from bihuan.people.facade import Permission, Staff

TOPIC = "cockpit"
BEAT = "measure.cockpit"

# Real seconds to the next look: soon while things move, later while nothing does; and never so soon that looking
# takes more than a twentieth of the time, however much there is to count.
MOVING_S = 1.0
QUIET_S = 3.0
REST = 20


def rows_of(cockpit: Cockpit) -> dict[str, Row]:
    """The cockpit as keyed rows; the moment it was made is left out, so that only news is told."""
    whole = CockpitOut.of(cockpit).model_dump(mode="json")
    return {
        **{f"stage:{stage['stage']}": stage for stage in whole["loop"]},
        **{f"need:{need['kind']}": need for need in whole["needs"]},
        "opened_today": {"figure": whole["opened_today"], "planned_today": whole["planned_today"]},
        "settlement": {"settlement": whole["settlement"]},
        **{strip: {"figures": whole[strip]} for strip in ("experience", "efficiency", "cost")},
    }


async def tell(tx: Tx, cockpit: Cockpit) -> int:
    """Tell everybody who looks what differs from what was told last; how many rows."""
    told, rows = await repository.shown(tx), rows_of(cockpit)
    changed = {key: row for key, row in rows.items() if told.get(key) != row}
    gone = told.keys() - rows.keys()
    for key, row in [*changed.items(), *((key, None) for key in gone)]:
        await live.change(tx, TOPIC, key, row)
    if changed or gone:
        await repository.show(tx, changed, gone)
    return len(changed) + len(gone)


def beat(house: House) -> Handler:
    """The deadline handler that looks at the cockpit and sets its own next deadline."""

    async def handle(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
        began = time.perf_counter()
        news = await tell(tx, await service.cockpit(tx, now, house.calendar))
        wait = max(MOVING_S if news else QUIET_S, REST * (time.perf_counter() - began))
        await deadlines.set_deadline(tx, BEAT, due[0].subject, now + timedelta(seconds=wait * house.clock.factor))

    return handle


async def authorise(tx: Tx, principal: Any, argument: str) -> None:
    """Staff who may read the cockpit."""
    if not isinstance(principal, Staff) or not principal.may(Permission.COCKPIT_READ):
        raise Forbidden("topic", "Sign in with a role that reads the cockpit.")


async def snapshot(tx: Tx, principal: Any, argument: str) -> dict[str, Row]:
    """The rows as they were told last."""
    return await repository.shown(tx)


COCKPIT = TopicKind(TOPIC, authorise, snapshot)
