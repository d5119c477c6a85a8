"""What a fresh installation starts with: the slots, and the items of `starter.yaml`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

_STARTER = Path(__file__).parent / "starter.yaml"


def starter_items() -> list[dict[str, Any]]:
    """The rows of the starter catalogue, each the first version of its item."""
    return [_row(entry) for entry in yaml.safe_load(_STARTER.read_text("utf-8"))]


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": entry["code"],
        "version": 1,
        "kind": entry["kind"],
        "name_zh": entry["name"][0],
        "name_en": entry["name"][1],
        "text_zh": entry["text"][0],
        "text_en": entry["text"][1],
        "link": f"/{entry['kind']}/{entry['code']}",
        "topics": entry["topics"],
        "weight": entry["weight"],
        "edited_by": "installation",
        "edited_at": datetime(1970, 1, 1, tzinfo=UTC),
    }


def _slot(code: str, names: tuple[str, str], layout: str, capacity: int, kinds: list[str], item: str) -> dict[str, Any]:
    return {
        "code": code,
        "page": code.partition(".")[0],
        "name_zh": names[0],
        "name_en": names[1],
        "layout": layout,
        "capacity": capacity,
        "kinds": kinds,
        "topics": ["opening"] if code.startswith("opening.") else [],
        "default_item": item,
    }


_SLOTS = (
    _slot("home.banner", ("首页横幅", "Home banner"), "banner", 1, ["product", "content"], "know-your-risk"),
    _slot("home.functions", ("功能宫格", "Function grid"), "grid", 8, ["function"], "service"),
    _slot("home.cards", ("理财卡片", "Cards"), "cards", 3, ["product", "content"], "fund-basics"),
    _slot("home.news", ("资讯", "News"), "list", 5, ["content"], "welcome"),
    _slot("opening.help", ("开户帮助", "Help in opening"), "list", 2, ["content"], "help-opening"),
)
SLOTS: list[dict[str, Any]] = [{**slot, "ordinal": ordinal} for ordinal, slot in enumerate(_SLOTS, 1)]
