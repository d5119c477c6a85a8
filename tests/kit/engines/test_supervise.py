"""Supervised children: restarted, drained in order, and never outliving their parent."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kit.engines import supervise
from bihuan.kit.engines.supervise import (
    LONGEST_PAUSE,
    Child,
    ChildFailed,
    Supervisor,
    listener,
    open_log,
    pause_before_restart,
    rotate_log,
)

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = (
    "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)


async def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until it holds; fails the test when it does not in time."""
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "it did not happen in time"
        await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        os.kill(pid, 0)
        if not sys.platform.startswith("linux"):
            return True
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def journal(logs: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (logs / "supervisor.log").read_text().splitlines()]


def says(log: Path, text: str) -> Callable[[], Awaitable[bool]]:
    async def ready() -> bool:
        return log.exists() and text in log.read_text()

    return ready


@given(st.integers(min_value=1, max_value=10**6))
def test_the_pause_never_shrinks_and_never_exceeds_its_limit(deaths: int) -> None:
    assert pause_before_restart(deaths) <= pause_before_restart(deaths + 1) <= LONGEST_PAUSE


@pytest.mark.parametrize("watch_pipe", [False, True])
async def test_a_dead_child_is_started_again(tmp_path: Path, watch_pipe: bool) -> None:
    async with Supervisor(tmp_path, watch_pipe=watch_pipe) as supervisor:
        await supervisor.start(Child("sleeper", SLEEP))
        first = supervisor.pid("sleeper")
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: supervisor.restarts("sleeper") == 1 and supervisor.pid("sleeper") is not None)
        assert supervisor.pid("sleeper") != first
    events = [entry["event"] for entry in journal(tmp_path)]
    assert events == ["started", "ready", "died", "started", "ready", "stopped"]


async def test_a_child_that_ends_at_its_first_start_is_reported_with_its_last_words(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    async with Supervisor(tmp_path) as supervisor:
        with pytest.raises(ChildFailed, match=r"(?s)poet ended with 3.*no ink left"):
            await supervisor.start(Child("poet", ["/bin/sh", "-c", "echo no ink left; exit 3"], ready=never))
        with pytest.raises(KeyError):
            supervisor.pid("poet")
        with pytest.raises(ChildFailed, match="not ready within"):
            await supervisor.start(Child("slow", SLEEP, ready=never, ready_within=0.2))


async def test_children_are_stopped_in_reverse_order(tmp_path: Path) -> None:
    async with Supervisor(tmp_path) as supervisor:
        for name in ("first", "second", "third"):
            await supervisor.start(Child(name, SLEEP))
    assert [entry["child"] for entry in journal(tmp_path) if entry["event"] == "stopped"] == [
        "third",
        "second",
        "first",
    ]


async def test_a_child_that_does_not_drain_is_killed_with_its_own_children(tmp_path: Path) -> None:
    async with Supervisor(tmp_path) as supervisor:
        child = Child("deaf", [sys.executable, "-c", STUBBORN], grace=0.3, ready=says(tmp_path / "deaf.log", "deaf"))
        await supervisor.start(child)
        pid = supervisor.pid("deaf")
        assert pid is not None
    assert not alive(pid)
    assert journal(tmp_path)[-1]["code"] == -signal.SIGKILL


PARENT = """
import asyncio, subprocess, sys
from pathlib import Path
from bihuan.kit.engines.supervise import Child, Supervisor
async def main():
    supervisor = Supervisor(Path(sys.argv[1]), watch_pipe=sys.argv[2] == "pipe")
    command = [sys.executable, "-c", "import os,time; print(os.getpid(), flush=True); time.sleep(60)"]
    if sys.argv[2] == "planted":
        with open(Path(sys.argv[1]) / "child.log", "w") as log:
            subprocess.Popen(command, stdout=log)
    else:
        await supervisor.start(Child("child", command))
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def killed_parent(tmp_path: Path, how: str) -> int:
    """Process id of the child of a parent that has just got kill -9."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path), how])
    log = tmp_path / "child.log"
    await until(lambda: log.exists() and log.read_text().endswith("\n"))
    pid = int(log.read_text())
    assert alive(pid)
    parent.kill()
    parent.wait()
    return pid


@pytest.mark.parametrize("how", ["kernel", "pipe"])
async def test_a_child_dies_with_a_parent_that_was_killed(tmp_path: Path, how: str) -> None:
    if how == "kernel" and not sys.platform.startswith("linux"):
        pytest.skip("only Linux has PR_SET_PDEATHSIG")
    pid = await killed_parent(tmp_path, how)
    await until(lambda: not alive(pid), 5.0)


async def test_the_test_above_finds_a_child_that_survives(tmp_path: Path) -> None:
    pid = await killed_parent(tmp_path, "planted")
    with pytest.raises(AssertionError):
        await until(lambda: not alive(pid), 0.5)
    os.kill(pid, signal.SIGKILL)


ANSWER = """
import socket, sys
listening = socket.socket(fileno=int(sys.argv[1]))
while True:
    taken, _ = listening.accept()
    taken.recv(4096)
    taken.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nhi")
    taken.close()
"""


async def test_a_passed_socket_loses_no_connection_while_its_process_is_dead(tmp_path: Path) -> None:
    with listener("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        command = [sys.executable, "-c", ANSWER, str(listening.fileno())]
        async with Supervisor(tmp_path) as supervisor, httpx.AsyncClient(trust_env=False) as client:
            await supervisor.start(Child("web", command, pass_fds=(listening.fileno(),)))
            assert (await client.get(f"http://127.0.0.1:{port}/")).text == "hi"
            pid = supervisor.pid("web")
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            await until(lambda: not alive(pid))  # what the dying one had accepted would be lost
            assert (await client.get(f"http://127.0.0.1:{port}/", timeout=10)).text == "hi"
            await until(lambda: supervisor.restarts("web") == 1)


async def test_before_runs_ahead_of_every_start_and_adds_to_the_environment(tmp_path: Path) -> None:
    starts: list[int] = []

    async def before() -> dict[str, str]:
        starts.append(1)
        return {"START": str(len(starts))}

    command = ["/bin/sh", "-c", 'echo "start $START as $WHO"; sleep 60']
    async with Supervisor(tmp_path) as supervisor:
        await supervisor.start(Child("counted", command, environment={"WHO": "me"}, before=before))
        await until(lambda: (tmp_path / "counted.log").read_text() == "start 1 as me\n")
        pid = supervisor.pid("counted")
        assert pid is not None
        os.killpg(pid, signal.SIGKILL)
        await until(lambda: (tmp_path / "counted.log").read_text().endswith("start 2 as me\n"))


def test_a_log_is_rotated_while_its_process_writes_on_and_no_line_is_lost(tmp_path: Path) -> None:
    log = open_log(tmp_path, "app")
    try:
        for n in range(100):
            os.write(log, f"line {n}\n".encode())
            if n % 30 == 29:
                assert rotate_log(tmp_path, "app", limit=100, copies=3)
        assert not rotate_log(tmp_path, "app", limit=100, copies=3)
    finally:
        os.close(log)
    files = [tmp_path / name for name in ("app.3.log", "app.2.log", "app.1.log", "app.log")]
    assert "".join(file.read_text() for file in files) == "".join(f"line {n}\n" for n in range(100))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(file.name for file in files)


async def test_a_running_child_does_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "LOG_LOOK", 0.05)
    monkeypatch.setattr(supervise.rotate_log, "__defaults__", (10_000, 2))
    chatter = "import time\nwhile True: print('x' * 500, flush=True); time.sleep(0.001)"
    async with Supervisor(tmp_path) as supervisor:
        await supervisor.start(Child("chatter", [sys.executable, "-c", chatter]))
        await until((tmp_path / "chatter.2.log").exists, 30)
    sizes = [path.stat().st_size for path in tmp_path.glob("chatter*.log")]
    assert len(sizes) <= 3
    assert max(sizes) < 2_000_000


def test_a_large_log_is_rotated_when_it_is_opened(tmp_path: Path) -> None:
    for text in ("one", "two", "three", "four"):
        log = open_log(tmp_path, "app", limit=2, copies=2)
        os.write(log, text.encode())
        os.close(log)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "app.log": "four",
        "app.1.log": "three",
        "app.2.log": "two",
    }


async def test_a_child_that_does_not_inherit_sees_nothing_of_our_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIHUAN_KEY", "secret")
    print_environment = [sys.executable, "-c", "import os,time; print(sorted(os.environ), flush=True); time.sleep(60)"]
    log = tmp_path / "bare.log"
    async with Supervisor(tmp_path) as supervisor:
        await supervisor.start(Child("bare", print_environment, {"A": "1"}, inherits=False, ready=says(log, "]")))
    assert "BIHUAN_KEY" not in log.read_text()
    assert "'A'" in log.read_text()


async def test_a_signal_ends_the_wait(tmp_path: Path) -> None:
    async with Supervisor(tmp_path) as supervisor:
        asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), signal.SIGTERM)
        assert await supervisor.until_signalled() == signal.SIGTERM


async def test_a_child_that_runs_once_is_not_started_again_and_its_end_is_told(tmp_path: Path) -> None:
    async with Supervisor(tmp_path) as supervisor:
        await supervisor.start(Child("once", [sys.executable, "-c", "print('had enough')"], once=True))
        with pytest.raises(ChildFailed, match="had enough"):
            await asyncio.wait_for(supervisor.watch("once"), 10)
        assert supervisor.pid("once") is None
        assert supervisor.restarts("once") == 0
    assert [line["event"] for line in journal(tmp_path)] == ["started", "ready", "ended"]


async def test_a_full_disk_keeps_no_child_from_being_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither can a log be set aside then, nor the journal be written."""

    def full(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(supervise, "LOG_LOOK", 0.01)
    monkeypatch.setattr(supervise, "rotate_log", full)
    async with Supervisor(tmp_path) as supervisor:
        await supervisor.start(Child("one", SLEEP))
        pid = supervisor.pid("one")
        assert pid is not None
        monkeypatch.setattr(os, "write", full)
        await asyncio.sleep(0.1)
    monkeypatch.undo()
    assert not alive(pid)
