"""A text gateway that texts nobody: the real protocol over HTTP, with phones that belong to simulated people.

`POST /sms/send` takes signed JSON `{"id", "phone", "text", "sign"}` and answers `{"message_id"}`; the same `id` is the
same message, however often it is handed over. Later it reports, signed in the same way, to the callback:
`{"receipts": [...], "replies": [...]}`. The signature is HMAC-SHA256 over `timestamp.body` in hex, in `X-Signature`
beside `X-Timestamp` (whole seconds since 1970, real time).
"""

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_STALE_AFTER = 300.0
_REPORT_EVERY = 0.5
_MOST_IN_A_REPORT = 200


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of one call.

    >>> sign("s", "1700000000", b"{}")[:16]
    'e9232c9945da8456'
    """
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@dataclass
class Counts:
    """What the gateway has seen."""

    accepted: int = 0
    repeated: int = 0
    refused: int = 0
    delivered: int = 0
    failed: int = 0
    reported: int = 0


@dataclass
class Gateway:
    """Messages taken and what became of them. `on_text(phone, text)` is called when a handset gets one.

    `factor` says how much faster than real time deliveries are; `undeliverable` is the share that never arrives.
    """

    secret: str
    callback: str
    on_text: Callable[[str, str], None] = lambda phone, text: None
    factor: Callable[[], float] = lambda: 1.0
    delivery_seconds: float = 4.0
    undeliverable: float = 0.02
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    counts: Counts = field(default_factory=Counts)
    _known: dict[str, str] = field(default_factory=dict)
    _receipts: list[dict[str, Any]] = field(default_factory=list)
    _replies: list[dict[str, Any]] = field(default_factory=list)
    _deliveries: set[asyncio.Task[None]] = field(default_factory=set)

    async def send(self, request: Request) -> Response:
        """`POST /sms/send`."""
        body = await request.body()
        fault = self._fault(request, body)
        if fault:
            self.counts.refused += 1
            return JSONResponse({"error": fault}, 401)
        try:
            message = json.loads(body)
            given = {name: str(message[name]) for name in ("id", "phone", "text")}
        except (ValueError, KeyError, TypeError):
            self.counts.refused += 1
            return JSONResponse({"error": "send id, phone and text"}, 400)
        if given["id"] in self._known:
            self.counts.repeated += 1
            return JSONResponse({"message_id": self._known[given["id"]]})
        message_id = f"m{len(self._known) + 1:09d}"
        self._known[given["id"]] = message_id
        self.counts.accepted += 1
        delivery = asyncio.create_task(self._deliver(given, message_id))
        self._deliveries.add(delivery)
        delivery.add_done_callback(self._deliveries.discard)
        return JSONResponse({"message_id": message_id})

    def reply(self, phone: str, text: str) -> None:
        """The owner of a phone answers; it goes out with the next report."""
        self._replies.append({"reply_id": f"r{len(self._replies)}-{time.monotonic_ns()}", "phone": phone, "text": text})

    async def report(self, client: httpx.AsyncClient) -> None:
        """Hand receipts and replies to the callback until cancelled; what was not taken is handed over again."""
        while True:
            await asyncio.sleep(_REPORT_EVERY)
            await self.report_once(client)

    async def report_once(self, client: httpx.AsyncClient) -> None:
        """One report of what has gathered."""
        receipts, replies = self._receipts[:_MOST_IN_A_REPORT], self._replies[:_MOST_IN_A_REPORT]
        if not receipts and not replies:
            return
        body = json.dumps({"receipts": receipts, "replies": replies}).encode()
        timestamp = str(int(time.time()))
        headers = {"Content-Type": "application/json", "X-Timestamp": timestamp}
        headers["X-Signature"] = sign(self.secret, timestamp, body)
        with contextlib.suppress(httpx.HTTPError):
            answer = await client.post(self.callback, content=body, headers=headers)
            if answer.status_code == 200:
                del self._receipts[: len(receipts)]
                del self._replies[: len(replies)]
                self.counts.reported += len(receipts) + len(replies)

    async def _deliver(self, given: dict[str, str], message_id: str) -> None:
        await asyncio.sleep(self.rng.exponential(self.delivery_seconds) / max(self.factor(), 1.0))
        arrived = self.rng.random() >= self.undeliverable
        receipt = {"receipt_id": f"d{message_id}", "id": given["id"], "message_id": message_id}
        if arrived:
            self.counts.delivered += 1
            self._receipts.append({**receipt, "state": "delivered"})
            self.on_text(given["phone"], given["text"])
        else:
            self.counts.failed += 1
            self._receipts.append({**receipt, "state": "failed", "reason": "handset off"})

    def _fault(self, request: Request, body: bytes) -> str:
        timestamp, given = request.headers.get("x-timestamp", ""), request.headers.get("x-signature", "")
        if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > _STALE_AFTER:
            return "stale"
        return "" if hmac.compare_digest(sign(self.secret, timestamp, body), given) else "forged"


class _Quiet(uvicorn.Server):
    """A server inside somebody else's event loop: signals are theirs."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        """Leave the signals alone."""
        yield


@contextlib.asynccontextmanager
async def serve_gateway(gateway: Gateway, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve a gateway while the context lasts; gives its address."""
    app = Starlette(routes=[Route("/sms/send", gateway.send, methods=["POST"])])
    config = uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, lifespan="off", ws="none")
    server = _Quiet(config)
    running = asyncio.create_task(server.serve())
    async with httpx.AsyncClient(timeout=10) as client:
        reporting = asyncio.create_task(gateway.report(client))
        try:
            while not server.started:
                if running.done():
                    running.result()
                    raise RuntimeError(f"the gateway could not listen on {host}:{port}")
                await asyncio.sleep(0.01)
            bound = server.servers[0].sockets[0].getsockname()[1]
            yield f"http://{host}:{bound}"
        finally:
            reporting.cancel()
            await gateway.report_once(client)
            server.should_exit = True
            await asyncio.gather(running, reporting, return_exceptions=True)
