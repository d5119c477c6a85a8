"""One live run: everybody is set going, until the stop; then what was true of it is worked out."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bihuan.kit.time import EXCHANGE
from bihuan.sim.behaviour import serving
from bihuan.sim.behaviour.parameters import Truth
from bihuan.sim.calendar import Sessions, exchange_days
from bihuan.sim.gateway import Gateway
from bihuan.sim.live import outcome
from bihuan.sim.live.advisors import Advisor
from bihuan.sim.live.api import Api, Stopped
from bihuan.sim.live.app_use import AppUse
from bihuan.sim.live.chat import ChatDesk
from bihuan.sim.live.clock import ProductClock, seconds_of
from bihuan.sim.live.managers import Judge, Manager, manage
from bihuan.sim.live.observer import Observer
from bihuan.sim.live.openings import Openings
from bihuan.sim.live.staff import Session
from bihuan.sim.live.tracker import Tracker
from bihuan.sim.live.world import Credentials, World
from bihuan.sim.population.files import write_json
from bihuan.sim.population.history import base_customers
from bihuan.sim.population.products import CATALOGUE, offerings, shares
from bihuan.sim.population.staff import Person, brokerage

_SIGNING_IN_AT_ONCE = 4
_ALL_COME_WITHIN = 2.2  # hours at weight 1; a morning's surge makes them two


@dataclass(frozen=True)
class LivePlan:
    """What a run is to be. `applications` 0 lets them come for ever; `customers` 0 leaves the app to applicants.

    Staff whose login is among `vacant` are not played: a person may sit there.
    """

    seed: int = 7
    customers: int = 20_000
    history_end: date | None = None
    advisors_share: float = 1.0
    applications: int = 0
    starts_per_hour: float | None = None
    truth: Truth = field(default_factory=Truth)
    vacant: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LiveSummary:
    """What the simulator did and what was true of it; `effect` is None in short runs."""

    seconds: float
    cpu_seconds: float
    product_from: float
    product_to: float
    visitors: int
    openings: dict[str, Any]
    counts: dict[str, int]
    events_sent: int
    events_unsent: int
    effect: dict[str, Any] | None
    complaints: list[str]

    def as_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return vars(self)


@dataclass
class LiveRun:
    """A run under way; `openings` shows what is true at any moment."""

    world: World
    plan: LivePlan
    base_url: str
    openings: Openings
    chat: ChatDesk
    app: AppUse | None
    observer: Observer
    advisors: list[Advisor]
    began: float
    product_from: float

    def settled(self) -> bool:
        """Whether all planned applications have come and none is still being worked on by its applicant."""
        applicants = self.openings.applicants.values()
        come = bool(self.plan.applications) and len(applicants) >= self.plan.applications
        return come and all(a.state in ("opened", "left", "stalled") for a in applicants)

    def summary(self) -> LiveSummary:
        """What can be said now; works out the true effect, which takes a few seconds."""
        world, applicants = self.world, list(self.openings.applicants.values())
        until = world.clock.now()
        effect = outcome.effect_of(
            world.truth,
            world.sessions,
            applicants,
            self.observer.episodes(self.openings.applicants),
            until,
            self.plan.seed,
        )
        return LiveSummary(
            seconds=round(time.monotonic() - self.began, 1),
            cpu_seconds=round(time.process_time(), 1),
            product_from=self.product_from,
            product_to=until,
            visitors=self.openings.visitors,
            openings=outcome.openings_of(applicants),
            counts={**world.counts, **world.api.counts, "decisions": self.app.decisions if self.app else 0},
            events_sent=world.browser.sent + world.system.sent,
            events_unsent=world.browser.waiting + world.system.waiting,
            effect=effect,
            complaints=world.complaints,
        )


async def product_time(api: Api) -> tuple[float, float]:
    """The product's time (seconds since the epoch) and factor, as soon as the server answers."""
    told = (await api.call("GET", "/api/v1/time", patience=1000)).json()
    return seconds_of(told["now"]), float(told["factor"])


@asynccontextmanager
async def playing(
    base_url: str, credentials: Credentials, plan: LivePlan, stop: asyncio.Event, gateway: Gateway | None = None
) -> AsyncIterator[LiveRun]:
    """Everybody is at work while the context lasts; leaving it ends the run and sends what is still queued."""
    began = time.monotonic()
    # Browsers and the opening system are machines of their own: they never wait for staff's calls.
    async with Api(base_url, stop) as api, Api(base_url, stop, at_once=2, counts=api.counts) as intake:
        run = _prepare(base_url, credentials, plan, api, intake, ProductClock(*await product_time(api)))
        run.began = began
        if gateway is not None:
            gateway.on_text = run.openings.text_arrived
            gateway.factor = lambda: run.world.clock.factor
        loops = [run.world.browser.run(), run.world.system.run(), run.observer.run(base_url), run.world.live()]
        tasks = [asyncio.create_task(_lasting(run.world, work)) for work in loops]
        tasks.append(asyncio.create_task(_lasting(run.world, _open_up(run, tasks))))
        try:
            yield run
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await run.world.wind_down()


async def _lasting(world: World, work: Any) -> None:
    """Something that lasts as long as the run: when it fails, that is told and the run goes on without it."""
    try:
        await work
    except Stopped:
        return
    except Exception as error:
        world.complain(repr(error))
        raise


async def _open_up(run: LiveRun, tasks: list[asyncio.Task[None]]) -> None:
    """Customers come at once; staff sign in a few at a time, because checking a password is meant to be slow."""
    run.openings.begin()
    if run.app is not None:
        run.app.begin()
    turns = asyncio.Semaphore(_SIGNING_IN_AT_ONCE)

    async def sign_in(advisor: Advisor) -> None:
        async with turns:
            await advisor.session.sign_in()
        tasks.append(asyncio.create_task(_lasting(run.world, advisor.run(run.base_url))))

    await asyncio.gather(*(sign_in(advisor) for advisor in run.advisors))
    tasks.append(asyncio.create_task(_lasting(run.world, manage(*_management(run.world, run.plan)))))


def _prepare(
    base_url: str, credentials: Credentials, plan: LivePlan, api: Api, intake: Api, clock: ProductClock
) -> LiveRun:
    now = clock.now()
    calendar, firm = exchange_days(), brokerage(plan.seed)
    today = datetime.fromtimestamp(now, UTC).astimezone(EXCHANGE).date()
    truth, rate = plan.truth, plan.starts_per_hour or plan.applications / _ALL_COME_WITHIN
    if rate:
        truth = replace(truth, arrivals=replace(truth.arrivals, starts_per_hour=rate))
    tag = np.base_repr(int(now), 36).lower()
    world = World(
        truth, firm, credentials, plan.seed, clock, calendar, Sessions(calendar, today - timedelta(days=1), 30), api,
        Tracker(intake, clock, credentials.write_key, f"{tag}-b"),
        Tracker(intake, clock, credentials.server_key, f"{tag}-s"),
        np.random.default_rng([plan.seed, 8]), tag,
    )  # fmt: skip
    chat = ChatDesk(world, base_url)
    scene = Openings(world, chat, plan.applications)
    operator = Session(api, firm.having("operator")[0], credentials.staff_password)
    app = _app(world, plan, chat, today) if plan.customers else None
    advisors = _advisors(world, plan, scene)
    return LiveRun(world, plan, base_url, scene, chat, app, Observer(world, operator), advisors, time.monotonic(), now)


def _app(world: World, plan: LivePlan, chat: ChatDesk, today: date) -> AppUse:
    end = plan.history_end or today - timedelta(days=1)
    items = (*shares(np.random.default_rng([plan.seed, 4])), *CATALOGUE)
    new_shares = offerings(world.calendar, today - timedelta(days=20), 60, np.random.default_rng([plan.seed, 5]))
    return AppUse(world, base_customers(plan.seed, plan.customers, end), items, new_shares, chat.ask_as_customer)


def _advisors(world: World, plan: LivePlan, scene: Openings) -> list[Advisor]:
    people = world.firm.having("advisor")
    working = serving.at_work(len(people), plan.advisors_share, np.random.default_rng([plan.seed, 9]))
    return [
        Advisor(
            world,
            Session(world.api, person, world.credentials.staff_password),
            i % 5,
            scene.applicants.get,
            np.random.default_rng([plan.seed, 10, i]),
        )
        for i, person in enumerate(people)
        if i in working and person.login not in plan.vacant
    ]


def _management(world: World, plan: LivePlan) -> tuple[list[Manager], Judge]:
    def session(person: Person) -> Session:
        return Session(world.api, person, world.credentials.staff_password)

    managers = [
        Manager(world, session(person), np.random.default_rng([world.seed, 11, i]))
        for i, person in enumerate(world.firm.having("branch_manager"))
        if person.login not in plan.vacant
    ]
    return managers, Judge(world, session(world.firm.having("operator")[1]), np.random.default_rng([world.seed, 12]))


async def play(
    base_url: str,
    credentials: Credentials,
    plan: LivePlan,
    stop: asyncio.Event,
    gateway: Gateway | None = None,
    truth_file: Path | None = None,
) -> LiveSummary:
    """Run until `stop` is set, then tell what was true, in `truth_file` too where one is named."""
    async with playing(base_url, credentials, plan, stop, gateway) as run:
        await stop.wait()
        summary = run.summary()
    summary = replace(summary, events_sent=run.world.browser.sent + run.world.system.sent, counts=_final(run, summary))
    if truth_file is not None:
        truth_file.parent.mkdir(parents=True, exist_ok=True)
        write_json(truth_file, {"run": summary.as_json(), "parameters": run.world.truth.as_json()})
    return summary


def _final(run: LiveRun, summary: LiveSummary) -> dict[str, int]:
    return {**summary.counts, **run.world.counts, **run.world.api.counts}
