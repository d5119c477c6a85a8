"""The server: the web application with its house, the live socket and the built web app, on one listening socket."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import structlog
import uvicorn
from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.websockets import WebSocketDisconnect

from bihuan import app as application
from bihuan import loop
from bihuan.collect import facade as collect
from bihuan.kit import calendar, metrics
from bihuan.kit import house as houses
from bihuan.kit.ending import ended
from bihuan.kit.errors import NotFound, Problem, Unauthenticated
from bihuan.kit.house import House
from bihuan.kit.http import HouseDep
from bihuan.kit.hub import Hub
from bihuan.kit.middleware import BodyLimit, Envelope, Problems, Repetition
from bihuan.kit.postgres import Tx
from bihuan.kit.settings import Settings
from bihuan.people import facade as people
from bihuan.serve import facade as serve

log = structlog.get_logger()

WEB = Path(__file__).parent / "web"

_LEFT_AFTER_S = 10.0  # a reload of the page is no departure
_SEEN_EVERY_S = 10.0  # often enough for the demo, where product time runs faster


class TimeOut(BaseModel):
    """The product's time, and how much faster than real time it runs (1 outside the demo)."""

    now: str
    factor: float


def build(lifespan: Callable[[FastAPI], Any]) -> FastAPI:
    """The whole application: rooms, tracking wire, live socket, health, web app."""
    made = application.build()
    made.router.lifespan_context = lifespan
    collect.mount_tracking(made.add_route)
    made.add_api_route("/api/v1/time", _time, methods=["GET"], tags=["kit"], response_model=TimeOut, name="read_time")
    made.add_api_websocket_route("/api/v1/live", _live)
    for path, endpoint in (("/healthz", _healthz), ("/readyz", _readyz), ("/metrics", _metrics)):
        made.add_route(path, endpoint, methods=["GET"])
    made.add_route("/{path:path}", _web, methods=["GET", "HEAD"])
    made.add_middleware(Repetition, house=lambda: made.state.house)
    made.add_middleware(BodyLimit, limit=Settings().body_max_bytes)
    made.add_middleware(Problems)
    made.add_middleware(Envelope)
    return made


@asynccontextmanager
async def furnished(made: FastAPI, house: House) -> AsyncIterator[None]:
    """Give the application its house, its intake and its hub; take them away again."""
    committer = collect.Committer(
        house.postgres, group_ms=house.settings.intake_group_ms, most_waiting=house.settings.intake_queue_events
    )
    hub = Hub(house.postgres, application.topics(), lambda: (house.clock.now(), house.clock.factor))
    made.state.house, made.state.hub = house, hub
    made.state.reactions = loop.reactions(house)
    made.state.intake = collect.Intake.of(house.settings, committer)
    made.state.write_keys = collect.KeyCache()
    if not house.settings.demo:
        async with house.postgres.transaction() as tx:
            await people.end_demo_sessions(tx)
    leaving: set[asyncio.Task[None]] = set()
    made.state.leaving = leaving
    parts = (committer.run(), hub.run(), _follow_time(house, hub), _keep_seen(house, hub))
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        yield
    finally:
        await ended([*tasks, *leaving])


async def _follow_time(house: House, hub: Hub) -> None:
    """Take over the shared clock and the exchange's calendar whenever they are set, and tell the browsers the time."""
    while True:
        with contextlib.suppress(psycopg.Error, OSError):
            async with await psycopg.AsyncConnection.connect(house.postgres.url, autocommit=True) as connection:
                await connection.execute(f"LISTEN clock; LISTEN {calendar.CHANNEL}")
                await _take_over(house)
                async for _ in connection.notifies():
                    await _take_over(house)
                    hub.tell_time()
        await asyncio.sleep(1.0)


async def _take_over(house: House) -> None:
    async with house.postgres.transaction() as tx:
        house.clock.adopt(await houses.read_clock(tx))
        house.calendar = await calendar.read(tx)


async def _keep_seen(house: House, hub: Hub) -> None:
    """Whoever has a live connection is there, also while he does nothing."""
    while True:
        await asyncio.sleep(_SEEN_EVERY_S)
        connected = {one.id for one in hub.principals() if isinstance(one, people.Staff)}
        if connected:
            with contextlib.suppress(psycopg.Error, OSError):
                async with house.postgres.transaction() as tx:
                    await serve.seen(tx, connected, house.clock.now())


async def _time(house: HouseDep) -> TimeOut:
    """The product's time."""
    return TimeOut(now=house.clock.now().isoformat(), factor=house.clock.factor)


async def _live(websocket: WebSocket) -> None:
    house: House = websocket.app.state.house
    hub: Hub = websocket.app.state.hub
    offered = websocket.scope.get("subprotocols") or []
    token = next((found.removeprefix("token.") for found in offered if found.startswith("token.")), None)

    async def who(tx: Tx) -> Any:
        if token is None:
            return await people.staff_of_session(tx, websocket.cookies.get(people.COOKIE))
        with contextlib.suppress(Unauthenticated):
            return people.caller_of_token(house.cipher, token)
        return None

    try:
        if token is None:
            people.check_origin(websocket, house.settings.public_url)
        async with house.postgres.transaction() as tx:
            principal = await who(tx)
    except Problem as problem:
        await _refuse(websocket, problem.code)
        return
    if principal is None:
        await _refuse(websocket, "sign in first")
        return
    await websocket.accept(subprotocol="bihuan.live" if "bihuan.live" in offered else None)
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await hub.serve(websocket, principal, who)
    if isinstance(principal, people.Staff):
        leaving: set[asyncio.Task[None]] = websocket.app.state.leaving
        task = asyncio.create_task(_maybe_left(house, hub, principal))
        leaving.add(task)
        task.add_done_callback(leaving.discard)


async def _refuse(websocket: WebSocket, reason: str) -> None:
    await websocket.accept()
    with contextlib.suppress(RuntimeError):
        await websocket.close(4401, reason)


async def _maybe_left(house: House, hub: Hub, staff: people.Staff) -> None:
    await asyncio.sleep(_LEFT_AFTER_S)
    if hub.present(lambda other: isinstance(other, people.Staff) and other.id == staff.id):
        return
    with contextlib.suppress(psycopg.Error, OSError):
        async with house.postgres.transaction() as tx:
            await serve.left(tx, staff.id, house.clock.now())


async def _healthz(request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "up"})


async def _readyz(request: Request) -> Response:
    """The engines answer too; 503 names the one that does not."""
    house: House = request.app.state.house
    found = {
        "postgres": await _works(_ask_postgres(house)),
        "clickhouse": await _works(house.clickhouse.query("SELECT 1")),
    }
    ready = all(found.values())
    return JSONResponse({"ready": ready, **found}, status_code=200 if ready else 503)


async def _ask_postgres(house: House) -> None:
    async with house.postgres.transaction() as tx:
        await tx.execute("SELECT 1")


async def _works(asked: Awaitable[Any]) -> bool:
    try:
        await asyncio.wait_for(asked, 5)
    except Exception as error:
        log.warning("not ready", error=repr(error))
        return False
    return True


async def _metrics(request: Request) -> Response:
    """Prometheus figures, for scrapers on this machine only: behind a proxy every caller looks local."""
    host = request.client.host if request.client else ""
    if host not in ("127.0.0.1", "::1") or "x-forwarded-for" in request.headers:
        return PlainTextResponse("Scrape from this machine.", status_code=403)
    return Response(metrics.of_this_process() + await _of_the_log(request), media_type=CONTENT_TYPE_LATEST)


async def _of_the_log(request: Request) -> bytes:
    """Nothing while PostgreSQL is away: what is absent raises an alarm, what is out of date would not."""
    house: House = request.app.state.house
    try:
        async with house.postgres.transaction() as tx:
            return await metrics.of_the_log(tx, house.clock.now(), house.clock.factor)
    except (psycopg.Error, OSError) as error:
        log.warning("no figures of the log", error=repr(error))
        return b""


async def _web(request: Request) -> Response:
    """The built web app; every path that is no file is a page of it."""
    path = request.path_params["path"]
    if path.startswith(("api/", "v1/")):
        raise NotFound("route", "There is nothing at this address.")
    file = (WEB / path).resolve()
    if path and file.is_file() and file.is_relative_to(WEB):
        cache = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
        return FileResponse(file, headers={"Cache-Control": cache})
    if path.startswith("assets/") or not (WEB / "index.html").is_file():
        raise NotFound("page", "There is no such file. Run `make web` if the web app was never built.")
    return FileResponse(WEB / "index.html", headers={"Cache-Control": "no-cache"})


async def serve_forever(settings: Settings, postgres_url: str, clickhouse_url: str, fd: int | None) -> None:
    """Run the server until SIGTERM or SIGINT; requests under way are finished."""

    @asynccontextmanager
    async def lifespan(made: FastAPI) -> AsyncIterator[None]:
        async with houses.opened(settings, postgres_url, clickhouse_url, pool=12) as house, furnished(made, house):
            yield

    config = uvicorn.Config(
        build(lifespan),
        host=settings.host,
        port=settings.port,
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=64 * 1024,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=5,
        backlog=2048,
    )
    # uvicorn's own `fd` takes any descriptor for a Unix socket: its connections would lack TCP_NODELAY, and with
    # header and body sent apart every answer would wait 40 ms for the other side's delayed acknowledgement.
    sockets = None if fd is None else [socket.socket(fileno=fd)]
    await uvicorn.Server(config).serve(sockets)
