"""The tracking endpoints: the wire of stock SDKs, not our own (their statuses decide whether data survives)."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from fastapi import Request
from fastapi.responses import JSONResponse, Response

from bihuan.collect.intake import wire
from bihuan.collect.intake.service import Intake
from bihuan.kit.errors import TooLarge, Unauthenticated
from bihuan.kit.http import house_of
from bihuan.kit.metrics import INTAKE_SECONDS
from bihuan.people.facade import Source, source_of_key

KINDS = {"identify": "identify", "track": "track", "page": "page", "screen": "screen", "group": "group",
         "alias": "alias", "i": "identify", "t": "track", "p": "page", "s": "screen", "g": "group", "a": "alias",
         "batch": None, "b": None}  # fmt: skip

PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00"
    b"\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)

_KEY_SECONDS = 5.0  # a revoked key stops working after so many seconds at most


class KeyCache:
    """Sources by their key, asked of the people room at most every few seconds."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Source | None]] = {}

    async def source(self, request: Request, key: str | None) -> Source:
        """The source behind a key. Raises Unauthenticated."""
        if key is None or len(key) > 200:
            raise Unauthenticated("write-key", "Send the write key as Basic user name, or in the body.")
        at, source = self._known.get(key, (0.0, None))
        if time.monotonic() - at > _KEY_SECONDS:
            async with house_of(request).postgres.transaction() as tx:
                source = await source_of_key(tx, key)
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[key] = (time.monotonic(), source)
        if source is None:
            raise Unauthenticated("write-key", "This write key is not known, or was revoked.")
        return source


async def limited_body(request: Request, limit: int) -> bytes:
    """The raw body, read no further than the limit. Raises TooLarge."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise TooLarge("body", f"Send at most {limit} bytes in one request.")
        chunks.append(chunk)
    return b"".join(chunks)


async def track(request: Request) -> Response:
    """`POST /v1/{kind}`: 200 once durable; 400 no JSON, 401 unknown key, 413 too large, 503 overload."""
    kind = KINDS[request.path_params["kind"]]
    return await _take(request, kind, batch=request.path_params["kind"] in ("batch", "b"))


async def beacon(request: Request) -> Response:
    """`POST /beacon/v1/batch?writeKey=`: what RudderStack's browser SDK sends when a page closes."""
    return await _take(request, None, batch=True)


async def _take(request: Request, kind: str | None, *, batch: bool) -> Response:
    started = time.perf_counter()
    house = house_of(request)
    intake: Intake = request.app.state.intake
    settings = house.settings
    raw = await limited_body(request, settings.batch_max_bytes)
    authorization, query = request.headers.get("authorization"), request.query_params.get("writeKey")
    keys: KeyCache = request.app.state.write_keys
    early = wire.key_of(authorization, query, None)
    source = await keys.source(request, early) if early else None
    plain = wire.unzip(raw, request.headers.get("content-encoding"), settings.batch_max_bytes)
    received_at = house.clock.now()
    try:
        body = wire.read(plain, batch=batch, most=settings.batch_max_events)
    except wire.Unusable as error:
        source = source or await keys.source(request, error.write_key)
        await intake.keep_whole(plain, source, error.reason, error.detail, received_at)
        return JSONResponse({"success": True})
    source = source or await keys.source(request, body.write_key)
    await intake.take(body, source, kind, received_at)
    INTAKE_SECONDS.observe(time.perf_counter() - started)
    return JSONResponse({"success": True})


async def swallow(request: Request) -> Response:
    """`POST /v1/m`: an SDK's figures about itself; answered and dropped."""
    await limited_body(request, house_of(request).settings.batch_max_bytes)
    return JSONResponse({"success": True})


async def sdk_settings(request: Request) -> Response:
    """`GET /v1/projects/{writeKey}/settings`: what the browser SDK asks before it sends."""
    key = request.path_params["write_key"]
    await request.app.state.write_keys.source(request, key)
    document: dict[str, Any] = {
        "integrations": {"Segment.io": {"apiKey": key}},
        "plan": {"track": {"__default": {"enabled": True}}},
    }
    return JSONResponse(document, headers={"Cache-Control": "max-age=60"})


async def source_config(request: Request) -> Response:
    """`GET /sourceConfig`: what RudderStack's SDKs ask before they send."""
    authorization, query = request.headers.get("authorization"), request.query_params.get("writeKey")
    source = await request.app.state.write_keys.source(request, wire.key_of(authorization, query, None))
    found = {"id": source.name, "name": source.name, "enabled": True, "config": {}, "destinations": []}
    return JSONResponse({"source": found})


async def pixel(request: Request) -> Response:
    """`GET /pixel/v1/{track,page}`: a message in the query, a one-pixel GIF back."""
    source = await request.app.state.write_keys.source(request, request.query_params.get("writeKey"))
    message = wire.pixel_message(request.query_params.multi_items())
    body = wire.Body([msgspec.json.encode(message)], None, None, {})
    await request.app.state.intake.take(body, source, request.path_params["kind"], house_of(request).clock.now())
    return Response(PIXEL, media_type="image/gif", headers={"Cache-Control": "no-store"})


def mount(add: Callable[..., None]) -> None:
    """Add the tracking routes; `add(path, endpoint, methods)` is Starlette's `add_route`.

    They stay out of the OpenAPI document: their description is the SDKs' own.
    """
    routes: list[tuple[str, Callable[[Request], Awaitable[Response]], str]] = [
        ("/v1/m", swallow, "POST"),
        *[(f"/v1/{kind}", _bound(kind), "POST") for kind in KINDS],
        ("/v1/projects/{write_key}/settings", sdk_settings, "GET"),
        ("/beacon/v1/batch", beacon, "POST"),
        ("/pixel/v1/{kind:path}", _pixel_or_404, "GET"),
        ("/sourceConfig", source_config, "GET"),
        ("/sourceConfig/", source_config, "GET"),
    ]
    for path, endpoint, method in routes:
        add(path, endpoint, methods=[method])


def _bound(kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        request.path_params["kind"] = kind
        return await track(request)

    return endpoint


async def _pixel_or_404(request: Request) -> Response:
    if request.path_params["kind"] not in ("track", "page"):
        return JSONResponse({"title": "Not found"}, status_code=404)
    return await pixel(request)
