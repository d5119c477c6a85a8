"""Every answer carries the headers that keep other sites and other people's files out: pages, API and errors alike."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from bihuan import server
from bihuan.kit.house import House
from bihuan.people.facade import COOKIE

# Written out here a second time: whoever drops or widens one has to do it twice, and say why.
CONTENT = {
    "default-src": "'self'",
    "img-src": "'self' data: blob:",
    "style-src": "'self' 'unsafe-inline'",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "frame-ancestors": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "object-src": "'none'",
}
OTHERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A web app, whether or not this folder's was built."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "main.js").write_text("0")
    (tmp_path / "index.html").write_text("<!doctype html><title>Bihuan</title>")
    monkeypatch.setattr(server, "WEB", tmp_path)


def policy_of(answer: httpx.Response) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";")]
    return {name: sources for name, _, sources in parts}


def missing(answer: httpx.Response) -> dict[str, Any]:
    """What the answer lacks or says otherwise; empty when it has all of it."""
    said = {name: answer.headers.get(name) for name in OTHERS}
    wrong: dict[str, Any] = {name: value for name, value in said.items() if value != OTHERS[name]}
    found = policy_of(answer) if "content-security-policy" in answer.headers else {}
    return wrong | {
        name: found.get(name) for name in CONTENT.keys() | found.keys() if found.get(name) != CONTENT.get(name)
    }


ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/customers/1", 200),
    ("HEAD", "/", 200),
    ("GET", "/assets/main.js", 200),
    ("GET", "/assets/gone.js", 404),
    ("GET", "/api/v1/time", 200),
    ("GET", "/api/v1/session", 204),
    ("GET", "/api/v1/customers", 401),
    ("GET", "/api/v1/nothing", 404),
    ("POST", "/api/v1/session", 422),
    ("PATCH", "/api/v1/time", 405),
    ("POST", "/v1/track", 400),
    ("OPTIONS", "/v1/track", 200),
    ("GET", "/healthz", 200),
    ("GET", "/metrics", 200),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
async def test_every_answer_has_them(client: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, missing(answer)) == (status, {})
    assert answer.headers["x-request-id"]


async def test_a_body_that_is_too_large_and_a_fault_of_ours_have_them(
    client: httpx.AsyncClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = await client.post("/api/v1/session", content=b"x" * (house.settings.body_max_bytes + 1))
    assert (large.status_code, missing(large)) == (413, {})
    monkeypatch.setattr(house.postgres, "transaction", lambda: 1 / 0)
    broken = await client.get("/api/v1/keys", headers={"Cookie": f"{COOKIE}=x"})
    assert (broken.status_code, missing(broken)) == (500, {})


def test_the_control_notices_what_was_dropped_or_widened() -> None:
    policy = "; ".join(f"{name} {sources}" for name, sources in CONTENT.items())
    whole = {"content-security-policy": policy, **OTHERS}
    assert missing(httpx.Response(200, headers=whole)) == {}
    for name in OTHERS:
        assert missing(httpx.Response(200, headers={k: v for k, v in whole.items() if k != name})) == {name: None}
    for name, sources in CONTENT.items():
        kept = policy.replace(f"{name} {sources}", "").strip("; ").replace("; ;", ";")
        assert missing(httpx.Response(200, headers={**whole, "content-security-policy": kept})) == {name: None}
    wider = policy.replace("connect-src 'self'", "connect-src 'self' ws: wss:")
    assert set(missing(httpx.Response(200, headers={**whole, "content-security-policy": wider}))) == {"connect-src"}
