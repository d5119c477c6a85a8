"""All SQL about decisions: evidence that is only ever added."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bihuan.decide.decisions.rules import Ranking
from bihuan.kit import postgres
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Decision:
    """One call's evidence. `revision`, `count_no` and `ranking` name the catalogue, popularity and weights it used."""

    id: UUID
    customer_id: UUID | None
    asked_by: str
    decided_at: datetime
    personalised: bool
    revision: int
    count_no: int
    ranking: int
    known: dict[str, Any]
    slots: list[dict[str, Any]]
    answers: list[dict[str, Any]]


COLUMNS = ", ".join(field.name for field in fields(Decision))
_JSON = ("known", "slots", "answers")

KEEP = (
    f"INSERT INTO decide_decision ({COLUMNS}) VALUES ("
    + ", ".join(f"%({field.name})s{'::jsonb' * (field.name in _JSON)}" for field in fields(Decision))
    + ")"
)


async def keep(tx: Tx, decision: Decision) -> None:
    """Keep the evidence of one call."""
    texts = {name: msgspec.json.encode(getattr(decision, name)).decode() for name in _JSON}
    await postgres.execute(tx, KEEP, **{**vars(decision), **texts})


async def decision(tx: Tx, decision_id: UUID) -> Decision | None:
    """One call's evidence, or None."""
    return await postgres.read_one(
        tx, Decision, f"SELECT {COLUMNS} FROM decide_decision WHERE id = %(id)s", id=decision_id
    )


# Decisions about a person under whichever ids he was seen; of everybody when none is named.
PAGE = f"""
SELECT {COLUMNS} FROM decide_decision
 WHERE (%(customer_id)s::uuid IS NULL OR customer_id = %(customer_id)s
        OR customer_id IN (SELECT visitor_id FROM decide_alias WHERE into_id = %(customer_id)s))
   AND (%(at)s::timestamptz IS NULL OR (decided_at, id) < (%(at)s, %(last_id)s::uuid))
 ORDER BY decided_at DESC, id DESC LIMIT %(limit)s
"""


async def page(tx: Tx, customer_id: UUID | None, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[Decision]:
    """One page of decisions, the latest first."""
    at, last_id = after or (None, None)
    return await postgres.read(tx, Decision, PAGE, customer_id=customer_id, at=at, last_id=last_id, limit=limit)


async def ranking(tx: Tx, version: int | None = None) -> Ranking:
    """The weights of one version, or those in force."""
    found = await postgres.read(
        tx,
        Ranking,
        "SELECT version, interest, popularity, editors FROM decide_ranking"
        " WHERE %(version)s::integer IS NULL OR version = %(version)s ORDER BY version DESC LIMIT 1",
        version=version,
    )
    return found[0]


async def count(tx: Tx) -> int:
    """How many decisions there are."""
    return int(await postgres.value(tx, "SELECT count(*) FROM decide_decision"))
