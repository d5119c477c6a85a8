"""Whatever the server refuses, it is said in Chinese too, and nothing is translated that it never says."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.webapp import exported

from bihuan.credit.disputes import service as disputes

SERVER = Path(__file__).parents[2] / "src" / "bihuan"

# Codes that stand in a table of their module instead of in the call.
TABLED = {"credit/disputes/service.py": frozenset(disputes._BARS)}
# Codes that no page meets: of the command line, of the wires that machines speak, and of a web app with a fault.
ELSEWHERE = frozenset(
    {
        *("already-running", "analytics-running", "id", "port", "standstill", "time"),
        *("import-columns", "import-file", "mapping", "file-name", "files-url"),
        *("batch", "gzip", "intake", "json", "signature", "write-key"),
        *("live-message", "live-op", "live-topic", "live-topics"),
        *("investor", "purpose", "relation-kind", "relation-share"),
    }
)


def problems(trees: Iterable[ast.Module]) -> set[str]:
    """The names of the error classes: Problem and all that is derived from it."""
    bases: dict[str, set[str]] = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.ClassDef):
            bases.setdefault(node.name, set()).update(base.id for base in node.bases if isinstance(base, ast.Name))
    found = {"Problem"}
    while more := {name for name, of in bases.items() if of & found} - found:
        found |= more
    return found


def codes(tree: ast.Module, classes: set[str]) -> Iterator[str | None]:
    """The code of each problem that is made in a module; None for one that is not written out there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in classes:
            yield from (given for given in map(_own_code, ast.walk(node)) if given)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in classes and node.args:
            yield _text(node.args[0])


def _own_code(node: ast.AST) -> str | None:
    """The code that an error class hands to `super().__init__` itself."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name("super")), attr="__init__"), args=[first, *_]):
            return _text(first)
    return None


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def said_by_the_server() -> set[str]:
    """Every code there is; the simulated brokerage is a client and refuses nothing."""
    files = {file.relative_to(SERVER).as_posix(): file for file in SERVER.rglob("*.py")}
    trees = {name: ast.parse(file.read_text("utf-8")) for name, file in files.items() if not name.startswith("sim/")}
    classes = problems(trees.values())
    found: set[str] = set()
    for name, tree in trees.items():
        for code in codes(tree, classes):
            assert code is not None or name in TABLED, f"{name} makes a problem whose code is not written out"
            found |= {code} if code is not None else TABLED[name]
    return found


def differences(server: set[str], table: set[str]) -> list[str]:
    """What is wrong with a table of texts for these codes."""
    return [
        *(f"{code}: no Chinese in web/src/ui/problems.ts" for code in sorted(server - table - ELSEWHERE)),
        *(f"{code}: the server never says it" for code in sorted(table - server)),
        *(f"{code}: said to be met by no page, and gone" for code in sorted(ELSEWHERE - server)),
    ]


def test_every_refusal_has_its_chinese() -> None:
    assert not differences(said_by_the_server(), set(exported("ui/problems.ts", "chinese")))


def test_it_would_be_noticed() -> None:
    module = ast.parse(
        'class Away(Problem): ...\nclass Late(Away):\n  def __init__(self): super().__init__("late", "x")'
    )
    use = ast.parse('raise Away("gone", "x")\nLate()\nraise Away(f"no-{reason}", "x")\nOther("not-ours")')
    classes = problems([module, use])
    assert classes == {"Problem", "Away", "Late"}
    assert list(codes(module, classes)) == ["late"]
    assert list(codes(use, classes)) == ["gone", None]
    server = said_by_the_server()
    assert differences(server | {"brand-new"}, server) == ["brand-new: no Chinese in web/src/ui/problems.ts"]
    assert differences(server, server | {"long-gone"}) == ["long-gone: the server never says it"]
