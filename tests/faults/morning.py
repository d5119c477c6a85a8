"""A trading morning in small: applications, stalls, texts, rescues and questions at once, each sent until acknowledged.

What is counted here is what the world outside was promised; `test_kills.py` holds the product's tables against it.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
from starlette.requests import Request
from starlette.responses import Response
from tests.product import Running, running_product, until

from bihuan.commands.demo import first_morning
from bihuan.customers.facade import CustomerRow, import_customers
from bihuan.kit import house as houses
from bihuan.kit.time import EXCHANGE
from bihuan.people import facade as people
from bihuan.sim.gateway import Gateway, serve_gateway

STEPS = ["opening:visit", "opening:phone:verified", "opening:products:chosen", "opening:id:accepted",
         "opening:profile:done", "opening:face:passed", "opening:risk:assessed", "opening:agreements:signed",
         "opening:bank:bound", "opening:password:set", "opening:video:passed", "opening:callback:done",
         "opening:submitted", "opening:reviewed", "opening:account:opened"]  # fmt: skip
STALLED_AFTER = 2  # steps: phone verified, no products chosen
QUESTION = "我的合同在哪里盖章比较快"  # approved knowledge has no answer to it
PACE = 10.0
PERSON_DEADLINE = 60  # seconds of product time until a message goes out where nobody came

Kill = Callable[["Morning"], Awaitable[None]]


@dataclass(frozen=True)
class Size:
    """How much of each there is."""

    openings: int
    stalls: int
    rescued: int
    questions: int
    without_phone: int = 0  # of the stalls: a message finds these in the app only


@dataclass
class Handsets(Gateway):
    """A gateway that takes its time, so that a kill finds texts on their way."""

    handed_over: int = 0
    texts: Counter[str] = field(default_factory=Counter)

    async def send(self, request: Request) -> Response:
        """Answer as a gateway, a little later."""
        self.handed_over += 1
        await asyncio.sleep(0.3)
        answer = await super().send(request)
        await asyncio.sleep(0.3)
        return answer


@dataclass
class Morning:
    """A running product, who acts on it, and what was acknowledged so far."""

    product: Running
    gateway: Handsets
    size: Size
    base: datetime
    branch: str
    advisors: list[str]
    events: int = 0
    asked: int = 0
    replies: set[str] = field(default_factory=set)
    rescued: set[str] = field(default_factory=set)

    async def play(self, kill: Kill | None = None) -> None:
        """All of it at once; returns when everybody has done his part and the killing is over."""
        lanes = [list(range(self.size.openings))[lane::8] for lane in range(8)]
        await asyncio.gather(
            *(self._apply(numbers) for numbers in lanes),
            self._stall(),
            *(self._ask(n) for n in range(self.size.questions)),
            *(self._serve(login) for login in self.advisors[:3]),
            self._rescue(self.advisors[3]),
            *([kill(self)] if kill else []),
        )
        await until(self._texts_are_out, 120)
        await self.product.quiet()

    async def _texts_are_out(self) -> bool:
        """No moment waits for a person any more, no text for its receipt."""
        return await value(
            self.product,
            "SELECT (SELECT count(*) FROM reach_moment) >= %(stalls)s"
            " AND NOT EXISTS (SELECT FROM reach_moment WHERE state IN ('waiting', 'due', 'deferred'))"
            " AND NOT EXISTS (SELECT FROM reach_delivery WHERE state IN ('queued', 'sending', 'sent'))",
            stalls=self.size.stalls,
        )

    async def _apply(self, numbers: list[int]) -> None:
        """Whole applications, each in two batches."""
        chance = random.Random(numbers[0] if numbers else 0)
        async with client(self.product) as system:
            for n in numbers:
                batch = self._steps(f"u{n}", f"o{n}", STEPS, self.base)
                cut = chance.randrange(1, len(batch))
                for part in (batch[:cut], batch[cut:]):
                    await self._track(system, part)

    async def _stall(self) -> None:
        """Applications that have been silent for longer than their step's clock."""
        async with client(self.product) as system:
            for n in range(self.size.stalls):
                batch = self._steps(f"s{n}", f"t{n}", STEPS[:STALLED_AFTER], self.base - timedelta(minutes=40))
                await self._track(system, batch)

    async def _ask(self, n: int) -> None:
        """One customer's question, sent again until it is taken."""
        token = people.issue_customer_token(
            self.product.house.cipher, f"q{n}", None, datetime.now(UTC), timedelta(hours=2)
        )
        async with client(self.product) as phone:
            phone.headers["Authorization"] = f"Bearer {token}"
            await asyncio.sleep(0.1 * n)
            await answered(phone, "POST", "/api/v1/enquiries", {"text": QUESTION, "client_id": f"q{n}"}, 201)
            self.asked += 1

    async def _serve(self, login: str) -> None:
        """An advisor: grabs what is offered to him, answers, closes, until nobody waits any more."""
        async with signed_in(self.product, login) as desk:
            await answered(desk, "PUT", "/api/v1/presence", {"state": "online", "capacity": 8}, 200)
            closed = "SELECT count(*) = %(all)s FROM serve_enquiry WHERE state = 'closed' AND origin = 'customer'"
            while not await value(self.product, closed, all=self.size.questions):
                for offer in await answered(desk, "GET", "/api/v1/offers", None, 200):
                    claim = f"/api/v1/enquiries/{offer['id']}/claim"
                    await answered(desk, "POST", claim, None, 200, 403, 409)
                for held in await answered(desk, "GET", "/api/v1/conversations/mine", None, 200):
                    await self._answer(desk, login, held["id"])
                await asyncio.sleep(0.1)

    async def _answer(self, desk: httpx.AsyncClient, login: str, enquiry_id: str) -> None:
        client_id = f"{login}:{enquiry_id}"
        said = {"text": "请到营业部柜台办理", "client_id": client_id}
        path = f"/api/v1/enquiries/{enquiry_id}/messages"
        if await answered(desk, "POST", path, said, 201, 403, 404, 409) is not None:
            self.replies.add(client_id)
        await answered(desk, "POST", f"/api/v1/enquiries/{enquiry_id}/close", None, 200, 403, 404, 409)

    async def _rescue(self, login: str) -> None:
        """An advisor at the opening desk: takes stalls, writes to the customer, who then goes on to the end."""
        async with signed_in(self.product, login) as desk, client(self.product) as system:
            while len(self.rescued) < self.size.rescued:
                open_now = await answered(desk, "GET", "/api/v1/rescues?state=open", None, 200)
                for stuck in open_now[:1]:
                    opening = stuck["opening_id"]
                    path = f"/api/v1/openings/{opening}"
                    if await answered(desk, "POST", f"{path}/take", None, 200, 409) is None:
                        continue
                    words = {"channel": "chat", "text": "您好，选择开通市场时遇到问题了吗？"}
                    if await answered(desk, "POST", f"{path}/contact", words, 200, 409) is None:
                        continue
                    user = f"s{opening.removeprefix('t')}"
                    rest = self._steps(user, opening, STEPS[STALLED_AFTER:], self.product.house.clock.now())
                    await self._track(system, rest)
                    outcome = {"outcome": "resumed"}
                    await answered(desk, "POST", f"{path}/outcome", outcome, 200, 409)
                    self.rescued.add(opening)
                await asyncio.sleep(0.2)

    def _steps(self, user: str, opening: str, steps: list[str], at: datetime) -> list[dict[str, Any]]:
        return [
            {"type": "track", "event": step, "userId": user, "messageId": f"{opening}:{step}",
             "timestamp": (at + timedelta(milliseconds=order)).isoformat(),
             "properties": {"opening_id": opening, "order": order, "branch_code": self.branch}}
            for order, step in enumerate(steps)
        ]  # fmt: skip

    async def _track(self, system: httpx.AsyncClient, batch: list[dict[str, Any]]) -> None:
        """As an SDK does: the same batch again until it is answered with success."""
        await answered(system, "POST", "/v1/batch", {"batch": batch}, 200, auth=(self.product.keys.server_key, ""))
        self.events += len(batch)


async def answered(who: httpx.AsyncClient, method: str, path: str, body: Any, *expected: int, **more: Any) -> Any:
    """Ask again until somebody answers. The answer's items or body; None for any but the first of `expected`."""
    while True:
        try:
            answer = await who.request(method, path, json=body, **more)
        except httpx.HTTPError:
            await asyncio.sleep(0.1)
            continue
        if answer.status_code in (429, 500, 503):
            await asyncio.sleep(0.1)
            continue
        assert answer.status_code in expected, f"{method} {path}: {answer.status_code} {answer.text}"
        if answer.status_code != expected[0]:
            return None
        told = answer.json()
        return told["items"] if isinstance(told, dict) and "items" in told else told


def client(product: Running) -> httpx.AsyncClient:
    """Somebody who speaks to the product."""
    return httpx.AsyncClient(base_url=product.url, trust_env=False, timeout=30)


@asynccontextmanager
async def signed_in(product: Running, login: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which this staff member has signed in, however long that takes."""
    async with client(product) as browser:
        given = {"login": login, "password": product.keys.staff_password}
        told = await answered(browser, "POST", "/api/v1/session", given, 200)
        browser.headers["X-CSRF-Token"] = told["csrf"]
        yield browser


async def value(product: Running, sql: str, **params: Any) -> Any:
    """One value from PostgreSQL; None while it is down."""
    try:
        return await product.value(sql, **params)
    except (psycopg.OperationalError, OSError):
        return None


@asynccontextmanager
async def a_morning(folder: Path, size: Size) -> AsyncIterator[Morning]:
    """A product at half past nine of a trading day, with a text gateway and the customers who will stall."""
    handsets = Handsets("s", "", delivery_seconds=0.2, undeliverable=0.0)
    handsets.on_text = lambda phone, _: handsets.texts.update([phone])
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(serve_gateway(handsets))
        product = await stack.enter_async_context(running_product(folder, sms_url=address))
        handsets.callback = f"{product.url}/api/v1/sms/receipts"
        house = product.house
        day = first_morning(house.calendar, house.clock.now())
        async with house.postgres.transaction() as tx:
            await houses.set_clock(tx, datetime.combine(day, time(9, 30), EXCHANGE), PACE)
            house.clock.adopt(await houses.read_clock(tx))
            reachable = range(size.stalls - size.without_phone)
            rows = [CustomerRow(f"s{n}", name="王小明", phone=f"154{n:08d}") for n in reachable]
            await import_customers(tx, house.cipher, rows, house.clock.now())
            await tx.execute("UPDATE reach_policy SET person_deadline_s = %s", [PERSON_DEADLINE])
            branch = (await people.branches(tx))[0]
            found = await tx.execute(
                "SELECT login FROM people_staff WHERE branch_id = %s AND 'advisor' = ANY (roles)"
                " ORDER BY login LIMIT 4",
                [branch.id],
            )
            advisors = [row["login"] for row in await found.fetchall()]
        yield Morning(product, handsets, size, house.clock.now(), branch.code, advisors)
