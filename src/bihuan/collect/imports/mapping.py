"""A mapping says what the columns of a file are: which column is the customer, the event, the time.

    kind: customers
    columns:                        # field: column of the file
      customer: customerID
      valid_from: timestamp         # dates the record (customers); without it the day of the import counts
      risk_level: riskLevel         # C1 to C5; "predicted C3" is a guess, kept apart from an assessment
      properties: {segment: text}   # columns kept under their own names
    values:                         # by field: what the file writes, and what it means; null says nothing
      risk_level: {Balanced: C3, Predicted_Balanced: predicted C3, Not_Available: null}
    constants: {channel: counter}   # by field: the same for every row
    date_format: "%d/%m/%Y"         # of dates (Python's strptime); without it ISO 8601
    time_format, time_zone          # of times of events; zone Asia/Shanghai unless said
    encoding: gb18030               # utf-8 unless said
    delimiter: ";"                  # a comma unless said
    source, message_id              # of events: what sent them, and the column that identifies each

A value that its field's `values` do not list rejects the row.
"""

import codecs
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import datetime
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

_OPTIONS = frozenset(
    {
        "kind",
        "columns",
        "source",
        "time_zone",
        "time_format",
        "message_id",
        "encoding",
        "delimiter",
        "values",
        "constants",
        "date_format",
    }
)


_DATES = frozenset({"born_on", "opened_on", "risk_assessed_on", "valid_from", "as_of", "matures_on"})


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
    values: dict[str, dict[str, str | None]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    date_format: str | None = None

    def fields(self, row: Map[str, str | None]) -> dict[str, str | None]:
        """A row by field instead of column, values translated. Raises ValueError for a value that is not listed."""
        found = {name: self._translated(name, row[column]) for name, column in self.columns.items()}
        return {**self.constants, **found}

    def _translated(self, name: str, text: str | None) -> str | None:
        if text is None:
            return None
        if name in self.values:
            if text not in self.values[name]:
                raise ValueError(f"{text} is not among the values of {name}: add it to `values` of the mapping")
            return self.values[name][text]
        if self.date_format and name in _DATES:
            return datetime.strptime(text, self.date_format).date().isoformat()  # noqa: DTZ007  (a date)
        return text

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
        _values(found.get("values")),
        _constants(found.get("constants")),
        _text(found, "date_format"),
    )


def _values(found: object) -> dict[str, dict[str, str | None]]:
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(values, dict) for values in found.values()):
        raise Invalid("mapping", '"values" is an object of field: {what the file writes: what it means}.')
    return {
        str(name): {str(text): None if means is None else str(means) for text, means in values.items()}
        for name, values in found.items()
    }


def _constants(found: object) -> dict[str, str]:
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(value, str | int) for value in found.values()):
        raise Invalid("mapping", '"constants" is an object of field: value.')
    return {str(name): str(value) for name, value in found.items()}


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
