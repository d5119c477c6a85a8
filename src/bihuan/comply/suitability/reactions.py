"""What the log tells comply of investors: their assessments, and which visitor became whom.

The latter is a fact of a later room, known here by its name alone.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from bihuan.comply.suitability import repository, service
from bihuan.comply.suitability.rules import level_of, lowest_of
from bihuan.comply.suitability.service import AssessmentRow
from bihuan.kit.log import Batch, Entry, Reaction
from bihuan.kit.postgres import Tx

ASSESSED = ("opening:risk:assessed", "risk:assessed")
MERGED = "customers:visitor:merged"


async def react(batch: Batch, tx: Tx) -> None:
    """Keep results, follow merges."""
    await service.record_assessments(tx, _results(batch), batch.now)
    await repository.merge(tx, [(UUID(e.body["visitor_id"]), UUID(e.body["into_id"])) for e in batch.named(MERGED)])


def _results(batch: Batch) -> list[AssessmentRow]:
    rows = [_row(entry, entry.properties) for entry in batch.named(*ASSESSED) if entry.trusted]
    return [row for row in rows if row is not None]


def _row(entry: Entry, said: Mapping[str, Any]) -> AssessmentRow | None:
    """The result an event carries; None for one that says only that the step is done.

    A level that is none of the five, and a lowest category above C1, raise: the entry is set aside, where staff see it.
    """
    if entry.customer_id is None or said.get("level") is None:
        return None
    until = said.get("valid_until")
    return AssessmentRow(
        customer_id=entry.customer_id,
        level=level_of(said["level"]) or 0,
        assessed_at=entry.occurred_at,
        lowest_category=lowest_of(said.get("lowest_category")),
        term=said.get("term"),
        kinds=_words(said.get("kinds")),
        goals=_words(said.get("goals")),
        valid_until=date.fromisoformat(until[:10]) if isinstance(until, str) else None,
    )


def _words(said: object) -> frozenset[str] | None:
    """A list, or one text with bars between the words."""
    if said is None:
        return None
    words = said.split("|") if isinstance(said, str) else said
    return frozenset(str(word).strip() for word in words) if isinstance(words, list) else frozenset()


REACTION = Reaction("comply investors", frozenset({*ASSESSED, MERGED}), react)
