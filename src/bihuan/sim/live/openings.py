"""Visitors and applicants, live: the browser's events, and the firm's opening system with its trusted step events."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from bihuan.sim.behaviour import rules
from bihuan.sim.behaviour.agenda import Agenda
from bihuan.sim.behaviour.applicant import Applicant
from bihuan.sim.behaviour.arrivals import next_arrival, peak, visits_per_start, weight_at
from bihuan.sim.behaviour.journal import Journal
from bihuan.sim.behaviour.parameters import Channel, Truth
from bihuan.sim.behaviour.personas import Persona, draw_persona
from bihuan.sim.calendar import Sessions
from bihuan.sim.live.world import World

BANKS = ("工商银行", "建设银行", "农业银行", "招商银行", "交通银行")


class Chat(Protocol):
    """Who carries a question into the chat."""

    def ask(self, applicant: Applicant, reason: str) -> None:
        """An applicant asks about what keeps him."""


@dataclass
class Openings:
    """The scene of all applicants of a run (see `behaviour.applicant.Scene`). `most` ends the arrivals, 0 never."""

    world: World
    chat: Chat
    most: int = 0
    applicants: dict[str, Applicant] = field(default_factory=dict)
    by_phone: dict[str, Applicant] = field(default_factory=dict)
    visitors: int = 0

    @property
    def truth(self) -> Truth:
        """The parameters."""
        return self.world.truth

    @property
    def agenda(self) -> Agenda:
        """What is to happen when."""
        return self.world.agenda

    @property
    def rng(self) -> np.random.Generator:
        """Chance."""
        return self.world.rng

    @property
    def sessions(self) -> Sessions:
        """When the video desk works."""
        return self.world.sessions

    # --- arrivals ----------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Let the first visitor come."""
        self._next_visit(self.world.clock.now())

    def _next_visit(self, now: float) -> None:
        plan = self.truth.arrivals
        scale = plan.starts_per_hour * visits_per_start(self.truth.channels) / 3600

        def rate(at: float) -> float:
            return scale * weight_at(plan, self.world.calendar, at)

        self.agenda.add(next_arrival(rate, scale * peak(plan), now, self.rng), self._visit)

    def _visit(self, at: float) -> None:
        self.visitors += 1
        shares = np.array([c.share for c in self.truth.channels])
        channel = self.truth.channels[int(self.rng.choice(len(shares), p=shares / shares.sum()))]
        number = self.visitors
        traits = rules.draw_traits(self.truth, [channel], self.rng)
        persona = draw_persona(
            self.truth, self.world.firm, channel, traits, number, self.world.tag, self.world.today(),
            self.world.seed, self.rng,
        )  # fmt: skip
        self._landed(persona, channel, at)
        if self.rng.random() < channel.starts:
            opening = Applicant(self, f"K{self.world.tag}{number:06d}", channel, traits, vars(persona), Journal(at))
            self.applicants[opening.number] = opening
            self.by_phone[persona.phone] = opening
            self.agenda.add(at + float(self.rng.exponential(30)), opening.start)
        if not self.most or len(self.applicants) < self.most:
            self._next_visit(at)

    def _landed(self, persona: Persona, channel: Channel, at: float) -> None:
        """What the browser of a visitor reports: the landing page, and for some a look around."""
        origin: dict[str, Any] = {"channel": channel.code, "campaign": persona.campaign, "city": persona.city}
        if persona.staff_code:
            origin["staff_code"] = persona.staff_code
        track = self.world.browser.track
        track("Landing Viewed", at, {**origin, "device": persona.device}, anonymous_id=persona.anonymous_id)
        pages = ("fees", "about", "news", "steps")
        for page in self.rng.choice(pages, int(self.rng.poisson(0.8))):
            at += float(self.rng.exponential(15))
            track("Screen Viewed", at, {"screen": str(page)}, anonymous_id=persona.anonymous_id)

    # --- the scene ---------------------------------------------------------------------------------------------

    def tell(self, applicant: Applicant, event: str, at: float, **properties: Any) -> None:
        """The opening system reports a step with its own key; it knows the user once the phone is verified."""
        who = applicant.persona
        told = {"opening_id": applicant.number, **properties, **_details(applicant, event, self.rng)}
        known = event == "opening:phone:verified" or applicant.phone_known
        self._introduce(who, event, at)
        self.world.system.track(
            event, at, told, user_id=who["user_id"] if known else None, anonymous_id=who["anonymous_id"]
        )
        self.world.counts[event] += 1

    def _introduce(self, who: dict[str, Any], event: str, at: float) -> None:
        if event == "opening:phone:verified":
            traits = {"phone": who["phone"], "city": who["city"], "language": "en" if who["english"] else "zh-CN"}
            self.world.system.identify(at, traits, who["user_id"], who["anonymous_id"])
        elif event == "opening:id:accepted":
            traits = {name: who[name] for name in ("name", "gender", "birth_year")}
            self.world.system.identify(at, traits, who["user_id"], who["anonymous_id"])

    def behave(self, applicant: Applicant, event: str, at: float, **properties: Any) -> None:
        """The applicant's own device reports a screen."""
        who = applicant.persona
        user = who["user_id"] if applicant.phone_known else None
        self.world.browser.track(event, at, properties, user_id=user, anonymous_id=who["anonymous_id"])

    def ask(self, applicant: Applicant, reason: str, at: float) -> None:
        """The applicant opens the chat."""
        self.chat.ask(applicant, reason)

    def text_arrived(self, phone: str, text: str) -> None:
        """A text message reached somebody's phone: the gateway's ear."""
        self.world.counts["texts_received"] += 1
        applicant = self.by_phone.get(phone)
        if applicant is not None:
            applicant.contact("sms", self.world.clock.now())


def _details(applicant: Applicant, event: str, rng: np.random.Generator) -> dict[str, Any]:
    """What the opening system says beside the step. The branch it recommends is the nearest; he may pick another."""
    who = applicant.persona
    if event == "opening:visit":
        told = {"channel": applicant.channel.code, "campaign": who["campaign"], "city": who["city"]}
        return {**told, "staff_code": who["staff_code"]} if who["staff_code"] else told
    if event == "opening:phone:verified":
        return {"branch_code": who["nearest"], "recommended": True}
    if event == "opening:products:chosen":
        told = {"markets": ["SH", "SZ"]}
        return {**told, "branch_code": who["branch"]} if who["branch"] else told
    if event == "opening:risk:assessed":
        return {"level": f"C{who['level']}", "lowest_category": who["lowest"]}
    if event == "opening:bank:bound":
        return {"bank": str(rng.choice(BANKS))}
    if event == "opening:account:opened":
        return {"account": f"N{applicant.number[1:]}"}
    return {}
