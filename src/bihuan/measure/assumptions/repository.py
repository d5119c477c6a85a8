"""The SQL of assumptions."""

from dataclasses import dataclass
from decimal import Decimal

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

ALL = "SELECT name, value, unit, meaning_zh, meaning_en, origin FROM measure_assumption ORDER BY name"
CHANGE = "UPDATE measure_assumption SET value = %(value)s WHERE name = %(name)s"


@dataclass(frozen=True)
class Assumption:
    """A number with its unit, meaning and where its default comes from."""

    name: str
    value: Decimal
    unit: str
    meaning_zh: str
    meaning_en: str
    origin: str


async def assumptions(tx: Tx) -> list[Assumption]:
    """All of them."""
    return await postgres.read(tx, Assumption, ALL)


async def values(tx: Tx) -> dict[str, float]:
    """All of them by name."""
    return {found.name: float(found.value) for found in await assumptions(tx)}


async def change(tx: Tx, name: str, value: Decimal) -> bool:
    """Set one; False when there is none of this name."""
    return await postgres.execute(tx, CHANGE, name=name, value=value) == 1
