"""The worker: reactions to the log, deadlines, shipping, jobs, and the log's housekeeping.

As many workers as wanted may run: each takes the lanes nobody holds. `kill -9` at any point loses nothing and does
nothing twice, since effects, cursor and deadlines move in one transaction.
"""

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable
from datetime import timedelta

import psycopg
import structlog

from bihuan import loop
from bihuan.kit import calendar, deadlines, jobs, live, postgres
from bihuan.kit import log as the_log
from bihuan.kit.house import House, read_clock
from bihuan.kit.log import Batch, Entry
from bihuan.kit.middleware import sweep_answers
from bihuan.kit.shipping import Shipper

log = structlog.get_logger()

# Errors that say "the engine is away or was in a hurry", not "this entry is bad".
_PASSING = (psycopg.OperationalError, psycopg.InterfaceError, ConnectionError, TimeoutError)

_IDLE_S = 5.0
_HELD_BACK_S = 0.02
_SWEEP_LIMIT = 200
_TAKE_UP_S = 15.0  # between two looks for jobs that a dead worker left


class Worker:
    """One worker process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._reactions = loop.reactions(house)
        self._handlers = loop.deadlines(house)
        self._stop = asyncio.Event()
        self._news = asyncio.Event()

    def stop(self) -> None:
        """Finish what is under way and end."""
        self._stop.set()
        self._wake()

    async def run(self) -> None:
        """Until `stop`; a part that fails for a passing reason starts again by itself."""
        house = self._house
        async with house.postgres.transaction() as tx:
            lanes = await the_log.lane_count(tx)
        shipper = Shipper(house.postgres.url, house.clickhouse, house.settings.ship_batch)
        parts: dict[str, Callable[[], Awaitable[None]]] = {
            "listen": self._listen,
            "sweep": self._sweep_forever,
            "ship": lambda: shipper.run(self._stop, house.settings.ship_interval_s),
            "keep house": self._keep_house,
            "jobs": self._jobs,
        }
        parts |= {f"lane {n}": functools.partial(self._lane_forever, n) for n in range(lanes)}
        async with asyncio.TaskGroup() as group:
            for name, part in parts.items():
                group.create_task(self._tend(name, part))

    async def _tend(self, name: str, part: Callable[[], Awaitable[None]]) -> None:
        pause = 0.2
        while not self._stop.is_set():
            try:
                await part()
                return
            except _PASSING as error:
                log.warning("starts again", part=name, error=repr(error))
            except Exception:
                log.exception("failed and starts again", part=name)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause)
            pause = min(pause * 2, 5.0)

    async def _listen(self) -> None:
        """Turn NOTIFY into a wake-up of the lanes."""
        async with await psycopg.AsyncConnection.connect(self._house.postgres.url, autocommit=True) as connection:
            await connection.execute("LISTEN log")
            await connection.execute("LISTEN clock")
            while not self._stop.is_set():
                async for notice in connection.notifies(timeout=1.0):
                    if notice.channel == "clock":
                        await self._read_clock()
                    self._wake()

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _read_clock(self) -> None:
        async with self._house.postgres.transaction() as tx:
            shared = await read_clock(tx)
        self._house.clock.adopt(shared)

    async def _lane_forever(self, lane: int) -> None:
        limit = full = self._house.settings.reaction_batch
        gather = self._house.settings.reaction_gather_ms / 1000
        told = True
        while not self._stop.is_set():
            news = self._news
            done, failed = await self.react_once(lane, limit)
            if failed:
                limit = max(1, limit // 2)
                continue
            limit = min(full, limit * 2)
            if done == 0:
                pause = _HELD_BACK_S if told and await self._held_back(lane) else _IDLE_S
                told = pause == _HELD_BACK_S
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), pause)
                    told = True
            if done < limit and not self._stop.is_set():
                await asyncio.sleep(gather)  # a few more entries in the same transaction cost next to nothing

    async def _held_back(self, lane: int) -> bool:
        async with self._house.postgres.transaction() as tx:
            return await the_log.held_back(tx, lane)

    async def react_once(self, lane: int, limit: int) -> tuple[int, bool]:
        """Read and react to one batch of a lane: (entries passed, whether a longer batch failed).

        A batch that fails is halved by the caller until one entry alone fails; that entry is set aside.
        """
        entries: list[Entry] = []
        try:
            async with self._house.postgres.transaction() as tx:
                taken = await the_log.take(tx, lane, limit)
                if not taken:
                    return 0, False
                entries = taken
                batch = Batch(entries, self._house.clock.now())
                await the_log.run(self._reactions, batch, tx)
                await the_log.move(tx, lane, entries[-1])
        except _PASSING:
            raise
        except Exception as error:
            if len(entries) > 1:
                log.warning("a batch failed and is halved", lane=lane, entries=len(entries), error=repr(error))
                return 0, True
            await self._set_aside(lane, entries[0], error)
        return len(entries), False

    async def _set_aside(self, lane: int, entry: Entry, error: Exception) -> None:
        notes = [note.removeprefix("reaction: ") for note in getattr(error, "__notes__", [])]
        log.error("set aside", lane=lane, name=entry.name, seq=entry.seq, exc_info=error)
        async with self._house.postgres.transaction() as tx:
            taken = await the_log.take(tx, lane, 1)
            if not taken or taken[0].seq != entry.seq:
                return  # another worker has passed it meanwhile
            reaction = notes[-1] if notes else "unknown"
            await the_log.set_aside(tx, entry, reaction, f"{type(error).__name__}: {error}", self._house.clock.now())
            await the_log.move(tx, lane, entry)

    async def _sweep_forever(self) -> None:
        while not self._stop.is_set():
            swept = await self.sweep_once()
            if swept < _SWEEP_LIMIT:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), max(0.05, min(1.0, 2.0 / self._house.clock.factor)))

    async def sweep_once(self) -> int:
        """Fire what is due; how many. One that fails alone is put off for a minute, with its error kept."""
        try:
            return await self._sweep(_SWEEP_LIMIT)
        except _PASSING:
            raise
        except Exception as error:
            log.warning("due deadlines failed together, taking them one by one", error=repr(error))
        swept = 0
        for _ in range(_SWEEP_LIMIT):
            try:
                if not await self._sweep(1):
                    break
                swept += 1
            except _PASSING:
                raise
            except Exception as error:
                log.exception("a deadline's handler failed")
                await self._put_off(repr(error))
        return swept

    async def _sweep(self, limit: int) -> int:
        async with self._house.postgres.transaction() as tx:
            return await deadlines.sweep(tx, self._handlers, self._house.clock.now(), limit)

    async def _put_off(self, error: str) -> None:
        now = self._house.clock.now()
        async with self._house.postgres.transaction() as tx:
            due = sorted(
                await postgres.read(tx, deadlines.Deadline, deadlines.DUE_FIRST, now=now), key=lambda d: d.due_at
            )
            if due:
                await deadlines.put_off(tx, due[0], error, now + timedelta(minutes=1))

    async def _keep_house(self) -> None:
        """Rotate the generation of deduplication, drop old partitions, forget old live changes and kept answers."""
        house = self._house
        while not self._stop.is_set():
            day = house.clock.now().date()
            keep = day - timedelta(days=house.settings.log_keep_days)
            async with house.postgres.transaction() as tx:
                await postgres.execute(tx, "SELECT log_rotate(%(day)s)", day=day)
                await live.prune(tx)
                await sweep_answers(tx)
            async with house.postgres.transaction() as tx:
                await postgres.execute(tx, "SELECT log_drop_before(%(keep)s)", keep=keep)
                house.calendar = await calendar.read(tx)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), max(1.0, min(60.0, 3600.0 / house.clock.factor)))

    async def _jobs(self) -> None:
        app = jobs.app(self._house.postgres.url)
        async with app.open_async():
            running = asyncio.create_task(
                app.run_worker_async(
                    concurrency=4,
                    install_signal_handlers=False,
                    listen_notify=True,
                    fetch_job_polling_interval=5.0,
                    delete_jobs="successful",
                    additional_context={"house": self._house},
                )
            )
            stopping = asyncio.create_task(self._stop.wait())
            try:
                while not running.done() and not stopping.done():
                    await jobs.take_up(app)
                    await asyncio.wait({running, stopping}, timeout=_TAKE_UP_S, return_when=asyncio.FIRST_COMPLETED)
            finally:  # also when the database went away under `take_up`: this part starts anew, and so must its tasks
                stopping.cancel()
                running.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await running


async def react_until_quiet(house: House) -> int:
    """Run all reactions over everything unread, facts they publish included; how many entries were passed.

    For commands and tests that want the loop to have turned. A failing reaction raises.
    """
    passed = 0
    while True:
        before = passed
        async with house.postgres.transaction() as tx:
            lanes = await the_log.lane_count(tx)
        for lane in range(lanes):
            async with house.postgres.transaction() as tx:
                entries = await the_log.take(tx, lane, house.settings.reaction_batch)
                if entries:
                    await the_log.run(loop.reactions(house), Batch(entries, house.clock.now()), tx)
                    await the_log.move(tx, lane, entries[-1])
                    passed += len(entries)
        if passed == before:
            return passed


async def sweep_until_quiet(house: House) -> int:
    """Fire everything that is due now; how many. A failing handler raises."""
    fired = 0
    while True:
        async with house.postgres.transaction() as tx:
            swept = await deadlines.sweep(tx, loop.deadlines(house), house.clock.now(), _SWEEP_LIMIT)
        if not swept:
            return fired
        fired += swept
