"""Child processes that are started, watched, restarted and drained by one parent, and never outlive it."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from bihuan.kit.ending import ended

LAUNCHER = Path(__file__).with_name("launch.py")
LOG_BYTES = 10 * 1024 * 1024
LOG_COPIES = 5
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
SETTLED_AFTER = 30.0
FIRST_LOOK = 0.02
LONGEST_LOOK = 0.25
LOG_LOOK = 5.0


class ChildFailed(RuntimeError):
    """A child ended, or was not ready in time, while it was first started. The message ends with its last lines."""


@dataclass(frozen=True)
class Child:
    """One process of the house.

    `environment` is added to our own, or stands alone without `inherits`. `ready` is asked until it answers True, at
    most `ready_within` seconds. `before` runs ahead of each start, to clear what a killed predecessor left, and returns
    more of the environment. `stop_signal` asks the process to drain; after `grace` seconds its whole process group is
    killed. `death_signal` is what it gets when the parent dies without a word. `account` is (uid, gid) to run under.
    `after` runs once it is stopped for good. A child that runs `once` is not started again when it ends.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    inherits: bool = True
    ready: Callable[[], Awaitable[bool]] | None = None
    ready_within: float = 60.0
    before: Callable[[], Awaitable[Mapping[str, str]]] | None = None
    pass_fds: Sequence[int] = ()
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGKILL
    grace: float = 10.0
    account: tuple[int, int] | None = None
    after: Callable[[], None] | None = None
    once: bool = False


def pause_before_restart(deaths: int) -> float:
    """Seconds to wait before the next start after `deaths` deaths in a row: none at first, then doubling to a limit.

    >>> [pause_before_restart(n) for n in (1, 2, 3, 4, 20)]
    [0.0, 0.2, 0.4, 0.8, 10.0]
    """
    if deaths <= 1:
        return 0.0
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(deaths - 2, 30)))


def listener(host: str, port: int) -> socket.socket:
    """A listening socket that outlives the process that answers on it: pass its `fileno()` in `pass_fds`.

    Port 0 takes a free one. Raises OSError (EADDRINUSE) when somebody else listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    return listening


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with listener("127.0.0.1", 0) as probe:
        return int(probe.getsockname()[1])


def open_log(folder: Path, name: str, limit: int = LOG_BYTES, copies: int = LOG_COPIES) -> int:
    """Descriptor of `folder/name.log`, for appending.

    A file over `limit` bytes first moves to `name.1.log`, that one to `name.2.log`, and so on up to `copies`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # logs may tell of customers
    path = folder / f"{name}.log"
    if path.exists() and path.stat().st_size > limit:
        _make_room(folder, name, copies)
        path.replace(folder / f"{name}.1.log")
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)


def _make_room(folder: Path, name: str, copies: int) -> None:
    """Count each older log up by one; the oldest is written over."""
    for number in range(copies - 1, 0, -1):
        older = folder / f"{name}.{number}.log"
        if older.exists():
            older.replace(folder / f"{name}.{number + 1}.log")


def rotate_log(folder: Path, name: str, limit: int = LOG_BYTES, copies: int = LOG_COPIES) -> bool:
    """Set a log aside while its process writes on; whether it was over `limit` bytes.

    The process keeps the descriptor it was started with, so the file is copied and emptied in place; it appends, so
    it goes on at the beginning. A line written between the copy's end and the emptying is lost.
    """
    path = folder / f"{name}.log"
    if not path.exists() or path.stat().st_size <= limit:
        return False
    _make_room(folder, name, copies)
    aside = folder / f"{name}.1.log"
    with path.open("rb+") as full, aside.open("wb") as copy:
        os.fchmod(copy.fileno(), 0o640)
        shutil.copyfileobj(full, copy, 1 << 20)
        full.truncate(0)
    return True


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log, for an error message."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 8192))
            return "\n".join(log.read().decode("utf-8", "replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""


class Supervisor:
    """The parent. Use as an async context manager; leaving it stops the children in reverse order of their start.

    `logs` gets one file per child and `supervisor.log`, which holds one JSON object per start, death, restart and
    stop. Start children from the thread of the event loop only: Linux counts the death of the thread that started a
    child as the death of its parent.
    """

    def __init__(self, logs: Path, *, watch_pipe: bool = not sys.platform.startswith("linux")) -> None:
        self.logs = logs
        self._watch_pipe = watch_pipe
        self._watched: dict[str, _Watched] = {}
        self._journal = open_log(logs, "supervisor")
        self._rotating: asyncio.Task[None] | None = None
        # Only this process holds the writing end, so children read its end of file when we die.
        self._pipe = os.pipe() if watch_pipe else None

    async def __aenter__(self) -> Self:
        self._rotating = asyncio.create_task(self._rotate(), name="rotate logs")
        return self

    async def _rotate(self) -> None:
        """Keep every log below its limit while its process runs."""
        while True:
            await asyncio.sleep(LOG_LOOK)
            for name in ("supervisor", *self._watched):
                try:
                    await asyncio.to_thread(rotate_log, self.logs, name)
                except OSError as error:  # a full disk, most likely: what runs shall run on
                    self.tell("log not rotated", child=name, error=str(error))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self, child: Child) -> None:
        """Start `child` and return once it is ready; from then on it is restarted whenever it dies.

        Raises ChildFailed when it ends or does not get ready in time at this first start, ValueError for a name twice.
        """
        if child.name in self._watched:
            raise ValueError(f"A child named {child.name} is already there.")
        watched = _Watched(self, child)
        self._watched[child.name] = watched
        try:
            await watched.first_start()
        except BaseException:
            del self._watched[child.name]
            await watched.stop()
            raise

    async def watch(self, name: str) -> NoReturn:
        """Wait as long as a child that runs once goes on.

        Raises ChildFailed when it has ended by itself, KeyError for a name never started.
        """
        await self._watched[name].until_it_ends()
        raise self._watched[name].failure("ended by itself")

    async def stop_child(self, name: str) -> None:
        """Drain and end one child for good. Raises KeyError for a name never started."""
        await self._watched.pop(name).stop()

    async def stop(self) -> None:
        """Drain and end all children, the last started first."""
        if self._rotating:
            await ended([self._rotating])
            self._rotating = None
        while self._watched:
            _, watched = self._watched.popitem()
            await watched.stop()
        if self._journal >= 0:
            os.close(self._journal)
            self._journal = -1
        if self._pipe:
            for descriptor in self._pipe:
                os.close(descriptor)
            self._pipe = None

    def pid(self, name: str) -> int | None:
        """Process id of a running child, None between two lives. Raises KeyError for a name never started."""
        process = self._watched[name].process
        return process.pid if process and process.returncode is None else None

    def restarts(self, name: str) -> int:
        """How often a child was started again."""
        return self._watched[name].restarts

    async def until_signalled(self) -> int:
        """Wait for SIGTERM, SIGINT or SIGHUP to this process; the number that came."""
        loop = asyncio.get_running_loop()
        came: asyncio.Future[int] = loop.create_future()
        numbers = [signal.SIGTERM, signal.SIGINT]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup it stays ignored
            numbers.append(signal.SIGHUP)

        def receive(number: int) -> None:
            if not came.done():
                came.set_result(number)

        for number in numbers:
            loop.add_signal_handler(number, receive, number)
        try:
            return await came
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)

    def tell(self, event: str, **fields: object) -> None:
        """One JSON line in supervisor.log; none when the disk is full, for that must keep no child from its restart."""
        if self._journal < 0:
            return
        line = json.dumps({"at": datetime.now(UTC).isoformat(), "event": event, **fields}, ensure_ascii=False)
        with contextlib.suppress(OSError):
            os.write(self._journal, line.encode() + b"\n")

    def launcher(self, child: Child) -> list[str]:
        """The full command line: the launcher, what it must see to, and the child's own command."""
        line = [sys.executable, "-I", "-S", str(LAUNCHER), "--parent", str(os.getpid())]
        line += ["--signal", str(int(child.death_signal))]
        if self._pipe:
            line += ["--pipe", str(self._pipe[0])]
        if child.account:
            line += ["--uid", str(child.account[0]), "--gid", str(child.account[1])]
        return [*line, "--", *child.command]

    def descriptors(self, child: Child) -> tuple[int, ...]:
        return (*child.pass_fds, *(self._pipe[:1] if self._pipe else ()))


class _Watched:
    """A child with its current process and the task that restarts it."""

    def __init__(self, parent: Supervisor, child: Child) -> None:
        self.parent = parent
        self.child = child
        self.process: asyncio.subprocess.Process | None = None
        self.restarts = 0
        self._keeper: asyncio.Task[None] | None = None

    @property
    def _living(self) -> asyncio.subprocess.Process:
        """The process started last."""
        if self.process is None:
            raise RuntimeError(f"{self.child.name} was never started")
        return self.process

    async def first_start(self) -> None:
        await self._spawn()
        await self._until_ready()
        self._keeper = asyncio.create_task(self._keep(), name=f"keep {self.child.name}")

    async def until_it_ends(self) -> None:
        """Return when a child that runs once has ended by itself."""
        if self._keeper:
            await asyncio.wait([self._keeper])

    async def stop(self) -> None:
        if self._keeper:
            await ended([self._keeper])
        await self._end_process()
        if self.child.after:
            self.child.after()

    async def _spawn(self) -> None:
        child = self.child
        more = await child.before() if child.before else {}
        log = open_log(self.parent.logs, child.name)
        try:
            self.process = await asyncio.create_subprocess_exec(
                *self.parent.launcher(child),
                env={**(os.environ if child.inherits else {}), **child.environment, **more},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=self.parent.descriptors(child),
                start_new_session=True,  # a Ctrl-C at the terminal reaches the parent alone, which then drains
                cwd="/" if child.account else None,
            )
        finally:
            os.close(log)
        self.parent.tell("started", child=child.name, pid=self.process.pid)

    async def _until_ready(self) -> None:
        """Return when ready. Raises ChildFailed when the process ends before, or the time is over."""
        child, process = self.child, self._living
        loop = asyncio.get_running_loop()
        give_up = loop.time() + child.ready_within
        pause = FIRST_LOOK
        while child.ready and not await child.ready():
            if process.returncode is not None:
                raise self.failure(f"ended with {process.returncode} before it was ready")
            if loop.time() > give_up:
                raise self.failure(f"was not ready within {child.ready_within:.0f} s")
            await asyncio.sleep(pause)
            pause = min(LONGEST_LOOK, pause * 1.25)
        self.parent.tell("ready", child=child.name, pid=process.pid)

    def failure(self, what: str) -> ChildFailed:
        """The error that says what befell it, with its last lines."""
        log = self.parent.logs / f"{self.child.name}.log"
        return ChildFailed(f"{self.child.name} {what}. The end of {log}:\n{tail(log)}")

    async def _keep(self) -> None:
        """Wait for each death and start anew, for ever; with a child that runs once, wait for its end."""
        loop = asyncio.get_running_loop()
        deaths = 0
        while True:
            born = loop.time()
            code = await self._living.wait()
            if self.child.once:
                self.parent.tell("ended", child=self.child.name, code=code)
                return
            deaths = 1 if loop.time() - born > SETTLED_AFTER else deaths + 1
            pause = pause_before_restart(deaths)
            self.parent.tell("died", child=self.child.name, code=code, again_in=pause)
            await asyncio.sleep(pause)
            try:
                await self._spawn()
                self.restarts += 1
                await self._until_ready()
            except Exception as error:  # whatever it was, the next try may go better
                self.parent.tell("failed", child=self.child.name, error=str(error))
                await self._end_process()

    async def _end_process(self) -> None:
        process = self.process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(self.child.stop_signal)
        try:
            await asyncio.wait_for(process.wait(), self.child.grace)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        self.parent.tell("stopped", child=self.child.name, code=process.returncode)
