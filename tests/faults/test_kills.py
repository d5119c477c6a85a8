"""`kill -9` of any process amid traffic: every acknowledged event is there once, every effect happened once."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from tests.product import Running, running_product, until

from bihuan.kit import ids

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(400)]

STEPS = ["opening:visit", "opening:phone:verified", "opening:products:chosen", "opening:id:accepted",
         "opening:profile:done", "opening:face:passed", "opening:risk:assessed", "opening:agreements:signed",
         "opening:bank:bound", "opening:password:set", "opening:video:passed", "opening:callback:done",
         "opening:submitted", "opening:reviewed", "opening:account:opened"]  # fmt: skip


async def send_until_acknowledged(client: httpx.AsyncClient, key: str, batch: list[dict[str, Any]]) -> None:
    """As an SDK does: the same batch again until it is answered with success."""
    while True:
        try:
            answer = await client.post("/v1/batch", auth=(key, ""), json={"batch": batch})
            if answer.status_code == 200:
                return
            assert answer.status_code in (429, 500, 503), answer.text
        except httpx.HTTPError:
            pass
        await asyncio.sleep(0.1)


def opening(n: int, now: str) -> list[dict[str, Any]]:
    """A whole application, step by step."""
    return [
        {"type": "track", "event": step, "userId": f"u{n}", "messageId": f"o{n}:{step}", "timestamp": now,
         "properties": {"opening_id": f"o{n}", "order": order, "branch_code": "none"}}
        for order, step in enumerate(STEPS)
    ]  # fmt: skip


async def traffic(product: Running, openings: int, killing: Callable[[], Awaitable[None]]) -> int:
    """Whole applications from eight senders while something is killed; how many events were acknowledged."""
    base = product.house.clock.now()
    chance = random.Random(11)
    acknowledged = 0

    async def send(numbers: list[int]) -> None:
        nonlocal acknowledged
        async with httpx.AsyncClient(base_url=product.url, trust_env=False, timeout=30) as client:
            for n in numbers:
                batch = opening(n, base.isoformat())
                for index, message in enumerate(batch):
                    message["timestamp"] = base.replace(microsecond=index * 1000).isoformat()
                cut = chance.randrange(1, len(batch))
                for part in (batch[:cut], batch[cut:]):
                    await send_until_acknowledged(client, product.keys.server_key, part)
                    acknowledged += len(part)

    numbers = list(range(openings))
    await asyncio.gather(*(send(numbers[lane::8]) for lane in range(8)), killing())
    return acknowledged


async def everything_happened_once(product: Running, openings: int, acknowledged: int) -> None:
    """Log, archive, state, facts, ledger and experiment all tell of each application exactly once."""
    assert acknowledged == openings * len(STEPS)
    assert await product.events() == acknowledged
    duplicates = await product.house.clickhouse.query(
        "SELECT count() AS n FROM (SELECT source, message_id FROM log GROUP BY source, message_id HAVING count() > 1)"
    )
    assert duplicates == [{"n": 0}]
    facts = await product.house.clickhouse.query("SELECT name, count() AS n FROM log WHERE kind = 'fact' GROUP BY name")
    told = Counter({row["name"]: row["n"] for row in facts})
    assert told["understand:opening:started"] == openings
    assert told["understand:opening:opened"] == openings
    assert await product.value("SELECT count(*) FROM understand_opening WHERE state = 'opened'") == openings
    assert await product.value("SELECT count(*) FROM log_poison") == 0
    doubles = await product.value(
        "SELECT count(*) FROM (SELECT opening_id FROM credit_entry WHERE kind = 'acquisition'"
        " GROUP BY opening_id HAVING count(*) > 1) d"
    )
    assert doubles == 0
    events = await product.value("SELECT sum(events) FROM customers_customer")
    assert events == acknowledged


@pytest.mark.parametrize("victim", ["server", "worker", "postgres", "analytics"])
async def test_a_killed_process_costs_nothing(tmp_path: Path, victim: str) -> None:
    openings = 120
    async with running_product(tmp_path) as product:

        async def kill() -> None:
            for least in (200, 900):
                await until(lambda least=least: _stored(product, least), 120)  # type: ignore[misc]
                os.kill(product.pid(victim), signal.SIGKILL)
                await asyncio.sleep(1.0)

        acknowledged = await traffic(product, openings, kill)
        await until(lambda: _alive(product, victim), 60)
        await everything_happened_once(product, openings, acknowledged)
        assert product.up.supervisor.restarts(victim) >= 2


async def test_the_check_finds_an_effect_that_happened_twice(tmp_path: Path) -> None:
    """The broken control: one opening's events come under new message ids, as a sender without ids would."""
    async with running_product(tmp_path) as product:
        acknowledged = await traffic(product, 8, _nothing)
        at = product.house.clock.now().isoformat()
        again = [{**message, "messageId": str(ids.new_id())} for message in opening(0, at)]
        await product.track(*again)
        with pytest.raises(AssertionError):
            await everything_happened_once(product, 8, acknowledged)


async def _nothing() -> None:
    return


async def _stored(product: Running, least: int) -> bool:
    try:
        return bool(await product.value(f"SELECT count(*) >= {least} FROM log WHERE kind = 'tracked'"))
    except (psycopg.OperationalError, OSError):
        return False


async def _alive(product: Running, victim: str) -> bool:
    return product.up.supervisor.pid(victim) is not None
