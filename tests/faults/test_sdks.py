"""The stock SDKs deliver everything, exactly once, while the server dies under them."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.product import Running, running_product, until

from bihuan.kit import postgres as pg

EACH = 10_000
NODE = Path(sys.executable).with_name("node")
SEND = str(Path(__file__).with_name("send.mjs"))

PYTHON = """
import sys, time, logging
logging.disable(logging.CRITICAL)
host, key, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
{setup}
for n in range(count):
    client.track("{user}-%d" % (n % 100), "{event}", {{"n": n}})
    if n % 500 == 499:
        time.sleep(0.02)
client.flush()
client.join()
"""

SEGMENT = PYTHON.format(
    setup="from segment.analytics.client import Client\n"
    "client = Client(key, host=host, gzip=True, max_queue_size=10**6, max_retries=50, upload_size=50, timeout=20)",
    user="segment",
    event="Segment Event",
)
RUDDER = PYTHON.format(
    setup="from rudderstack.analytics.client import Client\n"
    "client = Client(key, host=host, gzip=True, max_queue_size=10**6, max_retries=50, upload_size=50, timeout=20)",
    user="rudder",
    event="Rudder Event",
)

CALLS = """
import sys
host, key = sys.argv[1], sys.argv[2]
from {module}.analytics.client import Client
client = Client(key, host=host, gzip=True)
who = dict(anonymous_id="{module}-device")
client.identify("{module}-py", {{"plan": "gold"}}, **who)
client.track("{module}-py", "Call", {{"n": 1}}, **who)
client.page("{module}-py", name="Start", **who)
client.screen("{module}-py", name="Quotes", **who)
client.group("{module}-py", "g1", {{"city": "Xiamen"}}, **who)
client.alias("{module}-device", "{module}-py")
client.flush()
client.join()
"""


@pytest.mark.fault
@pytest.mark.timeout(200)
async def test_each_call_of_each_sdk_arrives_as_it_was_meant(tmp_path: Path) -> None:
    async with running_product(tmp_path) as product:
        key = product.keys.write_key
        commands = {
            "segment-py": [sys.executable, "-c", CALLS.format(module="segment"), product.url, key],
            "rudderstack-py": [sys.executable, "-c", CALLS.format(module="rudderstack"), product.url, key],
            "segment-node": [str(NODE), SEND, "segment", product.url, key, "calls"],
            "rudder-node": [str(NODE), SEND, "rudder", product.url, key, "calls"],
        }
        for user, command in commands.items():
            sender = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE)
            _, said = await asyncio.wait_for(sender.communicate(), 60)
            assert sender.returncode == 0, f"{user}: {said.decode()[-2000:]}"
            found = await _messages(product, user)
            told = dict(found)
            assert len(told) == len(found), user
            assert sorted(told) == ["Call", "alias", "group", "identify", "page", "screen"], user
            traits = told["identify"].get("traits") or told["identify"]["context"]["traits"]
            assert traits["plan"] == "gold", user
            assert told["Call"]["properties"]["n"] == 1, user
            assert told["page"]["name"] == "Start", user
            assert told["screen"]["name"] == "Quotes", user
            assert told["group"]["groupId"] == "g1", user
            assert told["alias"]["previousId"].endswith("-device"), user
            assert all(message["messageId"] and message["sentAt"] for message in told.values()), user
        assert await product.value("SELECT count(*) FROM collect_quarantine") == 0
        assert await product.value(MOVED) == 0


# A clock that is right is left alone.
MOVED = """
SELECT count(*) FROM log WHERE kind = 'tracked' AND abs(extract(epoch FROM received_at - occurred_at)) > 60
"""


async def _messages(product: Running, user: str) -> list[tuple[str, dict[str, Any]]]:
    """Name and body of what a user sent."""
    async with product.house.postgres.transaction() as tx:
        sql = "SELECT name, body FROM log WHERE kind = 'tracked' AND user_id = %(user)s ORDER BY seq"
        return [(row["name"], row["body"]) for row in await pg.rows(tx, sql, user=user)]


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_three_sdks_lose_and_double_nothing_while_the_server_is_killed_twice(tmp_path: Path) -> None:
    async with running_product(tmp_path) as product:
        key = product.keys.write_key
        commands = [
            [sys.executable, "-c", SEGMENT, product.url, key, str(EACH)],
            [sys.executable, "-c", RUDDER, product.url, key, str(EACH)],
            [str(NODE), SEND, "segment", product.url, key, str(EACH)],
        ]
        senders = [
            await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            for command in commands
        ]
        stored = "SELECT count(*) FROM log WHERE kind = 'tracked'"
        for least in (3_000, 15_000):
            await until(lambda least=least: _stored(product, least), 120)
            os.kill(product.pid("server"), signal.SIGKILL)
        for sender in senders:
            _, said = await asyncio.wait_for(sender.communicate(), 300)
            assert sender.returncode == 0, said.decode()[-2000:]
        assert await product.value(stored) == 3 * EACH
        assert await product.events() == 3 * EACH
        assert product.up.supervisor.restarts("server") == 2
        for name in ("Segment Event", "Rudder Event", "Node Event"):
            numbers = await product.house.clickhouse.query(
                "SELECT count() AS n, uniqExact(JSONExtractInt(body, 'properties', 'n')) AS distinct_n"
                " FROM events WHERE name = {name:String}",
                {"name": name},
            )
            assert numbers == [{"n": EACH, "distinct_n": EACH}]


async def _stored(product: Running, least: int) -> bool:
    return bool(await product.value(f"SELECT count(*) >= {least} FROM log WHERE kind = 'tracked'"))
