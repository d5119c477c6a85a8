"""Keeping assessments, and asking the gate."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bihuan.comply.policy import repository as policy_repository
from bihuan.comply.policy.rules import Policy
from bihuan.comply.suitability import repository
from bihuan.comply.suitability.rules import (
    GOALS,
    KINDS,
    PERMISSIONS,
    TERMS,
    Investor,
    Product,
    Verdict,
    match,
)
from bihuan.kit.errors import Invalid
from bihuan.kit.postgres import Tx
from bihuan.kit.time import EXCHANGE


@dataclass(frozen=True)
class AssessmentRow:
    """One result of a questionnaire; `valid_until` counts from policy when not given. Source: assessed or predicted."""

    customer_id: UUID
    level: int
    assessed_at: datetime
    lowest_category: bool = False
    term: str | None = None
    kinds: frozenset[str] | None = None
    goals: frozenset[str] | None = None
    valid_until: date | None = None
    source: str = "assessed"


@dataclass(frozen=True)
class InvestorRow:
    """What an import or the opening system says of a customer beside his assessment; None leaves what is known."""

    customer_id: UUID
    investor_class: str | None = None
    protected: bool | None = None
    qualified: bool | None = None
    permissions: frozenset[str] | None = None
    birth_year: int | None = None


def valid_until(row: AssessmentRow, policy: Policy) -> date:
    """The last day on which an assessment counts: as given or by policy, and never beyond the longest allowed."""
    day = row.assessed_at.astimezone(EXCHANGE).date()
    longest = day + timedelta(days=policy.longest_days)
    return min(row.valid_until or day + timedelta(days=policy.valid_for_days), longest)


def fault_of(row: AssessmentRow) -> str | None:
    """Why a result cannot be kept, or None."""
    if row.level not in range(1, 6):
        return "The level is one of C1 to C5."
    if row.lowest_category and row.level != 1:
        return "Only C1 can be the lowest category."
    if row.source not in ("assessed", "predicted"):
        return "The source is assessed or predicted."
    for name, given, known in (
        ("term", {row.term} - {None}, TERMS),
        ("kinds", row.kinds or (), KINDS),
        ("goals", row.goals or (), GOALS),
    ):
        if set(given) - set(known):
            return f"Choose {name} from {', '.join(known)}."
    return None


async def record_assessments(tx: Tx, rows: Sequence[AssessmentRow], now: datetime) -> None:
    """Keep results. Raises Invalid, naming the first that cannot be kept; nothing is kept then."""
    for row in rows:
        fault = fault_of(row)
        if fault:
            raise Invalid("assessment", fault, customer_id=str(row.customer_id))
    policy = await policy_repository.policy(tx)
    await repository.add_assessments(
        tx,
        [
            {
                **vars(row),
                "kinds": None if row.kinds is None else sorted(row.kinds),
                "goals": None if row.goals is None else sorted(row.goals),
                "valid_until": valid_until(row, policy),
                "recorded_at": now,
            }
            for row in rows
        ],
    )


async def record_investors(tx: Tx, rows: Sequence[InvestorRow]) -> None:
    """Write class, permissions and the like. Raises Invalid for a class or permission that does not exist."""
    for row in rows:
        if row.investor_class not in (None, "ordinary", "professional"):
            raise Invalid("investor", "The class is ordinary or professional.", customer_id=str(row.customer_id))
        if set(row.permissions or ()) - set(PERMISSIONS):
            raise Invalid("investor", f"Choose permissions from {', '.join(PERMISSIONS)}.")
    await repository.write_investors(
        tx,
        [
            {**vars(row), "permissions": None if row.permissions is None else sorted(row.permissions)}
            for row in sorted(rows, key=lambda row: row.customer_id)
        ],
    )


async def may_offer(tx: Tx, customer_id: UUID, product: Product, now: datetime) -> Verdict:
    """The verdict on one product for one customer, as the law and today's policy have it."""
    return (await may_offer_each(tx, [customer_id], product, now))[customer_id]


async def may_offer_each(
    tx: Tx, customer_ids: Collection[UUID], product: Product, now: datetime
) -> dict[UUID, Verdict]:
    """The same for many customers at once."""
    policy = await policy_repository.policy(tx)
    found = await repository.investors(tx, customer_ids, now)
    return {customer_id: verdict(investor, product, now, policy) for customer_id, investor in found.items()}


def verdict(investor: Investor, product: Product, now: datetime, policy: Policy) -> Verdict:
    """`match` on the exchange's date of `now`."""
    return match(investor, product, now.astimezone(EXCHANGE).date(), policy.high_risk_from)
