"""Start a command so that it cannot outlive its parent, then become it.

Run by path (`python -I -S launch.py OPTIONS -- COMMAND`), so it imports nothing but the standard library. A separate
program, because Python code between fork and exec of a process with threads may dead-lock.

On Linux the kernel sends the signal when the parent dies (prctl PR_SET_PDEATHSIG). It forgets that wish when the
user id changes, so the id is changed first. Elsewhere this process stays, watches a pipe whose other end only the
parent holds, and passes signals on.
"""

import argparse
import contextlib
import ctypes
import os
import select
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def main(arguments: Sequence[str]) -> int:
    """Become the command; returns only where this process stays as its guard, or when the parent is already dead."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True, help="process id of the parent")
    parser.add_argument("--signal", type=int, required=True, help="what the command gets when the parent dies")
    parser.add_argument("--pipe", type=int, help="descriptor that reads its end when the parent dies")
    parser.add_argument("--uid", type=int, help="user to become")
    parser.add_argument("--gid", type=int, help="group to become")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args(arguments)
    if options.uid is not None:
        os.setgroups([])
        os.setgid(options.gid)
        os.setuid(options.uid)
        os.umask(0o077)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, and a command would inherit that
        signal.signal(number, signal.SIG_DFL)
    if options.pipe is not None:
        return _guard(options.command, options.pipe, options.signal)
    _die_with_parent(options.signal)
    if os.getppid() == options.parent:  # otherwise the parent died before the kernel knew the wish
        os.execvp(options.command[0], options.command)  # noqa: S606  (no shell is meant)
    return 1


def _die_with_parent(number: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) was refused")


def _guard(command: list[str], pipe: int, number: int) -> int:
    """Run the command as a child and stay until it or the parent is gone. Its exit code, or minus the signal."""
    ended, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(pipe)
        os.execvp(command[0], command)  # noqa: S606  (no shell is meant)
    for passed_on in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(passed_on, lambda received, _frame: _send(child, received))
    signal.signal(signal.SIGCHLD, lambda *_: os.write(tell, b"."))
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        readable, _, _ = select.select([pipe, ended], [], [], 1.0)
        if pipe in readable:
            _send(child, number)
            os.waitpid(child, 0)
            return 1
        if ended in readable:
            os.read(ended, 64)


def _send(child: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has just ended; the loop above collects it
        os.kill(child, number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
