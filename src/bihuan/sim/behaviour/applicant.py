"""One applicant: walks through the steps, stalls, asks, comes back, leaves. Draws from `rules`, acts on a `Scene`."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from bihuan.sim.behaviour import rules
from bihuan.sim.behaviour.agenda import Agenda, Entry
from bihuan.sim.behaviour.journal import Attempted, Journal, Stall
from bihuan.sim.behaviour.parameters import CODES, PHONE, VIDEO, Channel, Step, Truth
from bihuan.sim.behaviour.rules import NEVER, Pushes, Traits
from bihuan.sim.calendar import Sessions, local_hour

# Troubles that the opening system itself notices and tells (domain.md section 1: rejected, failed, interrupted).
TOLD = {
    "blurred": "opening:id:rejected",
    "expired": "opening:id:rejected",
    "card_not_class_one": "opening:bank:failed",
    "bank_message": "opening:bank:failed",
    "other_broker_bound": "opening:bank:failed",
    "bank_maintenance": "opening:bank:failed",
    "network": "opening:video:interrupted",
    "light": "opening:face:failed",
    "glasses": "opening:face:failed",
    "weak_password": "opening:password:refused",
    "under_age": "opening:id:rejected",
    "over_age": "opening:id:rejected",
    "client_already": "opening:phone:failed",
}


class Scene(Protocol):
    """What surrounds the applicants: the clock's agenda, chance, and the ways to act on the world."""

    @property
    def truth(self) -> Truth:
        """The parameters."""

    @property
    def agenda(self) -> Agenda:
        """What is to happen when."""

    @property
    def rng(self) -> np.random.Generator:
        """Chance."""

    @property
    def sessions(self) -> Sessions:
        """When the video desk works."""

    def tell(self, applicant: "Applicant", event: str, at: float, **properties: Any) -> None:
        """The firm's opening system reports a fact about this application."""

    def behave(self, applicant: "Applicant", event: str, at: float, **properties: Any) -> None:
        """The applicant's own device reports what he does."""

    def ask(self, applicant: "Applicant", reason: str, at: float) -> None:
        """The applicant opens the chat and asks about his trouble."""


@dataclass(eq=False)
class Applicant:
    """The state of one application. `state` is working, waiting (for the video desk or the review), stalled, left
    or opened; whatever is planned next stands on the scene's agenda."""

    scene: Scene
    number: str
    channel: Channel
    traits: Traits
    persona: dict[str, Any]
    journal: Journal
    step: int = PHONE
    state: str = "working"
    returned: bool = False
    _plans: list[Entry] = field(default_factory=list)
    _pushes: Pushes = field(default_factory=lambda: Pushes.none(1))
    _resume_plan: Entry | None = None

    @property
    def stall(self) -> Stall | None:
        """The stall he is in."""
        return self.journal.stalls[-1] if self.state == "stalled" else None

    @property
    def truth_step(self) -> Step:
        """The parameters of the step he is at."""
        return self.scene.truth.steps[self.step]

    @property
    def phone_known(self) -> bool:
        """Whether anybody could call or text him: from the verified phone on."""
        return any(step == PHONE for _, step in self.journal.steps)

    # --- working -----------------------------------------------------------------------------------------------

    def start(self, at: float) -> None:
        """Begin the application."""
        self.scene.tell(self, "opening:visit", at)
        self._work(at)

    def _work(self, at: float, share: float = 1.0) -> None:
        scene = self.scene
        self.state = "working"
        if self.step == VIDEO and self._sent_away(at):
            return
        if self.step == VIDEO:
            ahead = scene.rng.poisson(scene.truth.review.queue_median / scene.truth.review.seconds_ahead)
            scene.tell(self, "opening:video:queued", at, ahead=int(ahead))
        scene.behave(self, "Screen Viewed", at, screen=f"opening_{CODES[self.step]}")
        go = rules.attempt(
            scene.truth, self._index, self.traits, np.array([local_hour(at)]), np.array([share]), scene.rng
        )
        after = at + float(go.seconds[0])
        self._plan(after, self._stuck if go.stalls[0] else self._done)

    def _sent_away(self, at: float) -> bool:
        """The video desk works in trading hours only: who comes outside is told when to return, and some do not."""
        opens = self.scene.sessions.next_open(at)
        if opens <= at:
            return False
        review = self.scene.truth.review
        self.state = "waiting"
        self.scene.behave(self, "Video Closed Shown", at)
        if self.scene.rng.random() < review.comes_back:
            back = opens + float(self.scene.rng.exponential(review.comes_back_delay))
            self.journal.waits.append((at, back))
            self._plan(back, self._work)
        else:
            self._plan(at, self._leave)
        return True

    def _done(self, at: float) -> None:
        self.journal.steps.append((at, self.step))
        self.scene.tell(self, self.scene.truth.steps[self.step].event, at)
        if CODES[self.step] == "submit":
            self._submitted(at)
            return
        self.step = CODES.index("submit") if self.returned else self.step + 1
        self._work(at)

    # --- stuck -------------------------------------------------------------------------------------------------

    def _stuck(self, at: float) -> None:
        self.state = "stalled"
        reason = self._reason()
        self.journal.stalls.append(Stall(self.step, at, reason))
        self._pushes = Pushes.none(1)
        if reason in TOLD:
            self.scene.tell(self, TOLD[reason], at, reason=reason)
        self._plan_resume(at)
        zero, stalling, rng = np.zeros(1), self.scene.truth.stalling, self.scene.rng
        self._plan(at + float(rules.leave_age(stalling, self.traits.patience, zero, rng)[0]), self._leave)
        self._plan(at + float(rules.ask_age(stalling, self.traits.asking, zero, rng)[0]), self._ask)

    def _reason(self) -> str:
        if self.step == self.traits.barred_at[0]:
            who = self.scene.truth.applicants
            under = self.scene.rng.random() * (who.under_age + who.over_age) < who.under_age
            return "client_already" if self.step == PHONE else "under_age" if under else "over_age"
        reasons = self.scene.truth.steps[self.step].reasons
        weights = np.array([w for _, w in reasons], float)
        return reasons[int(self.scene.rng.choice(len(reasons), p=weights / weights.sum()))][0]

    def _plan_resume(self, now: float) -> None:
        self._resume_plan = None
        if self.step == self.traits.barred_at[0]:
            return
        stall = self.journal.stalls[-1]
        age = np.array([max(0.0, now - stall.at)])
        stalling = self.scene.truth.stalling
        self._resume_plan = self._plan(
            stall.at + float(rules.resume_age(stalling, self.traits.resolve, age, self._pushes, self.scene.rng)[0]),
            self._resume,
        )

    def _resume(self, at: float) -> None:
        self._end_stall(at, "resumed")
        self.scene.behave(self, "Opening Resumed", at, step=CODES[self.step])
        self._work(at, self.scene.truth.stalling.relapse)

    def _leave(self, at: float) -> None:
        if self.state == "stalled":
            self._end_stall(at, "left")
        self._cancel_plans()
        self.state, self.journal.left_at = "left", at

    def _end_stall(self, at: float, end: str) -> None:
        stall = self.journal.stalls[-1]
        stall.ended_at, stall.end = at, end
        self._cancel_plans()

    def _ask(self, at: float) -> None:
        stall = self.journal.stalls[-1]
        stall.asked_at = at
        self.scene.ask(self, stall.reason, at)

    def contact(self, kind: str, at: float) -> bool:
        """Somebody or something tries to reach him. Returns whether it got through.

        A push only helps somebody who is stalled; one who has left picks up the phone as before, and stays away.
        """
        rng, contact = self.scene.rng, self.scene.truth.contacts[kind]
        reachable = self.phone_known or kind in ("bot", "chat")
        stall = self.stall
        if stall is None:
            through = reachable and rng.random() < contact.through
            if self.journal.stalls:
                self.journal.stalls[-1].contacts.append(Attempted(at, kind, through))
            return through
        age = np.array([max(0.0, at - stall.at)])
        push = rules.push_of(contact, age, rng, np.array([reachable]))
        through = bool(np.isfinite(push.at[0, 0]))
        stall.contacts.append(Attempted(at, kind, through, float(push.at[0, 0]), float(push.gain[0, 0]), contact.fade))
        if through and self._resume_plan is not None:
            self._pushes = self._pushes.joined(push)
            self._resume_plan.cancel()
            self._plan_resume(at)
        return through

    # --- review ------------------------------------------------------------------------------------------------

    def _submitted(self, at: float) -> None:
        review, rng = self.scene.truth.review, self.scene.rng
        self.state, self.journal.submitted_at = "waiting", at
        after = at + float(rng.lognormal(np.log(review.review_median), review.review_spread))
        back = not self.returned and rng.random() < review.send_back
        self._plan(after, self._send_back if back else self._open)

    def _send_back(self, at: float) -> None:
        review, rng = self.scene.truth.review, self.scene.rng
        codes, weights = zip(*review.send_back_steps, strict=True)
        code = str(rng.choice(codes, p=np.array(weights, float) / sum(weights)))
        self.returned, self.journal.sent_back_at = True, at
        self.step = CODES.index(code)
        self.scene.tell(self, "opening:returned", at, step=code, reason=f"{code}_unclear")
        base = self.scene.truth.steps[self.step].stall
        share = np.log1p(-review.send_back_stall) / np.log1p(-base)
        self._plan(at + float(rng.exponential(review.notice)), lambda then: self._work(then, float(share)))

    def _open(self, at: float) -> None:
        review, rng = self.scene.truth.review, self.scene.rng
        self._cancel_plans()
        self.state, self.journal.opened_at = "opened", at
        self.scene.tell(self, "opening:reviewed", at, result="passed")
        self.scene.tell(self, "opening:account:opened", at)
        if rng.random() < review.deposit:
            paid = at + float(rng.lognormal(np.log(review.deposit_median), 0.6))
            self._plan(paid, self._deposit)

    def _deposit(self, at: float) -> None:
        review, rng = self.scene.truth.review, self.scene.rng
        amount = round(float(rng.lognormal(np.log(20_000), 1.2)), -2)
        self.scene.tell(self, "deposit:first", at, amount=f"{max(amount, 100):.2f}")
        traded = self.scene.sessions.next_open(at + float(rng.lognormal(np.log(review.trade_median), 0.6)))
        if rng.random() < review.trade and traded < NEVER:
            self._plan(traded, lambda then: self.scene.tell(self, "trade:first", then))

    # --- plans -------------------------------------------------------------------------------------------------

    @property
    def _index(self) -> rules.Ints:
        return np.array([self.step])

    def _plan(self, at: float, act: Any) -> Entry:
        entry = Entry(at, 0, act) if at == NEVER else self.scene.agenda.add(at, act)
        self._plans.append(entry)
        return entry

    def _cancel_plans(self) -> None:
        for plan in self._plans:
            plan.cancel()
        self._plans.clear()
