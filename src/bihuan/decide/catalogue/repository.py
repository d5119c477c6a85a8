"""All SQL about the catalogue and its slots."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from bihuan.decide.catalogue.rules import Item, Slot
from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

COLUMNS = ", ".join(field.name for field in fields(Item))
SLOT_COLUMNS = ", ".join(field.name for field in fields(Slot))


def _item(row: dict[str, Any]) -> Item:
    return Item(**{**row, "topics": tuple(row["topics"])})


async def revision(tx: Tx) -> int:
    """The catalogue's revision now."""
    return int(await postgres.value(tx, "SELECT revision FROM decide_catalogue"))


async def next_revision(tx: Tx) -> int:
    """A new revision; other edits wait until this transaction ends."""
    return int(await postgres.value(tx, "UPDATE decide_catalogue SET revision = revision + 1 RETURNING revision"))


# The versions that were in force in one revision of the catalogue.
IN_FORCE = f"""
SELECT {COLUMNS} FROM decide_item
 WHERE since <= %(revision)s AND (until IS NULL OR until > %(revision)s) ORDER BY code
"""


async def items(tx: Tx, in_revision: int) -> list[Item]:
    """All items as they stood in one revision of the catalogue, by code."""
    return [_item(row) for row in await postgres.rows(tx, IN_FORCE, revision=in_revision)]


async def current(tx: Tx, codes: Sequence[str]) -> dict[str, Item]:
    """The versions in force of some items."""
    found = await postgres.rows(
        tx, f"SELECT {COLUMNS} FROM decide_item WHERE code = ANY(%(codes)s) AND until IS NULL", codes=list(codes)
    )
    return {row["code"]: _item(row) for row in found}


async def versions(tx: Tx, code: str) -> list[Item]:
    """All versions of an item, the latest first."""
    found = await postgres.rows(
        tx, f"SELECT {COLUMNS} FROM decide_item WHERE code = %(code)s ORDER BY version DESC", code=code
    )
    return [_item(row) for row in found]


PAGE = f"""
SELECT {COLUMNS} FROM decide_item
 WHERE until IS NULL AND (%(kind)s::text IS NULL OR kind = %(kind)s)
   AND (%(active)s::boolean IS NULL OR active = %(active)s)
   AND (%(pattern)s::text IS NULL OR code ILIKE %(pattern)s OR name_zh ILIKE %(pattern)s OR name_en ILIKE %(pattern)s)
   AND code > %(after)s
 ORDER BY code LIMIT %(limit)s
"""


async def page(tx: Tx, kind: str | None, active: bool | None, text: str | None, after: str, limit: int) -> list[Item]:
    """One page of the items in force, by code; `text` is looked for in codes and names."""
    escaped = None if text is None else "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    found = await postgres.rows(tx, PAGE, kind=kind, active=active, pattern=escaped, after=after, limit=limit)
    return [_item(row) for row in found]


RETIRE = """
UPDATE decide_item SET until = %(revision)s WHERE code = ANY(%(codes)s) AND until IS NULL
"""

ADD = (
    f"INSERT INTO decide_item ({COLUMNS}, since) VALUES ("
    + ", ".join(f"%({field.name})s" for field in fields(Item))
    + ", %(since)s)"
)


async def write(tx: Tx, made: Sequence[Item], in_revision: int) -> None:
    """Put new versions in force and end those before them."""
    await postgres.execute(tx, RETIRE, revision=in_revision, codes=[item.code for item in made])
    await postgres.execute_many(
        tx, ADD, [{**vars(item), "topics": list(item.topics), "since": in_revision} for item in made]
    )


async def slots(tx: Tx) -> list[Slot]:
    """All slots in their order."""
    found = await postgres.rows(tx, f"SELECT {SLOT_COLUMNS} FROM decide_slot ORDER BY ordinal")
    return [Slot(**{**row, "kinds": tuple(row["kinds"]), "topics": tuple(row["topics"])}) for row in found]
