"""Disputes: a losing branch objects once, a judge of neither branch decides, the ledger is corrected, never changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.credit.disputes import repository, showing
from bihuan.credit.disputes.repository import Dispute
from bihuan.credit.disputes.rules import Standing, bar_to_dispute, bar_to_judge
from bihuan.credit.facts import DisputeDecided, DisputeOpened, Holder
from bihuan.credit.ledger import reading, service
from bihuan.credit.ledger import repository as ledger
from bihuan.credit.ledger import showing as ledger_showing
from bihuan.credit.ledger.repository import Entry, LostClaim
from bihuan.credit.ledger.rules import WHOLE, taken_back
from bihuan.credit.rulebook import repository as rulebook
from bihuan.kit import audit, deadlines, ids, log
from bihuan.kit.deadlines import Deadline
from bihuan.kit.errors import Conflict, Forbidden, NotFound
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Staff

DUE = "credit.dispute_due"
DISPUTE_RULE = "dispute"

_BARS = {
    "final": "Only the first entry of an account can be disputed; this one was written by a judge or is an assist.",
    "reversed": "This entry was taken back; look at its correction.",
    "not-a-loser": "Only a branch whose claim lost can dispute an entry.",
    "too-late": "The time to dispute this entry is over.",
    "own-branch": "A judge must belong to neither branch; leave it to the region manager or an operator.",
    "outside-scope": "Only who is responsible for both branches can judge; leave it to an operator.",
}


async def open_dispute(tx: Tx, entry_id: UUID, by: Staff, reason: str, now: datetime) -> Dispute:
    """Object to an entry in the name of one's branch.

    Raises NotFound outside the data scope, Forbidden where the branch has nothing to object to, Conflict when it
    did before.
    """
    entry = await reading.seen_entry(tx, by, entry_id)
    if entry is None:
        raise NotFound("credit-entry", "There is no such entry within your data scope.")
    edition = (await _edition(tx, entry)).edition
    bar = bar_to_dispute(await _standing(tx, entry), by.branch_id, now, timedelta(days=edition.dispute_days))
    if bar is not None or by.branch_id is None:
        raise Forbidden(bar or "not-a-loser", _BARS[bar or "not-a-loser"])
    made = Dispute(
        id=ids.new_id(),
        entry_id=entry.id,
        customer_id=entry.customer_id,
        branch_id=by.branch_id,
        staff_id=by.id,
        reason=reason,
        state="open",
        opened_at=now,
        due_at=now + timedelta(days=edition.decide_days),
        overdue=False,
        judge_id=None,
        ruling=None,
        decided_at=None,
    )
    if await repository.add(tx, made) is None:
        raise Conflict("disputed-before", "Your branch has disputed this entry before; once is all.")
    await deadlines.set_deadline(tx, DUE, made.id, made.due_at)
    await audit.record(tx, by.id, "credit:dispute:opened", made.id, {"entry_id": str(entry.id)}, now)
    await log.publish(tx, DisputeOpened(entry.customer_id, made.id, entry.id, made.branch_id, by.id), now=now)
    await showing.show(tx, made)
    return made


async def _edition(tx: Tx, entry: Entry) -> rulebook.Rulebook:
    return next(book for book in await rulebook.editions(tx) if book.edition.version == entry.rule_version)


async def _standing(tx: Tx, entry: Entry) -> Standing:
    holders = (await ledger.holders(tx, [entry.id]))[entry.id]
    held = {(holder.branch_id, holder.staff_id) for holder in holders}
    lost = (await ledger.lost(tx, [entry.id]))[entry.id]
    return Standing(
        kind=entry.kind,
        reversed=bool(await ledger.reversed_among(tx, [entry.id])),
        written_at=entry.written_at,
        holders=frozenset(holder.branch_id for holder in holders),
        losers=frozenset(claim.branch_id for claim in lost if (claim.branch_id, claim.staff_id) not in held),
    )


async def decide(tx: Tx, dispute_id: UUID, judge: Staff, verdict: str, ruling: str, now: datetime) -> Dispute:
    """Judge between the branches: `upheld` leaves the entry, `moved` takes it back and credits the one who objected.

    Raises NotFound outside the data scope, Forbidden for a judge of either branch, Conflict when it was decided.
    """
    dispute = await repository.one(tx, dispute_id)
    if dispute is None or await showing.seen(tx, judge, dispute_id) is None:
        raise NotFound("dispute", "There is no such dispute within your data scope.")
    entry = await ledger.one(tx, dispute.entry_id, lock=True)
    if entry is None:
        raise NotFound("credit-entry", "The disputed entry is not there.")
    holders = (await ledger.holders(tx, [entry.id]))[entry.id]
    parties = {dispute.branch_id, *(holder.branch_id for holder in holders)}
    bar = bar_to_judge(judge.branch_id, judge.branch_ids, parties)
    if bar is not None:
        raise Forbidden(bar, _BARS[bar])
    decided = await repository.decide(tx, dispute_id, verdict, judge.id, ruling, now)
    if decided is None:
        raise Conflict("dispute-decided", "This dispute was decided before.")
    if verdict == "moved":
        await _move(tx, entry, holders, decided, now)
    await _close(tx, decided)
    await audit.record(tx, judge.id, f"credit:dispute:{verdict}", dispute_id, {"entry_id": str(entry.id)}, now)
    told = DisputeDecided(entry.customer_id, dispute_id, entry.id, decided.branch_id, verdict, judge.id)
    await log.publish(tx, told, now=now)
    return decided


async def _move(tx: Tx, entry: Entry, holders: Sequence[Holder], dispute: Dispute, now: datetime) -> None:
    """Take the entry back by its opposite, and write whose the account is instead."""
    lost = (await ledger.lost(tx, [entry.id]))[entry.id]
    own = _best_of(lost, dispute)
    reversal = _after(entry, "reversal", dispute, None, now)
    correction = _after(entry, "correction", dispute, own, now)
    moved_to = [Holder(dispute.branch_id, own.staff_id if own else None, WHOLE)]
    still_lost = [claim for claim in lost if own is None or claim.claim_id != own.claim_id]
    written = await ledger.add(tx, reversal, taken_back(holders))
    if not written or not await ledger.add(tx, correction, moved_to, still_lost):
        raise Conflict("entry-reversed", "This entry was taken back before.")
    await service.tell_credited(tx, correction, moved_to, now)
    for other in await repository.supersede(tx, entry.id, now):
        await _close(tx, other)
    for line in (entry, reversal, correction):
        await ledger_showing.show(tx, line)


def _best_of(lost: Sequence[LostClaim], dispute: Dispute) -> LostClaim | None:
    """The claim the correction rests on: the objector's own, else one of his branch; never that of a witness."""
    own = [claim for claim in lost if claim.branch_id == dispute.branch_id and claim.why != "witness"]
    return min(own, key=lambda c: (c.staff_id != dispute.staff_id, c.staff_id is None, -c.at.timestamp()), default=None)


def _after(entry: Entry, kind: str, dispute: Dispute, claim: LostClaim | None, now: datetime) -> Entry:
    return Entry(
        id=ids.new_id(),
        kind=kind,
        opening_id=entry.opening_id,
        customer_id=entry.customer_id,
        rule=DISPUTE_RULE,
        rule_version=entry.rule_version,
        claim_id=claim.claim_id if claim else None,
        rescue_id=None,
        corrects=entry.id,
        dispute_id=dispute.id,
        at=entry.at,
        written_at=now,
    )


async def _close(tx: Tx, dispute: Dispute) -> None:
    await deadlines.clear_deadline(tx, DUE, dispute.id)
    await showing.show(tx, dispute)


async def fell_due(tx: Tx, due: Sequence[Deadline], now: datetime) -> None:
    """Disputes that should have been decided by now are marked, for everybody to see."""
    for dispute in await repository.overdue(tx, [UUID(deadline.subject) for deadline in due]):
        await showing.show(tx, dispute)
