"""How soon the product answers: the time, tracking of 1 and of 100 events, and a decision.

`python -m benchmarks.answers --json` starts the whole product on a fresh folder, loads a small history, and asks over
one connection that is kept open, one request after the other: the median and the 99th percentile in milliseconds, as
the client sees them (its own half millisecond included). Tracking answers when the events are durable; a decision is
about a customer with holdings and leaves its evidence. The load of the machine stands beside. The last line is one
JSON object.
"""

import argparse
import asyncio
import csv
import gzip
import itertools
import json
import statistics
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx

from benchmarks._product import Running, bihuan, imported, machine, running

SLOTS = ["home.banner", "home.cards"]
WARM_UP = 50

Ask = Callable[[], Awaitable[httpx.Response]]


def main() -> None:
    """Measure, and print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1000, help="of each kind")
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--json", action="store_true", help="only the JSON object")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-answers-") as temporary:
        found = asyncio.run(measured(args, Path(temporary)))
    if not args.json:
        for name, one in found["answers"].items():
            print(f"{name:24} median {one['median_ms']:>7} ms   p99 {one['p99_ms']:>7} ms")
    print(json.dumps(found))


async def measured(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Start, load and ask."""
    await bihuan("simulate", "--out", str(folder / "files"), "--customers", str(args.customers), "--days", "5")
    async with running(folder / "data") as product:
        await imported(folder / "files", folder / "data")
        before = machine()
        async with httpx.AsyncClient(base_url=product.url, trust_env=False, timeout=30) as client:
            asks = questions(client, product, user_ids(folder / "files"))
            answers = {name: await timed(ask, args.requests) for name, ask in asks.items()}
        return {"requests": args.requests, "answers": answers, "machine_before": before, "machine_after": machine()}


def questions(client: httpx.AsyncClient, product: Running, users: list[str]) -> dict[str, Ask]:
    """What is asked, by the name it is reported under."""
    turn = itertools.cycle(users)

    def batch(size: int) -> Ask:
        async def send() -> httpx.Response:
            events = [
                {
                    "type": "track",
                    "messageId": str(uuid.uuid4()),
                    "userId": next(turn),
                    "event": "Screen Viewed",
                    "properties": {"screen": "home"},
                }
                for _ in range(size)
            ]
            return await client.post("/v1/batch", auth=(product.keys.write_key, ""), json={"batch": events})

        return send

    async def decide() -> httpx.Response:
        key = {"Authorization": f"Bearer {product.keys.server_key}"}
        return await client.post("/api/v1/decide", headers=key, json={"slots": SLOTS, "user_id": next(turn)})

    return {
        "GET /api/v1/time": lambda: client.get("/api/v1/time"),
        "POST /v1/batch 1": batch(1),
        "POST /v1/batch 100": batch(100),
        "POST /api/v1/decide": decide,
    }


async def timed(ask: Ask, requests: int) -> dict[str, float]:
    """Milliseconds of so many requests, after some that are not counted. Raises when one is refused."""
    taken = []
    for n in range(WARM_UP + requests):
        began = time.perf_counter()
        (await ask()).raise_for_status()
        if n >= WARM_UP:
            taken.append((time.perf_counter() - began) * 1000)
    return {
        "median_ms": round(statistics.median(taken), 2),
        "p99_ms": round(statistics.quantiles(taken, n=100)[98], 2),
    }


def user_ids(files: Path) -> list[str]:
    """The customers of a simulated history."""
    with gzip.open(files / "customers.csv.gz", "rt", encoding="utf-8") as file:
        return [row["user_id"] for row in csv.DictReader(file)]


if __name__ == "__main__":
    main()
