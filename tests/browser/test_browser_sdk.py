"""The stock browser SDK in a real Chromium, on a page of another origin than Bihuan's."""

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page
from tests.product import Running, until

from bihuan.kit import postgres as pg

SDK = Path(__file__).resolve().parents[2] / "web/node_modules/@segment/analytics-next/dist/umd"

OF_THE_SDK = """
SELECT name, body FROM log WHERE kind = 'tracked' AND body->'context'->'library'->>'name' = 'analytics.js'
"""

PAGE = """<!doctype html><meta charset="utf-8"><title>The firm's own page</title>
<script src="/index.js"></script>
<script>
  window.analytics = AnalyticsNext.AnalyticsBrowser.load(
    { writeKey: WRITE_KEY, cdnURL: "http://" + HOST },
    { integrations: { "Segment.io": { apiHost: HOST + "/v1", protocol: "http" } } },
  );
</script>"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        if self.path.startswith("/page"):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(self.server.page.encode())  # type: ignore[attr-defined]
        else:
            super().do_GET()


@pytest.fixture
def firm() -> Iterator[http.server.ThreadingHTTPServer]:
    """The firm's web site, with the SDK as its maker ships it."""
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(SDK)))
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    yield site
    site.shutdown()
    thread.join()
    site.server_close()


async def shown(chromium: Browser, firm: http.server.ThreadingHTTPServer, url: str, key: str) -> Page:
    """The firm's page, which sends to `url`."""
    firm.page = PAGE.replace("WRITE_KEY", json.dumps(key)).replace("HOST", json.dumps(url.removeprefix("http://")))  # type: ignore[attr-defined]
    page = await (await chromium.new_context()).new_page()
    await page.goto(f"http://localhost:{firm.server_port}/page?utm_source=xhs&utm_campaign=spring")
    return page


@pytest.mark.browser
async def test_what_the_browser_sdk_sends_arrives_as_it_was_meant(
    chromium: Browser, quiet: Running, firm: http.server.ThreadingHTTPServer
) -> None:
    page = await shown(chromium, firm, quiet.url, quiet.keys.write_key)
    device = await page.evaluate("analytics.ready().then(() => analytics.user()).then((user) => user.anonymousId())")
    await page.evaluate("""async () => {
      await analytics.page("Start");
      await analytics.track("Browser Event", { n: 1, 名: "值" });
      await analytics.identify("u9", { plan: "gold" });
      await analytics.alias("u12");
      await analytics.group("g1", { city: "Xiamen" });
      await analytics.reset();
      await analytics.track("After Reset");
    }""")
    found: list[dict[str, Any]] = []

    async def all_here() -> bool:
        async with quiet.house.postgres.transaction() as tx:
            found[:] = await pg.rows(tx, OF_THE_SDK)
        return len(found) >= 6

    # Each call is one request of its own: the order in which they arrive is the network's.
    try:
        await until(all_here, 20)
    except AssertionError as error:
        raise AssertionError(f"only {[row['name'] for row in found]} arrived") from error
    told = {row["name"]: row["body"] for row in found}
    assert sorted(told) == ["After Reset", "Browser Event", "alias", "group", "identify", "page"]
    assert told["page"]["name"] == "Start"
    assert told["page"]["anonymousId"] == told["Browser Event"]["anonymousId"] == device
    assert told["page"]["context"]["campaign"] == {"source": "xhs", "name": "spring"}
    assert told["Browser Event"]["properties"] == {"n": 1, "名": "值"}
    assert told["identify"]["userId"] == "u9"
    assert told["identify"]["traits"] == {"plan": "gold"}
    assert told["group"]["groupId"] == "g1"
    assert told["After Reset"].get("userId") is None
    assert told["After Reset"]["anonymousId"] != device
    await page.context.close()


@pytest.mark.browser
async def test_a_page_with_an_unknown_key_goes_on(
    chromium: Browser, quiet: Running, firm: http.server.ThreadingHTTPServer
) -> None:
    page = await shown(chromium, firm, quiet.url, "nobody-gave-this")
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    said = await page.evaluate("analytics.then(() => 'loaded', (error) => 'refused: ' + error.message)")
    assert "write key is not known" in said, said
    await page.evaluate("void analytics.track('Lost')")
    assert await page.title() == "The firm's own page"
    assert broken == []
    await page.context.close()
