"""Recompute all openings from the log, while the lanes go on reading; nothing is published again."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.understand.openings import archive, repository, service
from bihuan.understand.openings.archive import Found, Shipped
from bihuan.understand.openings.folding import fold_all
from bihuan.understand.openings.rules import Event

# Applications that are held at once: a few milliseconds each, so that no lane waits for long.
_AT_ONCE = 200


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild found: applications, their events, and how many rows said something else than the log."""

    openings: int
    events: int
    corrected: int

    def plus(self, other: "Rebuilt") -> "Rebuilt":
        """Both together."""
        return Rebuilt(self.openings + other.openings, self.events + other.events, self.corrected + other.corrected)


async def rebuild(house: House) -> Rebuilt:
    """Recompute the row of every application from the archive and the tail of the log that is not in it yet."""
    total, seen = Rebuilt(0, 0, 0), set[str]()
    since = await _shipped(house)
    async for found in archive.shares(house.clickhouse):
        by_opening: dict[str, list[Found]] = {}
        for one in found:
            by_opening.setdefault(one.opening_id, []).append(one)
        total = total.plus(await _some(house, by_opening, since))
        seen |= by_opening.keys()
        since = await _shipped(house)
    last = ""
    while ids := await _stored(house, last):
        unseen = {opening_id: list[Found]() for opening_id in ids if opening_id not in seen}
        total = total.plus(await _some(house, unseen, since))
        last = ids[-1]
    return total


async def _shipped(house: House) -> Shipped:
    async with house.postgres.transaction() as tx:
        return await archive.shipped(tx)


async def _stored(house: House, after: str) -> list[str]:
    async with house.postgres.transaction() as tx:
        return await repository.page_of_ids(tx, after, _AT_ONCE)


async def _some(house: House, by_opening: Mapping[str, Sequence[Found]], since: Shipped) -> Rebuilt:
    total = Rebuilt(0, 0, 0)
    for ids in _chunks(sorted(by_opening)):
        async with house.postgres.transaction() as tx:
            seen = await service.frame(tx, house.calendar, house.clock.now())
            archived = [one for opening_id in ids for one in by_opening[opening_id]]
            total = total.plus(await _again(tx, seen, archived, since, ids))
    return total


def _chunks(ids: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while chunk := list(islice(rest, _AT_ONCE)):
        yield chunk


async def _again(
    tx: Tx, seen: service.Frame, archived: Collection[Found], since: Shipped, ids: Sequence[str]
) -> Rebuilt:
    """Fold these applications afresh and put right what differs."""
    await repository.lock(tx, (), new=ids)
    events = await archive.reacted_to(tx, archived, since, ids)
    shown = await repository.openings(tx, ids)
    wrong = await _put_right(tx, await repository.events(tx, ids), events)
    openings = await service.rows(tx, fold_all(events, seen.course), seen)
    await repository.store(tx, openings.values())
    await repository.remove(tx, [opening_id for opening_id in ids if opening_id not in openings])
    changed = {opening_id for opening_id in ids if shown.get(opening_id) != openings.get(opening_id)}
    await service.after(tx, seen, shown, openings)
    return Rebuilt(len(openings), sum(map(len, events.values())), len(changed | wrong))


async def _put_right(
    tx: Tx, stored: Mapping[str, Collection[Event]], events: Mapping[str, Collection[Event]]
) -> set[str]:
    """Make the stored events those of the log; the applications of which some were not."""
    held = {(opening_id, one.message_id): one for opening_id, found in stored.items() for one in found}
    meant = {(opening_id, one.message_id): one for opening_id, found in events.items() for one in found}
    gone: dict[str, list[str]] = {}
    for (opening_id, message_id), one in held.items():
        if meant.get((opening_id, message_id)) != one:
            gone.setdefault(opening_id, []).append(message_id)
    missing: dict[str, list[Event]] = {}
    for (opening_id, message_id), one in meant.items():
        if held.get((opening_id, message_id)) != one:
            missing.setdefault(opening_id, []).append(one)
    await repository.forget_events(tx, gone)
    await repository.add_events(tx, missing)
    return {*gone, *missing}
