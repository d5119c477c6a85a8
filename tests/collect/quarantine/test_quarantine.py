"""What cannot enter or be swallowed waits where staff see it, and comes in repaired: over HTTP, on the real engines."""

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from bihuan.kit import ids
from bihuan.kit import log as the_log
from bihuan.kit import postgres as pg
from bihuan.kit.house import House
from bihuan.kit.log import Batch, Reaction
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people import testing
from bihuan.worker import Worker

React = Callable[[], Awaitable[int]]


@pytest.fixture
async def key(house: House) -> str:
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
        return (await people.create_key(tx, "write", "web", ["track"], "test", house.clock.now())).secret


@pytest.fixture
async def engineer(client: httpx.AsyncClient, key: str) -> AsyncIterator[httpx.AsyncClient]:
    async with testing.browser(client._transport.app, "engineer") as browser:  # type: ignore[attr-defined]
        yield browser


async def send(client: httpx.AsyncClient, key: str, *messages: dict[str, Any], **envelope: Any) -> None:
    headers = {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
    body = json.dumps({"batch": list(messages), **envelope})
    assert (await client.post("/v1/batch", content=body, headers=headers)).status_code == 200


def track(event: str = "Signed In", user: str = "u1", **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, "userId": user, **more}


async def entries(house: House) -> list[dict[str, Any]]:
    async with house.postgres.transaction() as tx:
        return await pg.rows(tx, "SELECT name, user_id, body FROM log WHERE kind = 'tracked' ORDER BY seq")


async def test_a_message_is_repaired_and_comes_in_with_its_envelopes_context_once(
    house: House, client: httpx.AsyncClient, engineer: httpx.AsyncClient, key: str
) -> None:
    await send(client, key, track(user="0", messageId="m1"), context={"ip": "203.0.113.7"})
    waiting = (await engineer.get("/api/v1/quarantine")).json()["items"]
    assert [(w["reason"], w["source"]) for w in waiting] == [("nobody", "web")]
    assert (await engineer.get("/api/v1/quarantine/counts")).json()[0]["count"] == 1
    at = f"/api/v1/quarantine/{waiting[0]['id']}/replay"
    still = await engineer.post(at, json={"body": None})
    assert (still.status_code, still.json()["reason"]) == (422, "nobody")
    whole = (await engineer.post(f"/api/v1/quarantine/{waiting[0]['id']}/open")).json()["text"]
    repaired = json.loads(whole) | {"userId": "u7"}
    assert (await engineer.post(at, json={"body": repaired})).status_code == 200
    assert (await engineer.post(at, json={"body": repaired})).status_code == 409
    found = await entries(house)
    assert [(e["user_id"], e["body"]["context"]) for e in found] == [("u7", {"ip": "203.0.113.7"})]
    done = (await engineer.get("/api/v1/quarantine", params={"resolved": True})).json()["items"]
    assert [w["resolution"] for w in done] == ["replayed"]


async def test_lists_hide_persons_and_answers_and_who_opens_a_message_is_recorded(
    house: House, client: httpx.AsyncClient, engineer: httpx.AsyncClient, key: str
) -> None:
    phone = {"phone": "15400001234", "name": "王小明"}
    await send(client, key, {"type": "identify", "userId": "0", "traits": phone})
    await send(client, key, track("opening:risk:assessed", user="0", properties={"level": "C1", "q7": "B"}))
    waiting = (await engineer.get("/api/v1/quarantine")).json()["items"]
    assert len(waiting) == 2
    for secret in ("15400001234", "王小明", "q7", "C1"):
        assert all(secret not in message["text"] for message in waiting)
    whole = [(await engineer.post(f"/api/v1/quarantine/{message['id']}/open")).json()["text"] for message in waiting]
    assert "15400001234" in "".join(whole)
    async with house.postgres.transaction() as tx:
        seen = await pg.rows(tx, "SELECT subject FROM kit_audit WHERE action = 'collect:message:opened'")
    assert sorted(row["subject"] for row in seen) == sorted(message["id"] for message in waiting)


@pytest.mark.parametrize("body", [track("people:staff:changed"), track(properties={"a": [[[[]]]]}, n={"a": 1e300})])
async def test_a_repair_is_judged_as_anything_that_comes_in(
    house: House, client: httpx.AsyncClient, engineer: httpx.AsyncClient, key: str, body: dict[str, Any]
) -> None:
    if "n" in body:
        for _ in range(80):
            body["n"] = {"a": body["n"]}
    await send(client, key, track(user="0"))
    waiting = (await engineer.get("/api/v1/quarantine")).json()["items"]
    answer = await engineer.post(f"/api/v1/quarantine/{waiting[0]['id']}/replay", json={"body": body})
    assert answer.status_code == 422
    assert await entries(house) == []


async def test_a_discarded_message_stays_readable_and_out(
    house: House, client: httpx.AsyncClient, engineer: httpx.AsyncClient, key: str
) -> None:
    await send(client, key, track(user="0"))
    waiting = (await engineer.get("/api/v1/quarantine")).json()["items"]
    assert (await engineer.post(f"/api/v1/quarantine/{waiting[0]['id']}/discard")).status_code == 200
    assert (await engineer.post(f"/api/v1/quarantine/{waiting[0]['id']}/discard")).status_code == 409
    assert (await engineer.post(f"/api/v1/quarantine/{ids.new_id()}/discard")).status_code == 404
    assert (await engineer.get("/api/v1/quarantine")).json()["items"] == []
    assert await entries(house) == []


class Picky:
    """A reaction that chokes on some entries and keeps what it swallowed."""

    def __init__(self) -> None:
        self.reaction = Reaction("test.picky", frozenset({"tracked"}), self._react)
        self.batches = 0

    async def _react(self, batch: Batch, tx: Tx) -> None:
        self.batches += 1
        await tx.execute("CREATE TABLE IF NOT EXISTS swallowed (what text)")
        for entry in batch.entries:
            if entry.properties.get("bad"):
                raise LookupError(f"cannot swallow {entry.message_id}")
            await tx.execute("INSERT INTO swallowed VALUES (%s)", [entry.message_id])


async def swallowed(house: House) -> list[str]:
    async with house.postgres.transaction() as tx:
        return [row["what"] for row in await pg.rows(tx, "SELECT what FROM swallowed ORDER BY what")]


@pytest.fixture
def picky(client: httpx.AsyncClient) -> Picky:
    made = Picky()
    client._transport.app.state.reactions = [made.reaction]  # type: ignore[attr-defined]
    return made


async def work(house: House, picky: Picky) -> None:
    """What a worker's lanes do until nothing is unread: halve what fails, set aside what fails alone."""
    worker = Worker(house)
    worker._reactions = [picky.reaction]
    async with house.postgres.transaction() as tx:
        lanes = await the_log.lane_count(tx)
    for lane in range(lanes):
        limit = 64
        for _ in range(200):
            done, failed = await worker.react_once(lane, limit)
            limit = max(1, limit // 2) if failed else min(64, limit * 2)
            if not done and not failed:
                break


async def test_a_poisonous_entry_is_found_by_halving_and_the_lane_goes_on(
    house: House, client: httpx.AsyncClient, engineer: httpx.AsyncClient, key: str, picky: Picky
) -> None:
    bad = {7, 23}
    batch = [track(user=f"u{n}", messageId=f"m{n:02}", properties={"bad": n in bad}) for n in range(40)]
    await send(client, key, *batch)
    await work(house, picky)
    assert await swallowed(house) == [f"m{n:02}" for n in range(40) if n not in bad]
    pages = [(await engineer.get("/api/v1/poison", params={"limit": 1})).json()]
    pages.append((await engineer.get("/api/v1/poison", params={"limit": 1, "cursor": pages[0]["next"]})).json())
    assert pages[1]["next"] is None
    found = [entry for page in pages for entry in page["items"]]
    assert sorted((p["reaction"], p["error"]) for p in found) == [
        ("test.picky", "LookupError: cannot swallow m07"),
        ("test.picky", "LookupError: cannot swallow m23"),
    ]

    at = f"/api/v1/poison/{found[0]['id']}/replay"
    again = await engineer.post(at, json={"body": None})
    assert again.status_code == 422
    assert "test.picky fails again" in again.json()["detail"]
    whole = (await engineer.post(f"/api/v1/poison/{found[0]['id']}/open")).json()["text"]
    repaired = json.loads(whole) | {"properties": {"bad": False}}
    assert (await engineer.post(at, json={"body": repaired})).status_code == 200
    assert (await engineer.post(at, json={"body": repaired})).status_code == 409
    assert len(await swallowed(house)) == 39
    deep: dict[str, Any] = {}
    for _ in range(100):
        deep = {"a": deep}
    other = f"/api/v1/poison/{found[1]['id']}"
    assert (await engineer.post(f"{other}/replay", json={"body": deep})).status_code == 422
    assert (await engineer.post(f"{other}/discard")).status_code == 200
    assert (await engineer.post(f"{other}/discard")).status_code == 409
    assert (await engineer.get("/api/v1/poison")).json()["items"] == []
    assert len((await engineer.get("/api/v1/poison", params={"resolved": True})).json()["items"]) == 2


async def test_an_engine_that_is_away_poisons_nothing(
    house: House, client: httpx.AsyncClient, key: str, picky: Picky
) -> None:
    await send(client, key, track(messageId="m1"))

    async def away(batch: Batch, tx: Tx) -> None:
        raise ConnectionError

    worker = Worker(house)
    worker._reactions = [Reaction("test.away", frozenset({"tracked"}), away)]
    async with house.postgres.transaction() as tx:
        lanes = await the_log.lane_count(tx)
    raised = 0
    for lane in range(lanes):
        try:
            await worker.react_once(lane, 10)
        except ConnectionError:
            raised += 1
    assert raised == 1
    async with house.postgres.transaction() as tx:
        assert await pg.value(tx, "SELECT count(*) FROM log_poison") == 0
    await work(house, picky)
    assert await swallowed(house) == ["m1"]
