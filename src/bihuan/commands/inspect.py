"""`bihuan settings | keys | funnel | rebuild | openapi`: looking into the product, and mending it."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from uuid import UUID

from bihuan import app as application
from bihuan.commands.running import house_of, set_up_logging, settings_for, settled
from bihuan.kit.crypto import Cipher, load_master
from bihuan.kit.errors import Invalid
from bihuan.kit.settings import describe
from bihuan.measure import facade as measure
from bihuan.people import facade as people
from bihuan.understand import facade as understand


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The arguments of these commands."""
    settings = commands.add_parser("settings", help="every setting with its value, source and meaning")
    settings.add_argument("--json", action="store_true")
    settings.set_defaults(run=_settings, example="bihuan settings")
    keys = commands.add_parser("keys", help="make, list and revoke keys; show the customer secret")
    keys.add_argument("action", choices=("list", "create", "revoke", "customer-secret"))
    keys.add_argument("--name", help="the source a new key stands for")
    keys.add_argument("--kind", choices=("write", "server"), default="write")
    keys.add_argument("--scope", action="append", default=[], help="what a server key may do (repeatable)")
    keys.add_argument("--id", help="which key to revoke")
    keys.set_defaults(
        run=lambda args: asyncio.run(_keys(args)),
        example="bihuan keys create --name website --kind write --data /srv/bihuan",
    )
    funnel = commands.add_parser("funnel", help="how many customers did one thing after the other")
    funnel.add_argument("--steps", required=True, help="event names in order, separated by commas")
    funnel.add_argument("--window", default="30d", help="longest time from first to last step: 90s, 15m, 6h, 30d")
    funnel.add_argument("--by", help="property of the first step to break down by")
    funnel.add_argument("--from", dest="since", help="first steps not before this time (ISO 8601)")
    funnel.add_argument("--to", dest="until", help="first steps before this time (ISO 8601)")
    funnel.add_argument("--json", action="store_true")
    funnel.set_defaults(
        run=lambda args: asyncio.run(_funnel(args)),
        example="bihuan funnel --steps opening:phone:verified,opening:account:opened --window 7d --by channel",
    )
    rebuild = commands.add_parser("rebuild", help="fold a room's state from the log again")
    rebuild.add_argument("what", choices=("openings",))
    rebuild.add_argument("--json", action="store_true")
    rebuild.set_defaults(run=lambda args: asyncio.run(_rebuild(args)), example="bihuan rebuild openings --data DIR")
    refresh = commands.add_parser("refresh", help="bring what is computed of customers up to now")
    refresh.add_argument("what", choices=("tags",))
    refresh.add_argument("--whole", action="store_true", help="everybody, not only whom anything happened to")
    refresh.add_argument("--json", action="store_true")
    refresh.set_defaults(run=lambda args: asyncio.run(_refresh(args)), example="bihuan refresh tags --whole --data DIR")
    openapi = commands.add_parser("openapi", help="print the OpenAPI document of /api/v1")
    openapi.set_defaults(run=_openapi, example="bihuan openapi > web/openapi.json")


def _settings(args: argparse.Namespace) -> int:
    table = describe(settings_for(args.data))
    if args.json:
        print(json.dumps(table, indent=2))
        return 0
    width = max(len(row["name"]) for row in table)
    for row in table:
        print(f"{row['name']:<{width}}  {row['value']}  [{row['source']}]\n{'':<{width}}  {row['description']}")
    return 0


async def _keys(args: argparse.Namespace) -> int:
    settings = settings_for(args.data)
    set_up_logging("WARNING")
    if args.action == "customer-secret":
        key = settings.key.get_secret_value() if settings.key else None
        print(people.customer_secret(Cipher(load_master(settings.data, key))))
        return 0
    async with house_of(settings) as house, house.postgres.transaction() as tx:
        if args.action == "create":
            if not args.name:
                raise Invalid("key", "Give the new key a --name: the source its events stand under.")
            made = await people.create_key(
                tx, args.kind, args.name, args.scope or ["track"], "command line", datetime.now(UTC)
            )
            print(f"{made.secret}\n(shown this once; the product keeps only its hash)")
        elif args.action == "revoke":
            if not args.id:
                raise Invalid("key", "Say which key with --id; `bihuan keys list` shows them.")
            await people.revoke_key(tx, _id(args.id), "command line", datetime.now(UTC))
            print("revoked")
        else:
            for known in await people.keys(tx):
                state = "revoked" if known.revoked_at else "valid"
                print(f"{known.id}  {known.kind:<6}  {known.name:<20}  {known.hint}...  {state}  {known.scopes}")
    return 0


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("id", f"{text!r} is no id; `bihuan keys list` shows them.") from error


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("time", f"{text!r} is no ISO 8601 time.") from error
    return at if at.tzinfo else at.astimezone()


async def _funnel(args: argparse.Namespace) -> int:
    settings = settings_for(args.data)
    set_up_logging("WARNING")
    query = measure.FunnelQuery(
        measure.parse_steps(args.steps),
        measure.parse_window(args.window),
        args.by,
        _moment(args.since),
        _moment(args.until),
    )
    async with house_of(settings) as house:
        found = await measure.funnel(house.clickhouse, query)
    if args.json:
        groups = [{"value": g.value, "other": g.is_other, "steps": _steps(g.steps)} for g in found.breakdown]
        print(json.dumps({"steps": _steps(found.steps), **({"by": groups} if args.by else {})}, ensure_ascii=False))
        return 0
    _print_steps("all", found.steps)
    for group in found.breakdown:
        _print_steps("others" if group.is_other else f"{args.by} = {group.value}", group.steps)
    return 0


def _steps(steps: Sequence[measure.Step]) -> list[dict[str, object]]:
    return [
        {"name": s.name, "customers": s.customers, "conversion": s.conversion, "median_seconds": s.median_seconds}
        for s in steps
    ]


def _print_steps(title: str, steps: Sequence[measure.Step]) -> None:
    print(title)
    for step in steps:
        share = f"{step.conversion:.1%}" if step.conversion is not None else ""
        took = f"{step.median_seconds:.0f} s" if step.median_seconds is not None else ""
        print(f"  {step.name:<40} {step.customers:>10}  {share:>7}  {took:>12}")


async def _rebuild(args: argparse.Namespace) -> int:
    settings = settings_for(args.data)
    set_up_logging("WARNING")
    async with house_of(settings, reacting=True) as house:
        await settled(house)
        found = await understand.rebuild(house)
    told = f"{found.openings} openings folded from the log again, {found.corrected} of them corrected"
    print(json.dumps(vars(found)) if args.json else told)
    return 0


async def _refresh(args: argparse.Namespace) -> int:
    settings = settings_for(args.data)
    set_up_logging("WARNING")
    async with house_of(settings, reacting=True) as house:
        await settled(house)
        made = await understand.refresh(house, whole=args.whole)
    if args.json:
        print(json.dumps(asdict(made)))
    else:
        print(f"Tags of {made.customers} customers computed in {made.seconds} s ({made.kind}).")
    return 0


def _openapi(args: argparse.Namespace) -> int:
    json.dump(application.build().openapi(), sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)
    print()
    return 0
