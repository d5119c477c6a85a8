"""The adapter speaks the gateway's protocol, and tells apart what to repeat and what is final."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bihuan.connect.sms.gateway import HttpTextGateway
from bihuan.reach.facade import GatewayBusy, GatewayRefused, Text, signature
from bihuan.sim.gateway import Gateway, serve_gateway

MESSAGE = Text("d1", "15400000001", "您好，点此继续", "闭环证券")


@asynccontextmanager
async def answering(answer: httpx.Response | Exception, seen: list[httpx.Request]) -> AsyncIterator[HttpTextGateway]:
    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as client:
        yield HttpTextGateway(client, "https://gateway.test/", "secret")


async def test_what_it_sends_is_signed_as_the_protocol_says() -> None:
    seen: list[httpx.Request] = []
    async with answering(httpx.Response(200, json={"message_id": "m1"}), seen) as gateway:
        assert await gateway.send(MESSAGE) == "m1"
    (request,) = seen
    assert str(request.url) == "https://gateway.test/sms/send"
    assert json.loads(request.content) == vars(MESSAGE)
    expected = signature("secret", request.headers["x-timestamp"], request.content)
    assert request.headers["x-signature"] == expected


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
async def test_busy_answers_are_to_be_repeated(status: int) -> None:
    async with answering(httpx.Response(status), []) as gateway:
        with pytest.raises(GatewayBusy) as busy:
            await gateway.send(MESSAGE)
    assert busy.value.lost is (status not in (425, 429, 503))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 301])
async def test_other_answers_are_final(status: int) -> None:
    async with answering(httpx.Response(status, text="no such number"), []) as gateway:
        with pytest.raises(GatewayRefused, match=str(status)):
            await gateway.send(MESSAGE)


@pytest.mark.parametrize(
    "answer", [httpx.Response(200, text="ok"), httpx.Response(200, json=[]), httpx.ReadTimeout("")]
)
async def test_an_answer_that_is_lost_or_says_nothing_is_repeated(answer: httpx.Response | Exception) -> None:
    async with answering(answer, []) as gateway:
        with pytest.raises(GatewayBusy) as busy:
            await gateway.send(MESSAGE)
    assert busy.value.lost


@pytest.mark.parametrize("answer", [httpx.ConnectError(""), httpx.ConnectTimeout(""), httpx.PoolTimeout("")])
async def test_where_no_connection_came_about_nothing_was_taken(answer: Exception) -> None:
    async with answering(answer, []) as gateway:
        with pytest.raises(GatewayBusy) as busy:
            await gateway.send(MESSAGE)
    assert not busy.value.lost


async def test_against_the_gateway_over_the_wire() -> None:
    gateway = Gateway("secret", "http://127.0.0.1:9/none")
    async with serve_gateway(gateway) as address, httpx.AsyncClient() as client:
        adapter = HttpTextGateway(client, address, "secret")
        assert await adapter.send(MESSAGE) == await adapter.send(MESSAGE)
        with pytest.raises(GatewayRefused):
            await HttpTextGateway(client, address, "another secret").send(MESSAGE)
    assert (gateway.counts.accepted, gateway.counts.repeated, gateway.counts.refused) == (1, 1, 1)
