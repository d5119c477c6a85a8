"""Who owns a data folder, and where its processes listen: `run.lock` and `run.json` in the folder.

The lock decides (the kernel frees it however its holder dies), the file tells the addresses.
"""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bihuan.kit.errors import Conflict

LOCK = "run.lock"
FILE = "run.json"
LOCK_PATIENCE = 0.5


class AlreadyRunning(Conflict):
    """Another process owns the data folder."""

    title = "Already running"


@dataclass(frozen=True)
class Run:
    """What run.json says. `addresses` is empty until the engines are ready: `postgres`, `clickhouse`, `server`."""

    pid: int
    started_at: datetime
    addresses: dict[str, str] = field(default_factory=dict)


class Ownership:
    """The right to run processes in a data folder, from `own`."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._run = Run(os.getpid(), datetime.now(UTC))
        self._write()

    @property
    def run(self) -> Run:
        """What run.json holds at this moment."""
        return self._run

    def announce(self, **addresses: str) -> None:
        """Add addresses to run.json. They carry passwords, so the file is for its owner alone."""
        self._run = Run(self._run.pid, self._run.started_at, {**self._run.addresses, **addresses})
        self._write()

    def _write(self) -> None:
        draft = self._data_dir / f".{FILE}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(asdict(self._run), default=datetime.isoformat), "utf-8")
        draft.replace(self._data_dir / FILE)


@contextmanager
def own(data_dir: Path) -> Iterator[Ownership]:
    """Own the data folder (made if missing) while the context lasts.

    Raises AlreadyRunning when another process owns it.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with _lock_file(data_dir) as lock:
        give_up = time.monotonic() + LOCK_PATIENCE
        while not try_lock(lock, fcntl.LOCK_EX):
            # `running` takes the lock for a moment too, so one refusal proves nothing.
            if time.monotonic() > give_up:
                raise _already_running(data_dir)
            time.sleep(0.02)
        try:
            yield Ownership(data_dir)
        finally:
            (data_dir / FILE).unlink(missing_ok=True)


def running(data_dir: Path) -> Run | None:
    """The run that owns the data folder, None when nothing runs there (whatever a killed run left in run.json)."""
    if not (data_dir / LOCK).exists():
        return None
    with _lock_file(data_dir) as lock:
        if try_lock(lock, fcntl.LOCK_SH):
            return None
    return _read(data_dir) or Run(0, datetime.now(UTC))


def _read(data_dir: Path) -> Run | None:
    try:
        told = json.loads((data_dir / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return None  # it has the lock and is about to write
    return Run(told["pid"], datetime.fromisoformat(told["started_at"]), told["addresses"])


def _already_running(data_dir: Path) -> AlreadyRunning:
    run = _read(data_dir)
    who = f"process {run.pid}, started {run.started_at.isoformat(timespec='seconds')}," if run else "Another process"
    return AlreadyRunning("already-running", f"{who} runs on {data_dir}. Stop it first, or name another --data folder.")


@contextmanager
def _lock_file(data_dir: Path) -> Iterator[int]:
    descriptor = os.open(data_dir / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def try_lock(descriptor: int, how: int) -> bool:
    """Whether the lock (fcntl.LOCK_EX or LOCK_SH) could be had at once. It goes when all who inherited it are gone."""
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        return True
    return False
