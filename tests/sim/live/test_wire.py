"""The client side of the wire: time, batches that are sent again, feeds that come back."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from websockets.asyncio.server import ServerConnection, serve

from bihuan.sim.gateway import Gateway, serve_gateway
from bihuan.sim.live.api import Api, Refused, Stopped
from bihuan.sim.live.clock import ProductClock, iso, seconds_of
from bihuan.sim.live.feed import Feed
from bihuan.sim.live.tracker import Tracker


@given(
    steps=st.lists(st.tuples(st.floats(0, 100), st.floats(-500, 500), st.floats(0.5, 120)), max_size=20),
)
def test_product_time_never_runs_backwards(steps):
    real, seen = 0.0, 0.0
    clock = ProductClock(1e9, 60, lambda: real)
    for pause, jump, factor in steps:
        real += pause
        assert clock.now() >= seen
        clock.sync(clock.now() + jump, factor)
        seen = clock.now()


@given(st.floats(1e9, 2e9))
def test_moments_survive_the_wire_to_the_millisecond(at):
    assert seconds_of(iso(at)) == pytest.approx(at, abs=0.001)


@asynccontextmanager
async def answering(answer: Callable[[Any], Response]) -> AsyncIterator[str]:
    """Something that speaks HTTP at /sms/send and answers what the test says."""

    class Endpoint(Gateway):
        async def send(self, request: Request) -> Response:
            return answer(json.loads(await request.body()))

    async with serve_gateway(Endpoint("", "")) as address:
        yield address


async def test_calls_are_repeated_while_the_server_is_away_and_not_when_it_says_no() -> None:
    answers = [503, 429, 200, 403]

    def answer(_: Any) -> Response:
        return JSONResponse({"type": "urn:bihuan:problem:scope"}, answers.pop(0), headers={"Retry-After": "0"})

    async with answering(answer) as address, Api(address, asyncio.Event()) as api:
        assert (await api.call("POST", "/sms/send", {})).status_code == 200
        assert api.counts["retries"] == 2
        with pytest.raises(Refused) as refused:
            await api.call("POST", "/sms/send", {})
        assert (refused.value.status, refused.value.code) == (403, "scope")


async def test_a_stopped_run_gives_a_call_one_last_try() -> None:
    stop = asyncio.Event()
    stop.set()
    async with Api("http://127.0.0.1:9", stop) as api:
        with pytest.raises(Stopped):
            await api.call("GET", "/")
        assert api.counts["requests"] == 1


async def test_a_batch_that_was_lost_is_sent_again_with_the_same_ids_and_order() -> None:
    taken: list[list[str]] = []
    fail = [True]

    def answer(body: Any) -> Response:
        taken.append([m["messageId"] for m in body["batch"]])
        return JSONResponse({}, 503 if fail.pop() else 200, headers={"Retry-After": "0"})

    fail = [False, False, True]
    async with answering(answer) as address, Api(address, asyncio.Event()) as api:
        tracker = Tracker(api, ProductClock(1e9, 60), "wk", "t")
        for i in range(400):
            tracker.track("Screen Viewed", 1e9 + i, {}, user_id="u1")
        # The tracker posts to /v1/batch; here everything is one address.
        object.__setattr__(api, "call", _to(api, "/sms/send"))
        await tracker.flush()
    assert taken[0] == taken[1] == [f"t-{i}" for i in range(1, 301)]
    assert taken[2] == [f"t-{i}" for i in range(301, 401)]
    assert (tracker.sent, tracker.waiting) == (400, 0)


def _to(api: Api, path: str) -> Any:
    call = api.call

    async def called(method: str, _: str, json: Any = None, headers: Any = None) -> Any:
        return await call(method, path, json, headers)

    return called


async def test_a_feed_resumes_from_its_last_number_and_ends_with_the_rows_that_stand() -> None:
    orders: list[dict[str, Any]] = []

    async def topic(socket: ServerConnection) -> None:
        order = json.loads(await socket.recv())
        orders.append(order)
        if len(orders) == 1:
            rows = {"a": {"n": 1}, "b": {"n": 1}}
            await socket.send(json.dumps({"op": "snapshot", "topic": "t", "number": 7, "rows": rows}))
            changes = [[8, "b", None], [9, "c", {"n": 2}]]
            await socket.send(json.dumps({"op": "changes", "topic": "t", "changes": changes}))
        elif len(orders) == 2:
            await socket.send(json.dumps({"op": "changes", "topic": "t", "changes": [[10, "c", {"n": 3}]]}))
        else:
            rows = {"d": {"n": 4}}
            await socket.send(json.dumps({"op": "snapshot", "topic": "t", "number": 20, "rows": rows}))
            await socket.wait_closed()

    heard: list[tuple[str, Any]] = []
    async with serve(topic, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        feed = Feed(f"ws://127.0.0.1:{port}", {}, ("t",), lambda _, key, row: heard.append((key, row)))
        running = asyncio.create_task(feed.run())
        async with asyncio.timeout(10):
            while "d" not in feed.rows.get("t", {}):
                await asyncio.sleep(0.02)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert [order.get("from") for order in orders] == [None, 9, 10]
    assert feed.rows["t"] == {"d": {"n": 4}}
    replayed: dict[str, Any] = {}
    for key, row in heard:
        replayed.pop(key, None) if row is None else replayed.update({key: row})
    assert replayed == feed.rows["t"]
