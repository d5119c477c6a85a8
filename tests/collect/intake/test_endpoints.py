"""The tracking wire over HTTP: the statuses that decide whether an SDK keeps or throws away its data."""

import base64
import gzip
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bihuan.collect.intake.clocks import Clocks
from bihuan.kit import postgres as pg
from bihuan.kit.house import House
from bihuan.people import facade as people


@pytest.fixture
async def keys(house: House) -> tuple[str, str]:
    """A write key and a trusted server key."""
    async with house.postgres.transaction() as tx:
        write = await people.create_key(tx, "write", "web", ["track"], "test", house.clock.now())
        server = await people.create_key(tx, "server", "desk", ["track", "track:trusted"], "test", house.clock.now())
    return write.secret, server.secret


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


async def names(house: House, table: str = "log WHERE kind = 'tracked'", column: str = "name") -> list[str]:
    async with house.postgres.transaction() as tx:
        return [row[column] for row in await pg.rows(tx, f"SELECT {column} FROM {table} ORDER BY {column}")]


def track(event: str = "Signed In", **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, "userId": "u1", **more}


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded", None])
@pytest.mark.parametrize("zipped", [True, False])
async def test_any_content_type_zipped_or_not_is_taken(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str], content_type: str | None, zipped: bool
) -> None:
    raw = json.dumps({"batch": [track()], "sentAt": "2026-03-10T02:00:00Z"}).encode()
    headers = basic(keys[0]) | ({"Content-Type": content_type} if content_type else {})
    answer = await client.post("/v1/batch", content=gzip.compress(raw) if zipped else raw, headers=headers)
    assert answer.status_code == 200
    assert await names(house) == ["Signed In"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("identify", "identify"),
        ("track", "Signed In"),
        ("page", "page"),
        ("screen", "screen"),
        ("group", "group"),
        ("alias", "alias"),
        ("i", "identify"),
        ("t", "Signed In"),
        ("p", "page"),
        ("s", "screen"),
        ("g", "group"),
        ("a", "alias"),
    ],
)
async def test_single_messages_take_their_type_from_the_address(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str], path: str, name: str
) -> None:
    body = {"event": "Signed In", "userId": "u1", "writeKey": keys[0]}
    assert (await client.post(f"/v1/{path}", json=body)).status_code == 200
    assert await names(house) == [name]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"not json", True, 400),
        (b'{"batch": [', True, 400),
        (gzip.compress(b'{"batch": []}')[:-5], True, 400),
        (b'{"batch": []}', False, 401),
        (b'{"batch": []}', "Basic nonsense", 401),
        (b'{"batch": []}', {"Authorization": "Basic d3Jvbmc6"}, 401),
        (b"x" * 4_200_000, True, 413),
        (gzip.compress(b" " * 5_000_000), True, 413),
        (b'{"batch": [' + b",".join([b"{}"] * 2501) + b"]}", True, 413),
    ],
)
async def test_bad_bodies_get_the_status_that_the_sdks_understand(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str], body: bytes, headers: object, status: int
) -> None:
    given = basic(keys[0]) if headers is True else headers if isinstance(headers, dict) else {}
    answer = await client.post("/v1/batch", content=body, headers=given)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert await names(house) == []


async def test_an_invalid_message_waits_in_quarantine_and_its_neighbours_come_in(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str]
) -> None:
    batch = [track(), {"type": "track", "userId": "u1"}, track("x" * 40_000), track("opening:account:opened"), 7,
             {"type": "track", "event": "E", "userId": None, "anonymousId": "0000"}]  # fmt: skip
    answer = await client.post("/v1/batch", json={"batch": batch}, headers=basic(keys[0]))
    assert answer.status_code == 200
    assert await names(house) == ["Signed In"]
    assert await names(house, "collect_quarantine", "reason") == ["name", "nobody", "shape", "size", "untrusted"]


async def test_nesting_beyond_reading_is_kept_and_answered_with_success(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str]
) -> None:
    deep = b'{"batch": [' + b'{"type": "track", "event": "E", "userId": "u", "properties": ' + b'{"a":' * 10_000
    deep += b"1" + b"}" * 10_001 + b"]}"
    assert (await client.post("/v1/batch", content=deep, headers=basic(keys[0]))).status_code == 200
    assert await names(house, "collect_quarantine", "reason") in (["depth"], ["json"])


@pytest.mark.parametrize("depth", [65, 260, 980])
async def test_what_nests_too_deep_waits_and_the_pages_of_staff_still_open(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str], depth: int
) -> None:
    deep = '{"a":' * depth + "1" + "}" * depth
    message = json.dumps(track(messageId="m1"))[:-1] + f', "properties": {deep}}}'
    answer = await client.post("/v1/batch", content=f'{{"batch": [{message}]}}', headers=basic(keys[0]))
    assert answer.status_code == 200
    assert await names(house, "collect_quarantine", "reason") in (["depth"], ["json"])
    assert await names(house) == []


async def test_a_nul_in_every_field_harms_neither_the_batch_nor_the_quarantine(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str]
) -> None:
    fields = ("type", "event", "userId", "anonymousId", "messageId", "timestamp", "properties", "context", "traits")
    batch = [track(messageId="good"), *({**track(), field: "opening:\0x"} for field in fields)]
    batch += [track(messageId="deep", properties={"a\0": ["\0", {"\0": "\0"}]})]
    answer = await client.post("/v1/batch", content=json.dumps({"batch": batch}), headers=basic(keys[0]))
    assert answer.status_code == 200
    assert await names(house, "log WHERE message_id IN ('good', 'deep')") == ["Signed In"] * 2
    assert await names(house, "collect_quarantine", "reason") == ["shape"] * 3 + ["type", "untrusted"]


async def test_the_context_of_the_envelope_counts_into_every_messages_size(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str]
) -> None:
    small = [{"type": "track", "event": "E", "userId": "u"}] * 2500
    sent = {"batch": small, "context": {"a": "x" * 3_800_000}}
    assert (await client.post("/v1/batch", json=sent, headers=basic(keys[0]))).status_code == 200
    assert await names(house) == []
    assert await names(house, "collect_quarantine", "reason") == ["size"]
    large = {"batch": [track("A"), track("B", properties={"a": "x" * 20_000})], "context": {"b": "x" * 20_000}}
    assert (await client.post("/v1/batch", json=large, headers=basic(keys[0]))).status_code == 200
    assert await names(house) == ["A"]
    assert await names(house, "collect_quarantine", "reason") == ["size"] * 2


async def test_no_key_speaks_in_a_rooms_name(client: httpx.AsyncClient, house: House, keys: tuple[str, str]) -> None:
    for key in keys:
        batch = [track("people:approval:decided"), track("credit:account:credited"), track(" customers:visitor:merged")]
        assert (await client.post("/v1/batch", json={"batch": batch}, headers=basic(key))).status_code == 200
    assert await names(house) == []
    assert await names(house, "collect_quarantine", "reason") == ["name"] * 6


async def test_what_waits_is_replayed_with_the_type_of_its_address_and_the_context_of_its_envelope(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str]
) -> None:
    body = {"batch": [{"type": "track", "event": "opening:visit", "userId": "u1"}], "context": {"ip": "203.0.113.7"}}
    await client.post("/v1/batch", json=body, headers=basic(keys[0]))
    await client.post("/v1/p", json={"writeKey": keys[0], "userId": "0"})
    async with house.postgres.transaction() as tx:
        kept = [json.loads(row["raw"]) for row in await pg.rows(tx, "SELECT raw FROM collect_quarantine ORDER BY id")]
    assert kept == [
        {"type": "track", "event": "opening:visit", "userId": "u1", "context": {"ip": "203.0.113.7"}},
        {"type": "page", "userId": "0"},
    ]


async def test_text_of_every_kind_is_stored_and_never_executed(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str]
) -> None:
    nasty = [
        "'; DROP TABLE log; --",
        "<script>alert(1)</script>",
        "a\u0000b",
        "\U0001f600 你好 \u202eabc",
        "%s %(x)s",
        "\\u0000",
    ]
    batch = [track(text, properties={text: text}, messageId=f"m{n}") for n, text in enumerate(nasty)]
    answer = await client.post("/v1/batch", content=json.dumps({"batch": batch}), headers=basic(keys[0]))
    assert answer.status_code == 200
    assert await names(house) == sorted(text.replace("\x00", "\ufffd") for text in nasty)


async def test_what_a_revoked_key_sends_is_refused(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str]
) -> None:
    client._transport.app.state.write_keys._known.clear()  # type: ignore[attr-defined]
    async with house.postgres.transaction() as tx:
        for key in await people.keys(tx):
            await people.revoke_key(tx, key.id, "test", house.clock.now())
    assert (await client.post("/v1/batch", json={"batch": [track()]}, headers=basic(keys[0]))).status_code == 401


async def test_any_web_site_may_send_and_none_may_read(client: httpx.AsyncClient, keys: tuple[str, str]) -> None:
    asked = {"Origin": "https://firm.example", "Access-Control-Request-Method": "POST"}
    preflight = await client.options("/v1/t", headers=asked)
    assert preflight.status_code == 200
    assert "x-retry-count" in preflight.headers["access-control-allow-headers"]
    assert preflight.headers["access-control-allow-origin"] == "https://firm.example"
    assert "access-control-allow-origin" not in (await client.get("/api/v1/time", headers=asked)).headers


async def test_the_browser_sdks_settings_the_pixel_and_the_beacon(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str]
) -> None:
    settings = (await client.get(f"/v1/projects/{keys[0]}/settings")).json()
    assert settings["integrations"]["Segment.io"]["apiKey"] == keys[0]
    assert (await client.get("/v1/projects/unknown/settings")).status_code == 401
    gif = await client.get("/pixel/v1/page", params={"writeKey": keys[0], "anonymousId": "d1", "path": "/"})
    assert gif.headers["content-type"] == "image/gif"
    sent = await client.post(f"/beacon/v1/batch?writeKey={keys[0]}", content=json.dumps({"batch": [track()]}))
    assert sent.status_code == 200
    assert (await client.post("/v1/m", content=b"{}")).status_code == 200
    assert await names(house) == ["Signed In", "page"]


async def test_trusted_names_come_in_with_a_server_key(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str]
) -> None:
    batch = {"batch": [track("opening:visit", properties={"opening_id": "o1"})]}
    assert (await client.post("/v1/batch", json=batch, headers=basic(keys[1]))).status_code == 200
    assert await names(house) == ["opening:visit"]


@pytest.mark.parametrize("body", [b'"text"', b"[1]", b"{}", b'{"batch": 3}', b"null"])
async def test_json_of_another_shape_is_kept_and_answered_with_success(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str], body: bytes
) -> None:
    assert (await client.post("/v1/b", content=body, headers=basic(keys[0]))).status_code == 200
    assert await names(house, "collect_quarantine", "reason") == ["shape"]
    assert (await client.post("/v1/b", content=body)).status_code == 401


@pytest.mark.parametrize("colon", ["", ":"])
async def test_every_way_to_say_the_key_opens(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str], colon: str
) -> None:
    said = base64.b64encode(f"{keys[0]}{colon}".encode()).decode()
    for headers, body in (
        ({"Authorization": f"Basic {said}"}, {}),
        ({"Authorization": "Bearer token"}, {"writeKey": keys[0]}),
        ({}, {"writeKey": keys[0]}),
    ):
        sent = json.dumps({"batch": [track()], **body})
        assert (await client.post("/v1/batch", content=sent, headers=headers)).status_code == 200
    assert len(await names(house)) == 3


async def test_the_context_of_a_batch_is_merged_into_each_message_and_its_own_words_win(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str]
) -> None:
    batch = [track("A", context={"ip": "203.0.113.9"}), track("B"), track("C", context=None)]
    shared = {"context": {"ip": "203.0.113.7", "locale": "zh-CN"}, "integrations": {"All": False}}
    sent = {"batch": batch, "sentAt": "2026-03-10T02:00:00.000Z", "timestamp": "2026-03-10T02:00:00Z", **shared}
    assert (await client.post("/v1/batch", json=sent, headers=basic(keys[0]))).status_code == 200
    bodies = await stored(house)
    assert [body["context"]["ip"] for body in bodies] == ["203.0.113.9", "203.0.113.7", "203.0.113.7"]
    assert {body["context"]["locale"] for body in bodies} == {"zh-CN"}
    assert all(body["integrations"] == {"All": False} for body in bodies)
    assert {body["sentAt"] for body in bodies} == {"2026-03-10T02:00:00.000Z"}


async def test_a_pixel_speaks_in_its_query(client: httpx.AsyncClient, house: House, keys: tuple[str, str]) -> None:
    query = {"writeKey": keys[0], "userId": "u1", "event": "Mail Opened", "properties.mail": "m7", "plan": "b",
             "context.page.url": "https://firm.example/"}  # fmt: skip
    assert (await client.get("/pixel/v1/track", params=query)).content.startswith(b"GIF89a")
    (body,) = await stored(house)
    assert body["event"] == "Mail Opened"
    assert body["properties"] == {"mail": "m7", "plan": "b"}
    assert body["context"]["page"] == {"url": "https://firm.example/"}
    assert keys[0] not in json.dumps(body)


async def test_the_sdks_own_figures_are_dropped_and_rudderstack_learns_that_its_source_is_on(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str]
) -> None:
    assert (await client.post("/v1/m", json={"series": [{"type": "Counter"}]})).status_code == 200
    assert await names(house) == []
    config = await client.get("/sourceConfig", headers=basic(keys[0]))
    assert config.json()["source"]["enabled"] is True
    assert (await client.get("/sourceConfig")).status_code == 401


async def test_too_much_at_once_is_told_to_come_again(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = client._transport.app.state.intake  # type: ignore[attr-defined]
    monkeypatch.setattr(intake.committer, "_most_waiting", -1)
    refused = await client.post("/v1/batch", json={"batch": [track()]}, headers=basic(keys[0]))
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) >= 1
    monkeypatch.undo()
    assert (await client.post("/v1/batch", json={"batch": [track()]}, headers=basic(keys[0]))).status_code == 200
    assert await names(house) == ["Signed In"]


async def test_refusals_too_are_read_across_origins(client: httpx.AsyncClient, keys: tuple[str, str]) -> None:
    wanted = {"Origin": "https://firm.example", "Access-Control-Request-Method": "POST",
              "Access-Control-Request-Headers": "authorization,content-type,x-retry-count"}  # fmt: skip
    assert (await client.options("/v1/b", headers=wanted)).status_code == 200
    origin = {"Origin": "https://firm.example"}
    for content, status in ((b"{", 400), (b'{"batch": []}', 401)):
        answer = await client.post("/v1/b", content=content, headers=origin | (basic(keys[0]) if status == 400 else {}))
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] in ("*", "https://firm.example")


async def test_a_clock_far_off_is_corrected_whichever_process_asks_and_the_raw_times_stay(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str]
) -> None:
    async def send(device: str, behind: timedelta, delay: timedelta = timedelta(0)) -> timedelta:
        """How far from its true moment the event stands in the log."""
        happened = house.clock.now() - delay
        said = (happened - behind).isoformat()
        message = {"type": "track", "event": "E", "anonymousId": device, "timestamp": said}
        sent = {"batch": [message, message], "sentAt": said}
        assert (await client.post("/v1/batch", json=sent, headers=basic(keys[0]))).status_code == 200
        async with house.postgres.transaction() as tx:
            row = await pg.one(tx, "SELECT occurred_at, body FROM log WHERE kind = 'tracked' ORDER BY seq DESC LIMIT 1")
        assert row is not None
        assert row["body"]["timestamp"] == row["body"]["sentAt"] == said
        found: timedelta = row["occurred_at"] - happened
        return found

    def another_process() -> None:
        intake = client._transport.app.state.intake  # type: ignore[attr-defined]
        intake.clocks = Clocks(intake.limits.skew)

    hour, minutes = timedelta(hours=1), timedelta(minutes=5)
    assert await send("slow", hour) == timedelta(0)
    another_process()
    assert await send("slow", hour, delay=minutes) == timedelta(0)
    assert await send("right", timedelta(seconds=1)) == -timedelta(seconds=1)
    another_process()
    assert await send("right", timedelta(0), delay=minutes) == timedelta(0)
    async with house.postgres.transaction() as tx:
        known = {row["device"]: len(row["behind"]) for row in await pg.rows(tx, "SELECT * FROM collect_clock")}
    assert known == {"slow": 2, "right": 2}


async def test_what_lies_ahead_by_days_keeps_its_order(
    client: httpx.AsyncClient, house: House, keys: tuple[str, str]
) -> None:
    now = house.clock.now()
    batch = [track(name, timestamp=(now + timedelta(days=days)).isoformat()) for name, days in (("B", 9), ("A", 3))]
    assert (await client.post("/v1/batch", json={"batch": batch}, headers=basic(keys[0]))).status_code == 200
    async with house.postgres.transaction() as tx:
        rows = await pg.rows(tx, "SELECT name, occurred_at FROM log WHERE kind = 'tracked' ORDER BY occurred_at")
    assert [row["name"] for row in rows] == ["A", "B"]
    assert rows[-1]["occurred_at"] == now


async def stored(house: House) -> list[dict[str, Any]]:
    """The messages in the log, as they were sent, in the order of the log."""
    async with house.postgres.transaction() as tx:
        return [row["body"] for row in await pg.rows(tx, "SELECT body FROM log WHERE kind = 'tracked' ORDER BY name")]
