"""How soon the desk shows a stuck application, from the second its clock runs out.

`python -m benchmarks.desk --json` starts the whole product on a fresh folder with one branch's advisor signed in, sends
applications whose clocks run out one after the other, and listens on the live WebSocket as the advisor's browser does:
the median, the 99th percentile and the slowest in milliseconds, from the moment the application counts as stuck until
its row is in the browser. On the way are the sweep of deadlines, the stall's fact, the experiment's arm, the desk's
row, and the live change. The product's time runs as real time does. The load of the machine stands beside. The last
line is one JSON object.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import connect

from benchmarks._product import Running, bihuan, imported, machine, running
from bihuan.commands.running import house_of, settings_for
from bihuan.people import facade as people

PASSWORD = "of this measurement only"
EVERY = timedelta(milliseconds=300)
LEAD = timedelta(seconds=15)  # all events have been sent and reacted to before the first clock runs out
STEPS = ("opening:visit", "opening:phone:verified")
STUCK_AFTER = timedelta(minutes=30)  # the clock of the step that follows: choosing markets and branch


def main() -> None:
    """Measure, and print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stalls", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="only the JSON object")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-desk-") as temporary:
        found = asyncio.run(measured(args, Path(temporary)))
    if not args.json:
        print(f"median {found['median_ms']} ms, p99 {found['p99_ms']} ms, slowest {found['slowest_ms']} ms")
    print(json.dumps(found))


async def measured(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Start, load the branches and staff, send, listen."""
    await bihuan("simulate", "--out", str(folder / "files"), "--customers", "50", "--days", "3")
    async with running(folder / "data") as product:
        await imported(folder / "files", folder / "data")
        async with house_of(settings_for(folder / "data")) as house, house.postgres.transaction() as tx:
            branch = (await people.branches(tx))[0]
            advisor = next(one for one in await people.staff_of_branch(tx, branch.id) if "advisor" in one.roles)
            await people.set_password(tx, advisor.login, PASSWORD)
            first = house.clock.now() + LEAD
        before = machine()
        due = {f"desk-{n}": first + n * EVERY for n in range(args.stalls)}
        async with httpx.AsyncClient(base_url=product.url, trust_env=False, timeout=30) as client:
            given = {"login": advisor.login, "password": PASSWORD}
            (await client.post("/api/v1/session", json=given)).raise_for_status()
            listening = asyncio.create_task(listened(product, client, f"rescues:{branch.id}", set(due)))
            for opening, stuck_at in due.items():
                batch = application(opening, branch.code, stuck_at - STUCK_AFTER)
                sent = await client.post("/v1/batch", auth=(product.keys.server_key, ""), json={"batch": batch})
                sent.raise_for_status()
            seen = await asyncio.wait_for(listening, args.stalls * EVERY.total_seconds() + 120)
        taken = [(seen[opening] - stuck_at).total_seconds() * 1000 for opening, stuck_at in due.items()]
        return {
            "stalls": args.stalls,
            "median_ms": round(statistics.median(taken), 1),
            "p99_ms": round(statistics.quantiles(taken, n=100)[98], 1),
            "slowest_ms": round(max(taken), 1),
            "machine_before": before,
            "machine_after": machine(),
        }


def application(opening: str, branch: str, last: datetime) -> list[dict[str, Any]]:
    """An application that has been silent since `last`."""
    return [
        {
            "type": "track",
            "event": step,
            "userId": f"user-of-{opening}",
            "messageId": f"{opening}:{step}",
            "timestamp": (last - timedelta(minutes=len(STEPS) - 1 - place)).isoformat(),
            "properties": {"opening_id": opening, "branch_code": branch},
        }
        for place, step in enumerate(STEPS)
    ]


async def listened(product: Running, client: httpx.AsyncClient, topic: str, awaited: set[str]) -> dict[str, datetime]:
    """When the row of each application arrived, as a browser with this sign-in hears it."""
    url = product.url.replace("http://", "ws://") + "/api/v1/live"
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    seen: dict[str, datetime] = {}
    async with connect(url, additional_headers={"Cookie": cookie, "Origin": product.url}, compression=None) as socket:
        await socket.send(json.dumps({"op": "subscribe", "topic": topic}))
        async for text in socket:
            at = datetime.now().astimezone()
            told = json.loads(text)
            for _, _, row in told.get("changes", []):
                if row is not None and row["opening_id"] in awaited:
                    seen.setdefault(row["opening_id"], at)
            if told.get("op") == "error":
                raise RuntimeError(f"the desk is not shown: {told['problem']}")
            if len(seen) == len(awaited):
                break
    return seen


if __name__ == "__main__":
    main()
