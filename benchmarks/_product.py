"""A running product to measure, and the state of the machine it is measured on."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bihuan.commands.demo import Keys, firm_keys
from bihuan.commands.processes import product
from bihuan.kit import house as houses
from bihuan.kit.settings import Settings

# In the order in which they refer to each other.
FILES = ("branches", "staff", "products", "customers", "accounts", "holdings", "trades", "flows", "events")


@dataclass(frozen=True)
class Running:
    """Where the product answers, and the keys to it."""

    url: str
    folder: Path
    keys: Keys
    pid: Callable[[str], int | None]


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Running]:
    """The whole product on a folder: engines, server, worker, as `bihuan up` starts them, with the firm's keys."""
    async with product(Settings(data=folder, port=0, log_level="WARNING")) as up:
        async with houses.opened(up.settings, up.engines.postgres_url, up.engines.clickhouse_url) as house:
            keys = await firm_keys(house)
        yield Running(f"http://127.0.0.1:{up.port}", folder, keys, up.supervisor.pid)


def machine() -> dict[str, Any]:
    """What else the machine does: the load averages over 1, 5 and 15 minutes, and its processors."""
    return {"load": [round(load, 2) for load in os.getloadavg()], "cpus": os.cpu_count()}


async def bihuan(*words: str) -> tuple[dict[str, Any], float]:
    """Run a command that ends with a JSON object: the object, and the seconds it took. Raises when it fails."""
    began = time.monotonic()
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-m", "bihuan", *words], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.strip().splitlines()[-1]), time.monotonic() - began


async def imported(made: Path, data: Path) -> dict[str, dict[str, Any]]:
    """Load all files of a simulated history through the public import; of each its counts and seconds.

    An import returns when its rows have been reacted to by all rooms and shipped to the archive.
    """
    found = {}
    for kind in FILES:
        words = ("import", kind, str(made / f"{kind}.csv.gz"), "--mapping", str(made / f"{kind}.yaml"))
        counts, seconds = await bihuan(*words, "--data", str(data), "--json")
        found[kind] = {**counts, "seconds": round(seconds, 1)}
    return found
