"""Rows that become tracked entries of the log: events, and what the counter tells of trades and flows."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from bihuan.collect.imports import repository
from bihuan.collect.imports.files import Chunk
from bihuan.collect.imports.mapping import Mapping
from bihuan.collect.imports.service import Written
from bihuan.collect.intake import repository as intake
from bihuan.collect.intake.repository import Arrival
from bihuan.collect.intake.rules import LONGEST_MESSAGE_ID, fault_of_name, identifier
from bihuan.kit import ids
from bihuan.kit import log as the_log
from bihuan.kit.postgres import Tx

_encode = msgspec.json.Encoder().encode


async def events_sink(tx: Tx, chunk: Chunk, mapping: Mapping, digest: str, now: datetime) -> Written:
    """Events: customer, event, time and properties by the mapping."""
    columns = chunk.columns
    names = columns[mapping.columns["event"]]
    own = [(column, kind, column) for column, kind in mapping.properties.items()]
    return await _enter(tx, chunk, mapping, digest, now, mapping.columns["time"], lambda index: names[index], own)


async def trades_sink(tx: Tx, chunk: Chunk, mapping: Mapping, digest: str, now: datetime) -> Written:
    """Trades: each a `trade:filled`, with all mapped fields as properties."""
    return await _enter(tx, chunk, mapping, digest, now, mapping.columns["traded_at"], _filled, _properties(mapping))


def _filled(index: int) -> str:
    return "trade:filled"


async def flows_sink(tx: Tx, chunk: Chunk, mapping: Mapping, digest: str, now: datetime) -> Written:
    """Fund flows: `flow:in` or `flow:out` by the direction."""
    directions = chunk.columns[mapping.columns["direction"]]

    def name(index: int) -> str | None:
        return {"in": "flow:in", "out": "flow:out"}.get(str(directions[index]))

    return await _enter(tx, chunk, mapping, digest, now, mapping.columns["moved_at"], name, _properties(mapping))


_NUMBERS = frozenset({"quantity", "price", "amount", "fee"})


# What becomes a property of an event: its name, text or number, and the column it is read from.
Property = tuple[str, str, str]


def _properties(mapping: Mapping) -> list[Property]:
    """The mapped fields under their own names, whatever a file calls its columns: who counts flows asks for `amount`.
    Columns that the mapping keeps besides come under the file's names.
    """
    fields = {
        field: ("number" if field in _NUMBERS else "text", column)
        for field, column in mapping.columns.items()
        if field not in ("customer", "traded_at", "moved_at")
    }
    besides = {column: (kind, column) for column, kind in mapping.properties.items()}
    return [(name, kind, column) for name, (kind, column) in {**besides, **fields}.items()]


async def _enter(
    tx: Tx,
    chunk: Chunk,
    mapping: Mapping,
    digest: str,
    now: datetime,
    time_column: str,
    name_of: Callable[[int], str | None],
    kept: Sequence[Property],
) -> Written:
    arrivals: list[Arrival] = []
    rejected: list[tuple[int, str]] = []
    customers, times = chunk.columns[mapping.columns["customer"]], chunk.columns[time_column]
    given_ids = chunk.columns[mapping.message_id] if mapping.message_id else None
    properties = [(name, kind, chunk.columns[column]) for name, kind, column in kept]
    parse = _time_parser(mapping)
    known: dict[str, Any] = {}
    for index in range(chunk.size):
        user_id = identifier(customers[index])
        name = name_of(index)
        at = parse(times[index])
        message_id = given_ids[index] if given_ids else None
        fault = _fault(user_id, name, at, message_id)
        if user_id is None or not name or at is None or fault:
            rejected.append((index, fault or ""))
            continue
        customer_id = known.get(user_id) or known.setdefault(user_id, ids.customer_of_user(user_id))
        body = {
            "type": "track",
            "event": name,
            "properties": {key: _typed(values[index], kind) for key, kind, values in properties if values[index]},
        }
        arrivals.append(
            Arrival(
                name,
                customer_id,
                user_id,
                None,
                message_id or f"{digest[:32]}:{chunk.numbers[index]}",
                mapping.source,
                True,
                at,
                now,
                _encode(body).decode().replace("\\u0000", "\\ufffd"),
            )
        )
    lanes = await the_log.lane_count(tx)
    if given_ids:
        entered = await intake.enter(tx, arrivals, lanes)
        return Written(entered, rejected, len(arrivals) - entered)
    await repository.copy_into_log(tx, arrivals, lanes)
    return Written(len(arrivals), rejected)


def _fault(user_id: str | None, name: str | None, at: datetime | None, message_id: str | None) -> str | None:
    if user_id is None:
        return "the customer is empty or names nobody"
    if not name:
        return "the event is empty or not known"
    if at is None:
        return "the time cannot be read"
    if message_id and len(message_id) > LONGEST_MESSAGE_ID:
        return f"the message id is longer than {LONGEST_MESSAGE_ID} characters"
    return fault_of_name(name)


def _typed(text: str | None, kind: str) -> str | float | None:
    if kind == "text" or text is None:
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return number if number == number and abs(number) != float("inf") else text


def _time_parser(mapping: Mapping) -> Callable[[str | None], datetime | None]:
    """Parse a time as the mapping says; without an offset it is in the mapping's zone."""
    zone, pattern = mapping.zone, mapping.time_format

    def parse(text: str | None) -> datetime | None:
        if not text:
            return None
        try:
            at = datetime.strptime(text, pattern) if pattern else datetime.fromisoformat(text)  # noqa: DTZ007
            at = at.replace(tzinfo=zone) if at.tzinfo is None else at
            at = at.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
        return at if 1970 <= at.year <= 2200 else None

    return parse
