"""`bihuan demo | simulate`: the whole product with a simulated brokerage that lives on its public API."""

import argparse
import asyncio
import contextlib
import json
import secrets
import sys
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import httpx
from pydantic import SecretStr

from bihuan.collect import facade as collect
from bihuan.commands.figures import figures
from bihuan.commands.processes import Up, command, product
from bihuan.commands.running import house_of, set_up_logging, settings_for, settled, until_signal
from bihuan.commands.sinks import sink_of
from bihuan.kit import house as houses
from bihuan.kit.crypto import secret_file
from bihuan.kit.engines import Child, free_port, running
from bihuan.kit.errors import Invalid
from bihuan.kit.house import House
from bihuan.kit.time import EXCHANGE, TradingCalendar
from bihuan.people import facade as people
from bihuan.sim import facade as sim
from bihuan.understand import facade as understand

_OPENS, _CLOSES = clock_time(9, 15), clock_time(21, 0)  # the part of a day worth showing
_SIMULATOR = "simulator"
_FILES = ("branches", "staff", "products", "customers", "accounts", "holdings", "trades", "flows", "events")
_SIGN_INS = (
    people.Role.OPERATOR,
    people.Role.REGION_MANAGER,
    people.Role.BRANCH_MANAGER,
    people.Role.SUPERVISOR,
    people.Role.ADVISOR,
    people.Role.SERVICE_AGENT,
    people.Role.WITNESS,
    people.Role.COMPLIANCE,
    people.Role.ENGINEER,
)


@dataclass(frozen=True)
class Keys:
    """What the simulated firm's systems and staff sign in with."""

    write_key: str
    server_key: str
    staff_password: str


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The arguments of these commands."""
    demo = commands.add_parser("demo", help="start everything with a simulated brokerage")
    _played(demo)
    demo.set_defaults(
        run=lambda args: asyncio.run(_demo(args)), example="bihuan demo --for 120 --speed 60 --json --data /tmp/bihuan"
    )
    simulate = commands.add_parser(
        "simulate", help="make a brokerage, load it, and play it against the product of a data folder"
    )
    _played(simulate)
    simulate.add_argument("--out", type=Path, help="only write the history's files and mappings there")
    simulate.add_argument("--end", type=datetime.fromisoformat, help="last day of the history (ISO date)")
    simulate.add_argument("--url", help="play against the product at this address, with --credentials; load nothing")
    simulate.add_argument("--credentials", type=Path, help="JSON with write_key, server_key, customer_secret, ...")
    simulate.add_argument("--sms-port", type=int, help="port of the simulated text gateway")
    simulate.add_argument("--vacant", nargs="*", default=[], help="logins of staff who are not played")
    simulate.add_argument("--truth", type=Path, help="where the ground truth of the run is written")
    simulate.set_defaults(
        run=lambda args: asyncio.run(_simulate(args)),
        example="bihuan simulate --data /tmp/bihuan   (or, files alone: bihuan simulate --out /tmp/history)",
    )


def _played(command: argparse.ArgumentParser) -> None:
    """What both commands let one choose of the brokerage and its days."""
    command.add_argument("--for", dest="seconds", type=float, help="stop after so many real seconds of live simulation")
    command.add_argument("--speed", type=float, default=20.0, help="how many times faster than real time")
    command.add_argument("--port", type=int, help="port to listen on; 0 takes a free one")
    command.add_argument("--customers", type=int, default=20_000, help="customers with a history; 0 loads no history")
    command.add_argument("--days", type=int, default=60, help="trading days of history")
    command.add_argument("--seed", type=int, default=7)
    command.add_argument("--advisors", type=float, default=1.0, help="share of the advisors who come to work")
    command.add_argument("--applications", type=int, default=0, help="stop new applications after so many; 0 never")
    command.add_argument("--json", action="store_true", help="end with one JSON object")


async def _demo(args: argparse.Namespace) -> int:
    sms_port = free_port()
    settings = settings_for(
        args.data,
        port=args.port,
        demo=True,
        sms_url=f"http://127.0.0.1:{sms_port}",
        log_level="WARNING",
    )
    secret = secret_file(settings.data / "secrets" / "sms.secret")
    settings = settings.model_copy(update={"sms_secret": SecretStr(secret)})
    set_up_logging("WARNING")
    with until_signal() as stop:
        async with product(settings) as up:
            async with houses.opened(up.settings, up.engines.postgres_url, up.engines.clickhouse_url) as house:
                keys = await _load(args, house)
                await _start_clock(house, args.speed)
                async with _simulator(args, up, keys, house, sms_port):
                    if not args.json:
                        await _tell(house, up, keys, sim.vacant_seats(args.seed))
                    await _wait(stop, args.seconds, up)
                if args.json:
                    await settled(house)
                    print(json.dumps(await figures(house), ensure_ascii=False), flush=True)
                await _stop_clock(house)
            if not args.json:
                print("Stopping ...", flush=True)
    return 0


async def _wait(stop: asyncio.Event, seconds: float | None, up: Up) -> None:
    """Until a signal, or the time is up. Raises ChildFailed when a simulator that runs once ends before."""
    stopped = asyncio.create_task(stop.wait())
    watched = asyncio.create_task(up.supervisor.watch(_SIMULATOR))
    await asyncio.wait({stopped, watched}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if watched.done():
        await watched
    watched.cancel()


async def _load(args: argparse.Namespace, house: House) -> Keys:
    """Fill a fresh folder with the simulated firm through the public import; on a second start do nothing."""
    keys = await firm_keys(house)
    folder = house.settings.data / "simulated"
    done = folder / "loaded"
    if done.exists():
        return keys
    now = house.clock.now()
    morning = first_morning(house.calendar, now)
    async with house.postgres.transaction() as tx:
        await houses.set_clock(tx, max(now, datetime.combine(morning, clock_time(8, 45), EXCHANGE)), 1.0)
        house.clock.adopt(await houses.read_clock(tx))
    started = time.monotonic()
    if args.customers:
        _say(args, f"Making {args.customers} customers with {args.days} trading days of history ...")
        end = house.calendar.trading_day_before(morning)
        await asyncio.to_thread(sim.write_history, folder, args.customers, args.days, args.seed, end)
    else:
        await asyncio.to_thread(sim.write_brokerage, folder, args.seed)
    rows = 0
    for kind in _FILES:
        path = folder / f"{kind}.csv.gz"
        if not path.exists():
            continue
        mapping = collect.read_mapping(folder / f"{kind}.yaml", kind)
        imported = await collect.run_import(house, path, mapping, sink_of(kind, house))
        rows += imported.accepted
        _say(args, f"  {kind}: {imported.accepted} rows in, {imported.rejected} rejected")
    async with house.postgres.transaction() as tx:
        await people.set_demo_passwords(tx, keys.staff_password)
    await settled(house)
    async with house.postgres.transaction() as tx:
        await understand.ask_refresh(tx, whole=True)  # by the worker, which may be at one already
    _say(args, f"{rows} rows loaded in {time.monotonic() - started:.0f} s.")
    done.touch()
    return keys


def first_morning(calendar: TradingCalendar, now: datetime) -> date:
    """The next day whose trading morning is still to come: a fresh demo begins there at whatever hour it is started."""
    local = now.astimezone(EXCHANGE)
    day = local.date() + timedelta(days=local.time() > _OPENS)
    while not calendar.is_trading_day(day):
        day += timedelta(days=1)
    return day


def _say(args: argparse.Namespace, text: str) -> None:
    print(text, file=sys.stderr if args.json else sys.stdout, flush=True)


async def firm_keys(house: House) -> Keys:
    """The firm's keys and the demo accounts' password, made at first start, in files only their owner may read."""
    folder = house.settings.data / "secrets"
    path = folder / "demo.json"
    if not path.exists():
        now = house.clock.now()
        async with house.postgres.transaction() as tx:
            write = await people.create_key(tx, "write", "app", ["track"], "demo", now)
            server = await people.create_key(
                tx, "server", "opening-system", ["track", "track:trusted", "decide"], "demo", now
            )
        made = Keys(write.secret, server.secret, secrets.token_urlsafe(9))
        secret_file(path, lambda: json.dumps(asdict(made)))
    return Keys(**json.loads(path.read_text("utf-8")))


async def _start_clock(house: House, factor: float) -> None:
    """Go on where the last run stopped, or from the next trading morning when that was outside the day."""
    now = house.clock.now()
    local = now.astimezone(EXCHANGE)
    opening = datetime.combine(local.date(), _OPENS, EXCHANGE)
    if not house.calendar.is_trading_day(local.date()) or local.time() > _CLOSES:
        following = house.calendar.next_session(now + timedelta(hours=8)).astimezone(EXCHANGE)
        opening = datetime.combine(following.date(), _OPENS, EXCHANGE)
    async with house.postgres.transaction() as tx:
        await houses.set_clock(tx, max(now, opening), factor)
        house.clock.adopt(await houses.read_clock(tx))


async def _stop_clock(house: House) -> None:
    """Slow down to real time, so that the next start goes on from here and not from hours ahead."""
    async with house.postgres.transaction() as tx:
        await houses.pace_clock(tx, 0.001)


@asynccontextmanager
async def _simulator(args: argparse.Namespace, up: Up, keys: Keys, house: House, sms_port: int) -> AsyncIterator[None]:
    """The simulator as a process of its own: a client of the public API and nothing more."""
    credentials = house.settings.data / "secrets" / "simulator.json"
    told = {**asdict(keys), "customer_secret": people.customer_secret(house.cipher)}
    told["sms_secret"] = house.settings.sms_secret.get_secret_value()
    credentials.unlink(missing_ok=True)
    secret_file(credentials, lambda: json.dumps(told))
    words = ["simulate", "--url", f"http://127.0.0.1:{up.port}", "--credentials", str(credentials)]
    words += ["--sms-port", str(sms_port), "--seed", str(args.seed), "--customers", str(args.customers)]
    words += ["--advisors", str(args.advisors), "--applications", str(args.applications)]
    if not args.json:  # somebody may be looking, and wants a seat of his own
        words += ["--vacant", *sorted(sim.vacant_seats(args.seed))]
    words += ["--truth", str(house.settings.data / "simulated" / "live-truth.json")]
    # Whoever looks on wants it back when it fails; figures of a run that failed in between would mean nothing.
    await up.supervisor.start(Child(_SIMULATOR, command(*words), grace=60.0, once=args.json))
    try:
        yield
    finally:
        await up.supervisor.stop_child(_SIMULATOR)


async def _tell(house: House, up: Up, keys: Keys, vacant: Collection[str]) -> None:
    """The address and the demo sign-ins, of each role one that the simulator leaves alone where there is one."""
    print(f"\nBihuan answers at {up.url}\n\n  password of every demo account: {keys.staff_password}\n")
    async with house.postgres.transaction() as tx:
        for role in _SIGN_INS:
            found = await people.staff_with(tx, role)
            if found:
                seat = next((staff for staff in found if staff.login in vacant), found[0])
                print(f"  {role:<16} {seat.login:<16} {seat.name}")
    print(f"\n  the customer's phone: {up.url}/demo/app")
    print(f"  the clock runs {house.clock.factor:g} times as fast as real time; Ctrl-C ends it all.\n", flush=True)


async def _simulate(args: argparse.Namespace) -> int:
    if args.out:
        end = args.end.date() if args.end else datetime.now(EXCHANGE).date() - timedelta(days=1)
        done = await asyncio.to_thread(sim.write_history, args.out, args.customers, args.days, args.seed, end)
        print(json.dumps({"rows": done.rows, "seconds": round(done.seconds, 1), "out": str(args.out)}))
        return 0
    if args.url:
        return await _play(args, args.url, _told_credentials(args))
    settings = settings_for(args.data)
    run = running(settings.data)
    if run is None:
        return await _demo(args)
    url = run.addresses.get("server", "")
    await _must_be_a_demo(url)
    async with house_of(settings) as house:
        keys = await _load(args, house)
        secret = people.customer_secret(house.cipher)
    return await _play(args, url, {**asdict(keys), "customer_secret": secret})


def _told_credentials(args: argparse.Namespace) -> dict[str, str]:
    if args.credentials is None:
        raise Invalid("credentials", "Name the file with the firm's keys: --credentials FILE.")
    try:
        found: dict[str, str] = json.loads(args.credentials.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Invalid("credentials", f"{args.credentials} cannot be read as JSON: {error}") from error
    return found


async def _must_be_a_demo(url: str) -> None:
    """Simulated staff sign in with demo passwords, which only a product in demo mode takes."""
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        stage = (await client.get(f"{url}/api/v1/demo/stage")).json()
    if not stage.get("on"):
        raise Invalid("demo", "The product that runs there is not in demo mode: start it with BIHUAN_DEMO=1.")


async def _play(args: argparse.Namespace, url: str, told: dict[str, str]) -> int:
    """Live on the public API until a signal or `--for`, then say what was done in one JSON line."""
    sms_secret = told.pop("sms_secret", "")
    plan = sim.LivePlan(
        seed=args.seed,
        customers=args.customers,
        advisors_share=args.advisors,
        applications=args.applications,
        vacant=frozenset(args.vacant),
    )
    with until_signal() as stop:
        if args.seconds:
            asyncio.get_running_loop().call_later(args.seconds, stop.set)
        async with contextlib.AsyncExitStack() as around:
            gateway = None
            if args.sms_port is not None:
                gateway = sim.Gateway(sms_secret, f"{url}/api/v1/sms/receipts")
                await around.enter_async_context(sim.serve_gateway(gateway, port=args.sms_port))
            summary = await sim.run_live(
                url, sim.Credentials(**told), args.seed, stop, plan=plan, gateway=gateway, truth_file=args.truth
            )
    print(json.dumps(summary.as_json(), ensure_ascii=False, default=str), flush=True)
    return 0
