"""Customers in the chat: they ask, read, ask again, wait for a person, thank or give up, and rate."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bihuan.kit import ids
from bihuan.sim.behaviour import serving
from bihuan.sim.behaviour.applicant import Applicant
from bihuan.sim.behaviour.questions import (
    COMMON,
    STILL_STUCK_EN,
    STILL_STUCK_ZH,
    THANKS_EN,
    THANKS_ZH,
    Topic,
    existing_topic,
    phrase,
    topic_for,
)
from bihuan.sim.live.api import Refused
from bihuan.sim.live.feed import Feed, Row, socket_url
from bihuan.sim.live.tokens import customer_token
from bihuan.sim.live.world import World

_READING = 12.0  # seconds to read an answer


@dataclass
class ChatDesk:
    """Opens conversations for whoever wants one."""

    world: World
    base_url: str
    opened: int = 0

    def ask(self, applicant: Applicant, reason: str) -> None:
        """An applicant asks about what keeps him; whatever answer he gets pushes him on."""
        who = applicant.persona
        user_id = who["user_id"] if applicant.phone_known else None
        topic = topic_for(reason, self.world.rng)
        self._open(
            Conversation(self.world, self.base_url, topic, who["english"], user_id, who["anonymous_id"], applicant)
        )

    def ask_as_customer(self, user_id: str) -> None:
        """An existing customer asks something."""
        english = bool(self.world.rng.random() < self.world.truth.questions.english)
        topic = existing_topic(self.world.rng)
        self._open(Conversation(self.world, self.base_url, topic, english, user_id, None, None))

    def _open(self, conversation: "Conversation") -> None:
        self.opened += 1
        conversation.key = f"{self.world.tag}-q{self.opened}"
        self.world.spawn(conversation.run())


@dataclass
class Conversation:
    """One customer's side of one conversation."""

    world: World
    base_url: str
    topic: Topic
    english: bool
    user_id: str | None
    anonymous_id: str | None
    applicant: Applicant | None
    key: str = ""
    enquiry_id: str = ""
    _token: str = ""
    _said: int = 0
    _staff_messages: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    _closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """From the question to the rating, or to giving up."""
        self._token = customer_token(self.world.credentials.customer_secret, self.user_id, self.anonymous_id)
        question = phrase(self.topic, self.english, self.world.rng)
        started = self.world.clock.now()
        asked = (await self._call("POST", "/enquiries", {"text": question.text, "client_id": self.key})).json()
        self.enquiry_id = asked["enquiry"]["id"]
        self.world.counts["questions_asked"] += 1
        if asked["enquiry"]["state"] == "bot":
            if await self._satisfied_by_bot(started):
                return
            if not await self._wants_person():
                return
        await self._with_person(started)

    async def _satisfied_by_bot(self, started: float) -> bool:
        self.world.counts["answered_by_bot"] += 1
        if self.applicant is not None:
            self.applicant.contact("bot", self.world.clock.now())
        await self.world.clock.sleep(_READING)
        habits = self.world.truth.questions
        solved = self.topic.kind == COMMON and self.world.rng.random() < habits.solved_by_bot
        if solved:
            await self._rate(0.0, True)
        return bool(solved)

    async def _wants_person(self) -> bool:
        """Ask for a person; False where the conversation was closed meanwhile."""
        try:
            await self._call("POST", f"/enquiries/{self.enquiry_id}/person")
        except Refused as error:
            if error.code != "enquiry-closed":
                raise
            return False
        return True

    async def _with_person(self, started: float) -> None:
        customer = (
            ids.customer_of_user(self.user_id) if self.user_id else ids.customer_of_visitor(self.anonymous_id or "")
        )
        feed = Feed(
            socket_url(self.base_url),
            {},
            (f"conversation:{self.enquiry_id}", f"me:{customer}"),
            self._heard,
            token=self._token,
        )
        following = asyncio.create_task(feed.run())
        try:
            await self._talk(started)
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following

    async def _talk(self, started: float) -> None:
        habits, rng, clock = self.world.truth.questions, self.world.rng, self.world.clock
        answers = 0
        while not self._closed.is_set():
            patience = serving.patience_with_answer(habits, rng) / clock.factor
            try:
                await asyncio.wait_for(self._staff_messages.get(), patience)
            except TimeoutError:
                self.world.counts["gave_up_waiting" if not answers else "left_chat"] += 1
                return
            answers += 1
            if answers == 1:
                self._first_answer(started)
            await clock.sleep(_READING)
            again = answers < 3 and rng.random() < habits.follow_up
            await self._say(again)
            if not again:
                break
        await self._await_end()
        await self._rate(self._waited, rng.random() < habits.solved_by_person)

    _waited: float = 0.0

    def _first_answer(self, started: float) -> None:
        self._waited = self.world.clock.now() - started
        self.world.counts["answered_by_person"] += 1
        if self.applicant is not None:
            self.applicant.contact("chat", self.world.clock.now())

    async def _say(self, again: bool) -> None:
        choices = (
            (STILL_STUCK_EN if self.english else STILL_STUCK_ZH)
            if again
            else (THANKS_EN if self.english else THANKS_ZH)
        )
        text = str(self.world.rng.choice(choices))
        self._said += 1
        path = f"/enquiries/{self.enquiry_id}/messages"
        await self._call("POST", path, {"text": text, "client_id": f"{self.key}-{self._said}"})

    async def _await_end(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closed.wait(), 600 / self.world.clock.factor)

    async def _rate(self, waited: float, solved: bool) -> None:
        habits, rng = self.world.truth.questions, self.world.rng
        if rng.random() < habits.rates:
            stars = serving.stars(waited, solved, rng)
            await self._call("POST", f"/enquiries/{self.enquiry_id}/rating", {"stars": stars})
            self.world.counts["ratings"] += 1

    async def _call(self, method: str, path: str, json: Any = None) -> Any:
        return await self.world.api.call(method, f"/api/v1{path}", json, {"Authorization": f"Bearer {self._token}"})

    def _heard(self, topic: str, key: str, row: Row | None) -> None:
        if row is None:
            return
        if topic.startswith("conversation:") and row["author"] == "staff":
            self._staff_messages.put_nowait(row["text"])
        if topic.startswith("me:") and key == self.enquiry_id and row["state"] == "closed":
            self._closed.set()
