"""The only way into the understand room."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from bihuan.kit.postgres import Tx
from bihuan.understand.openings import lists as _lists
from bihuan.understand.openings import repository as _openings
from bihuan.understand.openings.course import Step
from bihuan.understand.openings.reading import within_scope
from bihuan.understand.openings.rebuild import Rebuilt, rebuild
from bihuan.understand.openings.repository import Opening, openings
from bihuan.understand.openings.repository import steps as opening_steps
from bihuan.understand.tags.service import Refreshed, refresh
from bihuan.understand.tags.tasks import ask as ask_refresh

__all__ = [
    "Opening",
    "OpeningTotals",
    "Rebuilt",
    "Refreshed",
    "Step",
    "ask_refresh",
    "opening",
    "opening_steps",
    "openings",
    "openings_of",
    "rebuild",
    "refresh",
    "step_of",
    "totals",
    "within_scope",
]


async def opening(tx: Tx, opening_id: str) -> Opening | None:
    """One application, or None."""
    return (await openings(tx, [opening_id])).get(opening_id)


async def openings_of(tx: Tx, customer_id: UUID) -> list[Opening]:
    """A customer's applications, the latest sign of life first."""
    found = await openings(tx, await _openings.of_customers(tx, [customer_id]))
    return sorted(found.values(), key=lambda one: (one.last_fact_at, one.opening_id), reverse=True)


async def step_of(tx: Tx, code: str | None) -> Step | None:
    """One step: its names, whether its answers are hidden, its resume link; None for an unknown code."""
    return next((step for step in await opening_steps(tx) if step.code == code), None)


@dataclass(frozen=True)
class OpeningTotals:
    """How many applications there are, all in all."""

    started: int
    under_way: int
    sent_back: int
    submitted: int
    opened: int
    abandoned: int
    ineligible: int
    stuck_now: int


async def totals(tx: Tx, branch_ids: Collection[UUID] | None = None) -> OpeningTotals:
    """Totals of the firm, or of some branches. `submitted` counts all that ever were."""
    return OpeningTotals(**await _lists.totals(tx, branch_ids))
