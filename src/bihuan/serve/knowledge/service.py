"""Answers from approved knowledge, and its life from draft to expiry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bihuan.kit import audit, ids
from bihuan.kit.errors import Conflict, Invalid, NotFound
from bihuan.kit.postgres import Tx
from bihuan.kit.time import EXCHANGE
from bihuan.people.facade import Staff, request_approval
from bihuan.serve.knowledge import repository, rules
from bihuan.serve.knowledge.repository import Approved, Entry
from bihuan.serve.knowledge.rules import Hit
from bihuan.serve.knowledge.schemas import KnowledgeIn
from bihuan.serve.knowledge.search import Index, Phrase
from bihuan.serve.limits.repository import limits

APPROVAL = "serve:knowledge"


@dataclass(frozen=True)
class Answer:
    """What the bot may say."""

    knowledge_id: UUID
    topic: str
    text: str
    score: float


@dataclass(frozen=True)
class Trial:
    """How a question fares: the reason it is answered or left to people, and what came near."""

    reason: str
    threshold: float
    hits: list[Hit]
    topics: Mapping[object, str]
    answer: Answer | None
    advice: bool  # whether only a registered advisor may answer


@dataclass(frozen=True)
class _Shelf:
    """Approved knowledge in memory, as of one version."""

    version: int
    entries: dict[object, Approved]
    index: Index


_shelves: dict[str, _Shelf] = {}


async def _shelf(tx: Tx) -> _Shelf:
    version = await repository.version(tx)
    held = _shelves.get(tx.info.dsn)
    if held is None or held.version != version:
        entries: dict[object, Approved] = {entry.id: entry for entry in await repository.approved(tx)}
        phrases = [Phrase(row["entry_id"], row["text"]) for row in await repository.approved_phrasings(tx)]
        held = _Shelf(version, entries, Index(phrases))
        _shelves[tx.info.dsn] = held
    return held


def today_of(now: datetime) -> date:
    """The exchange's date, by which validity counts."""
    return now.astimezone(EXCHANGE).date()


async def tried(tx: Tx, text: str, now: datetime) -> Trial:
    """What the bot would do with a question now."""
    threshold = (await limits(tx)).bot_threshold
    shelf = await _shelf(tx)
    topics = {entry_id: entry.topic for entry_id, entry in shelf.entries.items()}
    today = today_of(now)
    hits = [hit for hit in shelf.index.nearest(text, 50) if _valid(shelf.entries[hit.entry_id], today)][:5]
    reason = rules.left_to_people(text)
    if reason is not None:
        return Trial(reason, threshold, hits, topics, None, rules.seeks_advice(text))
    found = rules.best(hits, threshold)
    if found is None:
        return Trial("below_threshold", threshold, hits, topics, None, advice=False)
    entry = shelf.entries[found.entry_id]
    words = entry.answer_zh if rules.language_of(text) == "zh" else entry.answer_en
    answer = Answer(entry.id, entry.topic, words, found.score)
    return Trial("found", threshold, hits, topics, answer, advice=False)


def _valid(entry: Approved, today: date) -> bool:
    return rules.is_valid(entry.valid_from, entry.valid_to, today)


async def write(tx: Tx, given: KnowledgeIn, author: Staff, now: datetime) -> Entry:
    """A draft, and the question to a second person whether it may be used. Raises Invalid, NotFound."""
    if given.valid_from and given.valid_to and given.valid_to < given.valid_from:
        raise Invalid("knowledge-dates", "Let the last day follow the first.")
    for words in (given.answer_zh, given.answer_en):
        if rules.left_to_people(words) == rules.ADVICE:
            raise Invalid("knowledge-advice", "The bot gives no advice to buy, sell or wait; leave that to people.")
    if given.replaces is not None and await repository.entry(tx, given.replaces, today_of(now)) is None:
        raise NotFound("knowledge", "There is no entry to replace under this id.")
    entry_id = ids.new_id()
    await repository.insert(
        tx,
        entry_id,
        {"zh": given.phrasings_zh, "en": given.phrasings_en},
        author_id=author.id,
        now=now,
        **given.model_dump(include={"topic", "answer_zh", "answer_en", "valid_from", "valid_to", "replaces"}),
    )
    await request_approval(tx, APPROVAL, entry_id, given.model_dump(mode="json"), author, now)
    return await one(tx, entry_id, now)


async def one(tx: Tx, entry_id: UUID, now: datetime) -> Entry:
    """One entry. Raises NotFound."""
    found = await repository.entry(tx, entry_id, today_of(now))
    if found is None:
        raise NotFound("knowledge", "There is no entry under this id.")
    return found


async def retire(tx: Tx, entry_id: UUID, by: Staff, now: datetime) -> Entry:
    """Stop answering with an approved entry. Raises NotFound, Conflict when it is not approved."""
    await one(tx, entry_id, now)
    if not await repository.expire(tx, entry_id):
        raise Conflict("knowledge-not-approved", "Only an approved entry can be retired.")
    await audit.record(tx, by.id, "serve:knowledge:retired", entry_id, {}, now)
    return await one(tx, entry_id, now)
