"""The analytics process: ClickHouse embedded in one process, behind ClickHouse's own HTTP wire on loopback.

One process owns the folder `clickhouse` of a data folder; everybody else speaks HTTP to it, with the address and
password that run.json names, exactly as they would speak to a ClickHouse server elsewhere.
"""

import argparse
import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from bihuan.kit.engines.chdb_engine import ChdbEngine
from bihuan.kit.engines.clickhouse_server import USER, password
from bihuan.kit.engines.clickhouse_wire import ClickHouseWire
from bihuan.kit.engines.run_state import try_lock
from bihuan.kit.engines.supervise import listener
from bihuan.kit.errors import Conflict
from bihuan.kit.settings import Settings

EXAMPLE = """example:
  bihuan analytics --data data --port 8123
  curl -u "bihuan:$(cat data/secrets/clickhouse.password)" http://127.0.0.1:8123/ -d "SELECT version()"
"""

THREADS = 8
LONGEST_HEADER = 1024 * 1024
KEEP_ALIVE_S = 600
DYING_S = 3.0  # a killed process that held gigabytes takes a moment to be gone, and its successor is already here


class FolderTaken(Conflict):
    """Another analytics process has the folder."""

    title = "Already running"


@contextmanager
def taken(folder: Path) -> Iterator[None]:
    """Hold the folder while the context lasts. Raises FolderTaken; the lock goes with its holder, however that dies."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        give_up = time.monotonic() + DYING_S
        while not try_lock(lock, fcntl.LOCK_EX):
            if time.monotonic() > give_up:
                holder = os.pread(lock, 32, 0).decode() or "unknown"
                raise FolderTaken(
                    "analytics-running",
                    f"Process {holder} already serves {folder}. One process owns an embedded ClickHouse: stop that "
                    "one, or name another --data folder.",
                )
            time.sleep(0.05)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(lock)


def limits(settings: Settings) -> dict[str, str]:
    """What holds for every statement that does not say otherwise; the engine's own default is no limit at all."""
    memory = settings.query_memory_mb * 2**20
    return {
        "max_memory_usage": str(memory),
        "max_bytes_before_external_group_by": str(memory // 2),
        "max_bytes_before_external_sort": str(memory // 2),
        "max_execution_time": str(settings.query_seconds),
        "max_threads": str(settings.query_threads),
    }


def serve(data: Path, listening: socket.socket, *, durable: bool) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way and close the engine. Raises FolderTaken."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises the signal anew when it is done; the engine closes then
    data = data.resolve()
    secret = password(data)
    with taken(data / "clickhouse"):
        engine = ChdbEngine(data / "clickhouse", limits(Settings()), durable=durable)
        try:
            with ThreadPoolExecutor(THREADS, "statement") as threads:
                wire = ClickHouseWire(engine, threads, USER, secret)
                config = uvicorn.Config(
                    wire.app(),
                    log_level="warning",
                    access_log=False,
                    lifespan="off",
                    ws="none",
                    timeout_keep_alive=KEEP_ALIVE_S,
                    timeout_graceful_shutdown=20,
                    h11_max_incomplete_event_size=LONGEST_HEADER,
                )
                uvicorn.Server(config).run(sockets=[listening])
        finally:
            engine.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m bihuan.analytics`. 0 after a clean stop, 1 with a message when folder or port are taken."""
    parser = argparse.ArgumentParser(
        prog="bihuan analytics",
        description=__doc__,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, default=Settings().data, help="data folder (default: %(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8123, help="port to listen on (default: %(default)s)")
    parser.add_argument("--fd", type=int, help="listening socket to take over from the parent, instead of a port")
    parser.add_argument("--fast-unsafe", action="store_true", help="no fsync: for tests, a power cut loses rows")
    options = parser.parse_args(arguments)
    try:
        listening = listener(options.host, options.port) if options.fd is None else socket.socket(fileno=options.fd)
    except OSError as error:
        sys.stderr.write(f"{options.host}:{options.port} cannot be listened on: {error}. Name another --port.\n")
        return 1
    try:
        serve(options.data, listening, durable=not options.fast_unsafe)
    except FolderTaken as error:
        sys.stderr.write(f"{error.detail}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
