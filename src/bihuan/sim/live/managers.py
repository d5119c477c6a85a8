"""Branch managers who look at what their branch lost and object now and then; headquarters plans and judges."""

import asyncio
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from bihuan.sim.live.api import Refused
from bihuan.sim.live.staff import Session
from bihuan.sim.live.world import World

_LOOKS_EVERY = 20 * 60.0  # product seconds between two looks at the ledger
_OBJECTS = 0.3  # share of lost accounts that a manager fights for (guess)
_JUDGES_AFTER = 90 * 60.0  # product seconds a judge takes on average (guess)
_MOVES = 0.35  # share of disputes in which the account changes hands (guess)
_PLANNED = 0.6  # of a branch's monthly capacity is planned (guess)
_ASSETS_PER_ACCOUNT = 40_000  # net new assets planned for each, in yuan (guess)

# The kind of the lost claim decides what is said of it.
REASONS = {
    "staff_code": "客户扫的是我部员工的二维码，业绩应归我部。",
    "enquiry": "客户开户前的咨询由我部员工解答，有会话记录。",
    "branch_chosen": "客户在开户时选择的是我部。",
    "nearest_branch": "客户住处离我部最近，我部当月仍有余力。",
}
_ANY_REASON = "我部此前已与客户建立服务关系，请复核。"


@dataclass
class Manager:
    """One branch manager."""

    world: World
    session: Session
    rng: np.random.Generator
    _seen: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Look at the ledger now and then, until the run ends."""
        while True:
            await self.world.clock.sleep(self.rng.exponential(_LOOKS_EVERY))
            if not self.session.staff_id:
                await self.session.sign_in()
            await self._look()

    async def _look(self) -> None:
        path = f"/credits?side=lost&kind=acquisition&branch={self.session.branch_id}&limit=50"
        for entry in (await self.session.call("GET", path))["items"]:
            if entry["id"] in self._seen or entry["may_dispute_until"] is None:
                continue
            self._seen.add(entry["id"])
            lost = [claim for claim in entry["lost"] if claim["branch_id"] == self.session.branch_id]
            if lost and self.rng.random() < _OBJECTS:
                await self._object(entry["id"], REASONS.get(lost[0]["kind"], _ANY_REASON))

    async def _object(self, entry: str, reason: str) -> None:
        try:
            await self.session.call("POST", f"/credits/{entry}/disputes", {"reason": reason})
            self.world.counts["disputes_opened"] += 1
        except Refused as error:
            if error.status not in (403, 404, 409):
                raise


@dataclass
class Judge:
    """Somebody at headquarters who plans the month, and decides disputes after a while."""

    world: World
    session: Session
    rng: np.random.Generator
    _known: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Plan what is not planned, then look at open disputes now and then, until the run ends."""
        await self.session.sign_in()
        await self._plan(self.world.today())
        while True:
            await self.world.clock.sleep(_LOOKS_EVERY)
            for dispute in (await self.session.call("GET", "/disputes?state=open"))["items"]:
                if dispute["may_decide"] and dispute["id"] not in self._known:
                    self._known.add(dispute["id"])
                    self.world.spawn(self._decide(dispute["id"]))

    async def _plan(self, day: date) -> None:
        planned = {plan["branch_id"] for plan in (await self.session.call("GET", f"/plans?month={day}"))["items"]}
        capacity = {branch.code: branch.capacity for branch in self.world.firm.branches}
        for branch in (await self.session.call("GET", "/branches"))["items"]:
            if branch["id"] not in planned and branch["code"] in capacity:
                accounts = round(_PLANNED * capacity[branch["code"]])
                plan = {"month": str(day), "accounts": accounts, "net_assets": accounts * _ASSETS_PER_ACCOUNT}
                await self.session.call("PUT", f"/branches/{branch['id']}/plan", plan)

    async def _decide(self, dispute: str) -> None:
        await self.world.clock.sleep(self.rng.exponential(_JUDGES_AFTER))
        moved = self.rng.random() < _MOVES
        ruling = "证据表明客户先由异议营业部服务，业绩转归。" if moved else "按归属规则顺序，原记录有效。"
        told = {"verdict": "moved" if moved else "upheld", "ruling": ruling}
        try:
            await self.session.call("POST", f"/disputes/{dispute}/decide", told)
            self.world.counts["disputes_decided"] += 1
        except Refused as error:
            if error.status not in (403, 404, 409):
                raise


async def manage(managers: list[Manager], judge: Judge) -> None:
    """All of them, until the run ends."""
    async with asyncio.TaskGroup() as group:
        group.create_task(judge.run())
        for manager in managers:
            group.create_task(manager.run())
