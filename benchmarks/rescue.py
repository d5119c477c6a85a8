"""The rescue, measured: does the product find the effect that is true, and does it shrink with fewer advisors?

`python -m benchmarks.rescue --json` runs the whole product twice on the same seed: 2,000 applications come within two
hours of a trading morning and have the rest of the day; once with all advisors at work, once with a quarter of them.
Nothing but the number of advisors differs. The lift (person against message) is what the product's own experiment
says, in its immediate view, as a run is over before any horizon is; the true effect is what the simulator's model
expects for the same stuck applications (docs/simulator.md). How many were reached in time, and by a person, is again
what the product says, of each arm. The last line is one JSON object. Ends with 1 when one of these is false: both
true effects inside their intervals, a smaller lift with fewer advisors, fewer reached by a person in time.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bihuan.commands.running import house_of, set_up_logging, settings_for
from bihuan.decide.facade import RESCUE
from bihuan.measure import facade as measure
from bihuan.measure.facade import Counted

SHARES = {"full": 1.0, "quarter": 0.25}
HOURS = 6.5  # of product time: arrivals from 9:15, then the afternoon's sessions for those who were held up


def main() -> None:
    """Run both, print a table and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--applications", type=int, default=2000)
    parser.add_argument("--speed", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--hours", type=float, default=HOURS)
    parser.add_argument("--data", type=Path, help="keep both data folders under this one")
    parser.add_argument("--json", action="store_true", help="only the JSON object")
    args = parser.parse_args()
    runs = {}
    for name, share in SHARES.items():
        runs[name] = measured(args, name, share)
        if not args.json:
            print(f"{name:8} {json.dumps(runs[name], ensure_ascii=False)}", flush=True)
    found = verdict(runs)
    print(json.dumps(found, ensure_ascii=False))
    sys.exit(0 if all(found[claim] for claim in claims()) else 1)


def claims() -> list[str]:
    """What must hold, by its name in the JSON object."""
    return [*(f"true_inside_{name}" for name in SHARES), "smaller_with_fewer", "fewer_reached_by_person"]


def measured(args: argparse.Namespace, name: str, share: float) -> dict[str, Any]:
    """One run in a folder of its own."""
    folder = (args.data or Path(tempfile.mkdtemp(prefix="bihuan-rescue-"))) / name
    command = [sys.executable, "-m", "bihuan", "demo", "--json", "--port", "0", "--data", str(folder)]
    command += ["--for", str(args.hours * 3600 / args.speed), "--speed", str(args.speed), "--seed", str(args.seed)]
    command += ["--customers", "0", "--advisors", str(share), "--applications", str(args.applications)]
    began, load_before = time.monotonic(), os.getloadavg()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    run = json.loads((folder / "simulated" / "live-truth.json").read_text())["run"]
    reached = asyncio.run(reached_in_time(folder))
    if args.data is None:
        shutil.rmtree(folder, ignore_errors=True)
    return {
        "advisors_share": share,
        "seconds": round(time.monotonic() - began, 1),
        "load_before": load_before,
        "load_after": os.getloadavg(),
        "openings": figures["openings"],
        "experiment": figures["experiment"],
        "reached": reached,
        "truth": run["effect"],
        "unsent": run["events_unsent"],
        "complaints": len(run["complaints"]),
        "calls": {name: count for name, count in run["counts"].items() if name.startswith(("calls_", "rescues_"))},
        "enquiries": figures["enquiries"],
    }


async def reached_in_time(folder: Path) -> dict[str, dict[str, Any]]:
    """Of each arm, how many the product says were reached in time, at all and by a person; its engines run again."""
    set_up_logging("WARNING")
    async with house_of(settings_for(folder)) as house, house.postgres.transaction() as tx:
        found = await measure.result(tx, RESCUE, house.clock.now())
    return {
        arm.arm: {"in_time": counted(arm.reached_in_time), "by_person": counted(arm.reached_by_person)}
        for arm in found.arms
    }


def counted(found: Counted) -> dict[str, Any]:
    """A share with what it was counted from."""
    return {"hits": found.hits, "n": found.n, "share": None if found.share is None else round(found.share, 4)}


def verdict(runs: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Both runs side by side, and whether what was to be shown is shown."""
    out: dict[str, Any] = {}
    for name, run in runs.items():
        experiment, truth = run["experiment"], run["truth"] or {}
        interval, effect = experiment["ci"], truth.get("effect")
        out |= {
            f"lift_{name}": experiment["lift"],
            f"interval_{name}": experiment["ci"],
            f"true_effect_{name}": effect,
            f"true_effect_error_{name}": truth.get("effect_error"),
            f"true_inside_{name}": bool(interval) and effect is not None and interval[0] <= effect <= interval[1],
            f"reached_in_time_{name}": run["reached"],
            f"time_to_reach_{name}": truth.get("contacts", {}).get("person", {}).get("first"),
            f"load_{name}": {"before": run["load_before"], "after": run["load_after"]},
            f"openings_{name}": run["openings"],
            f"arms_{name}": {arm: experiment[arm] for arm in ("control", "message", "person")},
            f"calls_{name}": run["calls"],
            f"enquiries_{name}": run["enquiries"],
            f"seconds_{name}": run["seconds"],
        }
    lifts = [out["lift_quarter"], out["lift_full"]]
    out["smaller_with_fewer"] = None not in lifts and lifts[0] < lifts[1]
    fewer, more = (runs[name]["reached"]["person"]["by_person"]["share"] for name in ("quarter", "full"))
    out["fewer_reached_by_person"] = fewer is not None and more is not None and fewer < more
    return out


if __name__ == "__main__":
    main()
