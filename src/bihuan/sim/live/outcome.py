"""What was true of a run: the effect the model itself expects, beside what happened, as `truth.json` tells it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from bihuan.sim.behaviour.applicant import Applicant
from bihuan.sim.behaviour.cases import Episode, answers_of, cases_of, laws_of, row_of
from bihuan.sim.behaviour.effect import true_effect
from bihuan.sim.behaviour.parameters import Truth
from bihuan.sim.behaviour.rules import NEVER
from bihuan.sim.calendar import Sessions

ARMS = ("control", "message", "person")
_FEWEST = 30


def effect_of(
    truth: Truth,
    sessions: Sessions,
    applicants: Sequence[Applicant],
    episodes: Sequence[Episode],
    until: float,
    seed: int,
) -> dict[str, Any] | None:
    """The true effect of the run's rescue for everybody it called stuck; None before there are enough of them."""
    first: dict[Applicant, Episode] = {}
    for episode in sorted(episodes, key=lambda e: e.stuck_at):
        first.setdefault(episode.applicant, episode)
    found = [(one, row_of(one.applicant, one.stuck_at)) for one in first.values()]
    known = [(one, row) for one, row in found if row is not None]
    if len(known) < _FEWEST:
        return None
    laws = {arm: laws_of(episodes, arm, until) for arm in ARMS}
    answers = answers_of(applicants, until)
    people = [one.applicant for one, _ in known]
    cases = cases_of(people, [row for _, row in known])
    out = true_effect(truth, sessions, cases, laws, answers, until, np.random.default_rng([seed, 7]))
    out["left_out"] = len(found) - len(known)
    out["happened"] = _happened(first.values(), until)
    out["contacts"] = {
        arm: {"first": law.first.as_json(), "later": law.later.as_json()}
        | {f"after_{kind}": following.as_json() for kind, following in law.then.items()}
        for arm, law in laws.items()
    }
    out["answers"] = {kind: law.as_json() for kind, law in answers.items()}
    return out


def _happened(episodes: Any, until: float) -> dict[str, Any]:
    """Assigned and opened per arm as it came out, noise included."""
    n: Counter[str] = Counter()
    opened: Counter[str] = Counter()
    for episode in episodes:
        n[episode.arm] += 1
        opened[episode.arm] += episode.applicant.journal.opened_at <= until
    return {arm: {"n": n[arm], "opened": opened[arm]} for arm in sorted(n)}


def openings_of(applicants: Sequence[Applicant]) -> dict[str, Any]:
    """Counts over all applications of the run."""
    journals = [applicant.journal for applicant in applicants]
    return {
        "started": len(journals),
        "stalled": sum(bool(j.stalls) for j in journals),
        "asked": sum(any(s.asked_at < NEVER for s in j.stalls) for j in journals),
        "submitted": sum(j.submitted_at < NEVER for j in journals),
        "sent_back": sum(j.sent_back_at < NEVER for j in journals),
        "opened": sum(j.opened_at < NEVER for j in journals),
        "left": sum(j.left_at < NEVER for j in journals),
    }
