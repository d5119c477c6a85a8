"""`bihuan up | server | worker | analytics | migrate`: the processes of the product."""

import argparse
import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bihuan.commands.running import engines_of, set_up_logging, settings_for, until_signal
from bihuan.kit import house as houses
from bihuan.kit.engines import Child, Engines, Supervisor, listener, own, start_engines
from bihuan.kit.errors import Invalid
from bihuan.kit.migrate import prepare
from bihuan.kit.settings import Settings
from bihuan.server import serve_forever
from bihuan.worker import Worker

_NO_MIGRATE = "leave the schema of engines given by URL alone; whoever runs many brings it up to date beforehand"


@dataclass(frozen=True)
class Up:
    """A running product: where it answers and on which engines."""

    settings: Settings
    engines: Engines
    supervisor: Supervisor
    url: str
    port: int


def _environment(settings: Settings, engines: Engines) -> dict[str, str]:
    """What the children need to know beyond our own environment."""
    return {
        "BIHUAN_DATA": str(settings.data),
        "BIHUAN_POSTGRES_URL": engines.postgres_url,
        "BIHUAN_CLICKHOUSE_URL": engines.clickhouse_url,
        "BIHUAN_HOST": settings.host,
        "BIHUAN_PORT": str(settings.port),
        "BIHUAN_PUBLIC_URL": settings.public_url,
        "BIHUAN_DEMO": "1" if settings.demo else "0",
        "BIHUAN_SMS_URL": settings.sms_url,
        "BIHUAN_SMS_SECRET": settings.sms_secret.get_secret_value(),
        "BIHUAN_LANES": str(settings.lanes),
        "BIHUAN_LOG_LEVEL": settings.log_level,
    }


@asynccontextmanager
async def product(settings: Settings, *, durable: bool = True) -> AsyncIterator[Up]:
    """Engines, server and workers under one supervisor, ready; all stopped again on leaving.

    Raises AlreadyRunning when the folder is owned by another run, Invalid when the port is taken.
    """
    with own(settings.data) as ownership:
        async with Supervisor(settings.data / "logs") as supervisor:
            engines = await start_engines(
                supervisor,
                settings.data,
                durable=durable,
                postgres_url=settings.postgres_url or None,
                clickhouse_url=settings.clickhouse_url or None,
            )
            await prepare(settings, engines.postgres_url, engines.clickhouse_url)
            with contextlib.closing(_listening(settings)) as listening:
                port = int(listening.getsockname()[1])
                settings = settings.model_copy(update={"port": port})
                url = settings.public_url or f"http://{settings.host}:{port}"
                here = f"http://{_reached_at(settings.host)}:{port}"
                environment = _environment(settings, engines)
                await supervisor.start(_server(listening.fileno(), here, environment))
                for number in range(settings.workers):
                    name = "worker" if number == 0 else f"worker-{number + 1}"
                    await supervisor.start(Child(name, command("worker", "--no-migrate"), environment, grace=15.0))
                ownership.announce(postgres=engines.postgres_url, clickhouse=engines.clickhouse_url, server=here)
                yield Up(settings, engines, supervisor, url, port)


def _listening(settings: Settings) -> socket.socket:
    try:
        return listener(settings.host, settings.port)
    except OSError as error:
        raise Invalid(
            "port", f"Port {settings.port} on {settings.host} is taken: give another with --port. ({error.strerror})"
        ) from error


def _reached_at(host: str) -> str:
    """Where this machine reaches a server that listens there."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104


def command(*words: str) -> Sequence[str]:
    """The command line of a process that runs `bihuan WORDS`."""
    return [sys.executable, "-m", "bihuan", *words]


def _server(fd: int, url: str, environment: dict[str, str]) -> Child:
    async def ready() -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
                return (await client.get(f"{url}/healthz")).status_code == 200
        except httpx.HTTPError:
            return False

    return Child(
        "server",
        command("server", "--no-migrate", "--fd", str(fd)),
        environment,
        ready=ready,
        pass_fds=(fd,),
        grace=10.0,
    )


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The arguments of these commands."""
    up = commands.add_parser("up", help="start the whole product and keep it running")
    up.add_argument("--port", type=int, help="port to listen on; 0 takes a free one")
    up.add_argument("--host", help="address to listen on")
    up.add_argument("--workers", type=int, help="worker processes")
    up.set_defaults(run=lambda args: asyncio.run(_up(args)), example="bihuan up --data /srv/bihuan --port 8321")
    server = commands.add_parser(
        "server", help="run one server process: on engines given by URL, on those that run on the folder, or on its own"
    )
    server.add_argument("--fd", type=int, help="descriptor of a listening socket to take over")
    server.add_argument("--port", type=int)
    server.add_argument("--host")
    server.add_argument("--no-migrate", action="store_true", help=_NO_MIGRATE)
    server.set_defaults(run=_run_server, example="bihuan server --port 8322 --data /srv/bihuan")
    worker = commands.add_parser("worker", help="run one worker process, on engines as `bihuan server`")
    worker.add_argument("--no-migrate", action="store_true", help=_NO_MIGRATE)
    worker.set_defaults(run=_run_worker, example="BIHUAN_POSTGRES_URL=... BIHUAN_CLICKHOUSE_URL=... bihuan worker")
    analytics = commands.add_parser("analytics", help="run the embedded ClickHouse alone")
    analytics.add_argument("--port", type=int, default=8123)
    analytics.set_defaults(run=_run_analytics, example="bihuan analytics --data /srv/bihuan --port 8123")
    migrate = commands.add_parser("migrate", help="bring the schema up to date and stop")
    migrate.set_defaults(run=lambda args: asyncio.run(_migrate(args)), example="bihuan migrate --data /srv/bihuan")


async def _up(args: argparse.Namespace) -> int:
    settings = settings_for(args.data, port=args.port, host=args.host, workers=args.workers)
    set_up_logging(settings.log_level)
    with until_signal() as stop:
        async with product(settings) as up:
            print(f"Bihuan answers at {up.url}  (Ctrl-C stops it; logs are in {settings.data / 'logs'})", flush=True)
            await stop.wait()
            print("Stopping ...", flush=True)
    return 0


def _run_server(args: argparse.Namespace) -> int:
    settings = settings_for(args.data, port=args.port, host=args.host)
    set_up_logging(settings.log_level)
    import uvloop

    uvloop.run(_serve(settings, args.fd, migrates=not args.no_migrate))
    return 0


async def _serve(settings: Settings, fd: int | None, *, migrates: bool) -> None:
    # The web server raises the signal again once it has drained; without a handler of ours that would kill this
    # process before it has stopped the engines it may have started.
    with until_signal() as stop:
        async with _engines(settings, migrates) as engines:
            if not stop.is_set():
                await serve_forever(settings, engines.postgres_url, engines.clickhouse_url, fd)


def _run_worker(args: argparse.Namespace) -> int:
    settings = settings_for(args.data)
    set_up_logging(settings.log_level)
    import uvloop

    uvloop.run(_work(settings, migrates=not args.no_migrate))
    return 0


async def _work(settings: Settings, *, migrates: bool) -> None:
    lanes = settings.lanes
    with until_signal() as stop:
        async with (
            _engines(settings, migrates) as engines,
            houses.opened(settings, engines.postgres_url, engines.clickhouse_url, pool=lanes + 4) as house,
        ):
            worker = Worker(house)
            running = asyncio.create_task(worker.run())
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            worker.stop()
            stopping.cancel()
            await running


@asynccontextmanager
async def _engines(settings: Settings, migrates: bool) -> AsyncIterator[Engines]:
    """Those that are given, whose schema is brought up to date where asked for; else those of the folder, started where
    nothing runs.
    """
    if settings.postgres_url and settings.clickhouse_url:
        if migrates:
            await prepare(settings, settings.postgres_url, settings.clickhouse_url)
        yield Engines(settings.postgres_url, settings.clickhouse_url)
        return
    async with engines_of(settings) as (engines, _):
        yield engines


def _run_analytics(args: argparse.Namespace) -> int:
    settings = settings_for(args.data)
    words = ["-m", "bihuan.analytics", "--data", str(settings.data), "--port", str(args.port)]
    os.execv(sys.executable, [sys.executable, *words])  # noqa: S606  (becomes that process; no shell is meant)


async def _migrate(args: argparse.Namespace) -> int:
    settings = settings_for(args.data)
    async with engines_of(settings):
        print(f"The schema in {Path(settings.data)} is up to date.")
    return 0
