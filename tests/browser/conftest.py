"""Chromium, and products to look at: a quiet one for the story, a lively one (the demo itself) for every page.

The demo is slowed down to real time before anybody looks, and ends with its module: a simulated brokerage that hurries
on would cost the tests beside it their time.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright
from tests.product import Running, running_product

# A closed network: without these Chromium knocks at its maker's door all the time.
_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync"]  # fmt: skip

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

Visit = Callable[..., Awaitable[Page]]


@dataclass(frozen=True)
class Shown:
    """A product in a browser's reach."""

    url: str
    password: str
    logins: dict[str, str]


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium where it is installed, else Playwright's own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_QUIET)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def quiet(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A product with branches and staff and nobody else: whatever happens there, the test did."""
    async with running_product(tmp_path_factory.mktemp("quiet")) as running:
        yield running


@pytest.fixture(scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shown]:
    """The demo as `bihuan demo` starts it, with fewer customers, once a part of a trading morning has passed."""
    folder = tmp_path_factory.mktemp("demo")
    words = ["demo", "--port", "0", "--speed", "60", "--customers", "200", "--days", "10", "--data", str(folder)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bihuan", *words, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    said = ""
    try:
        while "Ctrl-C ends it all" not in said:
            line = await asyncio.wait_for(process.stdout.readline(), 120)
            assert line, f"the demo ended by itself: {said}"
            said += line.decode()
        url = re.search(r"answers at (\S+)", said)
        password = re.search(r"demo account: (\S+)", said)
        assert url, said
        assert password, said
        logins = dict(re.findall(r"^  (\w+) +(\S+) +\S+", said, re.MULTILINE))
        await asyncio.sleep(float(os.environ.get("BIHUAN_TEST_DEMO_WARMUP", "20")))
        async with httpx.AsyncClient(base_url=url[1], trust_env=False) as client:
            (await client.put("/api/v1/demo/clock", json={"factor": 1})).raise_for_status()
        yield Shown(url[1], password[1], logins)
    finally:
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), 60)


class Watched:
    """What a page complained of: errors in the console, exceptions, answers of 5xx."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def follow(self, page: Page) -> None:
        """Note what goes wrong on this page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on(
            "response",
            lambda answer: (
                self.complaints.append(f"{answer.status} from {answer.url}") if answer.status >= 500 else None
            ),
        )

    @asynccontextmanager
    async def forgiving(self, code: str) -> AsyncIterator[None]:
        """A refusal that the test asks for: the browser's own line about it in the console is no complaint."""
        before = len(self.complaints)
        yield
        self.complaints[before:] = [each for each in self.complaints[before:] if code not in each]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    """Fails the test when any page complained of anything."""
    watching = Watched()
    yield watching
    assert not watching.complaints, "\n".join(watching.complaints)


@asynccontextmanager
async def window(
    chromium: Browser,
    url: str,
    watched: Watched,
    *,
    size: dict[str, int] = DESKTOP,
    language: str = "zh",
    theme: str = "light",
) -> AsyncIterator[Page]:
    """A fresh window of its own: nobody is signed in, nothing is remembered."""
    context: BrowserContext = await chromium.new_context(
        base_url=url, viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    chosen = json.dumps({"language": language, "theme": theme})
    await context.add_init_script(f"localStorage.getItem('{KEY}') ?? localStorage.setItem('{KEY}', '{chosen}')")
    page = await context.new_page()
    watched.follow(page)
    try:
        yield page
    except BaseException:
        _shots.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=_shots / f"{os.getpid()}-{id(page)}.png")
        print(f"what was on screen at {page.url}: {_shots / f'{os.getpid()}-{id(page)}.png'}")
        raise
    finally:
        await context.close()


KEY = "bihuan.preferences"
_shots = Path(tempfile.gettempdir()) / "bihuan-screens"


async def sign_in(page: Page, login: str, password: str) -> None:
    """Sign in by the form, as anybody does, and wait for the first page."""
    await page.goto("/home")
    await page.locator("input[autocomplete=username]").fill(login)
    await page.locator("input[autocomplete=current-password]").fill(password)
    await page.locator("button[type=submit]").click()
    await page.locator("#main h1").first.wait_for()


async def be(page: Page, login: str) -> None:
    """Be somebody without typing a password: the demo's own door."""
    answer = await page.context.request.post("/api/v1/demo/session", data={"login": login})
    assert answer.ok, await answer.text()
