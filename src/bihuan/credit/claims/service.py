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
from bihuan.serve.facts import EnquiryClaimed, EnquiryReturned

ENQUIRY = "enquiry"


def enquiry_claim(fact: EnquiryClaimed, customer_id: UUID | None, now: datetime) -> StoredClaim | None:
    """An advisor claimed an enquiry of this customer; None for one without a branch."""
    if fact.staff_branch_id is None:
        return None
    return _claim(
        ENQUIRY,
        _evidence(fact.enquiry_id, fact.staff_id),
        fact.staff_branch_id,
        fact.staff_id,
        fact.claimed_at,
        now,
        customer_id=customer_id,
        opening_id=fact.opening_id,
    )


def handed_back(
    fact: EnquiryReturned, staff: Staff | None, customer_id: UUID | None, now: datetime
) -> StoredClaim | None:
    """The enquiry went back to dispatch: until its advisor claims it again, his claim is void."""
    if staff is None or staff.branch_id is None:
        return None
    return _claim(
        ENQUIRY,
        _evidence(fact.enquiry_id, fact.staff_id),
        staff.branch_id,
        fact.staff_id,
        fact.claimed_at or fact.at,
        now,
        customer_id=customer_id,
        void_at=fact.at,
    )


def _evidence(enquiry_id: UUID, staff_id: UUID) -> str:
    return f"{enquiry_id}:{staff_id}"


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
    void_at: datetime | None = None,
) -> StoredClaim:
    return StoredClaim(
        id_of(kind, evidence), customer_id, opening_id, kind, evidence, branch_id, staff_id, share, at, void_at, now
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
    """Codes count only where the opening system vouches for them: an app's events could be made up."""
    staff = await people.staff_by_code(tx, opening.staff_code) if opening.staff_code else None
    if staff is None or staff.branch_id is None or opening.opened_at is None:
        return ()
    at = opening.started_at or opening.submitted_at or opening.opened_at
    evidence = f"{opening.opening_id}:{opening.staff_code}"
    # Codes stay in the street when their owner has left: then the branch he worked for has the claim.
    holder = staff.id if staff.active else None
    return [
        _claim(
            "staff_code",
            evidence,
            staff.branch_id,
            holder,
            at,
            now,
            customer_id=opening.customer_id,
            opening_id=opening.opening_id,
        )
    ]


async def _of_relations(tx: Tx, opening: KnownOpening, now: datetime) -> Iterable[StoredClaim]:
    """Who holds the customer's acquisition, or where nobody does, who serves him."""
    if opening.customer_id is None or opening.opened_at is None:
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
    if chosen is None or opening.opened_at is None:
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
    if found is None or opening.opened_at is None:
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
    if claim.void_at is not None and claim.void_at >= claim.at:
        return "void"
    if claim.staff_id is None:
        return ""
    who = staff.get(claim.staff_id)
    if who is not None and Role.WITNESS in who.roles:
        return "witness"
    taken_at = rescuers.get(claim.staff_id)
    if claim.kind == ENQUIRY and taken_at is not None and taken_at <= claim.at:
        return "rescue"
    return ""
