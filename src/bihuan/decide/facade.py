"""The only way into the decide room."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from bihuan.decide.catalogue import repository as _catalogue
from bihuan.decide.catalogue.rules import Item, Slot
from bihuan.decide.catalogue.service import ProductRow, ProductsImported, import_products, product_row
from bihuan.decide.decisions import repository as _decisions
from bihuan.decide.decisions import service as _service
from bihuan.decide.decisions.service import Made, Question
from bihuan.decide.experiments import repository as _experiments
from bihuan.decide.experiments.defaults import RESCUE
from bihuan.decide.experiments.repository import Exposure, exposures
from bihuan.decide.experiments.rules import Experiment
from bihuan.decide.experiments.service import pick as pick_arm
from bihuan.kit.postgres import Tx

__all__ = [
    "RESCUE",
    "Experiment",
    "Exposure",
    "Item",
    "Made",
    "ProductRow",
    "ProductsImported",
    "Question",
    "Slot",
    "decide",
    "decisions_made",
    "experiment",
    "experiments",
    "exposures",
    "import_products",
    "items",
    "pick_arm",
    "product_row",
]


async def decide(tx: Tx, slots: Sequence[str], customer_id: UUID | None, asked_by: str, now: datetime) -> Made:
    """Fill slots for a customer, with evidence; `asked_by` names the room or system that shows them."""
    return await _service.decide(tx, Question(slots, customer_id, asked_by), now)


async def items(tx: Tx, codes: Sequence[str]) -> dict[str, Item]:
    """The versions in force of some items of the catalogue; those that exist."""
    return await _catalogue.current(tx, codes)


async def decisions_made(tx: Tx) -> int:
    """How many decisions there are."""
    return await _decisions.count(tx)


async def experiment(tx: Tx, key: str) -> Experiment | None:
    """The version of an experiment in force, or None."""
    return next(iter(await _experiments.current(tx, key)), None)


async def experiments(tx: Tx, key: str) -> list[Experiment]:
    """All versions of an experiment, the latest first."""
    return await _experiments.versions(tx, key)
