"""The true effect of the rescue: what the model itself expects of each stuck application under each arm.

For every application that the product called stuck, its remaining life is played forward many times under each arm,
from the state it was truly in at that moment, with the hazards that are known and with contact times drawn from
those that the run realised in that arm. The mean over replications is the applicant's conditional expectation; the
mean over applicants of the difference between two arms is the true average effect in this population.
docs/simulator.md derives it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bihuan.sim.behaviour import rules
from bihuan.sim.behaviour.applicant import TOLD
from bihuan.sim.behaviour.laws import ContactLaw
from bihuan.sim.behaviour.parameters import CODES, PHONE, VIDEO, Truth
from bihuan.sim.behaviour.rules import NEVER, Bools, Floats, Ints, Pushes, Traits
from bihuan.sim.calendar import EXCHANGE_OFFSET, Sessions

_CONTACTS = 3  # of one stall that are played; hardly anybody is contacted more often
STALLED, WORKING, LEFT, WAITING = 0, 1, 2, 3
SUBMIT = CODES.index("submit")


@dataclass(frozen=True)
class Cases:
    """Stuck applications at the moment the product noticed, one entry each. Times are seconds since the epoch."""

    traits: Traits
    step: Ints
    state: Ints
    since: Floats  # start of the stall
    stuck_at: Floats  # when the product called it stuck and gave it an arm
    free_at: Floats  # where he was slow, not stalled: when he finishes the step; where waiting: when he begins it
    asked: Bools
    returned: Bools
    pushes: Pushes

    def repeated(self, times: int) -> "Cases":
        """Each case so many times in a row."""
        index = np.repeat(np.arange(len(self.step)), times)
        pushes = Pushes(self.pushes.at[index], self.pushes.gain[index], self.pushes.fade[index])
        rest = {
            name: getattr(self, name)[index]
            for name in ("step", "state", "since", "stuck_at", "free_at", "asked", "returned")
        }
        return Cases(traits=self.traits.take(index), pushes=pushes, **rest)


@dataclass(frozen=True)
class ArmLaws:
    """Contact laws of one arm: after the first time of being stuck, after later ones, and, by the kind of a contact,
    what follows it while the applicant stays where he is.
    """

    first: ContactLaw
    later: ContactLaw
    then: Mapping[str, ContactLaw]


@dataclass(frozen=True)
class Future:
    """When each replication overcame the first stall, and when its account was opened; NEVER where it did not."""

    resumed_at: Floats
    opened_at: Floats


class _Lives:
    """Many remaining lives, played forward together under one arm."""

    def __init__(
        self,
        truth: Truth,
        sessions: Sessions,
        cases: Cases,
        arm: ArmLaws,
        answers: Mapping[str, ContactLaw],
        rng: np.random.Generator,
    ) -> None:
        self.truth, self.sessions, self.arm, self.answers, self.rng = truth, sessions, arm, answers, rng
        self.traits, self.step, self.returned = cases.traits, cases.step.copy(), cases.returned.copy()
        self.now = cases.stuck_at.copy()
        self.opened = np.full(len(self.step), NEVER)
        self.share = np.ones(len(self.step))
        told = [_told_share(truth, step) for step in range(len(truth.steps))]
        self.told = np.array(told)
        self.silent = np.array([s.silent_after for s in truth.steps])

    # --- stalled -----------------------------------------------------------------------------------------------

    def episode(
        self,
        who: Ints,
        since: Floats,
        stuck_at: Floats,
        law: ContactLaw,
        pushes: Pushes,
        asked: Bools,
        known: Floats,
    ) -> Floats:
        """Resuming times of those who are stalled since `since` and had come as far as `known`; NEVER if they leave."""
        truth, rng, stalling = self.truth, self.rng, self.truth.stalling
        traits, step, n = self.traits.take(who), self.step[who], len(who)
        age = known - since
        delay, kind = law.draw(n, rng)
        at, reachable = stuck_at + delay - since, step != PHONE
        for _ in range(_CONTACTS):
            for name in sorted(set(kind.tolist()) - {""}):
                tried = np.where(kind == name, at, NEVER)
                pushes = pushes.joined(rules.push_of(truth.contacts[name], tried, rng, reachable))
            at, kind = self.followed(at, kind)
        ask = np.where(asked, NEVER, rules.ask_age(stalling, traits.asking, age, rng))
        for name, answer in self.answers.items():
            wait, _ = answer.draw(n, rng)
            pushes = pushes.joined(rules.push_of(truth.contacts[name], ask + wait, rng, np.ones(n, bool)))
        resume = rules.resume_age(stalling, traits.resolve, age, pushes, rng)
        leave = rules.leave_age(stalling, traits.patience, age, rng)
        free = (resume < leave) & (step != traits.barred_at)
        return np.where(free, since + resume, NEVER)

    def followed(self, at: Floats, kind: "np.ndarray[Any, np.dtype[np.str_]]") -> tuple[Floats, Any]:
        """The contact after each of these, if the applicant is still there: (age, kind), NEVER and empty for none."""
        next_at, next_kind = np.full(len(at), NEVER), np.full(len(at), "", dtype="U8")
        for name, law in self.arm.then.items():
            mine = np.flatnonzero(kind == name)
            delay, drawn = law.draw(len(mine), self.rng)
            next_at[mine], next_kind[mine] = at[mine] + delay, drawn
        return next_at, next_kind

    def stall_again(self, who: Ints, since: Floats, entered: Floats) -> Floats:
        """Resuming times after a later stall: the product notices when the step's clock has run out."""
        step = self.step[who]
        fact = np.where(self.rng.random(len(who)) < self.told[step], since, entered)
        in_video = self.sessions.after(fact, float(self.silent[VIDEO]))  # this clock runs in trading hours only
        stuck = np.maximum(np.where(step == VIDEO, in_video, fact + self.silent[step]), since)
        none = Pushes.none(len(who))
        return self.episode(who, since, stuck, self.arm.later, none, np.zeros(len(who), bool), since)

    # --- working -----------------------------------------------------------------------------------------------

    def walk(self, active: Ints, until: float) -> None:
        """Carry the active lives to their account, their leaving, or `until`."""
        while len(active):
            active = self.past_the_door(active)
            entered = self.now[active]
            hour = (entered + EXCHANGE_OFFSET) % 86400 / 3600
            go = rules.attempt(
                self.truth, self.step[active], self.traits.take(active), hour, self.share[active], self.rng
            )
            self.now[active] += go.seconds
            stuck, done = active[go.stalls], active[~go.stalls]
            self.now[stuck] = self.stall_again(stuck, self.now[stuck], entered[go.stalls])
            self.share[stuck] = self.truth.stalling.relapse
            self.share[done] = 1.0
            self.advance(done)
            going = np.isfinite(self.now) & (self.now <= until) & ~np.isfinite(self.opened)
            active = active[going[active]]

    def past_the_door(self, active: Ints) -> Ints:
        """Whoever comes to the video desk when it is closed returns when it opens, or never."""
        review = self.truth.review
        at_video = active[self.step[active] == VIDEO]
        opens = self.sessions.next_opens(self.now[at_video])
        shut = opens > self.now[at_video]
        back = self.rng.random(len(at_video)) < review.comes_back
        later = opens + self.rng.exponential(review.comes_back_delay, len(at_video))
        self.now[at_video] = np.where(shut, np.where(back, later, NEVER), self.now[at_video])
        again = at_video[shut & back]
        while len(again):
            opens = self.sessions.next_opens(self.now[again])
            again = again[opens > self.now[again]]
            self.now[again] = self.sessions.next_opens(self.now[again]) + 1
        return active[np.isfinite(self.now[active])]

    def advance(self, done: Ints) -> None:
        """The next step, or review: opened, or one step sent back."""
        submitted = done[self.step[done] == SUBMIT]
        moved = done[self.step[done] != SUBMIT]
        self.step[moved] = np.where(self.returned[moved], SUBMIT, self.step[moved] + 1)
        if not len(submitted):
            return
        review, rng, n = self.truth.review, self.rng, len(submitted)
        self.now[submitted] += rules.lognormal(review.review_median, review.review_spread, n, rng)
        back = ~self.returned[submitted] & (rng.random(n) < review.send_back)
        self.opened[submitted[~back]] = self.now[submitted[~back]]
        returned = submitted[back]
        codes, weights = zip(*review.send_back_steps, strict=True)
        steps = np.array([CODES.index(code) for code in codes])
        drawn = rng.choice(steps, len(returned), p=np.array(weights, float) / sum(weights))
        self.returned[returned] = True
        self.step[returned] = drawn
        self.now[returned] += rng.exponential(review.notice, len(returned))
        base = np.array([s.stall for s in self.truth.steps])[drawn]
        self.share[returned] = np.log1p(-review.send_back_stall) / np.log1p(-base)


def _told_share(truth: Truth, step: int) -> float:
    reasons = truth.steps[step].reasons
    return sum(w for reason, w in reasons if reason in TOLD) / sum(w for _, w in reasons)


def play(
    truth: Truth,
    sessions: Sessions,
    cases: Cases,
    arm: ArmLaws,
    answers: Mapping[str, ContactLaw],
    until: float,
    rng: np.random.Generator,
) -> Future:
    """Play the remaining life of every case once, under one arm, until `until`."""
    lives = _Lives(truth, sessions, cases, arm, answers, rng)
    resumed = np.where(np.isin(cases.state, (WORKING, WAITING)), cases.free_at, NEVER)
    stalled = np.flatnonzero(cases.state == STALLED)
    pushes = Pushes(cases.pushes.at[stalled], cases.pushes.gain[stalled], cases.pushes.fade[stalled])
    resumed[stalled] = lives.episode(
        stalled,
        cases.since[stalled],
        cases.stuck_at[stalled],
        arm.first,
        pushes,
        cases.asked[stalled],
        np.maximum(cases.stuck_at, cases.since)[stalled],
    )
    lives.now = resumed.copy()
    lives.share[stalled] = truth.stalling.relapse
    slow = np.flatnonzero(cases.state == WORKING)
    lives.advance(slow)
    lives.walk(np.flatnonzero(resumed <= until), until)
    return Future(resumed, np.where(lives.opened <= until, lives.opened, NEVER))


def true_effect(
    truth: Truth,
    sessions: Sessions,
    cases: Cases,
    arms: Mapping[str, ArmLaws],
    answers: Mapping[str, ContactLaw],
    until: float,
    rng: np.random.Generator,
    replications: int = 200,
) -> dict[str, Any]:
    """Expected completion of these applications by `until` under each arm, and person against message.

    Returns JSON: `n`, per arm `opened` and `resumed` (shares), `effect` and `effect_resumed` (person - message),
    `effect_error` (Monte Carlo standard error of `effect`).
    """
    n = len(cases.step)
    many = cases.repeated(replications)
    opened: dict[str, Floats] = {}
    out: dict[str, Any] = {"n": n, "replications": replications, "arms": {}}
    for name, arm in arms.items():
        future = play(truth, sessions, many, arm, answers, until, rng)
        opened[name] = np.isfinite(future.opened_at).reshape(n, replications)
        resumed = float((future.resumed_at <= until).mean())
        out["arms"][name] = {"opened": round(float(opened[name].mean()), 4), "resumed": round(resumed, 4)}
    difference = opened["person"].mean(0) - opened["message"].mean(0)
    out["effect"] = round(float(difference.mean()), 4)
    out["effect_error"] = round(float(difference.std(ddof=1) / np.sqrt(replications)), 5)
    arms_json = out["arms"]
    out["effect_resumed"] = round(arms_json["person"]["resumed"] - arms_json["message"]["resumed"], 4)
    return out
