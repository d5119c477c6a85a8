"""Advisors at work: online by shift, grabbing enquiries, answering, taking stuck applications and calling.

One person does one thing at a time on the phone; in between he holds up to `capacity` conversations. Nothing here
decides whether a rescue works: a call is put through to the applicant, who reacts by the law in `behaviour.rules`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from bihuan.sim.behaviour import serving
from bihuan.sim.behaviour.applicant import Applicant
from bihuan.sim.behaviour.questions import THANKS_EN, THANKS_ZH, TOPICS
from bihuan.sim.calendar import local_hour
from bihuan.sim.live.api import Refused, Stopped
from bihuan.sim.live.clock import seconds_of
from bihuan.sim.live.feed import Feed, Row, socket_url
from bihuan.sim.live.staff import Session
from bihuan.sim.live.world import World

_LOOK_AT_CLOCK = 60.0  # product seconds between two looks at one's own shift
_SIGN_OF_LIFE = 600.0  # product seconds after which one says again that one is there
_SILENT = 8 * 60.0  # a customer who says nothing for so long has gone
_LOST = frozenset({"claimed", "offer-ended", "never-offered", "capacity", "enquiry-closed"})


@dataclass(frozen=True)
class Rescued:
    """One contact made by telephone: whose application, when, and whether he picked up."""

    opening: str
    at: float
    answered: bool


@dataclass
class Advisor:
    """One advisor. `find` gives the applicant behind an application's number, as the telephone network would."""

    world: World
    session: Session
    place: int
    find: Callable[[str], Applicant | None]
    rng: np.random.Generator
    calls: list[Rescued] = field(default_factory=list)
    online: bool = False
    _shown: str = "offline"
    _shown_at: float = float("inf")
    _connection: int = 0  # a new connection may mean that one was taken to have left
    _feed: Feed | None = None
    _on_phone: bool = False
    _grabbing: int = 0
    _answering: set[str] = field(default_factory=set)
    _noticed: set[str] = field(default_factory=set)
    _said: dict[str, int] = field(default_factory=dict)
    _let_be: set[str] = field(default_factory=set)  # applications he put back, since he cannot call

    async def run(self, base_url: str) -> None:
        """A working life, until the run ends; the session is signed in already."""
        me, branch = self.session.staff_id, self.session.branch_id
        topics = (f"offers:{me}", f"enquiries:{me}", f"rescues:{branch}")
        self._feed = Feed(socket_url(base_url), self.session.cookie, topics, self._heard)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._feed.run())
            group.create_task(self._keep_shift())
            group.create_task(self._watch_desk())

    # --- presence ----------------------------------------------------------------------------------------------

    async def _keep_shift(self) -> None:
        clock, habits = self.world.clock, self.world.truth.advisors
        rested = clock.now() + self.rng.exponential(habits.break_every)
        while True:
            now = clock.now()
            working = serving.on_shift(local_hour(now), self.place) and self.world.calendar.is_trading_day(
                self.world.today()
            )
            if working and now >= rested and not self._busy():
                await self._show("away", now)
                await clock.sleep(self.rng.lognormal(np.log(habits.break_median), 0.4))
                rested = clock.now() + self.rng.exponential(habits.break_every)
            await self._show("online" if working else "offline", now)
            await clock.sleep(_LOOK_AT_CLOCK)

    async def _show(self, state: str, now: float) -> None:
        """Say so, where it is news, long since it was said, or the connection was lost in between."""
        connection = self._feed.connections if self._feed else 0
        known = self._shown == state and self._connection == connection
        if known and now < self._shown_at + _SIGN_OF_LIFE:
            return
        self.online, self._shown, self._shown_at, self._connection = state == "online", state, now, connection
        told = {"state": state, "capacity": self._capacity}
        try:
            await self.session.call("PUT", "/presence", told)
        except Refused as error:
            self.world.complain(str(error))

    def _busy(self) -> bool:
        return self._on_phone or bool(self._mine())

    @property
    def _capacity(self) -> int:
        return self.world.truth.advisors.capacity

    def _rows(self, topic: str) -> dict[str, Row]:
        return self._feed.rows.get(topic, {}) if self._feed else {}

    def _mine(self) -> dict[str, Row]:
        return self._rows(f"enquiries:{self.session.staff_id}")

    def _full(self) -> bool:
        return len(self._mine()) + self._grabbing >= self._capacity

    def _offered(self) -> dict[str, Row]:
        return self._rows(f"offers:{self.session.staff_id}")

    # --- enquiries ---------------------------------------------------------------------------------------------

    def _heard(self, topic: str, key: str, row: Row | None) -> None:
        if row is None:
            self._answering.discard(key)
            return
        if topic.startswith("offers:") and key not in self._noticed:
            self._noticed.add(key)
            self.world.spawn(self._grab(key))
        # He waits too who asked for a person and wrote nothing more: then the last word is the bot's.
        if topic.startswith("enquiries:") and row["awaiting_since"] and key not in self._answering:
            self._answering.add(key)
            self.world.spawn(self._answer(key))

    async def _grab(self, enquiry: str) -> None:
        delay = serving.claim_delay(self.world.truth.advisors, self.rng)
        if delay is not None:
            await self.world.clock.sleep(delay)
        while enquiry in self._offered() and (self._on_phone or self._full()):
            await self.world.clock.sleep(10)
        if delay is None or enquiry not in self._offered() or not self.online:
            self._noticed.discard(enquiry)
            return
        self._grabbing += 1
        try:
            await self.session.call("POST", f"/enquiries/{enquiry}/claim")
            self.world.counts["claimed"] += 1
        except Refused as error:
            if error.code not in _LOST:
                raise
            self.world.counts["claims_lost"] += 1
        finally:
            self._grabbing -= 1

    async def _answer(self, enquiry: str) -> None:
        """Answer until the customer is content, silent, or has been answered often enough."""
        habits = self.world.truth.advisors
        try:
            await self.world.clock.sleep(serving.reply_delay(habits, len(self._answering), self.rng))
            row = self._mine().get(enquiry)
            if row is None:
                return
            if self._said.get(enquiry, 0) and _content(row["last_text"]):
                await self._close(enquiry, "answered")
                return
            self._said[enquiry] = self._said.get(enquiry, 0) + 1
            words = {"text": reply_to(row), "client_id": f"{enquiry}-{self.session.person.code}-{self._said[enquiry]}"}
            await self.session.call("POST", f"/enquiries/{enquiry}/messages", words)
            self.world.counts["staff_messages"] += 1
            if self._said[enquiry] >= habits.gives_up_after:
                await self._close(enquiry, "answered")
            else:
                self.world.spawn(self._close_if_silent(enquiry, self._said[enquiry]))
        except Refused as error:
            if error.status not in (403, 404, 409):
                raise
        finally:
            self._answering.discard(enquiry)

    async def _close_if_silent(self, enquiry: str, said: int) -> None:
        await self.world.clock.sleep(_SILENT)
        row = self._mine().get(enquiry)
        if row is not None and self._said.get(enquiry) == said and not row["awaiting_since"]:
            await self._close(enquiry, "no_reply" if said == 1 else "answered")

    async def _close(self, enquiry: str, outcome: str) -> None:
        try:
            await self.session.call("POST", f"/enquiries/{enquiry}/close", {"outcome": outcome})
        except Refused as error:
            if error.status not in (403, 404, 409):
                raise

    # --- the opening desk --------------------------------------------------------------------------------------

    async def _watch_desk(self) -> None:
        habits, clock = self.world.truth.advisors, self.world.clock
        while True:
            await clock.sleep(serving.desk_delay(habits, self.rng))
            if not self.online or self._full():
                continue
            row = self._next_on_desk()
            if row is not None:
                try:
                    await self._rescue(row)
                except Refused as error:
                    self.world.counts["rescues_lost"] += 1
                    if error.status not in (403, 404, 409):
                        raise
                except Stopped:
                    return
                finally:
                    self._on_phone = False

    def _next_on_desk(self) -> Row | None:
        """Whoever has been stuck longest among those who may be taken; colleagues look at the same list.

        Applicants whom nobody plays here are left to whoever sits at the demo.
        """
        rows = self._feed.rows.get(f"rescues:{self.session.branch_id}", {}) if self._feed else {}
        mine = (r for r in rows.values() if r["state"] == "open" and self._knows(str(r["opening_id"])))
        open_rows = sorted(mine, key=lambda r: seconds_of(r["stuck_at"]))
        return open_rows[int(self.rng.integers(min(3, len(open_rows))))] if open_rows else None

    def _knows(self, opening: str) -> bool:
        return opening not in self._let_be and self.find(opening) is not None

    async def _rescue(self, row: Row) -> None:
        habits, clock, opening = self.world.truth.advisors, self.world.clock, str(row["opening_id"])
        await self.session.call("POST", f"/openings/{opening}/take")
        self.world.counts["rescues_taken"] += 1
        self._on_phone = True
        await clock.sleep(self.rng.lognormal(np.log(habits.dial_median), 0.3))
        applicant = self.find(opening)
        if applicant is None or not applicant.phone_known or not await self._may_call(opening):
            await self._put_back(opening)
            return
        at = clock.now()
        answered = applicant.contact("call", at)
        self.calls.append(Rescued(opening, at, answered))
        self.world.counts["calls_answered" if answered else "calls_unanswered"] += 1
        await clock.sleep(serving.call_time(habits, answered, self.rng))
        await clock.sleep(serving.wrap_time(habits, self.rng))
        await self._put_down(opening, _outcome(applicant, answered))

    async def _may_call(self, opening: str) -> bool:
        """Note the call before dialling; the product refuses when the customer may not be contacted now."""
        try:
            await self.session.call("POST", f"/openings/{opening}/contact", {"channel": "call"})
        except Refused as error:
            if error.code != "contact-refused":
                raise
            self.world.counts["calls_not_allowed"] += 1
            return False
        return True

    async def _put_back(self, opening: str) -> None:
        """Nobody can be called: a colleague may know another way. The same person does not try him again."""
        self._let_be.add(opening)
        self.world.counts["rescues_put_back"] += 1
        try:
            await self.session.call("POST", f"/openings/{opening}/release")
        except Refused as error:
            if error.status not in (404, 409):
                raise

    async def _put_down(self, opening: str, outcome: str) -> None:
        """Say how it went, unless the product has closed it by itself because the applicant went on."""
        row = self._rows(f"rescues:{self.session.branch_id}").get(opening)
        if row is None or row["staff_id"] != self.session.staff_id:
            return
        try:
            await self.session.call("POST", f"/openings/{opening}/outcome", {"outcome": outcome})
        except Refused as error:
            if error.status not in (404, 409):
                raise


def _outcome(applicant: Applicant, answered: bool) -> str:
    """What an advisor can tell after the call; whether the applicant will go on he does not know."""
    if not answered:
        return "no_answer"
    return {"left": "not_interested", "stalled": "other"}.get(applicant.state, "resumed")


def _content(text: str) -> bool:
    return text in THANKS_ZH or text in THANKS_EN


def reply_to(row: Row) -> str:
    """What an advisor answers to the question that a conversation began with.

    >>> "印花税" in reply_to({"question": "请问佣金多少？", "last_text": "", "language": "zh"})
    True
    """
    text = row["question"] + row["last_text"]
    english = str(row.get("language", "")).startswith("en")
    for topic in TOPICS:
        if any(phrase in text for phrase in (topic.en if english else topic.zh)):
            return topic.answer_en if english else topic.answer_zh
    return (
        "Let me look at this with you: please tell me what the page shows now."
        if english
        else "我帮您看一下，请告诉我页面上现在显示什么。"
    )
