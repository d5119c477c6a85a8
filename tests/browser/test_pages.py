"""Every page of the product, full and empty, in both languages: no error, no barrier, nothing that sticks out."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect
from tests.browser.conftest import DESKTOP, PHONE, Shown, Watched, be, window
from tests.product import Running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = Path(__file__).parents[2] / "web" / "src" / "app" / "pages.ts"
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
}
SETTLED_MS = 20_000
DESIGN = "/system/design"

# Who looks at a page: the first of these roles that may open it.
ROLES = ("advisor", "branch_manager", "compliance", "engineer", "supervisor", "operator", "region_manager")


def pages() -> dict[str, list[str]]:
    """Path -> roles of every page inside the shell, as pages.ts says; groups of roles are spelled out there."""
    text = PAGES.read_text("utf-8")
    groups = {
        name: re.findall(r'"(\w+)"', found)
        for name, found in re.findall(r"const (\w+): readonly Role\[\] = \[(.*?)\];", text, re.DOTALL)
    }
    groups["managers"] = groups["headquarters"] + ["branch_manager", "supervisor"]
    found = re.findall(r'path: "([^"]+)",\s+file: "([^"]+)".*?roles: \[(.*?)\]', text, re.DOTALL)
    out: dict[str, list[str]] = {}
    for path, _, roles in found:
        out[path] = re.findall(r'"(\w+)"', roles)
        for name in re.findall(r"\.\.\.(\w+)", roles):
            out[path] += groups[name]
    return out


def looker(roles: Sequence[str]) -> str:
    """Who looks at a page with these roles."""
    return next(role for role in ROLES if role in roles)


async def settled(page: Page) -> None:
    """Return when the page shows what it was going to show: a title, and no skeleton any more."""
    await expect(page.locator("h1").first).to_be_visible(timeout=SETTLED_MS)
    if not page.url.endswith(DESIGN):  # which shows what loading looks like
        await expect(page.locator(".ant-skeleton-active, .ant-spin-spinning")).to_have_count(0, timeout=SETTLED_MS)
    await page.wait_for_timeout(150)  # charts draw in the frame after


async def faults(page: Page, where: str) -> list[str]:
    """What a page does wrong: barriers by axe, a page wider than its window, a raw code shown as text."""
    found = (await Axe().run(page, options=RULES)).response
    said = [
        f"{where}: {violation['id']}: {violation['help']}: {[node['html'][:160] for node in violation['nodes'][:3]]}"
        for violation in found["violations"]
    ]
    wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wider > 1:
        said.append(f"{where}: {wider} px wider than the window")
    if await page.get_by_text(re.compile(r"^(undefined|NaN|\[object Object\]|Invalid Date)$")).count():
        said.append(f"{where}: shows undefined, NaN or an object")
    return said


async def look(page: Page, paths: Sequence[str], drawers: set[str] | None = None) -> list[str]:
    """Go through pages as one person; what is wrong with them. With `drawers` the first row of each list is opened too,
    and those lists are noted there where a drawer came of it.
    """
    said = []
    for path in paths:
        await page.goto(path)
        await settled(page)
        said += await faults(page, path)
        rows = page.locator("table tbody tr[data-index]")
        if drawers is not None and not path.endswith(DESIGN) and await rows.count():
            await rows.first.click(position={"x": 8, "y": 8})
            await settled(page)
            await page.wait_for_timeout(300)
            if await page.get_by_role("dialog").count():
                drawers.add(path)
                said += await faults(page, f"{path} (drawer)")
    return said


async def addresses(page: Page) -> dict[str, str]:
    """Addresses of the pages that are about something."""
    funnel = "/measure/funnel?steps=App+Opened,Screen+Viewed,Order+Placed&window=30d&by=channel&open=3-"
    asked: dict[str, Any] = {"/measure/funnel": funnel}
    answer = await page.context.request.get("/api/v1/customers?limit=1")
    if answer.ok:
        items = (await answer.json())["items"]
        if items:
            asked["/customers/:customerId"] = f"/customers/{items[0]['id']}"
    experiments = await page.context.request.get("/api/v1/experiments")
    if experiments.ok:
        items = (await experiments.json())["items"]
        asked["/learn/experiments/:key"] = f"/learn/experiments/{items[0]['key']}"
    return asked


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("language", "dark"), [("zh", False), ("en", True)])
async def test_every_page_of_a_running_firm(
    chromium: Browser, demo: Shown, watched: Watched, language: str, dark: bool
) -> None:
    every = pages()
    assert len(every) >= 28, "pages.ts is read wrongly"
    said: list[str] = []
    visited: set[str] = set()
    drawers: set[str] = set()
    for role in ROLES:
        own = [path for path, roles in every.items() if looker(roles) == role]
        if not own:
            continue
        theme = "dark" if dark else "light"
        async with window(chromium, demo.url, watched, language=language, theme=theme) as page:
            await be(page, demo.logins[role])
            about = await addresses(page)
            said += await look(page, [about.get(path, path) for path in own], drawers)
            visited |= set(own)
    assert not said, "\n".join(said)
    assert visited == set(every)
    assert len(drawers) >= 8, f"only these lists opened a drawer: {sorted(drawers)}"


@pytest.mark.timeout(600)
async def test_the_advisors_pages_on_a_phone(chromium: Browser, demo: Shown, watched: Watched) -> None:
    paths = ["/serve/openings", "/serve/enquiries", "/customers", "/credit/entries", "/credit/disputes"]
    async with window(chromium, demo.url, watched, size=PHONE) as page:
        await be(page, demo.logins["advisor"])
        said = await look(page, paths)
        thumbs = page.get_by_role("navigation").last.get_by_role("link")
        for place in range(await thumbs.count()):
            box = await thumbs.nth(place).bounding_box()
            if box is None or box["height"] < 44:
                said.append(f"a thumb cannot hit {box}")
    assert not said, "\n".join(said)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_page_of_a_firm_without_customers(
    chromium: Browser, quiet: Running, watched: Watched, language: str
) -> None:
    every = pages()
    said: list[str] = []
    logins = await first_of_each_role(quiet)
    for role in ROLES:
        own = [path for path, roles in every.items() if looker(roles) == role and ":" not in path]
        if own:
            async with window(chromium, quiet.url, watched, language=language) as page:
                await be(page, logins[role])
                said += await look(page, own)
    assert not said, "\n".join(said)


async def first_of_each_role(product: Running) -> dict[str, str]:
    """A login for each role."""
    async with product.house.postgres.transaction() as tx:
        rows = await (await tx.execute("SELECT login, roles FROM people_staff ORDER BY login DESC")).fetchall()
    return {role: row["login"] for row in rows for role in row["roles"]}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_customers_phones(chromium: Browser, demo: Shown, watched: Watched, size: dict[str, int]) -> None:
    screens = ["home", "holdings", "inbox", "chat", "search"]
    said: list[str] = []
    async with window(chromium, demo.url, watched, size=size) as page:
        for screen in screens:
            await page.goto(f"/demo/app?a=retired_c1&b=high_net_worth&as={screen}&bs={screen}&be=1")
            await settled(page)
            said += await faults(page, f"phone: {screen}")
        await page.goto("/open/D1/id")  # where the link of a message leads
        await settled(page)
        said += await faults(page, "the way back")
    assert not said, "\n".join(said)
