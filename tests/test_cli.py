"""The command line: an error that says what to do is one line, never a traceback."""

import argparse
from typing import Any

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from bihuan import cli
from bihuan.kit.engines import ChildFailed, EngineUnusable
from bihuan.kit.errors import Invalid


def run(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    def fail(args: Any) -> int:
        raise error

    parser = argparse.ArgumentParser()
    parser.set_defaults(run=fail)
    monkeypatch.setattr(cli, "parser", lambda: parser)
    with pytest.raises(SystemExit) as end:
        cli.main([])
    return int(str(end.value.code))


@pytest.mark.parametrize(
    "error",
    [
        Invalid("x", "Do this."),
        EngineUnusable("Do this."),
        ChildFailed("Do this."),
        TimeoutError("Do this."),
        psycopg.OperationalError("Do this."),
        PoolTimeout("Do this."),
        ConnectionRefusedError("Do this."),
        ExceptionGroup("tasks", [ExceptionGroup("tasks", [ChildFailed("Do this.")])]),
    ],
)
def test_what_can_be_told_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    assert run(monkeypatch, error) == 2
    told = capsys.readouterr().err
    assert told.startswith("bihuan: ")
    assert told.endswith("Do this.\n")
    assert told.count("\n") == 1


@pytest.mark.parametrize("error", [LookupError("ours"), ExceptionGroup("t", [Invalid("x", "y"), LookupError("ours")])])
def test_a_fault_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    with pytest.raises(type(error)):
        run(monkeypatch, error)


COMMANDS = (
    "up server worker analytics migrate settings import funnel rebuild demo simulate keys staff".split()  # noqa: SIM905
)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_an_example_that_its_parser_takes(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.parser().parse_args([name, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    example = shown[shown.index("example: ") + len("example: ") :]
    words = example.replace("\n", " ").split("bihuan ", 1)[1].split("(")[0].split()
    assert words[0] == name
    if "FILE" not in words:
        assert cli.parser().parse_args(words).command == name
