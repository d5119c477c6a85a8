"""Customers as columns: who they are, what they are worth, what they may be sold, whose they are.

Shapes: 40% aged over 40 and value peaking at 50-60 (issue, after Essence's figures); assets Pareto with an exponent
of 1.2, so the richest hundredth holds about two fifths (guess); channels differ (issue). Everything else is a guess.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from bihuan.sim.population.names import full_names, phones
from bihuan.sim.population.places import BRANCHES, CITIES
from bihuan.sim.population.staff import Brokerage

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Strings = np.ndarray[Any, np.dtype[np.str_]]
Days = np.ndarray[Any, np.dtype[np.datetime64]]

CHANNELS = np.array(["advertisement", "search", "social", "referral", "staff_qr", "branch"])
CHANNEL_SHARES = np.array([0.14, 0.19, 0.10, 0.15, 0.24, 0.18])
PARETO, LEAST, MOST = 1.2, 14_000.0, 3e8
EMPTY = 0.18  # accounts without assets
AFFLUENT = 500_000.0
# What people of each risk level name in the questionnaire: C1 or none, C2, C3, C4 and C5.
_KINDS = ("cash|fixed_income", "cash|fixed_income", "cash|fixed_income|mixed", "cash|fixed_income|mixed|equity")
_GOALS = ("preserve", "preserve|income", "preserve|income|growth", "income|growth|speculation")


@dataclass(frozen=True)
class Customers:
    """One entry per customer in every column. Branch and staff columns hold codes, empty for none."""

    user_id: Strings
    account: Strings
    name: Strings
    phone: Strings
    female: Bools
    born_on: Days
    age: Ints
    city: Ints  # index into CITIES
    channel: Strings
    opened_on: Days
    assets: Floats  # at the beginning of the history, yuan
    activity: Floats  # mean app sessions a trading day
    risk: Ints  # 1..5, 0 never assessed
    lowest: Bools
    risk_assessed_on: Days
    horizon: Strings
    kinds: Strings
    goals: Strings
    experience_years: Ints
    professional: Bools
    consent_sms: Bools
    consent_inbox: Bools
    consent_phone: Bools
    personalised: Bools
    branch: Strings
    acquisition_staff: Strings
    service_staff: Strings
    contract_staff: Strings

    def __len__(self) -> int:
        return len(self.user_id)


def draw_customers(count: int, firm: Brokerage, end: date, rng: np.random.Generator) -> Customers:
    """Draw a customer base as it stands before the history that ends on `end`."""
    age = _ages(count, rng)
    assets = _assets(age, rng)
    city = rng.choice(len(CITIES), count, p=_shares([c.weight for c in CITIES]))
    channel = rng.choice(CHANNELS, count, p=CHANNEL_SHARES / CHANNEL_SHARES.sum())
    female = rng.random(count) < 0.46
    today = np.datetime64(end)
    opened = today - np.minimum(rng.exponential(1400, count) + 5, (age - 18) * 365.0 + 5).astype(np.int64)
    # Who has assets had them before any history begins; the newest accounts are still empty.
    opened = np.where((assets > 0) & (opened > today - 120), opened - 120, opened)
    risk, lowest, assessed = _risk(age, opened, today, rng)
    branch = np.array([c.branch for c in CITIES])[city]
    acquisition, service, contract = _relations(branch, channel, assets, firm, rng)
    richness = np.log10(np.maximum(assets, 1000) / 1000)
    activity = rng.gamma(0.5, 2.0, count) * (0.04 + 0.075 * richness) * np.where(assets > 0, 1.0, 0.35)
    return Customers(
        user_id=np.strings.add("u", np.strings.zfill(np.arange(1, count + 1).astype(np.str_), 7)),
        account=np.strings.add("A", np.strings.zfill(np.arange(1, count + 1).astype(np.str_), 9)),
        name=full_names(female, rng),
        phone=phones(np.arange(1, count + 1)),
        female=female,
        born_on=today - (age * 365.25 + rng.random(count) * 360).astype(np.int64),
        age=age,
        city=city,
        channel=channel,
        opened_on=opened,
        assets=assets,
        activity=activity,
        risk=risk,
        lowest=lowest,
        risk_assessed_on=assessed,
        horizon=rng.choice(["short", "medium", "long"], count, p=[0.35, 0.4, 0.25]),
        kinds=np.select([risk <= 1, risk == 2, risk == 3], _KINDS[:3], _KINDS[3]).astype(np.str_),
        goals=np.select([risk <= 1, risk == 2, risk == 3], _GOALS[:3], _GOALS[3]).astype(np.str_),
        experience_years=np.minimum(rng.poisson(4, count), np.maximum(age - 18, 0)),
        professional=(assets >= 5e6) & (rng.random(count) < 0.4),
        consent_sms=rng.random(count) < 0.86,
        consent_inbox=rng.random(count) < 0.96,
        consent_phone=rng.random(count) < 0.78,
        personalised=rng.random(count) < 0.93,
        branch=branch,
        acquisition_staff=acquisition,
        service_staff=service,
        contract_staff=contract,
    )


def _shares(weights: list[float]) -> Floats:
    return np.array(weights, float) / sum(weights)


def _ages(count: int, rng: np.random.Generator) -> Ints:
    """Exactly 40% are over 40."""
    over = np.zeros(count, bool)
    over[: round(0.4 * count)] = True
    rng.shuffle(over)
    younger = np.clip(np.round(rng.normal(31, 6, count)), 18, 40)
    older = np.clip(41 + rng.gamma(2.2, 6.3, count), 41, 88)
    return np.where(over, older, younger).astype(np.int64)


def age_value(age: npt.NDArray[Any]) -> Floats:
    """How much a customer of an age holds, relative: a hill at 55.

    >>> age_value(np.array([30, 55, 75])).round(2).tolist()
    [0.38, 4.1, 0.62]
    """
    return np.asarray(0.3 + 3.8 * np.exp(-(((age - 55) / 9) ** 2) / 2))


def _assets(age: Ints, rng: np.random.Generator) -> Floats:
    """Pareto within each decade of age by stratified draws, so that one very rich person does not move the peak."""
    rank = np.empty(len(age))
    for decade in np.unique(age // 10):
        members = np.flatnonzero(age // 10 == decade)
        rank[members] = (rng.permutation(len(members)) + rng.random(len(members)) * 0.5 + 0.5) / len(members)
    held = np.minimum(LEAST * rank ** (-1 / PARETO), MOST) * age_value(age)
    return np.where(rng.random(len(age)) < EMPTY, 0.0, np.round(held, 2))


def _risk(age: Ints, opened: Days, today: Any, rng: np.random.Generator) -> tuple[Ints, Bools, Days]:
    """Levels C1..C5, some never assessed (0), some of C1 in the lowest category, mostly the elderly, and when: some
    over a year ago."""
    count = len(age)
    level = rng.choice(np.arange(1, 6), count, p=[0.12, 0.24, 0.34, 0.21, 0.09])
    level = np.where(age >= 65, np.minimum(level, rng.integers(1, 5, count)), level)
    level = np.where(rng.random(count) < 0.05, 0, level)
    lowest = (level == 1) & (rng.random(count) < np.where(age >= 60, 0.8, 0.2))
    ago = rng.gamma(1.6, 160, count).astype(np.int64)
    return level, lowest, np.maximum(today - ago, opened)


def _relations(
    branch: Strings, channel: Strings, assets: Floats, firm: Brokerage, rng: np.random.Generator
) -> tuple[Strings, Strings, Strings]:
    """Staff of the three relations: who brought the customer, who serves him, whom he signed with for advice."""
    acquisition = np.zeros(len(branch), "U8")
    service = np.zeros(len(branch), "U8")
    contract = np.zeros(len(branch), "U8")
    for place in BRANCHES:
        here = np.flatnonzero(branch == place.code)
        team = [p for p in firm.having("advisor") if p.branch == place.code]
        codes = np.array([p.code for p in team])
        registered = np.array([p.code for p in team if p.registration_number])
        brought = np.isin(channel[here], ["staff_qr", "branch"]) | (
            (channel[here] == "referral") & (rng.random(len(here)) < 0.6)
        )
        acquisition[here] = np.where(brought, rng.choice(codes, len(here)), "")
        served = (assets[here] >= AFFLUENT) | (rng.random(len(here)) < 0.12)
        service[here] = np.where(served, rng.choice(codes, len(here)), "")
        signed = (assets[here] >= AFFLUENT) & (rng.random(len(here)) < 0.3)
        contract[here] = np.where(signed, rng.choice(registered, len(here)), "")
    return acquisition, service, contract
