"""Existing customers in the app: sessions along their paths, slots decided for them, questions now and then."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bihuan.sim.behaviour.arrivals import next_arrival, peak, weight_at
from bihuan.sim.live.world import World
from bihuan.sim.population import sessions
from bihuan.sim.population.book import popular
from bihuan.sim.population.customers import Customers
from bihuan.sim.population.products import SHARES, Offering, Product

HOME = ["home.banner", "home.functions", "home.cards", "home.news"]
CLICKED = "Slot Item Clicked"  # as the demo's phone calls it
_CLICKS = 0.25  # share of sessions that touch something a slot shows


@dataclass
class AppUse:
    """Drives sessions and enquiries of the customers there are."""

    world: World
    customers: Customers
    items: tuple[Product, ...]
    offerings: tuple[Offering, ...]
    ask: Callable[[str], None]
    decisions: int = 0
    _shares: Any = None
    _paths: Any = field(default=None, repr=False)

    def begin(self) -> None:
        """Let the first session and the first question come."""
        known = self.customers.activity
        self._shares = known / known.sum()
        self._paths = sessions.Habits.draw(len(self.customers), np.random.default_rng([self.world.seed, 6])).paths
        now = self.world.clock.now()
        self._plan(self.world.truth.app_use.starts_per_hour, now, self._visit)
        self._plan(self.world.truth.questions.per_hour, now, self._question)

    def _plan(self, per_hour: float, now: float, act: Callable[[float], None]) -> None:
        plan, world = self.world.truth.app_use, self.world

        def rate(at: float) -> float:
            return per_hour / 3600 * weight_at(plan, world.calendar, at)

        world.agenda.add(next_arrival(rate, per_hour / 3600 * peak(plan), now, world.rng), act)

    def _somebody(self) -> int:
        return int(self.world.rng.choice(len(self.customers), p=self._shares))

    def _question(self, at: float) -> None:
        self.ask(str(self.customers.user_id[self._somebody()]))
        self._plan(self.world.truth.questions.per_hour, at, self._question)

    def _visit(self, at: float) -> None:
        self._plan(self.world.truth.app_use.starts_per_hour, at, self._visit)
        who, rng = self._somebody(), self.world.rng
        path = min(int((rng.random() > self._paths[who]).sum()), len(sessions.PATHS) - 1)
        item = int(rng.integers(SHARES, len(self.items)) if path == sessions.PRODUCTS else popular(1, rng)[0])
        orders = path != sessions.SERVICE and self.world.sessions.next_open(at) <= at
        orders = orders and rng.random() < sessions.INCLINATION[path] * 0.6
        moment = at
        for stop in sessions.SCRIPTS[path]:
            if not orders if stop.chance < 0 else rng.random() >= stop.chance:
                continue
            moment += float(rng.exponential(stop.gap)) if moment > at else 0.001
            self.world.agenda.add(moment, self._event(who, stop, item))
        self.world.agenda.add(at + 1, lambda then: self.world.spawn(self._decide(who)))

    def _event(self, who: int, stop: sessions.Stop, item: int) -> Callable[[float], None]:
        properties = self._properties(stop, item)
        user = str(self.customers.user_id[who])

        def send(at: float) -> None:
            self.world.browser.track(sessions.EVENTS[stop.event], at, properties, user_id=user)

        return send

    def _properties(self, stop: sessions.Stop, item: int) -> dict[str, Any]:
        rng, chosen = self.world.rng, self.items[item]
        if stop.about == sessions.OTHER:
            chosen = self.items[int(rng.integers(SHARES) if item < SHARES else rng.integers(SHARES, len(self.items)))]
        told: dict[str, Any] = {"screen": stop.screen} if stop.screen else {}
        if stop.event == sessions.SOUGHT:
            return {"query": chosen.name}
        if stop.about != sessions.NONE:
            told["item"] = chosen.code
        if stop.event == sessions.READ:
            told["topic"] = sessions.TOPICS[item % len(sessions.TOPICS)]
        if stop.event == sessions.ORDER:
            told |= {"side": str(rng.choice(["buy", "sell"])), "quantity": int(rng.integers(1, 20)) * 100}
        if stop.screen == "ipo":
            told["open_today"] = [o.code for o in self.offerings if o.apply_on == self.world.today()]
        return told

    async def _decide(self, who: int) -> None:
        """The app asks what to show, and the customer may touch some of it."""
        user = str(self.customers.user_id[who])
        key = {"Authorization": f"Bearer {self.world.credentials.server_key}"}
        answer = (await self.world.api.call("POST", "/api/v1/decide", {"slots": HOME, "user_id": user}, key)).json()
        self.decisions += 1
        shown = [(slot["slot"], item) for slot in answer["slots"] for item in slot["items"]]
        if not shown:
            return
        self.world.browser.track(
            "Slots Shown",
            self.world.clock.now(),
            {"decision_id": answer["decision_id"], "items": [item["item"] for _, item in shown]},
            user_id=user,
        )
        if self.world.rng.random() < _CLICKS:
            await asyncio.sleep(5 / self.world.clock.factor)
            slot, item = shown[int(self.world.rng.integers(len(shown)))]
            told = touched(answer, slot, item)
            self.world.browser.track(CLICKED, self.world.clock.now(), told, user_id=user)


def touched(answer: dict[str, Any], slot: str, item: dict[str, Any]) -> dict[str, Any]:
    """What the app reports when a customer touches an item that a decision put into a slot."""
    return {"decision_id": answer["decision_id"], "slot": slot, "item": item["item"], "topics": item["topics"]}
