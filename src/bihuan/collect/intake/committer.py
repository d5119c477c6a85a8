"""Group commit: many requests, one transaction; a request is answered when its entries are durable."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from bihuan.collect.intake import repository
from bihuan.collect.intake.repository import Arrival, Refusal
from bihuan.kit import log as the_log
from bihuan.kit.errors import Problem, Unavailable
from bihuan.kit.metrics import DUPLICATES
from bihuan.kit.postgres import Postgres

log = structlog.get_logger()

_MOST = 5000  # entries of one commit


@dataclass
class _Request:
    arrivals: Sequence[Arrival]
    refusals: Sequence[Refusal]
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

    async def submit(self, arrivals: Sequence[Arrival], refusals: Sequence[Refusal]) -> None:
        """Return once these are durable.

        Raises Unavailable when too much waits already or PostgreSQL is away: nothing was kept then, or the sender's
        repetition will be recognised by its message ids.
        """
        if self._entries > self._most_waiting or self._closed:
            raise Unavailable("intake", "Intake is overloaded; send the same batch again.", retry_after=1)
        request = _Request(arrivals, refusals)
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
        try:
            await self._write(requests)
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, OSError) as error:
            log.warning("intake could not commit", error=repr(error))
            away = Unavailable("intake", "The database is away; send the same batch again.", retry_after=1)
            self._settle(requests, away)
        except Exception as error:
            await self._one_by_one(requests, error)
        else:
            self._settle(requests, None)

    async def _one_by_one(self, requests: list[_Request], error: Exception) -> None:
        """Something in this group cannot be written: find whose, so that the others are not harmed."""
        if len(requests) > 1:
            for request in requests:
                await self._commit([request])
            return
        log.error("intake could not write a request", exc_info=error)
        request = requests[0]
        refusals = [
            Refusal(a.source, a.trusted, "unwritable", repr(error)[:500], a.text.encode(), a.received_at)
            for a in request.arrivals
        ]
        try:
            async with self._postgres.transaction() as tx:
                await repository.quarantine(tx, [*request.refusals, *refusals])
        except Exception as second:
            log.exception("intake could not even quarantine a request")
            failed = Unavailable("intake", "Intake failed; send the same batch again.", retry_after=5)
            failed.__cause__ = second
            self._settle(requests, failed)
        else:
            self._settle(requests, None)

    async def _write(self, requests: list[_Request]) -> None:
        arrivals = [a for request in requests for a in request.arrivals]
        async with self._postgres.transaction() as tx:
            entered = await repository.enter(tx, arrivals, await the_log.lane_count(tx))
            await repository.quarantine(tx, [r for request in requests for r in request.refusals])
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
