"""The catalogue as it came with the product, read once."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bihuan.understand.tags.rules import Catalogue, family_of, measures_of

FOLDER = Path(__file__).parent


@cache
def catalogue() -> Catalogue:
    """All families, in the order of their files, and the measures."""
    families = tuple(family_of(_told(path)) for path in sorted((FOLDER / "catalogue").glob("*.yaml")))
    return Catalogue(families, measures_of(_told(FOLDER / "measures.yaml")))


def _told(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return told
