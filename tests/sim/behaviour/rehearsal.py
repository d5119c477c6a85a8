"""The simulated people without any network: a toy product that watches the clocks, draws arms and sends contacts.

It stands in for nothing of Bihuan's own code. It lets the law of the applicants, and the calculation of the true
effect, be tested against each other in milliseconds.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from bihuan.sim.behaviour import rules
from bihuan.sim.behaviour.agenda import Agenda
from bihuan.sim.behaviour.applicant import Applicant
from bihuan.sim.behaviour.arrivals import next_arrival, peak, weight_at
from bihuan.sim.behaviour.journal import Journal
from bihuan.sim.behaviour.parameters import Truth
from bihuan.sim.calendar import Sessions, exchange_days

MORNING = datetime(2026, 11, 3, 1, 15, tzinfo=UTC).timestamp()  # 9:15 in Shanghai, a Tuesday
ARMS = ("control", "message", "person")


@dataclass
class Desk:
    """Advisors as one pool: a call takes a while, whoever is not taken within the deadline gets a text, and his call
    when somebody is free.
    """

    advisors: int
    deadline: float = 300.0
    free_at: list[float] = field(default_factory=list)


@dataclass(eq=False)
class Rehearsal:
    truth: Truth
    seed: int
    advisors: int = 60
    answer: str = "bot"

    def __post_init__(self) -> None:
        self.agenda, self.rng = Agenda(), np.random.default_rng(self.seed)
        self.calendar = exchange_days()
        self.sessions = Sessions(self.calendar, date(2026, 11, 3), 10)
        self.applicants: list[Applicant] = []
        self.facts: dict[Applicant, float] = {}
        self.stuck: dict[Applicant, tuple[float, str]] = {}
        self.contacts: list[tuple[Applicant, float, float, str]] = []
        self.asks: list[tuple[float, str]] = []
        self.events = 0
        self.episodes: list[tuple[Applicant, float, str]] = []
        self.desk = Desk(self.advisors, free_at=[0.0] * self.advisors)

    # the Scene
    def tell(self, applicant: Applicant, event: str, at: float, **properties: Any) -> None:
        self.events += 1
        self.facts[applicant] = at
        if applicant.state != "opened" and event not in ("opening:submitted", "opening:account:opened"):
            step = applicant.truth_step
            due = at + step.silent_after
            if step.code == "video":
                due = float(self.sessions.after(np.array([at]), step.silent_after)[0])
            self.agenda.add(due, lambda then: self._silent(applicant, at, then))

    def behave(self, applicant: Applicant, event: str, at: float, **properties: Any) -> None:
        self.events += 1

    def ask(self, applicant: Applicant, reason: str, at: float) -> None:
        self.asks.append((at, reason))
        self.agenda.add(at + 1, lambda then: void(applicant.contact(self.answer, then)))

    # the product
    def _silent(self, applicant: Applicant, fact: float, now: float) -> None:
        if self.facts[applicant] != fact or (applicant.journal.submitted_at < now and not applicant.returned):
            return
        if applicant.state == "waiting":
            return
        _, arm = self.stuck.setdefault(applicant, (now, ARMS[int(self.rng.integers(3))]))
        self.episodes.append((applicant, now, arm))
        if arm == "message":
            self._contact(applicant, now, now + 2, "sms")
        elif arm == "person":
            self._offer(applicant, now)

    def _offer(self, applicant: Applicant, now: float) -> None:
        first = int(np.argmin(self.desk.free_at))
        taken = max(self.desk.free_at[first], now) + float(self.rng.lognormal(np.log(25), 0.6))
        if taken > now + self.desk.deadline:
            self._contact(applicant, now, now + self.desk.deadline, "sms")
        self.desk.free_at[first] = taken + float(self.rng.lognormal(np.log(300), 0.4))
        self._contact(applicant, now, taken, "call")

    def _contact(self, applicant: Applicant, stuck: float, at: float, kind: str) -> None:
        def act(then: float) -> None:
            if self.facts[applicant] <= stuck and applicant.phone_known:  # else there is no number to dial
                self.contacts.append((applicant, stuck, then, kind))
                applicant.contact(kind, then)

        self.agenda.add(at, act)

    # running
    def run(self, hours: float, drain: float = 3.0) -> None:
        arrivals = self.truth.arrivals
        bound = arrivals.starts_per_hour * peak(arrivals) / 3600
        end, at = MORNING + hours * 3600, MORNING

        def rate(moment: float) -> float:
            return arrivals.starts_per_hour * weight_at(arrivals, self.calendar, moment) / 3600

        weights = np.array([c.share * c.starts for c in self.truth.channels])
        while (at := next_arrival(rate, bound, at, self.rng)) < end:
            self._begin(at, int(self.rng.choice(len(weights), p=weights / weights.sum())))
        self.until = end + drain * 3600
        self.agenda.run_until(self.until)

    def _begin(self, at: float, channel: int) -> None:
        chosen = self.truth.channels[channel]
        traits = rules.draw_traits(self.truth, [chosen], self.rng)
        one = Applicant(self, f"o{len(self.applicants)}", chosen, traits, {}, Journal(at))
        self.applicants.append(one)
        self.agenda.add(at, one.start)


def void(_: object) -> None:
    """Swallow a result."""
