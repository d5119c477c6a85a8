"""The glossary's Chinese is the screen's."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def of_the_screen(glossary: str) -> list[str]:
    """The Chinese names in the glossary's first table. What stands in brackets explains; 、 stands between two names.

    >>> of_the_screen("## What the screen says\\n| term | 中文 |\\n|---|---|\\n| cap | 上限（频次）、封顶 |")
    ['上限', '封顶']
    """
    table = glossary.split("## What the screen says")[1].split("\n## ")[0]
    rows = [row.strip("|").split("|") for row in table.splitlines() if row.startswith("|")][2:]
    return [name.strip() for row in rows for name in re.sub("（.*?）", "", row[1]).split("、")]


def screen() -> str:
    """All that the web app may say."""
    files = sorted((ROOT / "web" / "src").rglob("*.ts*"))
    return "\n".join(file.read_text("utf-8") for file in files if ".test." not in file.name and "api" not in file.parts)


def missing(names: list[str], said: str) -> list[str]:
    """Names that are not said."""
    return [name for name in names if name not in said]


def test_the_screen_says_what_the_glossary_says() -> None:
    names = of_the_screen((ROOT / "docs" / "glossary.md").read_text("utf-8"))
    assert len(names) > 40
    said = screen()
    assert missing(names, said) == []
    assert missing(["救援圈"], said) == ["救援圈"], "it would not be noticed"
