"""What reach hears: stalls with their arm, every turn that ends one, and customers who move to another branch."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from bihuan.customers.facts import RelationMoved
from bihuan.decide.facts import RescueAssigned
from bihuan.kit.deadlines import Deadline, Handler
from bihuan.kit.house import House
from bihuan.kit.log import TRACKED, Batch, Entry, Reaction
from bihuan.kit.postgres import Tx
from bihuan.reach.moments import service
from bihuan.reach.moments.rules import Progress
from bihuan.reach.sending.gate import DEFERRED
from bihuan.reach.sending.queue import FALL_BACK
from bihuan.understand.facts import (
    OpeningAbandoned,
    OpeningAdvanced,
    OpeningIneligible,
    OpeningOpened,
    OpeningReturned,
    OpeningSubmitted,
)

# Any event of an application's own ends its silence; these facts tell of steps whose events have other names.
STEP_EVENTS = "opening:*"
MOVES = (OpeningAdvanced, OpeningSubmitted, OpeningOpened, OpeningIneligible, OpeningAbandoned)
# Facts of a later room are known here by their names only.
TAKEN = "serve:rescue:taken"
RELEASED = "serve:rescue:released"
CONTACTED = "serve:rescue:contacted"

WANTS = frozenset(
    {
        RescueAssigned.NAME,
        OpeningReturned.NAME,
        RelationMoved.NAME,
        TAKEN,
        RELEASED,
        CONTACTED,
        STEP_EVENTS,
        *(fact.NAME for fact in MOVES),
    }
)


def reaction(house: House) -> Reaction:
    """Weighs stalls and ends those that are overtaken."""

    async def react(batch: Batch, tx: Tx) -> None:
        await service.turned(tx, _turns(batch.entries), batch.now)
        stalls = [RescueAssigned.of(entry) for entry in batch.named(RescueAssigned.NAME)]
        await service.assigned(tx, house, stalls, batch.now)
        # Last, so that it finds what the same batch has made; a stall told of later names the new branch itself.
        moves = [fact for fact in map(RelationMoved.of, batch.named(RelationMoved.NAME)) if fact.kind == "service"]
        await service.moved(tx, {fact.customer_id: fact.branch_id for fact in moves if fact.customer_id is not None})

    return Reaction("reach.moments", WANTS, react)


def deadlines(house: House) -> dict[str, Handler]:
    """The times of a person and of quiet hours, and texts that never arrived."""

    async def fell_due(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
        await service.fell_due(tx, house, due, now)

    async def fall_back(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
        await service.fall_back(tx, house, due, now)

    return {service.PERSON_DEADLINE: fell_due, DEFERRED: fell_due, FALL_BACK: fall_back}


def _turns(entries: Sequence[Entry]) -> Iterator[tuple[str, Progress]]:
    for entry in entries:
        if entry.kind == TRACKED:
            opening_id = entry.properties.get("opening_id")
            if entry.trusted and isinstance(opening_id, str | int):
                yield str(opening_id), Progress(moved_at=entry.occurred_at)
        elif entry.name not in (RescueAssigned.NAME, RelationMoved.NAME):
            yield entry.body["opening_id"], _turn(entry.name, entry.body)


def _turn(name: str, body: dict[str, Any]) -> Progress:
    if name == TAKEN:
        # Whoever still held it when it stalled again has that stall too.
        return Progress(taken_at=max(_time(body["taken_at"]), _time(body["stuck_at"])))
    if name == CONTACTED:
        return Progress(contacted_at=_time(body["contacted_at"]))
    at = _time(body["at"])
    if name == RELEASED:
        return Progress(released_at=at)
    if name == OpeningReturned.NAME:
        return Progress(moved_at=at, returned_at=at, returned_step=body["step"])
    return Progress(moved_at=at)


def _time(told: object) -> datetime:
    return msgspec.convert(told, type=datetime)
