"""The `bihuan` command."""

import argparse
import sys
from pathlib import Path

import httpx
import psycopg
from psycopg.errors import InsufficientPrivilege

from bihuan import __version__
from bihuan.commands import demo, imports, inspect, processes, staff
from bihuan.kit.engines import ChildFailed, EngineUnusable
from bihuan.kit.errors import Problem

# What a command may meet that is no fault of the product: each carries a message that says what to do or look at.
# A pool that gives no connection raises an OperationalError too; a fault in our own SQL keeps its traceback.
_DATABASE = (psycopg.OperationalError, InsufficientPrivilege)
_TOLD = (Problem, ChildFailed, EngineUnusable, TimeoutError, ConnectionError, httpx.TransportError, *_DATABASE)


def parser() -> argparse.ArgumentParser:
    """All commands, each with its help and an example."""
    top = argparse.ArgumentParser(prog="bihuan", description="Bihuan: a brokerage's customer operation as one loop.")
    top.add_argument("--version", action="version", version=f"bihuan {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (processes, imports, inspect, staff, demo):
        module.add(commands)
    for name, command in commands.choices.items():
        command.add_argument("--data", type=Path, help="data folder (default: BIHUAN_DATA, or ./data)")
        command.prog = f"bihuan {name}"
        command.epilog = f"example: {command.get_default('example')}"
    return top


def main(argv: list[str] | None = None) -> None:
    """Run one command; exit code 2 and one line for an error that says what to do."""
    args = parser().parse_args(argv)
    try:
        code = args.run(args)
    except BrokenPipeError:
        code = 0
    except _TOLD as error:
        code = _tell(error)
    except BaseExceptionGroup as group:
        # What fails beside others comes wrapped; where all of it can be told, the first is what a person needs.
        told, rest = group.split(_TOLD)
        if told is None or rest is not None:
            raise
        code = _tell(_first(told))
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner


def _tell(error: BaseException) -> int:
    if isinstance(error, Problem):
        text = error.detail
    elif isinstance(error, _DATABASE):
        text = f"PostgreSQL: {error}"
    else:
        text = str(error) or type(error).__name__
    print(f"bihuan: {text.strip()}", file=sys.stderr)
    return 2
