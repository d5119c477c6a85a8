"""Net new assets, as of the last day whose fund flows the counter has told."""

from datetime import date, datetime

from bihuan.kit.postgres import Tx
from bihuan.kit.time import EXCHANGE, TradingCalendar
from bihuan.measure.cockpit import rules
from bihuan.measure.cockpit.rules import Figure, Settlement
from bihuan.measure.counters import reactions as counted
from bihuan.measure.counters import repository as counters
from bihuan.measure.plans import repository as plans

_FLOWS = [counted.INFLOW, counted.OUTFLOW]


async def last(tx: Tx, now: datetime, calendar: TradingCalendar) -> Settlement | None:
    """The last settled day before today against its plan and the same weekday before; None before any was imported.

    Flows come with the counter's nightly files, so today's are not known yet, and an older day stands while a file is
    missing: hence its date. Cash only, no shares that are moved between brokers.
    """
    today = now.astimezone(EXCHANGE).date()
    at = await counters.last_hour(tx, _FLOWS, rules.midnight(today))
    if at is None:
        return None
    day = at.astimezone(EXCHANGE).date()
    compared = rules.day_before(day, calendar)
    inflow, outflow = await _moved(tx, day)
    before = await _moved(tx, compared)
    return Settlement(
        day=day,
        compared_with=compared,
        net=Figure("net_new_assets", inflow - outflow, before=before[0] - before[1] if any(before) else None),
        inflow=inflow,
        outflow=outflow,
        planned=await _planned(tx, day, calendar),
    )


async def _moved(tx: Tx, day: date) -> tuple[float, float]:
    """What came in and what went out on a day, in yuan."""
    period = rules.whole_day(day)
    found = await counters.totals(tx, _FLOWS, period.since, period.until)
    inflow, outflow = (sum(found[metric].values()) / 100 for metric in _FLOWS)
    return inflow, outflow


async def _planned(tx: Tx, day: date, calendar: TradingCalendar) -> float | None:
    monthly = (await plans.total(tx, rules.month_of(day))).net_assets
    return None if monthly is None else rules.planned(monthly, day, calendar)
