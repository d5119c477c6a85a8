"""What surrounds every request: faults told, bodies limited, calls repeated by key and secrets kept by nobody."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI, Request, Response

from bihuan.kit import postgres as pg
from bihuan.kit.errors import Conflict
from bihuan.kit.house import House
from bihuan.kit.middleware import BodyLimit, Envelope, Problems, Repetition, sweep_answers

KEY = {"Idempotency-Key": "a key of mine", "Authorization": "Bearer me"}


@pytest.fixture
async def calls() -> list[str]:
    return []


@pytest.fixture
async def app(house: House, calls: list[str]) -> AsyncIterator[httpx.AsyncClient]:
    made = FastAPI()

    @made.post("/do/{what}")
    async def do(what: str, request: Request, response: Response) -> dict[str, int]:
        calls.append(what)
        await request.body()
        if what == "break":
            raise LookupError("the cellar is empty")
        if what == "late":
            raise Conflict("late", "Too late.")
        if what == "secret":
            response.headers["Cache-Control"] = "no-store"
        if what.isdigit():
            response.status_code = int(what)
        return {"call": len(calls)}

    @made.post("/read")
    async def read(given: dict[str, str]) -> None:
        """The framework reads the body itself."""

    made.add_middleware(Repetition, house=lambda: house)
    made.add_middleware(BodyLimit, limit=1000)
    made.add_middleware(Problems)
    made.add_middleware(Envelope)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def told() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


async def test_a_fault_of_ours_is_a_problem_with_an_id_that_the_log_knows(
    app: httpx.AsyncClient, told: list[Any]
) -> None:
    answer = await app.post("/do/break")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:bihuan:problem:fault"
    assert answer.json()["instance"] == answer.headers["x-request-id"]
    assert "cellar" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert [line["log_level"] for line in told if line["event"] == "a request failed"] == ["error"]
    assert [line["status"] for line in told if line["event"] == "request"] == [500]


@pytest.mark.parametrize("chunks", [[b"x" * 1001], [b"x" * 600, b"x" * 600]])
@pytest.mark.parametrize("path", ["/do/201", "/read"])
async def test_a_body_over_the_limit_is_refused_however_it_comes(
    app: httpx.AsyncClient, calls: list[str], chunks: list[bytes], path: str
) -> None:
    async def body() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    answer = await app.post(path, content=body())
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:bihuan:problem:body"
    assert (await app.post("/do/201", content=b"x" * 1000)).status_code == 201


async def kept(house: House) -> list[dict[str, Any]]:
    async with house.postgres.transaction() as tx:
        return await pg.rows(tx, "SELECT status, answer FROM kit_idempotency")


@pytest.mark.parametrize("status", [200, 201, 422])
async def test_a_call_repeated_by_key_is_carried_out_once(
    app: httpx.AsyncClient, calls: list[str], status: int
) -> None:
    first, second = [await app.post(f"/do/{status}", headers=KEY) for _ in range(2)]
    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (status, {"call": 1})
    assert second.headers["idempotency-replayed"] == "true"
    assert (await app.post(f"/do/{status}", headers=KEY, content=b"other")).status_code == 409


@pytest.mark.parametrize("what", ["401", "404", "late", "429", "503", "break"])
async def test_what_may_go_better_next_time_is_asked_afresh(
    app: httpx.AsyncClient, house: House, calls: list[str], what: str
) -> None:
    for _ in range(2):
        await app.post(f"/do/{what}", headers=KEY)
    assert calls == [what] * 2
    assert await kept(house) == []


async def test_a_secret_is_kept_by_nobody_and_made_only_once(
    app: httpx.AsyncClient, house: House, calls: list[str]
) -> None:
    assert (await app.post("/do/secret", headers=KEY)).status_code == 200
    again = await app.post("/do/secret", headers=KEY)
    assert (again.status_code, again.json()["type"]) == (409, "urn:bihuan:problem:answered")
    assert await kept(house) == [{"status": 200, "answer": None}]
    assert calls == ["secret"]


async def test_a_caller_who_shows_nothing_leaves_nothing(
    app: httpx.AsyncClient, house: House, calls: list[str]
) -> None:
    for _ in range(2):
        assert (await app.post("/do/200", headers={"Idempotency-Key": KEY["Idempotency-Key"]})).status_code == 200
    assert await kept(house) == []
    assert len(calls) == 2


async def test_answers_are_forgotten_after_a_day(app: httpx.AsyncClient, house: House) -> None:
    await app.post("/do/200", headers=KEY)
    async with house.postgres.transaction() as tx:
        assert await sweep_answers(tx) == 0
        await pg.execute(tx, "UPDATE kit_idempotency SET at = at - interval '25 hours'")
        assert await sweep_answers(tx) == 1
    assert await kept(house) == []
