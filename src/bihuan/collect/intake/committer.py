"""Group commit: many requests, one transaction; a request is answered when its entries are durable."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import psycopg
import structlog
from psycopg import errors as pg_errors
from psycopg_pool import PoolTimeout

from bihuan.collect.intake import repository
from bihuan.collect.intake.clocks import Note
from bihuan.collect.intake.repository import Arrival, Refusal
from bihuan.kit import log as the_log
from bihuan.kit.errors import Problem, Unavailable
from bihuan.kit.metrics import DUPLICATES
from bihuan.kit.postgres import Postgres

log = structlog.get_logger()

_MOST = 5000  # entries of one commit

# A device that was away for so long is looked at anew.
_REMEMBERED = timedelta(days=8)
_FORGET_EVERY = timedelta(hours=1)

# "The database is away or in a hurry" against "it will never take this": only the second is a message's own fault.
_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, OSError)
_UNWRITABLE = (
    psycopg.DataError,
    psycopg.IntegrityError,
    pg_errors.ProgramLimitExceeded,
    pg_errors.StatementTooComplex,
    UnicodeError,
)


@dataclass
class _Request:
    arrivals: Sequence[Arrival]
    refusals: Sequence[Refusal]
    notes: Sequence[Note]
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Committer:
    """Gathers requests for a few milliseconds and commits them together."""

    def __init__(self, postgres: Postgres, *, group_ms: float, most_waiting: int) -> None:
        self._postgres = postgres
        self._group_s = group_ms / 1000
        self._most_waiting = most_waiting
        self._waiting: list[_Request] = []
        self._entries = 0
        self._news = asyncio.Event()
        self._closed = False
        self._forget_at = datetime.min.replace(tzinfo=UTC)

    async def noted(self, devices: Sequence[str]) -> dict[str, list[timedelta]]:
        """What was written down of these devices' clocks."""
        async with self._postgres.transaction() as tx:
            return await repository.noted(tx, devices)

    async def submit(
        self, arrivals: Sequence[Arrival], refusals: Sequence[Refusal], notes: Sequence[Note] = ()
    ) -> None:
        """Return once these are durable.

        Raises Unavailable when too much waits already or PostgreSQL is away: nothing was kept then, or the sender's
        repetition will be recognised by its message ids.
        """
        if self._entries > self._most_waiting or self._closed:
            raise Unavailable("intake", "Intake is overloaded; send the same batch again.", retry_after=1)
        request = _Request(arrivals, refusals, notes)
        self._waiting.append(request)
        self._entries += len(arrivals) + len(refusals)
        self._news.set()
        await request.done

    async def run(self) -> None:
        """Commit until cancelled, then commit what waits and refuse the rest."""
        try:
            while True:
                await self._news.wait()
                await asyncio.sleep(self._group_s)
                self._news.clear()
                while self._waiting:
                    await self._commit(self._take())
        except asyncio.CancelledError:
            self._closed = True
            while self._waiting:
                with contextlib.suppress(Problem):
                    await self._commit(self._take())
            raise

    def _take(self) -> list[_Request]:
        taken: list[_Request] = []
        size = 0
        while self._waiting and (not taken or size < _MOST):
            request = self._waiting.pop(0)
            taken.append(request)
            size += len(request.arrivals) + len(request.refusals)
        self._entries -= size
        return taken

    async def _commit(self, requests: list[_Request]) -> None:
        arrivals = [a for request in requests for a in request.arrivals]
        refusals = [r for request in requests for r in request.refusals]
        notes = [n for request in requests for n in request.notes]
        problem: Problem | None = None
        try:
            await self._write_or_part(arrivals, refusals, notes)
        except _AWAY as error:
            log.warning("intake could not commit", error=repr(error))
            problem = Unavailable("intake", "The database is away; send the same batch again.", retry_after=1)
        except Exception:
            log.exception("intake could not commit")
            problem = Unavailable("intake", "Intake failed; send the same batch again.", retry_after=5)
        self._settle(requests, problem)

    async def _write_or_part(
        self, arrivals: Sequence[Arrival], refusals: Sequence[Refusal], notes: Sequence[Note]
    ) -> None:
        """Write; what cannot be written is quarantined alone, so that nothing else is harmed.

        The refusals go last: a client whose batch failed on the way sends all of it again, and what it sends twice is
        known again in the log, but not in quarantine.
        """
        try:
            await self._write(arrivals, refusals, notes)
        except _UNWRITABLE:
            if not arrivals:
                raise  # quarantine takes everything: this is a fault of ours, and nothing may be lost over it
            await self._write([], [*refusals, *await self._part(arrivals)])

    async def _part(self, arrivals: Sequence[Arrival]) -> list[Refusal]:
        """Write what can be written, halving until what cannot stands alone; what to quarantine."""
        try:
            await self._write(arrivals, [])
        except _UNWRITABLE as error:
            if len(arrivals) == 1:
                log.error("a message cannot be written", exc_info=error)  # noqa: TRY400  (told where it is caught)
                return [_unwritable(arrivals[0], error)]
            middle = len(arrivals) // 2
            return [*await self._part(arrivals[:middle]), *await self._part(arrivals[middle:])]
        return []

    async def _write(
        self, arrivals: Sequence[Arrival], refusals: Sequence[Refusal], notes: Sequence[Note] = ()
    ) -> None:
        async with self._postgres.transaction() as tx:
            entered = await repository.enter(tx, arrivals, await the_log.lane_count(tx))
            await repository.quarantine(tx, refusals)
            await repository.note(tx, notes)
            if notes and notes[-1].at >= self._forget_at:
                self._forget_at = notes[-1].at + _FORGET_EVERY
                await repository.forget(tx, notes[-1].at - _REMEMBERED)
        DUPLICATES.inc(len(arrivals) - entered)

    @staticmethod
    def _settle(requests: list[_Request], problem: Problem | None) -> None:
        for request in requests:
            if request.done.done():
                continue
            if problem is None:
                request.done.set_result(None)
            else:
                request.done.set_exception(problem)


def _unwritable(found: Arrival, error: Exception) -> Refusal:
    kept = found.text.encode("utf-8", "replace")
    return Refusal(found.source, found.trusted, "unwritable", repr(error), kept, found.received_at)
