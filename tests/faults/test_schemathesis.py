"""Every operation of the API, called with what its own document allows and with what it does not: never a 5xx.

The same harness is first pointed at a planted fault; one that it did not find would prove nothing.
"""

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from tests.product import Running, running_product

from bihuan import app as application
from bihuan.kit.engines import listener
from bihuan.people import facade as people

EXAMPLES = 200

# The signed-in person would lock himself out, or become somebody else.
LEFT_OUT = {("delete", "/api/v1/session"), ("post", "/api/v1/password"), ("post", "/api/v1/demo/session")}

EVERYTHING = ("operator", "supervisor", "compliance", "engineer", "advisor", "branch_manager", "region_manager",
              "service_agent")  # fmt: skip

SEEDS = {
    "customer_id": "SELECT id FROM customers_customer",
    "opening_id": "SELECT opening_id FROM understand_opening",
    "branch_id": "SELECT id FROM people_branch",
    "enquiry_id": "SELECT id FROM serve_enquiry",
    "entry_id": "SELECT id FROM credit_entry",
    "template_id": "SELECT id FROM reach_template",
    "decision_id": "SELECT id FROM decide_decision",
    "message_id": "SELECT id FROM collect_quarantine",
    "code": "SELECT code FROM decide_item",
    "key": "SELECT key FROM decide_experiment",
}


def operations() -> Sequence[tuple[str, str]]:
    """Every (method, path) of the document but those that are left out."""
    paths = application.build().openapi()["paths"]
    every = {(method, path) for path, found in paths.items() for method in found}
    return sorted(every - LEFT_OUT, key=lambda found: (found[1], found[0]))


def examples_of(schema: Any, method: str, path: str) -> st.SearchStrategy[Any]:
    """Cases of an operation, right ones and wrong ones; a pure GET without parameters has no wrong ones."""
    operation = schema[path][method]
    strategies = [operation.as_strategy(generation_mode=GenerationMode.POSITIVE)]
    if operation.query or operation.body or operation.path_parameters:
        strategies.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    return st.one_of(strategies)


def call_each(
    schema: Any, method: str, path: str, client: httpx.Client, seeds: Mapping[str, Sequence[str]]
) -> tuple[int, list[str]]:
    """Call an operation with many examples; how many were sent, and what answered 5xx."""
    sent, broken = 0, list[str]()
    chance = random.Random(path)

    @seed(7)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=examples_of(schema, method, path))
    def run(case: Any) -> None:
        nonlocal sent
        for name in case.path_parameters or {}:
            if seeds.get(name) and chance.random() < 0.6:
                case.path_parameters[name] = chance.choice(seeds[name])
        asked = case.as_transport_kwargs(base_url=str(client.base_url))
        for ours in ("User-Agent", "Cookie"):
            asked["headers"].pop(ours, None)
        content = asked.pop("data", None)
        request = {
            "params": asked.get("params"),
            "json": asked.get("json"),
            "content": content if isinstance(content, str | bytes) else None,
            "headers": {k: v for k, v in asked["headers"].items() if isinstance(v, str) and v.isascii()},
        }
        try:
            answer = _answered(client, asked["method"], asked["url"], request)
        except (httpx.InvalidURL, httpx.LocalProtocolError, UnicodeError, ValueError, TypeError):
            return  # cannot be put on the wire at all
        sent += 1
        if answer.status_code >= 500:
            broken.append(f"{answer.status_code} {answer.text[:300]} for {asked}")

    run()
    return sent, broken


def _answered(client: httpx.Client, method: str, url: str, request: dict[str, Any]) -> httpx.Response:
    """The answer; asked once more when the server closed a kept connection at that moment."""
    try:
        return client.request(method, url, **request)
    except (httpx.ReadError, httpx.RemoteProtocolError):
        return client.request(method, url, **request)


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
        sent, broken = call_each(schema, "get", "/planted/{number}", client, {})
    assert sent >= EXAMPLES / 2
    assert broken


@pytest.fixture(scope="module")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A running product with something of everything in it."""
    async with running_product(tmp_path_factory.mktemp("fuzzed")) as running:
        async with running.house.postgres.transaction() as tx:
            branch = (await people.branches(tx))[0]
            row = people.StaffRow("everything", "万事通", EVERYTHING, branch_code=branch.code, licensed=True)
            assert (await people.import_staff(tx, [row])).written
            await people.set_demo_passwords(tx, running.keys.staff_password, ["everything"])
        steps = ("opening:visit", "opening:phone:verified", "opening:account:opened")
        for n in range(5):
            for order, step in enumerate(steps):
                properties = {"opening_id": f"o{n}", "branch_code": branch.code, "order": order}
                await running.track({"type": "track", "event": step, "userId": f"u{n}", "properties": properties})
        await running.track({"type": "track", "userId": "u1"})
        await running.quiet()
        yield running


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("share", [0, 1])
async def test_no_operation_answers_5xx(product: Running, share: int) -> None:
    seeds = {}
    async with product.house.postgres.transaction() as tx:
        for name, sql in SEEDS.items():
            rows = await (await tx.execute(f"{sql} LIMIT 20")).fetchall()  # type: ignore[arg-type]
            seeds[name] = [str(next(iter(row.values()))) for row in rows]
    async with product.signed_in("everything") as browser:
        cookies, headers = dict(browser.cookies), {"X-CSRF-Token": browser.headers["X-CSRF-Token"]}
    schema = schemathesis.openapi.from_dict(application.build().openapi())

    def fuzz() -> tuple[dict[str, int], list[str]]:
        sent, broken = {}, []
        with httpx.Client(
            base_url=product.url, cookies=cookies, headers=headers, trust_env=False, timeout=30
        ) as client:
            for method, path in operations()[share::2]:
                count, found = call_each(schema, method, path, client, seeds)
                sent[f"{method} {path}"] = count
                broken += [f"{method} {path}: {text}" for text in found[:2]]
            alive = client.get("/api/v1/session")
            assert alive.status_code == 200, "the session ended: the later half was fuzzed as a stranger"
        return sent, broken

    sent, broken = await asyncio.to_thread(fuzz)
    assert not broken, "\n".join(broken)
    assert all(sent.values())
