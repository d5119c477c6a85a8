"""What a killed PostgreSQL leaves behind: a postmaster.pid that may by now name anybody's process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

NOBODY = 0


def recorded_pid(cluster: Path) -> int | None:
    """The process id in postmaster.pid, None when there is no (readable) one."""
    try:
        return int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def is_postmaster_of(pid: int, cluster: Path) -> bool:
    """Whether the process is a PostgreSQL that works in this cluster, by its working folder or its command line."""
    if sys.platform.startswith("linux"):
        try:
            working = Path(f"/proc/{pid}/cwd").readlink()
            program = Path(f"/proc/{pid}/exe").readlink()
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            return False
        return working == cluster.resolve() and program.name.startswith("postgres")
    shown = subprocess.run(  # noqa: S603
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "postgres" in shown.stdout and str(cluster.resolve()) in shown.stdout


def innocent_pid(cluster: Path) -> int:
    """A process named by postmaster.pid which is not a PostgreSQL of ours, else 0.

    PostgreSQL would take it for a running server and refuse to start. Told as PG_GRANDPARENT_PID it is passed over,
    while PostgreSQL still checks by itself that nobody uses the old shared memory.
    """
    pid = recorded_pid(cluster)
    return pid if pid is not None and not is_postmaster_of(pid, cluster) else NOBODY


def end_orphan(cluster: Path, patience: float = 60.0) -> None:
    """Stop a server of this cluster that outlived its parent. Touches no other process.

    The caller holds the lock of the data folder, so nobody else may be running there. Raises TimeoutError.
    """
    pid = recorded_pid(cluster)
    if pid is None or not is_postmaster_of(pid, cluster):
        return
    give_up = time.monotonic() + patience
    asked = False
    while is_postmaster_of(pid, cluster):
        if time.monotonic() > give_up:
            raise TimeoutError(f"The PostgreSQL with process id {pid} does not stop. End it, then start again.")
        if not asked:
            os.kill(pid, signal.SIGINT)
            asked = True
        time.sleep(0.05)
