"""What credit hears: enquiries claimed, applications started, submitted and opened, rescues taken and finished."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.credit.claims import repository as claims
from bihuan.credit.claims import service as claiming
from bihuan.credit.claims.repository import KnownOpening, StoredClaim
from bihuan.credit.ledger import service
from bihuan.customers import facade as customers
from bihuan.customers.facts import VisitorMerged
from bihuan.kit.deadlines import Deadline, Handler
from bihuan.kit.house import House
from bihuan.kit.log import TRACKED, Batch, Entry, Reaction
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.serve.facts import EnquiryClaimed, EnquiryReturned, RescueFinished, RescueTaken
from bihuan.understand.facts import OpeningOpened, OpeningStarted, OpeningSubmitted

# Where an applicant says where he is; only the opening system's own events are believed.
PLACES = ("opening:visit", "opening:products:chosen")

WANTS = frozenset(
    {
        *PLACES,
        VisitorMerged.NAME,
        OpeningStarted.NAME,
        OpeningSubmitted.NAME,
        OpeningOpened.NAME,
        EnquiryClaimed.NAME,
        EnquiryReturned.NAME,
        RescueTaken.NAME,
        RescueFinished.NAME,
    }
)


async def react(batch: Batch, tx: Tx) -> None:
    """Collect claims, then award what was opened."""
    canonical = await _canonical(batch, tx)
    await claims.one_by_one(tx, set(_names(batch, canonical)))
    await claims.note(tx, list(_openings(batch, canonical)))
    for taken in map(RescueTaken.of, batch.named(RescueTaken.NAME)):
        await claims.note_rescue(tx, taken.opening_id, taken.staff_id, taken.taken_at)
    for claim in [*await _merged(batch, tx), *await _claimed(batch, tx, canonical)]:
        await service.note_late(tx, await claims.add(tx, claim))
    for opened in map(OpeningOpened.of, batch.named(OpeningOpened.NAME)):
        await service.credit_account(tx, opened.opening_id, batch.now)
    for finished in map(RescueFinished.of, batch.named(RescueFinished.NAME)):
        customer_id = canonical.get(finished.customer_id) if finished.customer_id else None
        await service.credit_assist(tx, finished, customer_id, batch.now)


REACTION = Reaction("credit.ledger", WANTS, react)


def deadlines(house: House) -> dict[str, Handler]:
    """Accounts that found no branch are awarded again later."""

    async def award_again(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
        for deadline in due:
            await claims.one_by_one(tx, [deadline.subject])
            await service.credit_account(tx, deadline.subject, now)

    return {service.AGAIN: award_again}


async def _canonical(batch: Batch, tx: Tx) -> dict[UUID, UUID]:
    known = {entry.customer_id for entry in batch.entries if entry.customer_id}
    merged = [VisitorMerged.of(entry) for entry in batch.named(VisitorMerged.NAME)]
    known |= {fact.visitor_id for fact in merged} | {fact.into_id for fact in merged}
    return await customers.canonical(tx, sorted(known)) if known else {}


def _names(batch: Batch, canonical: dict[UUID, UUID]) -> Iterable[str]:
    """The customers and applications whose claims this batch adds or weighs."""
    concerned = [entry for entry in batch.entries if entry.name not in PLACES]
    yield from (str(canonical[entry.customer_id]) for entry in concerned if entry.customer_id)
    yield from (opening for entry in concerned if (opening := entry.body.get("opening_id")))


def _openings(batch: Batch, canonical: dict[UUID, UUID]) -> Iterator[KnownOpening]:
    for entry in batch.named(*PLACES):
        place = _place(entry)
        if place is not None:
            yield place
    for started in map(OpeningStarted.of, batch.named(OpeningStarted.NAME)):
        yield KnownOpening(started.opening_id, started_at=started.at)
    for submitted in map(OpeningSubmitted.of, batch.named(OpeningSubmitted.NAME)):
        yield KnownOpening(submitted.opening_id, submitted_at=submitted.at, staff_code=submitted.staff_code)
    for opened in map(OpeningOpened.of, batch.named(OpeningOpened.NAME)):
        yield KnownOpening(
            opened.opening_id,
            opened_at=opened.at,
            customer_id=canonical.get(opened.customer_id) if opened.customer_id else None,
            branch_id=opened.branch_id,
            staff_code=opened.staff_code,
            chosen_branch=opened.chosen_branch,
        )


def _place(entry: Entry) -> KnownOpening | None:
    """What an event of the opening system says of the applicant's place; None when it says nothing."""
    told = entry.properties
    opening_id = told.get("opening_id")
    if entry.kind != TRACKED or not entry.trusted or not isinstance(opening_id, str | int):
        return None
    city = told.get("city")
    latitude, longitude = _degrees(told.get("latitude"), 90), _degrees(told.get("longitude"), 180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    if latitude is None and not isinstance(city, str):
        return None
    return KnownOpening(
        str(opening_id), city=city if isinstance(city, str) else None, latitude=latitude, longitude=longitude
    )


def _degrees(told: Any, most: int) -> float | None:
    fits = isinstance(told, int | float) and not isinstance(told, bool) and -most <= told <= most
    return float(told) if fits else None


async def _merged(batch: Batch, tx: Tx) -> list[StoredClaim]:
    """The claims on visitors who turned out to be users, now claims on those."""
    moved: list[StoredClaim] = []
    for fact in map(VisitorMerged.of, batch.named(VisitorMerged.NAME)):
        if await claims.move(tx, fact.visitor_id, fact.into_id):
            moved += await claims.of_customer(tx, fact.into_id)
    return moved


async def _claimed(batch: Batch, tx: Tx, canonical: dict[UUID, UUID]) -> list[StoredClaim]:
    taken = [EnquiryClaimed.of(entry) for entry in batch.named(EnquiryClaimed.NAME)]
    returned = [EnquiryReturned.of(entry) for entry in batch.named(EnquiryReturned.NAME)]
    found = [claiming.enquiry_claim(fact, _whose(fact.customer_id, canonical), batch.now) for fact in taken]
    staff = await people.staff_by_ids(tx, [fact.staff_id for fact in returned]) if returned else {}
    found += [
        claiming.handed_back(fact, staff.get(fact.staff_id), _whose(fact.customer_id, canonical), batch.now)
        for fact in returned
    ]
    return [claim for claim in found if claim is not None]


def _whose(customer_id: UUID | None, canonical: dict[UUID, UUID]) -> UUID | None:
    return canonical.get(customer_id) if customer_id else None
