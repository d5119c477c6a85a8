"""How long a history takes: 20,000 customers with 60 trading days, made, then loaded through the public import.

`python -m benchmarks.history --json` writes the files with `bihuan simulate --out`, starts the whole product on a
fresh folder and runs `bihuan import` for each file, one after the other; an import ends when all rooms have reacted
to its rows and the archive holds them. Both are to take less than two minutes together on two processors that have
nothing else to do, so the load of the machine stands beside. The last line is one JSON object.
"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from benchmarks._product import bihuan, imported, machine, running


def main() -> None:
    """Measure, and print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--data", type=Path, help="keep files and data under this folder")
    parser.add_argument("--json", action="store_true", help="only the JSON object")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-history-") as temporary:
        found = asyncio.run(measured(args, args.data or Path(temporary)))
    if not args.json:
        for kind, one in found["files"].items():
            print(f"{kind:10} {one['accepted']:>9} rows  {one['seconds']:>6} s")
    print(json.dumps(found))


async def measured(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Make and load one history below a folder."""
    before = machine()
    words = ("--customers", str(args.customers), "--days", str(args.days), "--seed", str(args.seed))
    made, making = await bihuan("simulate", "--out", str(folder / "files"), *words)
    async with running(folder / "data"):
        files = await imported(folder / "files", folder / "data")
    loading = sum(one["seconds"] for one in files.values())
    accepted = sum(one["accepted"] for one in files.values())
    return {
        "customers": args.customers,
        "days": args.days,
        "rows_made": made["rows"],
        "rows": accepted,
        "rejected": sum(one["rejected"] for one in files.values()),
        "seconds_made": round(making, 1),
        "seconds_loaded": round(loading, 1),
        "rows_per_second": round(accepted / loading),
        "within_two_minutes": making + loading <= 120,
        "files": files,
        "machine_before": before,
        "machine_after": machine(),
    }


if __name__ == "__main__":
    main()
