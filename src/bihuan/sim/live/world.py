"""What all simulated people of one run share: the truth, chance, product time, the agenda, and the ways out."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from bihuan.kit.time import EXCHANGE, TradingCalendar
from bihuan.sim.behaviour.agenda import Agenda
from bihuan.sim.behaviour.parameters import Truth
from bihuan.sim.calendar import Sessions
from bihuan.sim.live.api import Api, Refused, Stopped
from bihuan.sim.live.clock import ProductClock
from bihuan.sim.live.tracker import Tracker
from bihuan.sim.population.staff import Brokerage

_TICK = 0.02  # real seconds between two looks at the agenda


@dataclass(frozen=True)
class Credentials:
    """What the firm gives its own systems and staff. `customer_secret` signs customer tokens."""

    write_key: str
    server_key: str
    customer_secret: str
    staff_password: str


@dataclass
class World:
    """One run. Everybody acts through it; failures that matter end the run, refusals are counted."""

    truth: Truth
    firm: Brokerage
    credentials: Credentials
    seed: int
    clock: ProductClock
    calendar: TradingCalendar
    sessions: Sessions
    api: Api
    browser: Tracker
    system: Tracker
    rng: np.random.Generator
    tag: str
    agenda: Agenda = field(default_factory=Agenda)
    counts: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def stop(self) -> asyncio.Event:
        """Set when the run is to end."""
        return self.api.stop

    def today(self) -> date:
        """The exchange's day."""
        return datetime.fromtimestamp(self.clock.now(), UTC).astimezone(EXCHANGE).date()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something happen beside everything else; a refusal is noted, never fatal."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Stopped:
            self.counts["given_up"] += 1
        except Refused as error:
            self.complain(str(error))

    def complain(self, text: str) -> None:
        """Note something that should not have happened, for the summary."""
        self.counts["complaints"] += 1
        if len(self.complaints) < 50:
            self.complaints.append(text)

    async def live(self) -> None:
        """Work through the agenda as product time passes, until cancelled."""
        while True:
            self.agenda.run_until(self.clock.now(), most=500)
            await asyncio.sleep(_TICK)

    async def wind_down(self) -> None:
        """End what is still going on, and send what is still queued."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.browser.flush()
        await self.system.flush()
