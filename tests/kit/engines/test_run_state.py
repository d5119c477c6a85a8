"""Owning a data folder: one at a time, and free again however the owner ended."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bihuan.kit.engines.run_state import FILE, AlreadyRunning, own, running

HOLD = """
import sys, time
from pathlib import Path
from bihuan.kit.engines.run_state import own
with own(Path(sys.argv[1])) as ownership:
    ownership.announce(postgres="postgresql://somewhere", clickhouse="http://somewhere")
    print("owned", flush=True)
    time.sleep(60)
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    """Another process that owns the folder."""
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "owned\n"
    return other


def end(other: subprocess.Popen[str], number: int) -> None:
    other.send_signal(number)
    other.wait()
    assert other.stdout is not None
    other.stdout.close()


def test_nothing_runs_in_an_empty_or_missing_folder(tmp_path: Path) -> None:
    assert running(tmp_path) is None
    assert running(tmp_path / "missing") is None
    assert not (tmp_path / "missing").exists()


def test_the_run_is_found_with_its_addresses(tmp_path: Path) -> None:
    other = hold(tmp_path)
    run = running(tmp_path)
    assert run is not None
    assert run.pid == other.pid
    assert run.addresses == {"postgres": "postgresql://somewhere", "clickhouse": "http://somewhere"}
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    end(other, signal.SIGKILL)


def test_a_second_owner_is_told_who_the_first_is(tmp_path: Path) -> None:
    other = hold(tmp_path)
    with pytest.raises(AlreadyRunning, match=f"{other.pid}.*Stop it first"), own(tmp_path):
        pass
    assert running(tmp_path) is not None, "the refused one took nothing away"
    end(other, signal.SIGKILL)


def test_a_killed_owner_leaves_the_folder_free(tmp_path: Path) -> None:
    end(hold(tmp_path), signal.SIGKILL)
    assert (tmp_path / FILE).exists(), "it had no time to remove it, which is what is tested here"
    assert running(tmp_path) is None
    with own(tmp_path) as ownership:
        assert ownership.run.pid == os.getpid()
        assert ownership.run.addresses == {}


def test_looking_does_not_disturb_an_owner_that_starts(tmp_path: Path) -> None:
    for _ in range(20):
        with own(tmp_path):
            run = running(tmp_path)
            assert run is not None
            assert run.pid == os.getpid()
        assert running(tmp_path) is None
