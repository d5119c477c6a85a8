"""Making decisions, keeping their evidence, and replaying them from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import structlog

from bihuan.comply import facade as comply
from bihuan.customers import facade as customers
from bihuan.decide import facts
from bihuan.decide.catalogue import repository as catalogue
from bihuan.decide.catalogue.rules import Item, Slot
from bihuan.decide.decisions import repository, rules
from bihuan.decide.decisions.repository import Decision
from bihuan.decide.decisions.rules import Answer, Known, Ranking
from bihuan.decide.interests import repository as interests
from bihuan.decide.interests import rules as interest_rules
from bihuan.kit import ids, log
from bihuan.kit.errors import Problem
from bihuan.kit.postgres import Tx

_log = structlog.get_logger()


@dataclass(frozen=True)
class Question:
    """Who is asking for whom, and what the page is about."""

    slots: Sequence[str]
    customer_id: UUID | None
    asked_by: str
    topics: Sequence[str] = ()


@dataclass(frozen=True)
class Made:
    """A decision and how each slot was filled; `unknown` are slots that do not exist."""

    decision: Decision
    answers: Sequence[Answer]
    unknown: Sequence[str]


@dataclass(frozen=True)
class Shelf:
    """The catalogue, its popularity and the ranking, as of one set of versions."""

    revision: int
    items: Sequence[Item]
    count_no: int
    popularity: dict[str, float]
    ranking: Ranking


async def shelf_now(tx: Tx) -> Shelf:
    """What decisions are made from at the moment."""
    ranking = await repository.ranking(tx)
    return await _shelf(tx, await catalogue.revision(tx), await interests.last_count(tx), ranking)


async def _shelf(tx: Tx, revision: int, count_no: int, ranking: Ranking) -> Shelf:
    items, popularity = await catalogue.items(tx, revision), await interests.popularity(tx, count_no)
    return Shelf(revision, items, count_no, popularity, ranking)


async def know(tx: Tx, customer_id: UUID | None, topics: Sequence[str], now: datetime) -> Known:
    """What a decision may take into account. A customer whose data cannot be read is treated as unknown."""
    nobody = Known(decided_at=now, asked_topics=tuple(topics))
    if customer_id is None:
        return nobody
    try:
        async with tx.transaction():
            return await _read(tx, customer_id, nobody)
    except (Problem, psycopg.Error, msgspec.MsgspecError, LookupError, ValueError) as error:
        if tx.closed or isinstance(error, psycopg.OperationalError):
            raise
        _log.exception("a customer could not be read; decided as for an unknown one", customer=str(customer_id))
        return Known(decided_at=now, asked_topics=tuple(topics), degraded=True)


async def _read(tx: Tx, customer_id: UUID, nobody: Known) -> Known:
    personalised = (await comply.personalised(tx, [customer_id]))[customer_id]
    if not personalised:
        return nobody
    now = nobody.decided_at
    investor = (await comply.investors(tx, [customer_id], now))[customer_id]
    found = await interests.of_customers(tx, [customer_id])
    return Known(
        decided_at=now,
        investor=investor,
        personalised=True,
        high_risk_from=(await comply.policy(tx)).high_risk_from,
        interests=interest_rules.shares(found, now),
        asked_topics=nobody.asked_topics,
    )


async def decide(tx: Tx, question: Question, now: datetime) -> Made:
    """Fill slots for a customer, keep the evidence, tell the rooms. A slot nothing fits shows its default."""
    customer_id = question.customer_id
    if customer_id is not None:
        customer_id = (await customers.canonical(tx, [customer_id])).get(customer_id, customer_id)
    places = {slot.code: slot for slot in await catalogue.slots(tx)}
    asked = [places[code] for code in dict.fromkeys(question.slots) if code in places]
    unknown = [code for code in dict.fromkeys(question.slots) if code not in places]
    shelf = await shelf_now(tx)
    known = await know(tx, customer_id, question.topics, now)
    answers = rules.fill(asked, shelf.items, known, shelf.popularity, shelf.ranking)
    decision = _evidence(customer_id, question.asked_by, shelf, known, answers)
    await repository.keep(tx, decision)
    await log.publish(tx, _fact(decision, answers), now=now)
    return Made(decision, answers, unknown)


def _evidence(
    customer_id: UUID | None, asked_by: str, shelf: Shelf, known: Known, answers: Sequence[Answer]
) -> Decision:
    plain = msgspec.to_builtins(known, builtin_types=(datetime,))
    return Decision(
        id=ids.new_id(),
        customer_id=customer_id,
        asked_by=asked_by,
        decided_at=known.decided_at,
        personalised=known.personalised,
        revision=shelf.revision,
        count_no=shelf.count_no,
        ranking=shelf.ranking.version,
        known={name: value for name, value in plain.items() if name != "decided_at"},
        slots=[msgspec.to_builtins(answer.slot) for answer in answers],
        answers=[shown(answer) for answer in answers],
    )


def shown(answer: Answer) -> dict[str, Any]:
    """How a slot was filled, as evidence keeps it: winners with versions, scores and reasons, and who fell by what."""
    winners = [
        {
            "item": one.item.code,
            "version": one.item.version,
            "score": one.score,
            "reasons": [reason.code for reason in one.reasons],
        }
        for one in answer.winners
    ]
    return {
        "slot": answer.slot.code,
        "by_default": answer.by_default,
        "winners": winners,
        "fell": dict(answer.fell),
    }


def _fact(decision: Decision, answers: Sequence[Answer]) -> facts.DecisionMade:
    placed = [
        facts.Shown(answer.slot.code, one.item.code, one.item.version, position)
        for answer in answers
        for position, one in enumerate(answer.winners, 1)
    ]
    slots = tuple(answer.slot.code for answer in answers)
    return facts.DecisionMade(decision.customer_id, decision.id, tuple(placed), slots, decision.personalised)


# --- replay ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Replayed:
    """A decision made again from its own evidence, and once more from what is known now.

    `reproduced` says that the evidence gives the same answers as were given; `same_today` that today's would too.
    """

    decision: Decision
    answers: Sequence[Answer]
    reproduced: bool
    today: Sequence[Answer]
    same_today: bool


async def replay(tx: Tx, decision: Decision, now: datetime) -> Replayed:
    """Compute the fate of every candidate again."""
    slots = [msgspec.convert(slot, Slot) for slot in decision.slots]
    then = await _shelf(tx, decision.revision, decision.count_no, await repository.ranking(tx, decision.ranking))
    known = known_of(decision)
    answers = rules.fill(slots, then.items, known, then.popularity, then.ranking)
    places = {slot.code: slot for slot in await catalogue.slots(tx)}
    current = await shelf_now(tx)
    lately = await know(tx, decision.customer_id, tuple(known.asked_topics), now)
    today = rules.fill(
        [places[slot.code] for slot in slots if slot.code in places],
        current.items,
        lately,
        current.popularity,
        current.ranking,
    )
    return Replayed(
        decision,
        answers,
        reproduced=[shown(answer) for answer in answers] == decision.answers,
        today=today,
        same_today=[_items(shown(answer)) for answer in today] == [_items(answer) for answer in decision.answers],
    )


def known_of(decision: Decision) -> Known:
    """What a decision was made of, from its evidence."""
    return msgspec.convert({**decision.known, "decided_at": decision.decided_at}, Known, strict=False)


def _items(answer: dict[str, Any]) -> tuple[str, list[str]]:
    return answer["slot"], [winner["item"] for winner in answer["winners"]]
