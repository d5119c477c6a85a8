"""Operations of the API, called with what its own document allows and with what it does not."""

import asyncio
import json
import random
import re
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
from tests.faults.morning import STEPS, Size, a_morning
from tests.product import Running

from bihuan import app as application
from bihuan.kit import house as houses
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

# What stands for a parameter in a path: the first row whose pattern the path matches.
SEEDS = (
    ("/customers/{customer_id}", "customer_id", "SELECT id FROM customers_customer"),
    ("/openings/{opening_id}", "opening_id", "SELECT opening_id FROM understand_opening WHERE stuck_since IS NOT NULL"),
    ("/demo/stories/{opening_id}", "opening_id", "SELECT opening_id FROM understand_opening"),
    ("/branches/{branch_id}", "branch_id", "SELECT id FROM people_branch"),
    ("/staff/{staff_id}", "staff_id", "SELECT id FROM people_staff WHERE login <> 'everything'"),
    ("/keys/{key_id}", "key_id", "SELECT id FROM people_key WHERE name = 'spare'"),
    ("/approvals/{approval_id}", "approval_id", "SELECT id FROM people_approval"),
    ("/enquiries/{enquiry_id}", "enquiry_id", "SELECT id FROM serve_enquiry"),
    ("/knowledge/{entry_id}", "entry_id", "SELECT id FROM serve_knowledge"),
    ("/credits/{entry_id}", "entry_id", "SELECT id FROM credit_entry"),
    ("/disputes/{dispute_id}", "dispute_id", "SELECT id FROM credit_dispute"),
    ("/poison/{entry_id}", "entry_id", "SELECT id FROM log_poison"),
    ("/quarantine/{message_id}", "message_id", "SELECT id FROM collect_quarantine"),
    ("/inbox/{message_id}", "message_id", "SELECT id FROM reach_inbox"),
    ("/templates/{template_id}", "template_id", "SELECT id FROM reach_template ORDER BY created_at DESC"),
    ("/decisions/{decision_id}", "decision_id", "SELECT id FROM decide_decision"),
    ("/catalogue/{code}", "code", "SELECT code FROM decide_item"),
    ("/experiments/{key}", "key", "SELECT key FROM decide_experiment"),
    ("/policy/{key}", "key", "SELECT key FROM comply_policy"),
    ("/measure-assumptions/{name}", "name", "SELECT name FROM measure_assumption"),
    ("/tags/{code}", "code", "SELECT unnest(ARRAY['stage', 'content', 'cash_share', 'first_deposit', 'senior'])"),
    ("/segments/{segment_id}", "segment_id", "SELECT id FROM understand_segment"),
    ("/trading-days/{year}", "year", "SELECT unnest(ARRAY[2026, 2027])"),
    ("/wording/phrases/{phrase_id}", "phrase_id", "SELECT id FROM comply_phrase"),
)


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
    """A running product with something of everything in it: what a morning leaves, and what waits for somebody."""
    size = Size(openings=2, stalls=12, rescued=1, questions=2, without_phone=6)
    async with a_morning(folder, size) as morning:
        running = morning.product
        async with running.house.postgres.transaction() as tx:
            row = people.StaffRow("everything", "万事通", EVERYTHING, branch_code=morning.branch, licensed=True)
            assert (await people.import_staff(tx, [row])).written
            await people.set_demo_passwords(tx, running.keys.staff_password, ["everything"])
        await morning.play()
        await _dispute(running, morning.branch)
        await _leave_waiting(running)
        async with running.house.postgres.transaction() as tx:
            await houses.pace_clock(tx, 1.0)
        yield running


async def _dispute(running: Running, loser: str) -> None:
    """An account that came with another branch's code, which the chosen branch disputes."""
    async with running.house.postgres.transaction() as tx:
        other = await (
            await tx.execute(
                "SELECT s.staff_code AS code FROM people_staff s JOIN people_branch b ON b.id = s.branch_id"
                " WHERE b.code <> %s AND 'advisor' = ANY (s.roles) AND s.staff_code IS NOT NULL LIMIT 1",
                [loser],
            )
        ).fetchone()
    assert other is not None
    known = {"opening_id": "disputed", "branch_code": loser, "staff_code": other["code"], "channel": "staff_qr"}
    await running.track(
        *({"type": "track", "event": step, "userId": "d1", "properties": {**known, "order": order}}
          for order, step in enumerate(STEPS))
    )  # fmt: skip
    await running.quiet()
    async with running.signed_in("everything") as somebody:
        entries = (await somebody.get("/api/v1/credits", params={"limit": 100})).json()["items"]
        entry = next(entry["id"] for entry in entries if entry["opening_id"] == "disputed")
        objected = await somebody.post(f"/api/v1/credits/{entry}/disputes", json={"reason": "客户由我部接待"})
        assert objected.status_code == 201, objected.text


async def _leave_waiting(running: Running) -> None:
    """What somebody has to deal with: a decision, a message in quarantine, a poisonous entry, an approval, a key."""
    async with running.signed_in("everything") as somebody:
        token = people.issue_customer_token(running.house.cipher, "u1", "d1", datetime.now(UTC), timedelta(hours=2))
        asked = {"Authorization": f"Bearer {token}"}
        decided = await somebody.post("/api/v1/decide", json={"slots": ["home.cards"]}, headers=asked)
        assert decided.status_code == 200, decided.text
        spare = {"kind": "write", "name": "spare", "scopes": ["track"]}
        made = await somebody.post("/api/v1/keys", json=spare)
        assert made.status_code == 201, made.text
        template = {
            "name": "opening-stuck.fuzzed", "occasion": "opening-stuck", "language": "en", "channel": "inbox",
            "title": "Go on", "body": "Continue here: {link}",
            "valid_from": "2020-01-01T00:00:00Z", "valid_to": "2100-01-01T00:00:00Z",
        }  # fmt: skip
        written = await somebody.post("/api/v1/templates", json=template)
        assert written.status_code == 201, written.text
        segment = {"name_zh": "老年客户", "name_en": "Seniors", "rule": {"tag": "senior", "op": "is", "value": True}}
        kept = await somebody.post("/api/v1/segments", json=segment)
        assert kept.status_code == 201, kept.text
        refreshed = await somebody.post("/api/v1/tags/refresh", json={"whole": True})
        assert refreshed.status_code == 202, refreshed.text
        submitted = await somebody.post(f"/api/v1/templates/{written.json()['id']}/submit")
        assert submitted.status_code == 200, submitted.text
    await running.track({"type": "track", "userId": "u1"})
    await running.quiet()
    async with running.house.postgres.transaction() as tx:
        await tx.execute(
            "INSERT INTO log_poison SELECT gen_random_uuid(), xid, seq, lane, kind, name, customer_id, user_id,"
            " anonymous_id, message_id, source, trusted, occurred_at, received_at, body, 'reach.moments', 'planted',"
            " now() FROM log WHERE kind = 'tracked' LIMIT 3"
        )


async def seeds_of(product: Running) -> dict[tuple[str, str], list[str]]:
    """What there is of each kind, by pattern of path and parameter. A kind of which there is nothing is a failure."""
    found = {}
    async with product.house.postgres.transaction() as tx:
        for pattern, name, sql in SEEDS:
            rows = await (await tx.execute(f"{sql} LIMIT 20")).fetchall()  # type: ignore[arg-type]
            assert rows, f"nothing stands for {name} in {pattern}"
            found[pattern, name] = [str(next(iter(row.values()))) for row in rows]
    return found


def seeds_for(path: str, seeds: Mapping[tuple[str, str], Sequence[str]]) -> dict[str, Sequence[str]]:
    """Parameter -> values for one path."""
    return {name: values for (pattern, name), values in seeds.items() if pattern in path}


async def assert_never_5xx(product: Running, chosen: Sequence[tuple[str, str]]) -> None:
    """Call each of these (method, path) as everybody it is meant for; fails on any answer of 5xx."""
    seeds = await seeds_of(product)
    unseeded = [path for _, path in chosen if set(re.findall(r"{(\w+)}", path)) - seeds_for(path, seeds).keys()]
    assert not unseeded, "SEEDS says nothing of these"
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
                found[f"{method} {path}"] = call_each(schema, method, path, client, seeds_for(path, seeds), callers)
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
