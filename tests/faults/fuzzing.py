"""Operations of the API, called with what its own document allows and with what it does not."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from tests.product import Running, running_product

from bihuan import app as application
from bihuan.people import facade as people
from bihuan.reach.receipts.rules import signature

EXAMPLES = 200

# Shut to everybody but the text gateway, which signs what it sends.
SIGNED = {"/api/v1/sms/receipts"}
SMS_SECRET = "s"  # what tests/product.py starts the product with

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


@dataclass(frozen=True)
class Callers:
    """What opens the doors that the document names: headers by security scheme."""

    staffSession: Mapping[str, str]
    customerToken: Mapping[str, str]
    serverKey: Mapping[str, str]

    def headers(self, operation: Mapping[str, Any], chance: random.Random) -> Mapping[str, str]:
        """Those of one of the schemes an operation takes; none for one that takes everybody."""
        schemes = [name for asked in operation.get("security", []) for name in asked]
        return getattr(self, chance.choice(schemes)) if schemes else {}


@dataclass
class Called:
    """What became of one operation: how many examples there were, what was answered how often, what broke."""

    tried: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


NOBODY = Callers({}, {}, {})


def has_parameters(operation: Any) -> bool:
    """Whether there is anything to vary."""
    return bool(operation.query or operation.body or operation.path_parameters)


def examples_of(schema: Any, method: str, path: str) -> st.SearchStrategy[Any]:
    """Cases of an operation, right ones and wrong ones; a pure GET without parameters has no wrong ones."""
    operation = schema[path][method]
    strategies = [operation.as_strategy(generation_mode=GenerationMode.POSITIVE)]
    if has_parameters(operation):
        strategies.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    return st.one_of(strategies)


def call_each(
    schema: Any, method: str, path: str, client: httpx.Client, seeds: Mapping[str, Sequence[str]], callers: Callers
) -> Called:
    """Call an operation with many examples, each time as somebody it is meant for."""
    called = Called()
    chance = random.Random(path)
    definition = schema[path][method].definition.raw

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
        called.tried += 1
        for name in case.path_parameters or {}:
            if seeds.get(name) and chance.random() < 0.6:
                case.path_parameters[name] = chance.choice(seeds[name])
        asked = case.as_transport_kwargs(base_url=str(client.base_url))
        for ours in ("User-Agent", "Cookie", "Authorization"):
            asked["headers"].pop(ours, None)
        headers = {k: v for k, v in asked["headers"].items() if isinstance(v, str) and v.isascii()}
        try:
            content = _content(asked)
            signed = _signature(content) if path in SIGNED else {}
            if content is not None:
                headers.setdefault("Content-Type", "application/json")
            request = {
                "params": asked.get("params"),
                "content": content,
                "headers": {**headers, **callers.headers(definition, chance), **signed},
            }
            answer = _answered(client, asked["method"], asked["url"], request)
        except (httpx.InvalidURL, httpx.LocalProtocolError, UnicodeError, ValueError, TypeError):
            return  # cannot be put on the wire at all
        called.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            called.broken.append(f"{answer.status_code} {answer.text[:300]} for {asked}")

    run()
    return called


def _content(asked: Mapping[str, Any]) -> bytes | None:
    """The body as it goes over the wire."""
    if asked.get("json") is not None:
        return json.dumps(asked["json"]).encode()
    found = asked.get("data")
    return found.encode() if isinstance(found, str) else found if isinstance(found, bytes) else None


def _signature(content: bytes | None) -> dict[str, str]:
    """What the text gateway signs its calls with."""
    stamp = str(int(time.time()))
    return {"X-Timestamp": stamp, "X-Signature": signature(SMS_SECRET, stamp, content or b"")}


def _answered(client: httpx.Client, method: str, url: str, request: dict[str, Any]) -> httpx.Response:
    """The answer; asked once more when the server closed a kept connection at that moment."""
    try:
        return client.request(method, url, **request)
    except (httpx.ReadError, httpx.RemoteProtocolError):
        return client.request(method, url, **request)


@asynccontextmanager
async def furnished_product(folder: Path) -> AsyncIterator[Running]:
    """A running product with something of everything in it."""
    async with running_product(folder) as running:
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


async def assert_never_5xx(product: Running, chosen: Sequence[tuple[str, str]]) -> None:
    """Call each of these (method, path) as everybody it is meant for; fails on any answer of 5xx."""
    seeds = {}
    async with product.house.postgres.transaction() as tx:
        for name, sql in SEEDS.items():
            rows = await (await tx.execute(f"{sql} LIMIT 20")).fetchall()  # type: ignore[arg-type]
            seeds[name] = [str(next(iter(row.values()))) for row in rows]
    async with product.signed_in("everything") as browser:
        session = f"{people.COOKIE}={browser.cookies[people.COOKIE]}"
        csrf = browser.headers["X-CSRF-Token"]
    token = people.issue_customer_token(product.house.cipher, "u1", "d1", datetime.now(UTC), timedelta(hours=2))
    callers = Callers(
        {"Cookie": session, "X-CSRF-Token": csrf},
        {"Authorization": f"Bearer {token}"},
        {"Authorization": f"Bearer {product.keys.server_key}"},
    )
    schema = schemathesis.openapi.from_dict(application.build().openapi())

    def fuzz() -> dict[str, Called]:
        found = {}
        with httpx.Client(base_url=product.url, trust_env=False, timeout=30) as client:
            for method, path in chosen:
                found[f"{method} {path}"] = call_each(schema, method, path, client, seeds, callers)
            alive = client.get("/api/v1/session", headers=callers.staffSession)
            assert alive.status_code == 200, "the session ended: the later half was fuzzed as a stranger"
        return found

    found = await asyncio.to_thread(fuzz)
    broken = [f"{name}: {text}" for name, called in found.items() for text in called.broken[:2]]
    assert not broken, "\n".join(broken)
    varied = {f"{method} {path}" for method, path in chosen if has_parameters(schema[path][method])}
    few = {name: called.tried for name, called in found.items() if name in varied and called.tried < EXAMPLES}
    assert not few, "too few examples prove nothing"
    never_in = {name: dict(called.statuses) for name, called in found.items() if called.statuses.keys() <= {401}}
    assert not never_in, "these were called as a stranger only"
