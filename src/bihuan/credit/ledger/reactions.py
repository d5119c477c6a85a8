"""What credit hears: enquiries answered, applications opened, rescues taken and finished."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from bihuan.credit.claims import repository as claims
from bihuan.credit.claims import service as claiming
from bihuan.credit.claims.repository import KnownOpening, StoredClaim
from bihuan.credit.ledger import service
from bihuan.customers import facade as customers
from bihuan.customers.facts import VisitorMerged
from bihuan.kit.deadlines import Deadline, Handler
from bihuan.kit.house import House
from bihuan.kit.log import Batch, Reaction
from bihuan.kit.postgres import Tx
from bihuan.serve.facts import EnquiryAnswered, RescueFinished, RescueTaken
from bihuan.understand.facts import OpeningOpened

WANTS = frozenset({VisitorMerged.NAME, OpeningOpened.NAME, EnquiryAnswered.NAME, RescueTaken.NAME, RescueFinished.NAME})


async def react(batch: Batch, tx: Tx) -> None:
    """Collect claims, then award what was opened."""
    canonical = await _canonical(batch, tx)
    await claims.one_by_one(tx, set(_names(batch, canonical)))
    accounts = [
        _account(fact, _whose(fact.customer_id, canonical))
        for fact in map(OpeningOpened.of, batch.named(OpeningOpened.NAME))
    ]
    await claims.note(tx, accounts)
    for taken in map(RescueTaken.of, batch.named(RescueTaken.NAME)):
        await claims.note_rescue(tx, taken.opening_id, taken.staff_id, taken.taken_at)
    for claim in [*await _merged(batch, tx), *_answered(batch, canonical)]:
        await service.note_late(tx, await claims.add(tx, claim))
    for account in accounts:
        await service.credit_account(tx, account.opening_id, batch.now)
    for finished in map(RescueFinished.of, batch.named(RescueFinished.NAME)):
        await service.credit_assist(tx, finished, _whose(finished.customer_id, canonical), batch.now)


REACTION = Reaction("credit.ledger", WANTS, react)


def deadlines(house: House) -> dict[str, Handler]:
    """Accounts that found no branch are awarded again later."""

    async def award_again(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
        subjects = [deadline.subject for deadline in due]
        known = [await claims.opening(tx, opening_id) for opening_id in subjects]
        whose = [str(opening.customer_id) for opening in known if opening and opening.customer_id]
        await claims.one_by_one(tx, [*subjects, *whose])
        for opening_id in subjects:
            await service.credit_account(tx, opening_id, now)

    return {service.AGAIN: award_again}


async def _canonical(batch: Batch, tx: Tx) -> dict[UUID, UUID]:
    known = {entry.customer_id for entry in batch.entries if entry.customer_id}
    merged = [VisitorMerged.of(entry) for entry in batch.named(VisitorMerged.NAME)]
    known |= {fact.visitor_id for fact in merged} | {fact.into_id for fact in merged}
    return await customers.canonical(tx, sorted(known)) if known else {}


def _names(batch: Batch, canonical: dict[UUID, UUID]) -> Iterable[str]:
    """The customers and applications whose claims this batch adds or weighs."""
    yield from (str(canonical[entry.customer_id]) for entry in batch.entries if entry.customer_id)
    yield from (opening for entry in batch.entries if (opening := entry.body.get("opening_id")))


def _account(fact: OpeningOpened, customer_id: UUID | None) -> KnownOpening:
    return KnownOpening(
        fact.opening_id,
        opened_at=fact.at,
        started_at=fact.started_at,
        submitted_at=fact.submitted_at,
        customer_id=customer_id,
        branch_id=fact.branch_id,
        staff_code=fact.staff_code,
        staff_code_at=fact.staff_code_at,
        chosen_branch=fact.chosen_branch,
        city=fact.city,
        latitude=fact.latitude,
        longitude=fact.longitude,
    )


async def _merged(batch: Batch, tx: Tx) -> list[StoredClaim]:
    """The claims on visitors who turned out to be users, now claims on those."""
    moved: list[StoredClaim] = []
    for fact in map(VisitorMerged.of, batch.named(VisitorMerged.NAME)):
        if await claims.move(tx, fact.visitor_id, fact.into_id):
            moved += await claims.of_customer(tx, fact.into_id)
    return moved


def _answered(batch: Batch, canonical: dict[UUID, UUID]) -> list[StoredClaim]:
    facts = map(EnquiryAnswered.of, batch.named(EnquiryAnswered.NAME))
    found = (claiming.enquiry_claim(fact, _whose(fact.customer_id, canonical), batch.now) for fact in facts)
    return [claim for claim in found if claim is not None]


def _whose(customer_id: UUID | None, canonical: dict[UUID, UUID]) -> UUID | None:
    return canonical.get(customer_id) if customer_id else None
