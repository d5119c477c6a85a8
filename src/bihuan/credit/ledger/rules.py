"""Whose an opened account is, and when a rescue earned an assist. Pure: claims and rules in, an award out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from bihuan.credit.facts import Holder

RELATION = "relation"
CLAIM_KINDS = ("staff_code", RELATION, "enquiry", "branch_chosen", "nearest_branch")

WHOLE = Decimal(1)
_PART = Decimal("0.00001")


@dataclass(frozen=True)
class Claim:
    """Something that speaks for a branch, or for a person of it.

    `share` matters for relations only, which several may hold. `barred` says why it may never win: `witness` (who
    checked or checks identities), `rescue` (what came of a rescue, after it was taken).
    """

    id: UUID
    kind: str
    evidence: str
    branch_id: UUID
    staff_id: UUID | None
    at: datetime
    share: Decimal = WHOLE
    barred: str = ""


@dataclass(frozen=True)
class Rule:
    """One line of the rule book.

    A claim counts when it precedes the account's `before` (started, submitted, opened) by `window` at most; of
    several of the same kind the `first` or the `last` is taken.
    """

    key: str
    claim_kind: str
    before: str
    window: timedelta | None
    takes: str


@dataclass(frozen=True)
class Account:
    """The times of an application that led to an account; the earlier ones may be unknown."""

    opened_at: datetime
    started_at: datetime | None = None
    submitted_at: datetime | None = None

    def moment(self, name: str) -> datetime:
        """When it was started, submitted or opened; an unknown moment is the next later known one."""
        submitted = self.submitted_at or self.opened_at
        return {"opened": self.opened_at, "submitted": submitted, "started": self.started_at or submitted}[name]


@dataclass(frozen=True)
class Lost:
    """A claim that did not win. `why`: its bar, `too-late`, `outside-window`, `another-was-taken` (same rule),
    `earlier-rule` (a rule further up had decided), `no-rule` (the rule book does not know its kind).
    """

    claim: Claim
    why: str


@dataclass(frozen=True)
class Award:
    """The rule that decided, the claims it took, whose the account is (shares sum to 1), and what lost."""

    rule: str
    won: tuple[Claim, ...]
    holders: tuple[Holder, ...]
    lost: tuple[Lost, ...]


def award(claims: Iterable[Claim], rules: Sequence[Rule], account: Account) -> Award | None:
    """The first rule with a claim that counts decides; None when no claim counts under any rule.

    The order in which claims are given does not matter.
    """
    given = sorted(claims, key=_order)
    for rule in rules:
        counting = [claim for claim in given if _fault(claim, rule, account) is None]
        if not counting:
            continue
        won = _taken(counting, rule)
        return Award(
            rule.key,
            tuple(won),
            _holders(won),
            tuple(Lost(claim, _why(claim, rule, rules, account)) for claim in given if claim not in won),
        )
    return None


def _order(claim: Claim) -> tuple[datetime, str]:
    return claim.at, str(claim.id)


def _taken(counting: Sequence[Claim], rule: Rule) -> Sequence[Claim]:
    if rule.claim_kind == RELATION:
        return counting  # a relation may be held by several
    return [counting[0] if rule.takes == "first" else counting[-1]]


def _fault(claim: Claim, rule: Rule, account: Account) -> str | None:
    """Why a claim does not count under a rule of its kind."""
    if claim.kind != rule.claim_kind:
        return "no-rule"
    if claim.barred:
        return claim.barred
    limit = account.moment(rule.before)
    if claim.at > limit:
        return "too-late"
    if rule.window is not None and claim.at < limit - rule.window:
        return "outside-window"
    return None


def _why(claim: Claim, decided: Rule, rules: Sequence[Rule], account: Account) -> str:
    own = next((rule for rule in rules if rule.claim_kind == claim.kind), None)
    if own is None:
        return "no-rule"
    return _fault(claim, own, account) or ("another-was-taken" if own == decided else "earlier-rule")


def _holders(won: Sequence[Claim]) -> tuple[Holder, ...]:
    """One holder per branch and person, shares in proportion; what rounding leaves goes to the largest."""
    parts: dict[tuple[UUID, UUID | None], Decimal] = {}
    for claim in won:
        key = (claim.branch_id, claim.staff_id)
        parts[key] = parts.get(key, Decimal(0)) + claim.share
    ranked = sorted(parts.items(), key=lambda part: (-part[1], str(part[0])))
    total = sum(parts.values())
    shares = [(part / total).quantize(_PART, ROUND_DOWN) for _, part in ranked]
    shares[0] += WHOLE - sum(shares)
    return tuple(
        Holder(branch_id, staff_id, share)
        for ((branch_id, staff_id), _), share in zip(ranked, shares, strict=True)
        if share > 0
    )


def taken_back(holders: Iterable[Holder]) -> tuple[Holder, ...]:
    """The lines of a reversal: the same holders with the opposite shares."""
    return tuple(Holder(h.branch_id, h.staff_id, -h.share) for h in holders)


def assisted(stuck_at: datetime, contacted_at: datetime | None, next_step_at: datetime | None) -> bool:
    """Whether a rescue earns an assist: contact followed the stuck clock and preceded the next step.

    >>> from datetime import UTC
    >>> ten = datetime(2026, 3, 10, 10, tzinfo=UTC)
    >>> minute = timedelta(minutes=1)
    >>> assisted(ten, ten + minute, ten + 2 * minute), assisted(ten, ten + 2 * minute, ten + minute)
    (True, False)
    """
    return contacted_at is not None and next_step_at is not None and stuck_at < contacted_at < next_step_at


def why_late(claim: Claim, rules: Sequence[Rule], account: Account) -> str:
    """What a claim that was heard of after the award would have met: why it did not count, or `late` if it had."""
    own = next((rule for rule in rules if rule.claim_kind == claim.kind), None)
    return "no-rule" if own is None else _fault(claim, own, account) or "late"
