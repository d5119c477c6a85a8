"""The cockpit, put together from counters, folded rows and the headline experiment."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from bihuan.collect import facade as collect
from bihuan.decide.facade import RESCUE
from bihuan.kit import log, metrics
from bihuan.kit.postgres import Tx
from bihuan.kit.time import EXCHANGE, TradingCalendar
from bihuan.measure.assumptions import repository as assumptions
from bihuan.measure.cockpit import repository, rules, settlement
from bihuan.measure.cockpit.repository import Flow, StuckStep
from bihuan.measure.cockpit.rules import Cockpit, Figure, Leak, Need, Period, Stage
from bihuan.measure.counters import reactions as counted
from bihuan.measure.counters import repository as counters
from bihuan.measure.experiments import service as experiments
from bihuan.measure.experiments.rules import NEEDED_PER_ARM, Reading, Result
from bihuan.measure.plans import repository as plans

_COUNTED = [counted.EVENTS, counted.DECISIONS, counted.EMPTY, counted.SENT, counted.REFUSED]
_POISON_COUNTED = 100
_DISPUTED_DAYS = 30  # as the catalogue defines the share of disputed accounts


@dataclass(frozen=True)
class Day:
    """What happened in a part of a day."""

    flow: Flow
    counts: dict[str, dict[str, float]]

    def total(self, metric: str) -> float:
        """A counter over all its details."""
        return sum(self.counts[metric].values())


@dataclass(frozen=True)
class State:
    """All that the cockpit is made from."""

    now: Day
    before: Day
    numbers: dict[str, float]  # the firm's assumptions
    openings: list[StuckStep]
    needs: dict[str, Need]
    promises: tuple[int, int]
    outcomes: tuple[int, int]
    quarantine: dict[str, float]  # messages held, by reason
    credited_lately: int
    experiment: Reading


async def cockpit(tx: Tx, now: datetime, calendar: TradingCalendar) -> Cockpit:
    """The loop now, beside the same weekday before until the same time."""
    day = now.astimezone(EXCHANGE).date()
    compared = rules.day_before(day, calendar)
    state = await _state(tx, now, compared)
    return Cockpit(
        as_of=now,
        compared_with=compared,
        loop=tuple(_loop(state)),
        opened_today=rules.count("accounts_opened", state.now.flow.opened, state.before.flow.opened),
        planned_today=await _planned(tx, day, calendar),
        settlement=await settlement.last(tx, now, calendar),
        experience=_experience(state),
        efficiency=_efficiency(state),
        cost=_cost(state),
        needs=tuple(state.needs.values()),
    )


async def _state(tx: Tx, now: datetime, compared: date) -> State:
    today = rules.today_until(now)
    numbers = await assumptions.values(tx)
    experiment = await experiments.reading(tx, RESCUE, now)
    return State(
        await _day(tx, today, rules.whole_hours(today)),
        await _day(tx, rules.same_on(today, compared), rules.same_on(today, compared)),
        numbers,
        await repository.openings_now(tx, now),
        {**await repository.needs(tx, now, numbers), **await _alarms(tx, now, numbers, experiment.immediate)},
        await repository.promises(tx, today, now, numbers["promise.person_seconds"]),
        await repository.outcomes_known(tx),
        await _quarantine(tx),
        await repository.accounts_credited(tx, rules.last_days(now, _DISPUTED_DAYS)),
        experiment,
    )


async def _alarms(tx: Tx, now: datetime, numbers: dict[str, float], experiment: Result) -> dict[str, Need]:
    """What waits for an engineer: entries set aside, lanes nobody reads, an assignment that cannot be right."""
    waiting = await log.poisoned(tx, resolved=False, after=None, limit=_POISON_COUNTED)
    late = await metrics.late(tx, now, numbers["alarm.behind_seconds"])
    return {
        "poison_entries": Need("poison_entries", len(waiting), waiting[-1].set_aside_at if waiting else None),
        "lanes_behind": Need("lanes_behind", late.lanes, late.oldest_at),
        "broken_experiments": Need("broken_experiments", int(experiment.sample_ratio.alarm), None),
    }


async def _day(tx: Tx, period: Period, hours: Period) -> Day:
    return Day(
        await repository.flow(tx, period),
        await counters.totals(tx, _COUNTED, hours.since, hours.until),
    )


async def _quarantine(tx: Tx) -> dict[str, float]:
    held: Counter[str] = Counter()
    for row in await collect.quarantine_counts(tx):
        held[row["reason"]] += row["count"]
    return dict(held)


async def _planned(tx: Tx, day: date, calendar: TradingCalendar) -> float | None:
    monthly = (await plans.total(tx, rules.month_of(day))).accounts
    return None if monthly is None else rules.planned(monthly, day, calendar)


def _loop(state: State) -> list[Stage]:
    now, before = state.now, state.before
    figures = {
        "collect": rules.count("events", now.total(counted.EVENTS), before.total(counted.EVENTS)),
        "understand": rules.count("openings_started", now.flow.started, before.flow.started),
        "decide": rules.count("decisions", now.total(counted.DECISIONS), before.total(counted.DECISIONS)),
        "reach": rules.count("messages_sent", now.total(counted.SENT), before.total(counted.SENT)),
        "serve": rules.count("enquiries_asked", now.flow.asked, before.flow.asked),
        "credit": rules.count("accounts_credited", now.flow.credited, before.flow.credited),
        "measure": _lift(state.experiment.settled),
        "learn": Figure("outcomes_known", rules.share(*state.outcomes), *state.outcomes),
    }
    leaks = _leaks(state)
    return [Stage(stage, figures[stage], leaks.get(stage)) for stage in rules.STAGES]


def _lift(experiment: Result) -> Figure:
    """The headline difference in points, with the interval that holds at all looks; nothing while it says nothing."""
    headline = experiment.headline
    if headline is None or headline.always is None or experiment.state in ("too_early", "broken"):
        return Figure("rescue_lift", None)
    found = headline.always
    compared = [arm for arm in experiment.arms if arm.arm in (headline.arm, headline.against)]
    sizes = tuple((arm.arm, arm.completion.n) for arm in compared)
    return Figure("rescue_lift", found.value * 100, low=found.low * 100, high=found.high * 100, sizes=sizes)


def _leaks(state: State) -> dict[str, Leak | None]:
    now, numbers = state.now, state.numbers
    stuck = {found.step: float(found.openings) for found in state.openings if found.step is not None}
    under_way = float(sum(found.openings for found in state.openings))
    due = now.total(counted.SENT) + now.total(counted.REFUSED)
    missed, asked = state.promises
    disputes = state.needs["open_disputes"].count
    experiment = state.experiment.settled
    smallest = min((arm.completion.n for arm in experiment.arms), default=0)
    alarm = experiment.sample_ratio.alarm
    return {
        "collect": rules.worst("quarantined", state.quarantine, sum(state.quarantine.values()), 1.0),
        "understand": rules.worst("stuck_share", stuck, under_way, numbers["leak.stuck_share"]),
        "decide": rules.worst(
            "empty_decisions", now.counts[counted.EMPTY], now.counts[counted.DECISIONS], numbers["leak.empty_share"]
        ),
        "reach": rules.worst("refused_messages", now.counts[counted.REFUSED], due, numbers["leak.refused_share"]),
        "serve": rules.worst("promises_missed", {"": missed}, asked, numbers["leak.missed_share"]),
        "credit": rules.worst("disputed", {"": disputes}, state.credited_lately, numbers["leak.disputed_share"]),
        "measure": Leak("smallest_arm", experiment.state, smallest, NEEDED_PER_ARM, act=alarm)
        if alarm or smallest < NEEDED_PER_ARM
        else None,
    }


def _experience(state: State) -> tuple[Figure, ...]:
    now, before = state.now.flow, state.before.flow
    return (
        Figure("person_wait_p90", now.person_wait_p90, denominator=now.asked_person, before=before.person_wait_p90),
        Figure("wait_p90", now.wait_p90, denominator=now.asked, before=before.wait_p90),
        rules.rate("satisfaction", (now.satisfied, now.rated), (before.satisfied, before.rated)),
        rules.rate("stars", (now.stars, now.rated), (before.stars, before.rated)),
    )


def _efficiency(state: State) -> tuple[Figure, ...]:
    now, before = state.now.flow, state.before.flow
    return (
        rules.rate("accounts_per_advisor_hour", (now.opened, now.hours_online), (before.opened, before.hours_online)),
        rules.rate("bot_share", (now.by_bot, now.answered), (before.by_bot, before.answered)),
    )


def _cost(state: State) -> tuple[Figure, ...]:
    now, before = state.now, state.before
    sent, sent_before = _deliveries(now, state.numbers), _deliveries(before, state.numbers)
    minute = state.numbers["price.advisor_minute"]
    return (
        rules.quantity("delivery_cost", sent, sent_before),
        rules.rate(
            "minutes_per_account",
            (now.flow.hours_online * 60, now.flow.opened),
            (before.flow.hours_online * 60, before.flow.opened),
        ),
        rules.rate(
            "cost_per_account",
            (sent + now.flow.hours_online * 60 * minute, now.flow.opened),
            (sent_before + before.flow.hours_online * 60 * minute, before.flow.opened),
        ),
    )


def _deliveries(day: Day, numbers: dict[str, float]) -> float:
    return sum(n * numbers.get(f"price.{channel}", 0.0) for channel, n in day.counts[counted.SENT].items())
