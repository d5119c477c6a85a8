"""Every operation of the API that reads, whatever it is asked: never a 5xx.

The same harness is first pointed at a planted fault; one that it did not find would prove nothing.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import schemathesis
import uvicorn
from fastapi import FastAPI
from tests.faults.fuzzing import EXAMPLES, NOBODY, assert_never_5xx, call_each, furnished_product, operations

from bihuan.kit.engines import listener


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """An application on a port of its own, in a thread."""
    with listener("127.0.0.1", 0) as socket:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([socket])), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.mark.fault
@pytest.mark.slow
def test_the_harness_finds_a_planted_fault() -> None:
    planted = FastAPI()

    @planted.get("/planted/{number}")
    async def find(number: int, limit: int = 10) -> dict[str, int]:
        return {"rest": limit // (number % 7)}

    with served(planted) as url, httpx.Client(base_url=url, trust_env=False) as client:
        schema = schemathesis.openapi.from_dict(planted.openapi())
        called = call_each(schema, "get", "/planted/{number}", client, {}, NOBODY)
    assert called.tried >= EXAMPLES
    assert called.broken


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_no_reading_operation_answers_5xx(tmp_path: Path) -> None:
    async with furnished_product(tmp_path) as product:
        await assert_never_5xx(product, [found for found in operations() if found[0] == "get"])
