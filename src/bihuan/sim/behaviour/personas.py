"""Who a new applicant is: a name, a number, a place, and how he got here."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from bihuan.sim.behaviour.parameters import ID, Channel, Truth
from bihuan.sim.behaviour.rules import Traits
from bihuan.sim.population.names import full_names, phones
from bihuan.sim.population.places import CITIES
from bihuan.sim.population.staff import Brokerage

# Numbers of existing customers begin at 0 and staff's at 90 million; applicants have the range between.
FIRST_NUMBER = 20_000_000
DEVICES = ("iOS", "Android", "HarmonyOS")
CAMPAIGNS = {
    "advertisement": ("autumn-app-store", "feed-video", "finance-portal"),
    "search": ("brand-word", "open-account-word"),
    "social": ("wechat-article", "short-video"),
    "referral": ("friend-invite",),
    "staff_qr": ("branch-visit", "bank-counter"),
    "branch": ("walk-in",),
}


@dataclass(frozen=True)
class Persona:
    """One applicant as his papers and his phone show him. `branch` is the one he picks, empty for none."""

    anonymous_id: str
    user_id: str
    name: str
    phone: str
    gender: str
    birth_year: int
    city: str
    nearest: str
    branch: str
    staff_code: str
    campaign: str
    device: str
    english: bool
    level: int
    lowest: bool


def draw_persona(
    truth: Truth, firm: Brokerage, channel: Channel, traits: Traits, number: int, tag: str, today: date, run: int,
    rng: np.random.Generator,
) -> Persona:  # fmt: skip
    """Draw the person behind applicant `number`; ids carry the run's tag, phone numbers its own range."""
    female = bool(rng.random() < 0.45)
    place = CITIES[int(rng.choice(len(CITIES), p=_weights()))]
    team = [p for p in firm.having("advisor") if p.branch == place.branch]
    staff = team[int(rng.integers(len(team)))] if rng.random() < channel.staff_code else None
    # Some pick a branch they know instead of the nearest, some none at all.
    chosen = place.branch if rng.random() < 0.85 else str(rng.choice([b.code for b in firm.branches]))
    age = _age(traits.barred_at[0] == ID, truth, rng)
    level = 1 + int(rng.choice(5, p=truth.applicants.risk_levels))
    return Persona(
        anonymous_id=f"v-{tag}-{number}",
        user_id=f"n{tag}{number:06d}",
        name=str(full_names(np.array([female]), rng)[0]),
        phone=str(phones(np.array([FIRST_NUMBER + run % 60 * 1_000_000 + number % 1_000_000]))[0]),
        gender="female" if female else "male",
        birth_year=today.year - age,
        city=place.name,
        nearest=place.branch,
        branch="" if rng.random() < 0.12 else chosen,
        staff_code=staff.code if staff else "",
        campaign=str(rng.choice(CAMPAIGNS[channel.code])),
        device=str(rng.choice(DEVICES)),
        english=bool(rng.random() < truth.questions.english),
        level=level,
        lowest=level == 1 and bool(rng.random() < truth.applicants.lowest_category / truth.applicants.risk_levels[0]),
    )


def _weights() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    weights = np.array([city.weight for city in CITIES], float)
    return np.asarray(weights / weights.sum())


def _age(barred: bool, truth: Truth, rng: np.random.Generator) -> int:
    """Applicants are younger than customers; who is barred by his age has one that bars him."""
    who = truth.applicants
    if barred:
        young = rng.random() * (who.under_age + who.over_age) < who.under_age
        return int(rng.integers(15, 18) if young else rng.integers(71, 82))
    return int(np.clip(18 + rng.gamma(2.4, 7.0), 18, 70))
