"""Repairing and replaying what waits."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from bihuan.collect.intake import repository as intake
from bihuan.collect.intake import rules
from bihuan.collect.intake.service import arrival_of
from bihuan.collect.quarantine import repository
from bihuan.customers import facade as customers
from bihuan.kit import audit
from bihuan.kit import log as the_log
from bihuan.kit.errors import Conflict, Invalid, NotFound
from bihuan.kit.log import Batch
from bihuan.kit.postgres import Tx
from bihuan.kit.settings import Settings
from bihuan.people.facade import Staff

_SHOWN = 20_000  # characters of a message that a list carries


async def replay(
    tx: Tx, settings: Settings, id: UUID, repaired: dict[str, Any] | None, staff: Staff, now: datetime
) -> None:
    """Let a message, repaired or as it came, enter the log at its own time.

    As it came means with the type of its address and the context of its envelope: it was kept with both.

    Raises NotFound, Conflict when somebody closed it before, Invalid when it still cannot enter.
    """
    found = await _open(tx, id)
    message = repaired if repaired is not None else _decoded(found.raw)
    verdict = rules.judge(
        message,
        size=len(msgspec.json.encode(message)),
        trusted=found.trusted,
        received_at=found.received_at,
        skew=None,
        limits=rules.Limits(settings.event_max_bytes, timedelta(hours=settings.future_limit_hours), timedelta.max),
    )
    if isinstance(verdict, rules.Rejected):
        raise Invalid("still-wrong", f"It still cannot enter: {verdict.detail}.", reason=verdict.reason)
    arrival = arrival_of(verdict, found.source, found.trusted, found.received_at)
    await intake.enter(tx, [arrival], await the_log.lane_count(tx))
    await repository.resolve(tx, id, "replayed", staff.id, now)
    await audit.record(tx, staff.id, "collect:message:replayed", id, {"repaired": repaired is not None}, now)


def shown(raw: bytes) -> str:
    """A message as a list shows it: names, phones, papers and what may be an answer are hidden."""
    try:
        message = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return str(customers.masked(raw.decode("utf-8", "replace")[:_SHOWN]))
    told = (
        customers.readable_event(str(message.get("event")), message)
        if isinstance(message, dict)
        else customers.masked(message)
    )
    return msgspec.json.encode(told).decode()[:_SHOWN]


async def open_message(tx: Tx, id: UUID, staff: Staff, now: datetime) -> str:
    """The whole of a message that waits, for its repair; that it was opened is recorded. Raises NotFound, Conflict."""
    found = await _open(tx, id)
    await audit.record(tx, staff.id, "collect:message:opened", id, {}, now)
    return bytes(found.raw).decode("utf-8", "replace")


async def open_poison(tx: Tx, id: UUID, staff: Staff, now: datetime) -> str:
    """The whole body of an entry that was set aside; that it was opened is recorded. Raises NotFound."""
    found = await the_log.poison(tx, id)
    if found is None:
        raise NotFound("poison", "There is no such entry.")
    await audit.record(tx, staff.id, "collect:entry:opened", id, {}, now)
    return msgspec.json.encode(found.body).decode()


async def discard(tx: Tx, id: UUID, staff: Staff, now: datetime) -> None:
    """Close a message without letting it in; it stays readable. Raises NotFound, Conflict."""
    await _open(tx, id)
    await repository.resolve(tx, id, "discarded", staff.id, now)
    await audit.record(tx, staff.id, "collect:message:discarded", id, {}, now)


async def _open(tx: Tx, id: UUID) -> repository.Quarantined:
    found = await repository.lock(tx, id)
    if found is None:
        raise NotFound("quarantine", "There is no such message.")
    if found.resolved_at is not None:
        raise Conflict("quarantine", f"This message was {found.resolution} before.")
    return found


def _decoded(raw: bytes) -> object:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("still-wrong", "It cannot be read as JSON: send a repaired body.", reason="json") from error


async def replay_poison(
    tx: Tx,
    reactions: list[the_log.Reaction],
    id: UUID,
    repaired: dict[str, Any] | None,
    staff: Staff,
    now: datetime,
) -> None:
    """Run all reactions over an entry that was set aside, repaired or as it was, and close it.

    Raises Conflict when it was closed before, Invalid for a repaired body no event may have and, with the error,
    when a reaction fails again.
    """
    if repaired is not None and rules.measured(repaired)[0] > rules.DEEPEST:
        raise Invalid("still-wrong", f"It may nest {rules.DEEPEST} objects and lists in one another.", reason="depth")
    entry = await the_log.lift(tx, id, repaired)
    if entry is None:
        raise Conflict("poison", "There is no such entry, or it was closed before.")
    try:
        await the_log.run(reactions, Batch([entry], now), tx)
    except Exception as error:
        notes = " ".join(getattr(error, "__notes__", []))
        raise Invalid("still-wrong", f"{notes} fails again: {type(error).__name__}: {error}") from error
    await the_log.resolve(tx, id, "replayed", now)
    await audit.record(tx, staff.id, "collect:entry:replayed", id, {"repaired": repaired is not None}, now)


async def discard_poison(tx: Tx, id: UUID, staff: Staff, now: datetime) -> None:
    """Close an entry that was set aside without reacting to it. Raises Conflict."""
    if not await the_log.resolve(tx, id, "discarded", now):
        raise Conflict("poison", "There is no such entry, or it was closed before.")
    await audit.record(tx, staff.id, "collect:entry:discarded", id, {}, now)
