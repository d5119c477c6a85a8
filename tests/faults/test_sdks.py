"""The stock SDKs deliver everything, exactly once, while the server dies under them."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.product import Running, running_product, until

EACH = 10_000
NODE = Path(sys.executable).with_name("node")

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


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_three_sdks_lose_and_double_nothing_while_the_server_is_killed_twice(tmp_path: Path) -> None:
    async with running_product(tmp_path) as product:
        key = product.keys.write_key
        commands = [
            [sys.executable, "-c", SEGMENT, product.url, key, str(EACH)],
            [sys.executable, "-c", RUDDER, product.url, key, str(EACH)],
            [str(NODE), str(Path(__file__).with_name("send.mjs")), product.url, key, str(EACH)],
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
