"""A mapping says what the columns of a file are: which column is the customer, the event, the time."""

import codecs
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from bihuan.kit.errors import Invalid

KINDS = ("events", "customers", "accounts", "products", "holdings", "trades", "flows", "staff", "branches")

_REQUIRED: dict[str, tuple[str, ...]] = {
    "events": ("customer", "event", "time"),
    "customers": ("customer",),
    "accounts": ("account", "customer"),
    "products": ("code", "name", "kind"),
    "holdings": ("account", "item", "quantity", "market_value", "as_of"),
    "trades": ("account", "customer", "traded_at"),
    "flows": ("account", "customer", "moved_at", "direction", "amount"),
    "staff": ("login", "name", "roles"),
    "branches": ("code", "name", "region_code"),
}

_OPTIONS = frozenset({"kind", "columns", "source", "time_zone", "time_format", "message_id", "encoding", "delimiter"})


@dataclass(frozen=True)
class Mapping:
    """Fields and the columns they come from. `properties` (of events) are columns kept under their own names."""

    kind: str
    columns: dict[str, str]
    properties: dict[str, str] = field(default_factory=dict)  # column -> "text" or "number"
    source: str = "import"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    time_format: str | None = None
    message_id: str | None = None
    encoding: str = "utf-8"
    delimiter: str = ","

    def needed(self) -> list[str]:
        """All columns the mapping names."""
        extra = [self.message_id] if self.message_id else []
        return list(dict.fromkeys([*self.columns.values(), *self.properties, *extra]))


def read_mapping(path: Path, kind: str) -> Mapping:
    """The mapping in a YAML file. Raises Invalid with what is wrong and where."""
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise Invalid("mapping", f"There is no mapping file {path}.") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("mapping", f"{path} is not YAML: {error}") from error
    return mapping_of(found, kind)


def mapping_of(found: object, kind: str) -> Mapping:
    """A mapping from its decoded form. Raises Invalid."""
    if not isinstance(found, dict) or not isinstance(found.get("columns"), dict):
        raise Invalid("mapping", 'A mapping is a YAML object with "kind" and "columns" (field: column of the file).')
    if found.get("kind") != kind:
        raise Invalid("mapping", f"The mapping is for {found.get('kind')!r}, the import is of {kind!r}.")
    unknown = sorted(set(map(str, found)) - _OPTIONS)
    if unknown:
        raise Invalid("mapping", f"Unknown options: {', '.join(unknown)}. Known: {', '.join(sorted(_OPTIONS))}.")
    columns = dict(found["columns"])
    properties = _properties(columns.pop("properties", None))
    wrong = [name for name, column in columns.items() if not isinstance(column, str)]
    if wrong:
        raise Invalid("mapping", f"Give one column name for each of: {', '.join(map(str, wrong))}.")
    missing = [name for name in _REQUIRED[kind] if name not in columns]
    if missing:
        raise Invalid("mapping", f"A mapping of {kind} must also name the columns for: {', '.join(missing)}.")
    return Mapping(
        kind,
        {str(name): column for name, column in columns.items()},
        properties,
        _text(found, "source") or f"import-{kind}",
        _zone(found),
        _text(found, "time_format"),
        _text(found, "message_id"),
        _encoding(found),
        _delimiter(found),
    )


def _properties(found: object) -> dict[str, str]:
    if found is None:
        return {}
    if isinstance(found, list):
        return {str(name): "text" for name in found}
    if isinstance(found, dict) and all(kind in ("text", "number") for kind in found.values()):
        return {str(name): str(kind) for name, kind in found.items()}
    raise Invalid("mapping", '"properties" is a list of columns, or an object of column: text or number.')


def _zone(found: Map[Any, Any]) -> ZoneInfo:
    name = _text(found, "time_zone") or "Asia/Shanghai"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Invalid("mapping", f"{name!r} is no time zone; take one such as Asia/Shanghai.") from error


def _encoding(found: Map[Any, Any]) -> str:
    name = _text(found, "encoding") or "utf-8"
    try:
        codecs.lookup(name)
    except LookupError as error:
        raise Invalid("mapping", f"{name!r} is no encoding; take one such as utf-8 or gb18030.") from error
    return name


def _delimiter(found: Map[Any, Any]) -> str:
    delimiter = _text(found, "delimiter") or ","
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n\0':
        raise Invalid("mapping", f"The delimiter {delimiter!r} must be one ASCII character, and no quote or line end.")
    return delimiter


def _text(found: Map[Any, Any], name: str) -> str | None:
    value = found.get(name)
    if value is not None and not isinstance(value, str):
        raise Invalid("mapping", f"{name!r} must be a text.")
    return value
