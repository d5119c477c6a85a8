"""Claims: collected as they are heard of, completed and weighed when an account has been opened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from bihuan.credit.claims import repository
from bihuan.credit.claims.repository import KnownOpening, StoredClaim, id_of
from bihuan.credit.ledger.rules import RELATION, Claim
from bihuan.credit.nearest.rules import Candidate, Place, nearest
from bihuan.customers import facade as customers
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.facade import Branch, Role, Staff
from bihuan.serve.facts import EnquiryAnswered

ENQUIRY, STAFF_CODE = "enquiry", "staff_code"


def enquiry_claim(fact: EnquiryAnswered, customer_id: UUID | None, now: datetime) -> StoredClaim | None:
    """An advisor answered an enquiry of this customer; None for the bot's answer, and for one without a branch.

    Who claimed and never answered has no claim, and who answered keeps it when he hands the enquiry back. Every
    answer is a claim of its own: what is said when a closed chat is taken up again moves no earlier claim in time.
    """
    if fact.by_bot or fact.staff_id is None or fact.staff_branch_id is None:
        return None
    return _claim(
        ENQUIRY,
        f"{fact.enquiry_id}:{fact.round}:{fact.staff_id}:{fact.first_answer_at.isoformat()}",
        fact.staff_branch_id,
        fact.staff_id,
        fact.first_answer_at,
        now,
        customer_id=customer_id,
        opening_id=fact.opening_id,
    )


def _claim(
    kind: str,
    evidence: str,
    branch_id: UUID,
    staff_id: UUID | None,
    at: datetime,
    now: datetime,
    *,
    customer_id: UUID | None = None,
    opening_id: str | None = None,
    share: Decimal = Decimal(1),
) -> StoredClaim:
    return StoredClaim(
        id_of(kind, evidence), customer_id, opening_id, kind, evidence, branch_id, staff_id, share, at, now
    )


async def complete(tx: Tx, opening: KnownOpening, now: datetime) -> None:
    """Add the claims that an account itself speaks for: its staff code, the customer's relations, the branch chosen."""
    for claim in (
        *await _of_staff_code(tx, opening, now),
        *await _of_relations(tx, opening, now),
        *_of_choice(opening, await _open_branches(tx), now),
    ):
        await repository.add(tx, claim)


async def fall_back(tx: Tx, opening: KnownOpening, taken: dict[UUID, int], now: datetime) -> None:
    """Add the nearest branch's claim. Asked only where nobody else has one that counts: else a branch without any part
    in an account would see it, and could dispute it.
    """
    for claim in _of_place(opening, await _open_branches(tx), taken, now):
        await repository.add(tx, claim)


async def _open_branches(tx: Tx) -> list[Branch]:
    return [branch for branch in await people.branches(tx) if branch.active]


async def _of_staff_code(tx: Tx, opening: KnownOpening, now: datetime) -> Iterable[StoredClaim]:
    """Whose code the application carries, from the time of the event that brought it."""
    staff = await people.staff_by_code(tx, opening.staff_code) if opening.staff_code else None
    if staff is None or staff.branch_id is None:
        return ()
    evidence = f"{opening.opening_id}:{opening.staff_code}"
    # Codes stay in the street when their owner has left: then the branch he worked for has the claim.
    holder = staff.id if staff.active else None
    return [
        _claim(
            STAFF_CODE,
            evidence,
            staff.branch_id,
            holder,
            opening.staff_code_at or opening.opened_at,
            now,
            customer_id=opening.customer_id,
            opening_id=opening.opening_id,
        )
    ]


async def _of_relations(tx: Tx, opening: KnownOpening, now: datetime) -> Iterable[StoredClaim]:
    """Who holds the customer's acquisition, or where nobody does, who serves him."""
    if opening.customer_id is None:
        return ()
    held = await customers.relations(tx, opening.customer_id, opening.opened_at)
    acquired = [relation for relation in held if relation.kind == "acquisition"]
    return [
        _claim(
            RELATION,
            f"{opening.opening_id}:{relation.kind}:{relation.branch_id}:{relation.staff_id or ''}",
            relation.branch_id,
            relation.staff_id,
            relation.valid_from,
            now,
            customer_id=opening.customer_id,
            opening_id=opening.opening_id,
            share=relation.share,
        )
        for relation in acquired or [relation for relation in held if relation.kind == "service"]
    ]


def _of_choice(opening: KnownOpening, branches: Sequence[Branch], now: datetime) -> Iterable[StoredClaim]:
    chosen = next((branch for branch in branches if branch.code == opening.chosen_branch), None)
    if chosen is None:
        return ()
    at = opening.submitted_at or opening.opened_at
    return [_of_branch("branch_chosen", opening, chosen.id, at, now)]


def _of_place(
    opening: KnownOpening, branches: Sequence[Branch], taken: dict[UUID, int], now: datetime
) -> Iterable[StoredClaim]:
    serving = next((branch for branch in branches if branch.id == opening.branch_id), None)
    place = Place(opening.city or (serving.city if serving else None), opening.latitude, opening.longitude)
    candidates = [Candidate(b.id, b.code, b.city, b.latitude, b.longitude, b.monthly_capacity) for b in branches]
    found = nearest(place, candidates, taken)
    if found is None:
        return ()
    return [_of_branch("nearest_branch", opening, found, opening.opened_at, now)]


def _of_branch(kind: str, opening: KnownOpening, branch_id: UUID, at: datetime, now: datetime) -> StoredClaim:
    return _claim(
        kind,
        opening.opening_id,
        branch_id,
        None,
        at,
        now,
        customer_id=opening.customer_id,
        opening_id=opening.opening_id,
    )


async def as_weighed(tx: Tx, opening_id: str, stored: Sequence[StoredClaim]) -> list[Claim]:
    """Stored claims as the rules take them, each with what bars it."""
    staff = await people.staff_by_ids(tx, [claim.staff_id for claim in stored if claim.staff_id])
    rescuers = await repository.rescuers(tx, opening_id)
    return [
        Claim(
            claim.id,
            claim.kind,
            claim.evidence,
            claim.branch_id,
            claim.staff_id,
            claim.at,
            claim.share,
            _bar(claim, staff, rescuers),
        )
        for claim in stored
    ]


def _bar(claim: StoredClaim, staff: dict[UUID, Staff], rescuers: dict[UUID, datetime]) -> str:
    if claim.staff_id is None:
        return ""
    who = staff.get(claim.staff_id)
    if who is not None and Role.WITNESS in who.roles:
        return "witness"
    # A rescue never moves acquisition, neither by what is said in the chat nor by a code that is handed over in it.
    taken_at = rescuers.get(claim.staff_id)
    if claim.kind in (ENQUIRY, STAFF_CODE) and taken_at is not None and taken_at <= claim.at:
        return "rescue"
    return ""
