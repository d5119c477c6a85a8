"""A simulated advisor at his desk, against a product that is told by hand."""

import asyncio
from collections import Counter
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bihuan.sim.behaviour.parameters import Truth
from bihuan.sim.live.advisors import Advisor
from bihuan.sim.live.clock import ProductClock


class Desk:
    """What the advisor's session and world are to him; it keeps what he did."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.session = SimpleNamespace(staff_id="s1", branch_id="b1", person=SimpleNamespace(code="A1"), call=self.call)
        self.world: Any = SimpleNamespace(
            truth=Truth(), clock=ProductClock(1e9, 100_000), counts=Counter(), spawn=self.spawn
        )

    async def call(self, method: str, path: str, body: Any = None) -> None:
        self.done.append((method, path))

    def spawn(self, task: Any) -> None:
        self.tasks.add(asyncio.create_task(task))


def row(author: str, awaiting_since: str | None) -> dict[str, Any]:
    """A conversation he holds."""
    return {"question": "佣金多少", "last_text": "", "last_author": author, "awaiting_since": awaiting_since}


@pytest.mark.parametrize("author", ["customer", "bot", "staff"])
async def test_who_waits_is_answered_whoever_spoke_last(author: str) -> None:
    desk = Desk()
    advisor = Advisor(desk.world, desk.session, 0, lambda _: None, np.random.default_rng(1))  # type: ignore[arg-type]
    held = row(author, "2026-03-10T01:30:00Z")
    advisor._feed = SimpleNamespace(rows={"enquiries:s1": {"e1": held}})  # type: ignore[assignment]
    advisor._heard("enquiries:s1", "e1", held)
    await asyncio.wait_for(asyncio.gather(*desk.tasks), 5)
    assert desk.done == [("POST", "/enquiries/e1/messages")]
    for task in desk.tasks:
        task.cancel()


async def test_who_waits_for_nothing_is_left_alone() -> None:
    desk = Desk()
    advisor = Advisor(desk.world, desk.session, 0, lambda _: None, np.random.default_rng(1))  # type: ignore[arg-type]
    advisor._heard("enquiries:s1", "e1", row("staff", None))
    assert not desk.tasks
