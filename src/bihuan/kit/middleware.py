"""What surrounds every request: an id, a log line, figures, limits, security headers, repetition by key."""

import hashlib
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import psycopg
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

from bihuan.kit import postgres
from bihuan.kit.errors import Conflict, Fault, Invalid, Problem, TooLarge
from bihuan.kit.house import House
from bihuan.kit.metrics import REQUESTS
from bihuan.kit.postgres import Tx

log = structlog.get_logger()

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Only our own files; inline styles are how the component library positions things. 'self' takes in the live socket:
# ws and wss of the same host and port, as CSP 3 says and every browser does for which the web app is built.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:;"
    " connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"
)

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_TRACKING = ("/v1/", "/beacon/", "/pixel/", "/sourceConfig")


def is_tracking(path: str) -> bool:
    """Whether a path belongs to the tracking wire, which any web site may call."""
    return path.startswith(_TRACKING)


class Envelope:
    """Request id, one structured log line, duration by route, security headers; CORS on the tracking wire."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answer = MutableHeaders(scope=message)
                answer["X-Request-Id"] = request_id
                for name, text in _HEADERS.items():
                    answer.setdefault(name, text)
                if is_tracking(scope["path"]):
                    answer["Access-Control-Allow-Origin"] = headers.get("origin", "*")
                    answer["Vary"] = "Origin"
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                if scope["method"] == "OPTIONS" and is_tracking(scope["path"]):
                    await _preflight(scope, receive, sending)
                else:
                    await self.app(scope, receive, sending)
            finally:
                self._note(scope, status, time.perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "static" if status < 400 else "unknown")
        REQUESTS.labels(scope["method"], route, str(status)).observe(seconds)
        if not is_tracking(scope["path"]) or status >= 400:
            log.info("request", method=scope["method"], path=scope["path"], status=status, ms=round(seconds * 1000, 1))


async def _preflight(scope: Scope, receive: Receive, send: Send) -> None:
    answer = JSONResponse(
        None,
        headers={
            "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
            "Access-Control-Allow-Headers": "authorization, content-type, content-encoding, x-retry-count",
            "Access-Control-Max-Age": "600",
        },
    )
    await answer(scope, receive, send)


class BodyLimit:
    """Refuses bodies over the limit before they are read; the tracking wire has limits of its own."""

    def __init__(self, app: App, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_tracking(scope["path"]):
            await self.app(scope, receive, send)
            return
        read = 0
        refusal = TooLarge("body", f"Send at most {self.limit} bytes in one request.")

        async def receiving() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.limit:
                raise refusal
            return message

        async def sending(message: Message) -> None:
            # The framework takes what is raised while it reads for a body it cannot parse, and would answer that.
            if read <= self.limit:
                await send(message)
            elif message["type"] == "http.response.start":
                await _tell(refusal, scope, receive, send)

        await self.app(scope, receiving, sending)


class Repetition:
    """`Idempotency-Key`: a call repeated with the same key and body gets the first call's answer.

    Only for callers with a session, key or token, and only for calls that were carried out or whose own content was
    wrong: whatever a later try may answer otherwise (401, 404, 409, 429, 503) is answered afresh. The answer is kept
    for a day; of one that holds a secret (`no-store`) only that it was given. A call that is still under way answers
    409; one that never ended (its server was killed) may be made again after half a minute.
    """

    def __init__(self, app: App, house: Callable[[], House]) -> None:
        self.app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = Headers(scope=scope).get("idempotency-key") if scope["type"] == "http" else None
        if key is None or not _repeatable(scope):
            await self.app(scope, receive, send)
            return
        if not 8 <= len(key) <= 100 or not key.isascii():
            raise Invalid("idempotency-key", "An Idempotency-Key has 8 to 100 ASCII characters.")
        body = await _whole(receive)
        caller, digest = _caller(scope), _digest(scope, body)
        known = await self._begin(caller, key, digest)
        if known is not None:
            await _replay(known, send)
            return
        answer = _Recorded(send)
        try:
            await self.app(scope, _repeat(body), answer.send)
        except BaseException:
            await self._forget(caller, key)
            raise
        if answer.status < 400 or answer.status == 422:
            await self._end(caller, key, answer)
        else:
            await self._forget(caller, key)

    async def _begin(self, caller: str, key: str, digest: bytes) -> dict[str, Any] | None:
        async with self._house().postgres.transaction() as tx:
            fresh = await postgres.execute(tx, BEGIN, caller=caller, key=key, request=digest)
            if fresh:
                return None
            known = await postgres.one(tx, KNOWN, caller=caller, key=key)
        if known is None or bytes(known["request"]) != digest:
            raise Conflict("idempotency-key", "This key was used for another call; take a new one.")
        if known["status"] is None:
            raise Conflict("under-way", "The same call is still under way; ask again in a moment.", retry_after=1)
        if known["answer"] is None:
            raise Conflict("answered", "This call was carried out; its answer held a secret and is not kept.")
        return known

    async def _end(self, caller: str, key: str, answer: "_Recorded") -> None:
        async with self._house().postgres.transaction() as tx:
            await postgres.execute(
                tx, END, caller=caller, key=key, status=answer.status, answer=answer.kept(), type=answer.type
            )

    async def _forget(self, caller: str, key: str) -> None:
        try:
            async with self._house().postgres.transaction() as tx:
                await postgres.execute(tx, FORGET, caller=caller, key=key)
        except psycopg.Error:
            log.warning("an idempotency key stays open for half a minute", caller=caller)


BEGIN = """
INSERT INTO kit_idempotency AS i (caller, key, request) VALUES (%(caller)s, %(key)s, %(request)s)
ON CONFLICT (caller, key) DO UPDATE SET at = clock_timestamp(), request = excluded.request, status = NULL
 WHERE i.at < clock_timestamp() - CASE WHEN i.status IS NULL THEN interval '30 seconds' ELSE interval '1 day' END
"""
KNOWN = "SELECT request, status, answer, type FROM kit_idempotency WHERE caller = %(caller)s AND key = %(key)s"
END = """
UPDATE kit_idempotency SET status = %(status)s, answer = %(answer)s, type = %(type)s
 WHERE caller = %(caller)s AND key = %(key)s
"""
# Answers nobody asks for again.
SWEEP = "DELETE FROM kit_idempotency WHERE at < clock_timestamp() - interval '1 day'"
FORGET = "DELETE FROM kit_idempotency WHERE caller = %(caller)s AND key = %(key)s AND status IS NULL"


async def sweep_answers(tx: Tx) -> int:
    """Forget answers older than a day; how many."""
    return await postgres.execute(tx, SWEEP)


def _repeatable(scope: Scope) -> bool:
    """Whether a call may be repeated by key: one that changes something, of a caller who shows who he is."""
    headers = Headers(scope=scope)
    known = "cookie" in headers or "authorization" in headers
    return known and scope["method"] in ("POST", "PUT", "PATCH", "DELETE") and not is_tracking(scope["path"])


class _Recorded:
    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 500
        self.type = ""
        self._secret = False
        self._parts: list[bytes] = []

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = Headers(raw=message["headers"])
            self.type = headers.get("content-type", "")
            self._secret = "no-store" in headers.get("cache-control", "") or "set-cookie" in headers
        elif not self._secret:
            self._parts.append(message.get("body", b""))
        await self._send(message)

    def kept(self) -> bytes | None:
        return None if self._secret else b"".join(self._parts)


async def _replay(known: dict[str, Any], send: Send) -> None:
    headers = [(b"content-type", known["type"].encode()), (b"idempotency-replayed", b"true")]
    await send({"type": "http.response.start", "status": known["status"], "headers": headers})
    await send({"type": "http.response.body", "body": bytes(known["answer"] or b"")})


async def _whole(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _repeat(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _caller(scope: Scope) -> str:
    headers = Headers(scope=scope)
    return _hash([headers.get("cookie", ""), headers.get("authorization", "")]).hex()


def _digest(scope: Scope, body: bytes) -> bytes:
    return _hash([scope["method"], scope["path"], scope["query_string"].decode("latin-1"), body])


def _hash(parts: Iterable[str | bytes]) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()


class Problems:
    """Turns what is raised into answers: problems from outside the router (limits, repetition), and our own faults.

    The framework would answer a fault outside of everything here: without headers, log line and figure.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            if not isinstance(error, Problem):
                log.exception("a request failed", method=scope.get("method"), path=scope.get("path"))
            if started or scope["type"] != "http":
                raise
            await _tell(error if isinstance(error, Problem) else Fault(), scope, receive, send)


async def _tell(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    body = problem.body(scope.get("state", {}).get("request_id", ""))
    answer = JSONResponse(body, status_code=problem.status, media_type="application/problem+json")
    await answer(scope, receive, send)
