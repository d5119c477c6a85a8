"""`bihuan import KIND FILE --mapping MAP`: files into the product."""

import argparse
import asyncio
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from bihuan.collect import facade as collect
from bihuan.collect.facade import Progress
from bihuan.commands.running import house_of, set_up_logging, settings_for, settled
from bihuan.commands.sinks import sink_of

KINDS = ("events", "customers", "accounts", "products", "holdings", "trades", "flows", "staff", "branches")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The arguments of this command."""
    parser = commands.add_parser("import", help="import a CSV (gz) or Parquet file by a mapping")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("file", type=Path)
    parser.add_argument("--mapping", type=Path, required=True, help="YAML that says what the columns are")
    parser.add_argument("--dry-run", action="store_true", help="try every row and keep nothing")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    parser.set_defaults(
        run=lambda args: asyncio.run(_import(args)),
        example="bihuan import events loans.csv.gz --mapping examples/bpi2012.yaml --data /srv/bihuan --json",
    )


async def _import(args: argparse.Namespace) -> int:
    settings = settings_for(args.data)
    set_up_logging("WARNING")
    mapping = collect.read_mapping(args.mapping, args.kind)
    async with house_of(settings, reacting=not args.dry_run) as house:
        done = await collect.run_import(
            house,
            args.file,
            mapping,
            sink_of(args.kind, house),
            dry_run=args.dry_run,
            progress=_progress(args.file.name, quiet=args.json or not sys.stderr.isatty()),
        )
        if not args.dry_run:
            await settled(house)
    if args.json:
        print(json.dumps({k: v for k, v in asdict(done).items() if k != "import_id"}))
    else:
        told = f"{done.read} read, {done.accepted} accepted, {done.duplicates} duplicates, {done.rejected} rejected"
        if done.versions:
            told += f"; {done.customers} customers in {done.versions} dated records"
        if done.odd_file:
            told += f"; {done.odd} odd rows taken, listed in {done.odd_file}"
        print(told + (f"; rejected rows: {done.rejects_file}" if done.rejects_file else ""))
    return 0


def _progress(name: str, *, quiet: bool) -> Progress:
    started = shown = time.monotonic()

    def show(rows: int) -> None:
        nonlocal shown
        if not quiet and time.monotonic() - shown > 0.5:
            shown = time.monotonic()
            print(f"\r{name}: {rows} rows, {rows / (shown - started):.0f}/s", end="", file=sys.stderr, flush=True)

    return show
