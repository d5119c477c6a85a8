"""The catalogue on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bihuan.decide.catalogue.rules import Item, Slot

Kind = Literal["product", "content", "function"]
AssetClass = Literal["cash", "fixed_income", "mixed", "equity", "derivatives", "other"]
Goal = Literal["preserve", "income", "growth", "speculation"]
Permission = Literal["star", "chinext", "hk_connect", "bse", "neeq", "options", "margin"]
Code = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[\w.:-]+$")]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Text = Annotated[str, Field(max_length=2000)]
Topic = Annotated[str, Field(min_length=1, max_length=60)]
Age = Annotated[int, Field(ge=0, le=150)]
Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
# Links stay inside the app or lead to a page over https; nothing that a browser would run.
Link = Annotated[str, Field(max_length=500, pattern=r"^(|/[^/\\].*|/|https://.*)$")]


class ItemChange(BaseModel):
    """What may be changed of an item; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    name_zh: Name | None = None
    name_en: Name | None = None
    text_zh: Text | None = None
    text_en: Text | None = None
    link: Link | None = None
    image: Link | None = None
    product_kind: Annotated[str, Field(max_length=80)] | None = None
    risk_level: Annotated[int, Field(ge=1, le=5)] | None = Field(None, description="R1 to R5")
    term_days: Annotated[int, Field(ge=0, le=36_500)] | None = None
    asset_class: AssetClass | None = None
    goal: Goal | None = None
    permission: Permission | None = None
    qualified_only: bool | None = None
    professional_only: bool | None = None
    min_age: Age | None = None
    max_age: Age | None = None
    minimum: Money | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    sale_from: AwareDatetime | None = None
    sale_until: AwareDatetime | None = None
    topics: Annotated[list[Topic], Field(max_length=50)] | None = None
    weight: Annotated[float, Field(ge=0, le=1)] | None = None
    active: bool | None = None


# These have no unknown: a null for them means "leave it".
_NEVER_NULL = frozenset(
    {"name_zh", "name_en", "text_zh", "text_en", "link", "image", "qualified_only", "professional_only", "currency"}
    | {"topics", "weight", "active"}
)


def changes_of(change: ItemChange) -> dict[str, object]:
    """The fields that were sent, as the catalogue keeps them."""
    sent = change.model_dump(exclude_unset=True, exclude={"code", "kind", "version"})
    found = {name: value for name, value in sent.items() if value is not None or name not in _NEVER_NULL}
    return {**found, **({"topics": tuple(found["topics"])} if "topics" in found else {})}


class ItemIn(ItemChange):
    """A new item."""

    code: Code
    kind: Kind
    name_zh: Name
    name_en: Name


class ItemPatch(ItemChange):
    """A change of an item; `version` is the one that was looked at."""

    version: Annotated[int, Field(ge=1, le=2_000_000_000)]


class ItemOut(BaseModel):
    """One version of an item."""

    code: str
    version: int
    kind: Kind
    name_zh: str
    name_en: str
    text_zh: str
    text_en: str
    link: str
    image: str
    product_kind: str | None
    risk_level: int | None
    term_days: int | None
    term: str | None = Field(description="short, medium or long: as suitability takes `term_days`")
    asset_class: str | None
    goal: str | None
    permission: str | None
    qualified_only: bool
    professional_only: bool
    min_age: int | None
    max_age: int | None
    minimum: Decimal | None
    currency: str
    sale_from: datetime | None
    sale_until: datetime | None
    topics: list[str]
    weight: float
    active: bool
    edited_by: str
    edited_at: datetime | None

    @classmethod
    def of(cls, item: Item) -> Self:
        """From the row."""
        return cls.model_validate({**vars(item), "topics": list(item.topics), "term": item.product().term})


class ItemPage(BaseModel):
    """One page of the items in force, by code."""

    items: list[ItemOut]
    next: str | None = None


class ItemVersions(BaseModel):
    """All versions of an item, the latest first."""

    items: list[ItemOut]


class SlotOut(BaseModel):
    """One place of the app that decisions fill."""

    code: str
    page: str
    name_zh: str
    name_en: str
    layout: Literal["banner", "cards", "grid", "list"]
    capacity: int
    kinds: list[Kind]
    topics: list[str] = Field(description="only items with one of these topics fit; empty: any")
    default_item: str | None

    @classmethod
    def of(cls, slot: Slot) -> Self:
        """From the row."""
        return cls.model_validate({**vars(slot), "kinds": list(slot.kinds), "topics": list(slot.topics)})


class SlotsOut(BaseModel):
    """All slots in their order."""

    items: list[SlotOut]
