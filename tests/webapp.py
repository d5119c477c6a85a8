"""The web app's tables, as its own language evaluates them: no reading of TypeScript by pattern."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).parents[1] / "web" / "src"


def exported(module: str, name: str) -> Any:
    """What a module of web/src exports under this name, through JSON: functions are left out. It may import types only.

    >>> "own-branch" in exported("ui/problems.ts", "chinese")
    True
    """
    beside = Path(sys.executable).with_name("node")
    node = str(beside) if beside.exists() else shutil.which("node")
    assert node, "node is not installed: `make setup`"
    # A function stands as its own text: a table of texts may hold a few that depend on what is told.
    script = (
        f"const module = await import({json.dumps((SOURCES / module).as_uri())});"
        f"const told = (_, value) => (typeof value === 'function' ? String(value) : value);"
        f"process.stdout.write(JSON.stringify(module[{json.dumps(name)}], told));"
    )
    run = subprocess.run(
        [node, "--input-type=module", "--eval", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)
