"""Somebody at headquarters who looks at the desk of all branches: how the simulator learns which arm was drawn."""

from dataclasses import dataclass, field
from itertools import zip_longest

from bihuan.sim.behaviour.applicant import Applicant
from bihuan.sim.behaviour.cases import Episode
from bihuan.sim.behaviour.rules import NEVER
from bihuan.sim.live.clock import seconds_of
from bihuan.sim.live.feed import Feed, Row, socket_url
from bihuan.sim.live.staff import Session
from bihuan.sim.live.world import World

TOPIC = "rescues:all"
_CONTACTS = ("call", "sms")


@dataclass(frozen=True)
class Noticed:
    """The product called an application stuck at `at` and drew this arm for it."""

    opening: str
    at: float
    arm: str


@dataclass
class Observer:
    """Keeps each time that an application was called stuck, with its arm."""

    world: World
    session: Session
    noticed: dict[str, Noticed] = field(default_factory=dict)  # by the product's id of the stall

    async def run(self, base_url: str) -> None:
        """Look on until the run ends. This feed also keeps the simulator's clock."""
        await self.session.sign_in()
        feed = Feed(socket_url(base_url), self.session.cookie, (TOPIC,), self._heard, self.world.clock)
        await feed.run()

    def _heard(self, topic: str, key: str, row: Row | None) -> None:
        if row is not None:
            stuck_at = seconds_of(row["stuck_at"])
            self.noticed.setdefault(str(row["id"]), Noticed(str(row["opening_id"]), stuck_at, str(row["arm"])))

    def episodes(self, applicants: dict[str, Applicant]) -> list[Episode]:
        """Each noticed stall with the contacts after it, as they truly happened."""
        found: list[Episode] = []
        ordered = sorted(self.noticed.values(), key=lambda n: (n.opening, n.at))
        for one, following in zip_longest(ordered, ordered[1:]):
            applicant = applicants.get(one.opening)
            if applicant is None:
                continue
            until = following.at if following and following.opening == one.opening else NEVER
            contacts = sorted(
                (contact.at, contact.kind)
                for stall in applicant.journal.stalls
                for contact in stall.contacts
                if contact.kind in _CONTACTS and one.at <= contact.at < until
            )
            found.append(Episode(applicant, one.at, one.arm, tuple(contacts)))
        return found
