"""What an item of the catalogue is, and when it may be sold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from bihuan.comply.facade import Product, term_of_days

KINDS = ("product", "content", "function")
ASSET_CLASSES = ("cash", "fixed_income", "mixed", "equity", "derivatives", "other")
GOALS = ("preserve", "income", "growth", "speculation")
_FIRST, _LAST = 1990, 2200  # years in which an exchange's product can be on sale; others are slips of the pen


@dataclass(frozen=True)
class Item:
    """One version of an item: a product to offer, content to read, or a function of the app.

    `risk_level` is 1..5 for R1..R5; `term_days` 0 can be sold any day; `product_kind` is the firm's own word. What is
    not known (None) counts against an offer.
    """

    code: str
    version: int
    kind: str
    name_zh: str
    name_en: str
    text_zh: str = ""
    text_en: str = ""
    link: str = ""
    image: str = ""
    product_kind: str | None = None
    risk_level: int | None = None
    term_days: int | None = None
    asset_class: str | None = None
    goal: str | None = None
    permission: str | None = None
    qualified_only: bool = False
    professional_only: bool = False
    min_age: int | None = None
    max_age: int | None = None
    minimum: Decimal | None = None
    currency: str = "CNY"
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    topics: tuple[str, ...] = ()
    weight: float = 0.5
    active: bool = True
    edited_by: str = ""
    edited_at: datetime | None = None

    @property
    def offers(self) -> bool:
        """Whether showing it is an offer, which the suitability gate must pass."""
        return self.kind == "product" or self.risk_level is not None or self.permission is not None

    def product(self) -> Product:
        """What the suitability gate needs to know of it."""
        ages = {} if self.min_age is None else {"min_age": self.min_age}
        return Product(
            risk=self.risk_level,
            term=None if self.term_days is None else term_of_days(self.term_days),
            kind=self.asset_class,
            goal=self.goal,
            permission=self.permission,
            qualified_only=self.qualified_only,
            professional_only=self.professional_only,
            max_age=self.max_age,
            **ages,
        )

    def on_sale(self, at: datetime) -> bool:
        """Whether `at` lies in its window of sale, which may be open at either end."""
        return (self.sale_from is None or self.sale_from <= at) and (self.sale_until is None or at < self.sale_until)


@dataclass(frozen=True)
class Slot:
    """One place of the app that decisions fill. Empty `topics` accept any item of its kinds."""

    code: str
    ordinal: int
    page: str
    name_zh: str
    name_en: str
    layout: str
    capacity: int
    kinds: tuple[str, ...]
    topics: tuple[str, ...]
    default_item: str | None


# What an edit may change; who edited, when and which version are set by the edit itself.
FREE = MappingProxyType({name: None for name in Item.__dataclass_fields__ if not name.startswith("edited_")})


def faults_of(item: Item) -> list[str]:
    """Why an item may not stand in the catalogue; empty when it may.

    >>> faults_of(Item("p", 1, "product", "产品", "Product"))
    ['A product needs a risk level from R1 to R5.']
    """
    faults = []
    if item.kind == "product" and item.risk_level is None:
        faults.append("A product needs a risk level from R1 to R5.")
    if not item.name_zh.strip() or not item.name_en.strip():
        faults.append("Name it in Chinese and in English.")
    if any(at is not None and not _FIRST <= at.year <= _LAST for at in (item.sale_from, item.sale_until)):
        faults.append(f"A sale begins and ends between {_FIRST} and {_LAST}.")
    if item.sale_from and item.sale_until and item.sale_from >= item.sale_until:
        faults.append("The sale must begin before it ends.")
    if item.min_age is not None and item.max_age is not None and item.min_age > item.max_age:
        faults.append("The lowest age must not be above the highest.")
    if not 0 <= item.weight <= 1:
        faults.append("The weight is a number from 0 to 1.")
    if item.term_days is not None and item.term_days < 0:
        faults.append("The term is a number of days, 0 for one that can be sold any day.")
    return faults


def same(one: Item, other: Item) -> bool:
    """Whether two versions say the same, whoever wrote them."""
    return _said(one) == _said(other)


def _said(item: Item) -> Mapping[str, object]:
    return {name: value for name, value in vars(item).items() if name in FREE and name != "version"}
