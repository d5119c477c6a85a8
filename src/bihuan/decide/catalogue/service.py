"""Editing and importing the catalogue. Each change makes new versions; what was decided on stays readable."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from bihuan.comply.facade import level_of
from bihuan.decide.catalogue import repository
from bihuan.decide.catalogue.rules import ASSET_CLASSES, GOALS, Item, faults_of, same
from bihuan.kit import audit
from bihuan.kit.errors import Conflict, Invalid, NotFound
from bihuan.kit.postgres import Tx
from bihuan.kit.time import EXCHANGE


@dataclass(frozen=True)
class ProductRow:
    """A product as the firm's product system gives it, found again by `code`.

    `risk` is R1..R5 or 1..5; `kind` the firm's own word for the sort of product; `goal` what it serves. Without a
    term, an asset class or a goal it stands in the catalogue, and is offered to nobody unasked.
    """

    code: str
    name: str
    risk: str | int
    name_en: str = ""
    kind: str | None = None
    asset_class: str | None = None
    goal: str | None = None
    term_days: int | None = None
    minimum: Decimal | int | str | None = None
    currency: str = "CNY"
    text: str = ""
    text_en: str = ""
    permission: str | None = None
    needs_qualified: bool = False
    professional_only: bool = False
    min_age: int | None = None
    max_age: int | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    topics: Sequence[str] = ()
    weight: float | None = None
    active: bool = True


@dataclass(frozen=True)
class ProductsImported:
    """What became of imported products: `rejected` names the row's index and why."""

    written: int
    unchanged: int
    rejected: tuple[tuple[int, str], ...] = ()


def product_row(given: Mapping[str, str | None]) -> ProductRow:
    """A product from the texts of an imported row, topics separated by a bar; unknown columns are left out.

    Raises ValueError, saying why, for a row that cannot stand in the catalogue.
    """
    texts = {name: text.strip() for name, text in given.items() if text is not None and text.strip()}
    if not {"code", "name", "risk"} <= texts.keys():
        raise ValueError("A product needs a code, a name and a risk rating.")
    read = {name: parse(texts[name]) for name, parse in _PARSED.items() if name in texts}
    plain = {name: text for name, text in texts.items() if name in _PLAIN}
    row = ProductRow(**{**plain, **read})
    _item_of(row, None, "import", datetime.now(UTC))
    return row


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "1", "yes", "false", "0", "no"):
        raise ValueError("A flag is true or false.")
    return text.lower() in ("true", "1", "yes")


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=EXCHANGE)


def _money(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text} is not an amount.") from error
    if not amount.is_finite() or not 0 <= amount < 10**18:
        raise ValueError(f"{text} is not an amount.")
    return amount


_PLAIN = frozenset(
    {"code", "name", "risk", "name_en", "kind", "asset_class", "goal", "currency", "text", "text_en", "permission"}
)
_PARSED: Mapping[str, Callable[[str], Any]] = {
    "term_days": int,
    "minimum": _money,
    "needs_qualified": _flag,
    "professional_only": _flag,
    "min_age": int,
    "max_age": int,
    "sale_from": _moment,
    "sale_until": _moment,
    "topics": lambda text: tuple(topic.strip() for topic in text.split("|") if topic.strip()),
    "weight": float,
    "active": _flag,
}


async def add(tx: Tx, given: Mapping[str, Any], actor: str, now: datetime) -> Item:
    """A new item. Raises Conflict for a code that exists and Invalid for an item that may not stand."""
    made = Item(**given, version=1, edited_by=actor, edited_at=now)
    _check(made)
    in_revision = await repository.next_revision(tx)
    if await repository.versions(tx, made.code):
        raise Conflict("item-exists", "An item of this code exists; change that one.", item=made.code)
    await repository.write(tx, [made], in_revision)
    await audit.record(tx, actor, "decide:item:added", made.code, {"version": 1}, now)
    return made


async def change(tx: Tx, code: str, version: int, changes: Mapping[str, Any], actor: str, now: datetime) -> Item:
    """A new version of an item. Raises NotFound, Conflict when `version` is not the one in force, or Invalid."""
    in_revision = await repository.next_revision(tx)
    was = (await repository.current(tx, [code])).get(code)
    if was is None:
        raise NotFound("item", "There is no item of this code.")
    if was.version != version:
        raise Conflict("item-version", "Somebody changed it meanwhile; look again.", version=was.version)
    made = dataclasses.replace(was, **changes, version=version + 1, edited_by=actor, edited_at=now)
    _check(made)
    await repository.write(tx, [made], in_revision)
    detail = {"version": made.version, "changed": sorted(changes)}
    await audit.record(tx, actor, "decide:item:changed", code, detail, now)
    return made


def _check(item: Item) -> None:
    faults = faults_of(item)
    if faults:
        raise Invalid("item", " ".join(faults))


async def import_products(tx: Tx, rows: Sequence[ProductRow], now: datetime, actor: str = "import") -> ProductsImported:
    """Write products by code; one that says nothing new makes no new version. Of two rows of a code the last counts."""
    known = await repository.current(tx, [row.code for row in rows])
    made: dict[str, Item] = {}
    rejected: list[tuple[int, str]] = []
    unchanged: set[str] = set()
    for index, row in enumerate(rows):
        was = known.get(row.code)
        try:
            item = _item_of(row, was, actor, now)
        except ValueError as error:
            rejected.append((index, str(error)))
            continue
        if was is not None and same(was, item):
            unchanged.add(row.code)
        else:
            made[row.code] = item
    if made:
        await repository.write(tx, list(made.values()), await repository.next_revision(tx))
    return ProductsImported(len(made), len(unchanged - made.keys()), tuple(rejected))


def _item_of(row: ProductRow, was: Item | None, actor: str, now: datetime) -> Item:
    risk = level_of(row.risk)
    if not row.code or risk is None:
        raise ValueError("A product needs a code and a risk rating from R1 to R5.")
    for name, value, known in (("asset_class", row.asset_class, ASSET_CLASSES), ("goal", row.goal, GOALS)):
        if value is not None and value not in known:
            raise ValueError(f"Choose {name} from {', '.join(known)}.")
    item = Item(
        code=row.code,
        version=was.version + 1 if was else 1,
        kind="product",
        name_zh=row.name,
        name_en=row.name_en or row.name,
        text_zh=row.text,
        text_en=row.text_en,
        link=f"/product/{row.code}",
        image=was.image if was else "",
        product_kind=row.kind,
        risk_level=risk,
        term_days=row.term_days,
        asset_class=row.asset_class,
        goal=row.goal,
        permission=row.permission,
        qualified_only=row.needs_qualified,
        professional_only=row.professional_only,
        min_age=row.min_age,
        max_age=row.max_age,
        minimum=None if row.minimum is None else Decimal(str(row.minimum)).quantize(Decimal("0.01")),
        currency=row.currency,
        sale_from=row.sale_from,
        sale_until=row.sale_until,
        topics=tuple(row.topics) or (was.topics if was else ()),
        weight=row.weight if row.weight is not None else was.weight if was else 0.5,
        active=row.active,
        edited_by=actor,
        edited_at=now,
    )
    faults = faults_of(item)
    if faults:
        raise ValueError(" ".join(faults))
    return item
