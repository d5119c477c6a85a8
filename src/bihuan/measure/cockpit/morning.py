"""The morning of a branch manager."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kit.errors import Forbidden, Invalid
from bihuan.kit.postgres import Tx
from bihuan.kit.time import EXCHANGE, TradingCalendar
from bihuan.measure.assumptions import repository as assumptions
from bihuan.measure.cockpit import repository, rules
from bihuan.measure.cockpit.repository import StuckStep
from bihuan.measure.cockpit.rules import Figure, Need, Period
from bihuan.measure.plans import repository as plans
from bihuan.people import facade as people
from bihuan.people.facade import Staff


@dataclass(frozen=True)
class Compared:
    """A branch's count against its plan and the other branches; no rank without anything to rank."""

    value: int
    plan: float | None
    rank: int | None
    of: int


@dataclass(frozen=True)
class Morning:
    """What happened in the branch since the last trading day began, and what waits there now."""

    branch_id: UUID
    as_of: datetime
    period: Period
    opened: Compared
    openings: tuple[StuckStep, ...]
    needs: dict[str, Need]
    promises: Figure
    assists: int
    satisfaction: Figure


def branch_of(staff: Staff, asked: UUID | None) -> UUID:
    """The branch whose morning this person may see. Raises Forbidden outside his scope, Invalid without a branch."""
    branch_id = asked or staff.branch_id
    if branch_id is None:
        raise Invalid("branch", "Name the branch whose morning you want to see.")
    if not staff.sees(branch_id):
        raise Forbidden("scope", "This branch is outside your data scope.")
    return branch_id


async def morning(tx: Tx, branch_id: UUID, now: datetime, calendar: TradingCalendar) -> Morning:
    """The branch's last trading day against plan and the others, and what waits."""
    period = rules.last_trading_day(now, calendar)
    numbers = await assumptions.values(tx)
    missed = await repository.promises(tx, period, now, numbers["promise.person_seconds"], branch_id)
    service = await repository.branch_service(tx, period, branch_id)
    return Morning(
        branch_id=branch_id,
        as_of=now,
        period=period,
        opened=await _compared(tx, branch_id, period, calendar),
        openings=tuple(await repository.openings_now(tx, now, branch_id)),
        needs=await repository.needs(tx, now, numbers, branch_id),
        promises=Figure("promises_missed", rules.share(*missed), *missed),
        assists=service["assists"],
        satisfaction=Figure(
            "satisfaction",
            rules.share(service["satisfied"], service["rated"]),
            service["satisfied"],
            service["rated"],
        ),
    )


async def _compared(tx: Tx, branch_id: UUID, period: Period, calendar: TradingCalendar) -> Compared:
    """By accounts credited: what a branch earned, wherever the application was made."""
    credited = await repository.credited(tx, period)
    active = [branch.id for branch in await people.branches(tx) if branch.active]
    day = period.since.astimezone(EXCHANGE).date()
    plan = next((p for p in await plans.of_month(tx, rules.month_of(day)) if p.branch_id == branch_id), None)
    own = credited.get(branch_id, 0)
    return Compared(
        value=own,
        plan=rules.planned(plan.accounts, day, calendar) if plan else None,
        rank=rules.rank(own, [credited.get(other, 0) for other in active]) if branch_id in active else None,
        of=len(active),
    )
