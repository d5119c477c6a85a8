"""The `bihuan` command."""

import argparse
import sys
from pathlib import Path

from bihuan import __version__
from bihuan.commands import demo, imports, inspect, processes
from bihuan.kit.errors import Problem


def parser() -> argparse.ArgumentParser:
    """All commands, each with its help and an example."""
    top = argparse.ArgumentParser(prog="bihuan", description="Bihuan: a brokerage's customer operation as one loop.")
    top.add_argument("--version", action="version", version=f"bihuan {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (processes, imports, inspect, demo):
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
    except Problem as problem:
        print(f"bihuan: {problem.detail}", file=sys.stderr)
        code = 2
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        code = 0
    sys.exit(code)
