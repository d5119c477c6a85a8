"""When, and how often, a customer may be contacted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bihuan.comply.policy.rules import Policy
from bihuan.kit.time import EXCHANGE, TradingCalendar, within_daily

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Wait:
    """Not now: why, and from when it may be tried again. None: not before something else changes."""

    reason: str
    until: datetime | None


def quiet(policy: Policy, calendar: TradingCalendar, channel: str, purpose: str, now: datetime) -> Wait | None:
    """A wait while a noisy channel must be quiet, or while marketing keeps off days without trading."""
    noisy = channel in policy.quiet_channels and purpose in policy.quiet_purposes
    if noisy and within_daily(now, policy.quiet_start, policy.quiet_end):
        return Wait("quiet-hours", _next_at(now, policy.quiet_end))
    today = now.astimezone(EXCHANGE).date()
    if purpose == "marketing" and policy.marketing_on_trading_days_only and not calendar.is_trading_day(today):
        day = today + timedelta(days=1)
        while not calendar.is_trading_day(day):
            day += timedelta(days=1)
        return Wait("no-trading-day", datetime.combine(day, policy.quiet_end, EXCHANGE))
    return None


def capped(policy: Policy, earlier: Sequence[datetime], purpose: str, now: datetime) -> Wait | None:
    """A wait while enough contacts stand, over all channels and purposes: on the exchange's day, and in seven days.

    `earlier` are the moments of contacts before `now`, in any order.
    """
    cap = policy.caps["marketing" if purpose == "marketing" else "service"]
    midnight = _midnight(now)
    today = sum(at >= midnight for at in earlier)
    week = sorted(at for at in earlier if at > now - WEEK)
    if len(week) >= cap.per_week:
        free = week[len(week) - cap.per_week] + WEEK if cap.per_week else None
        return Wait("cap-week", free)
    if today >= cap.per_day:
        return Wait("cap-day", midnight + timedelta(days=1) if cap.per_day else None)
    return None


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(EXCHANGE).date(), time(), EXCHANGE)


def _next_at(now: datetime, clock: time) -> datetime:
    local = now.astimezone(EXCHANGE)
    at = datetime.combine(local.date(), clock, EXCHANGE)
    return at if at > local else at + timedelta(days=1)
