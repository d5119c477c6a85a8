"""The fake text gateway speaks the real protocol, and is as strict as one."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse

from bihuan.sim.gateway import Gateway, serve_gateway, sign

SECRET = "shared"


@asynccontextmanager
async def listening(answers: list[int]) -> AsyncIterator[tuple[str, list[Any]]]:
    """A callback that answers with these states in turn, then 200, and keeps what was reported."""
    reports: list[Any] = []

    class Callback(Gateway):
        async def send(self, request: Request) -> JSONResponse:
            body = await request.body()
            assert request.headers["x-signature"] == sign(SECRET, request.headers["x-timestamp"], body)
            state = answers.pop(0) if answers else 200
            if state == 200:
                reports.append(json.loads(body))
            return JSONResponse({}, state)

    async with serve_gateway(Callback(SECRET, "")) as address:
        yield f"{address}/sms/send", reports


async def post(address: str, message: dict[str, str], secret: str = SECRET, at: float | None = None) -> httpx.Response:
    body = json.dumps(message).encode()
    timestamp = str(int(at if at is not None else time.time()))
    async with httpx.AsyncClient() as client:
        return await client.post(
            f"{address}/sms/send",
            content=body,
            headers={"X-Timestamp": timestamp, "X-Signature": sign(secret, timestamp, body)},
        )


@pytest.mark.parametrize("lost_reports", [0, 2])
async def test_a_message_arrives_once_and_its_receipt_is_reported_until_it_is_taken(lost_reports: int) -> None:
    texts: list[tuple[str, str]] = []
    async with listening([500] * lost_reports) as (callback, reports):
        gateway = Gateway(SECRET, callback, lambda *text: texts.append(text), delivery_seconds=0.01, undeliverable=0.0)
        async with serve_gateway(gateway) as address:
            message = {"id": "d1", "phone": "15400000001", "text": "hello", "sign": "firm"}
            first, second = await post(address, message), await post(address, message)
            assert first.json() == second.json()
            gateway.reply("15400000001", "T")
            deadline = time.monotonic() + 10
            while not reports and time.monotonic() < deadline:
                await asyncio.sleep(0.05)
    assert texts == [("15400000001", "hello")]
    # Reported at least once: what a lost answer makes it repeat carries the same id.
    assert {r["receipt_id"]: r["state"] for report in reports for r in report["receipts"]} == {
        "dm000000001": "delivered"
    }
    assert len({r["reply_id"] for report in reports for r in report["replies"]}) == 1


async def test_unsigned_stale_and_malformed_calls_are_refused() -> None:
    gateway = Gateway(SECRET, "http://127.0.0.1:9/none")
    async with serve_gateway(gateway) as address:
        message = {"id": "d1", "phone": "1", "text": "x"}
        assert (await post(address, message, secret="other")).status_code == 401
        assert (await post(address, message, at=time.time() - 3600)).status_code == 401
        assert (await post(address, {"id": "d1"})).status_code == 400
    assert gateway.counts.accepted == 0
    assert gateway.counts.refused == 3
