"""The ledger: an opened account finds its owner once, a rescue that helped earns an assist, late claims are noted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.credit.claims import repository as claims
from bihuan.credit.claims import service as claiming
from bihuan.credit.claims.repository import KnownOpening, StoredClaim
from bihuan.credit.facts import AccountCredited, AssistCredited, Holder
from bihuan.credit.ledger import repository, showing
from bihuan.credit.ledger.repository import Entry, LostClaim
from bihuan.credit.ledger.rules import Account, Award, Rule, assisted, award, why_late
from bihuan.credit.rulebook import repository as rulebook
from bihuan.kit import deadlines, ids, log
from bihuan.kit.postgres import Tx
from bihuan.kit.time import EXCHANGE
from bihuan.people import facade as people
from bihuan.people.facade import Role
from bihuan.serve.facts import RescueFinished

AGAIN = "credit.award_again"
ASSIST_RULE = "rescue-assist"
_NO_BRANCH_YET = timedelta(hours=1)


async def credit_account(tx: Tx, opening_id: str, now: datetime) -> Entry | None:
    """Award an opened account; None when it was credited before, or when no branch could take it yet.

    Called with the claims of the account locked.
    """
    opening = await claims.opening(tx, opening_id)
    if opening is None:
        return None
    book = await rulebook.active(tx)
    await claiming.complete(tx, opening, now)
    awarded = await _weigh(tx, opening, book.rules)
    if awarded is None:
        # Held to the end of the transaction: else two lanes would both find, and take, a branch's last place.
        await claims.hold_capacity(tx)
        taken = await repository.taken_since(tx, _month_of(opening.opened_at))
        await claiming.fall_back(tx, opening, taken, now)
        awarded = await _weigh(tx, opening, book.rules)
    if awarded is None:  # a house without branches: the account waits for the first one
        await deadlines.set_deadline(tx, AGAIN, opening_id, now + _NO_BRANCH_YET)
        return None
    entry = Entry(
        id=ids.new_id(),
        kind="acquisition",
        opening_id=opening_id,
        customer_id=opening.customer_id,
        rule=awarded.rule,
        rule_version=book.edition.version,
        claim_id=awarded.won[0].id,
        rescue_id=None,
        corrects=None,
        dispute_id=None,
        at=opening.opened_at,
        written_at=now,
    )
    if not await repository.add(tx, entry, awarded.holders, awarded.lost):
        return None
    await tell_credited(tx, entry, awarded.holders, now)
    await showing.show(tx, entry)
    return entry


async def _weigh(tx: Tx, opening: KnownOpening, rules: Sequence[Rule]) -> Award | None:
    stored = await claims.of_account(tx, opening.opening_id, opening.customer_id)
    weighed = await claiming.as_weighed(tx, opening.opening_id, stored)
    return award(weighed, rules, _account(opening))


def _account(opening: KnownOpening) -> Account:
    return Account(opening.opened_at, opening.started_at, opening.submitted_at)


def _month_of(at: datetime) -> datetime:
    return at.astimezone(EXCHANGE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


async def tell_credited(tx: Tx, entry: Entry, holders: Sequence[Holder], now: datetime) -> None:
    """Publish whose the account is now."""
    largest = max(holders, key=lambda holder: holder.share)
    fact = AccountCredited(
        customer_id=entry.customer_id,
        entry_id=entry.id,
        opening_id=entry.opening_id,
        branch_id=largest.branch_id,
        staff_id=largest.staff_id,
        share=largest.share,
        holders=tuple(holders),
        rule=entry.rule,
        rule_version=entry.rule_version,
        corrects=entry.corrects,
        at=entry.at if entry.corrects is None else entry.written_at,
    )
    await log.publish(tx, fact, now=now)


async def credit_assist(tx: Tx, fact: RescueFinished, customer_id: UUID | None, now: datetime) -> Entry | None:
    """An assist for a rescue whose contact followed the stuck clock and preceded the next step; else None.

    The account itself stays where it is. Nobody who checks identities earns one.
    """
    branch_id = fact.staff_branch_id or fact.branch_id
    if fact.staff_id is None or branch_id is None or fact.next_step_at is None:
        return None
    if not assisted(fact.stuck_at, fact.contacted_at, fact.next_step_at):
        return None
    who = await people.staff_by_id(tx, fact.staff_id)
    if who is not None and Role.WITNESS in who.roles:
        return None
    edition = (await rulebook.active(tx)).edition
    entry = Entry(
        id=ids.new_id(),
        kind="assist",
        opening_id=fact.opening_id,
        customer_id=customer_id,
        rule=ASSIST_RULE,
        rule_version=edition.version,
        claim_id=None,
        rescue_id=fact.rescue_id,
        corrects=None,
        dispute_id=None,
        at=fact.next_step_at,
        written_at=now,
    )
    if not await repository.add(tx, entry, [Holder(branch_id, fact.staff_id, edition.assist_weight)]):
        return None
    told = AssistCredited(
        customer_id=customer_id,
        entry_id=entry.id,
        opening_id=fact.opening_id,
        rescue_id=fact.rescue_id,
        branch_id=branch_id,
        staff_id=fact.staff_id,
        share=edition.assist_weight,
        at=entry.at,
    )
    await log.publish(tx, told, now=now)
    await showing.show(tx, entry)
    return entry


async def note_late(tx: Tx, claim: StoredClaim) -> None:
    """Show a claim that came to be known after the award on the entry it might have changed; the entry stays."""
    entries = await repository.entries_for(tx, claim.opening_id, claim.customer_id, claim.at)
    known = await repository.lost(tx, [entry.id for entry in entries])
    for entry in entries:
        opening = await claims.opening(tx, entry.opening_id)
        if opening is None or claim.id in {entry.claim_id, *(one.claim_id for one in known[entry.id])}:
            continue
        rules = (await rulebook.rules_of(tx, [entry.rule_version]))[entry.rule_version]
        (weighed,) = await claiming.as_weighed(tx, entry.opening_id, [claim])
        lost = LostClaim(
            entry_id=entry.id,
            claim_id=claim.id,
            kind=claim.kind,
            evidence=claim.evidence,
            branch_id=claim.branch_id,
            staff_id=claim.staff_id,
            at=claim.at,
            why=why_late(weighed, rules, _account(opening)),
            late=True,
        )
        if await repository.add_late(tx, lost):
            await showing.show(tx, entry)
