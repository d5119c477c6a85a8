"""What the desk asks of openings: pages of them, and how many there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx
from bihuan.understand.openings.repository import Opening


@dataclass(frozen=True)
class Asked:
    """What a reader of the desk asks for. `scope` is a condition on `o.branch_id`, with its parameters."""

    scope: str
    params: Mapping[str, Any]
    states: Sequence[str]
    branch_id: UUID | None = None
    step: str | None = None
    customer_id: UUID | None = None
    stuck: bool | None = None


def _where(asked: Asked) -> str:
    return f"""
      FROM understand_opening o
     WHERE {asked.scope} AND o.state = ANY(%(states)s)
       AND (%(branch_id)s::uuid IS NULL OR o.branch_id = %(branch_id)s)
       AND (%(step)s::text IS NULL OR o.step = %(step)s)
       AND (%(customer_id)s::uuid IS NULL OR o.customer_id = %(customer_id)s)
       AND (%(stuck)s::boolean IS NULL OR (o.stuck_since IS NOT NULL) = %(stuck)s)
    """


def _params(asked: Asked) -> dict[str, Any]:
    plain = {key: value for key, value in vars(asked).items() if key not in ("scope", "params", "states")}
    return {**plain, **asked.params, "states": list(asked.states)}


async def page(tx: Tx, asked: Asked, after: tuple[datetime, str] | None, limit: int) -> list[Opening]:
    """One page of applications, the latest sign of life first."""
    at, last_id = after or (None, None)
    columns = ", ".join(f"o.{field.name}" for field in fields(Opening))
    return await postgres.read(
        tx,
        Opening,
        f"SELECT {columns} {_where(asked)}"
        " AND (%(at)s::timestamptz IS NULL OR (o.last_fact_at, o.opening_id) < (%(at)s, %(last_id)s))"
        " ORDER BY o.last_fact_at DESC, o.opening_id DESC LIMIT %(limit)s",
        **_params(asked),
        at=at,
        last_id=last_id,
        limit=limit,
    )


async def counts(tx: Tx, asked: Asked) -> list[dict[str, Any]]:
    """How many applications stand at each step in each state, and how many of them are stuck."""
    return await postgres.rows(
        tx,
        f"SELECT o.state, o.step, count(*) AS openings, count(o.stuck_since) AS stuck {_where(asked)}"
        " GROUP BY o.state, o.step",
        **_params(asked),
    )


TOTALS = """
SELECT count(*) AS started,
       count(*) FILTER (WHERE state = 'under_way') AS under_way,
       count(*) FILTER (WHERE state = 'sent_back') AS sent_back,
       count(submitted_at) AS submitted,
       count(*) FILTER (WHERE state = 'opened') AS opened,
       count(*) FILTER (WHERE state = 'abandoned') AS abandoned,
       count(*) FILTER (WHERE state = 'ineligible') AS ineligible,
       count(*) FILTER (WHERE stuck_since IS NOT NULL) AS stuck_now
  FROM understand_opening
 WHERE (%(branch_ids)s::uuid[] IS NULL OR branch_id = ANY(%(branch_ids)s))
"""


async def totals(tx: Tx, branch_ids: Collection[UUID] | None) -> dict[str, int]:
    """How many applications there are in each state, in whole or of some branches."""
    found = await postgres.one(tx, TOTALS, branch_ids=None if branch_ids is None else list(branch_ids))
    return found or {}
