"""The API's document and the types generated from it are those of the application as it is."""

import json
import subprocess
import sys
from pathlib import Path

from bihuan import app as application

WEB = Path(__file__).parents[1] / "web"


def test_the_document_in_the_repository_is_the_applications_own() -> None:
    stored = json.loads((WEB / "openapi.json").read_text("utf-8"))
    assert stored == application.build().openapi(), "run: bihuan openapi > web/openapi.json && npm run api (in web/)"


def test_the_web_apps_types_are_made_from_it(tmp_path: Path) -> None:
    made = tmp_path / "schema.ts"
    node = Path(sys.executable).with_name("node")
    generator = WEB / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    words = [node, generator, WEB / "openapi.json", "-o", made, "--alphabetize", "--root-types"]
    subprocess.run(words, check=True, capture_output=True, cwd=WEB, timeout=120)
    assert made.read_text("utf-8") == (WEB / "src" / "api" / "schema.ts").read_text("utf-8")
