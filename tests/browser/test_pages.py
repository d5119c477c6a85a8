"""Every page of the product, full and empty, in both languages: no error, no barrier, nothing that sticks out."""

from collections.abc import Sequence
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.conftest import DESKTOP, PHONE, Shown, Watched, be, window
from tests.browser.looking import faults, settled
from tests.product import Running
from tests.webapp import exported

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESIGN = "/system/design"

# Who looks at a page: the first of these roles that may open it.
ROLES = ("advisor", "branch_manager", "compliance", "engineer", "supervisor", "operator", "region_manager")


def pages() -> dict[str, list[str]]:
    """Path -> roles of every page inside the shell, as the web app itself has them."""
    return {page["path"]: page["roles"] for page in exported("app/pages.ts", "pages")}


def looker(roles: Sequence[str]) -> str:
    """Who looks at a page with these roles."""
    return next(role for role in ROLES if role in roles)


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
    asked["/understand/segments/:segmentId"] = "/understand/segments/new"
    asked["/understand/tags/:code"] = "/understand/tags/stage"
    return asked


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("language", "dark"), [("zh", False), ("en", True)])
async def test_every_page_of_a_running_firm(
    chromium: Browser, demo: Shown, watched: Watched, language: str, dark: bool
) -> None:
    every = pages()
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
@pytest.mark.parametrize(
    ("size", "language", "theme"), [(DESKTOP, "zh", "light"), (PHONE, "en", "dark")], ids=["desktop", "phone"]
)
async def test_the_customers_phones(
    chromium: Browser, demo: Shown, watched: Watched, size: dict[str, int], language: str, theme: str
) -> None:
    screens = ["home", "holdings", "inbox", "chat", "search"]
    said: list[str] = []
    async with window(chromium, demo.url, watched, size=size, language=language, theme=theme) as page:
        for screen in screens:
            await page.goto(f"/demo/app?a=retired_c1&b=high_net_worth&as={screen}&bs={screen}&be=1")
            await settled(page)
            said += await faults(page, f"phone: {screen}")
        await page.goto("/demo/app?two=0&a=retired_c1&as=search")
        await page.locator("ul button").filter(has_text="R4").first.click()
        await settled(page)
        said += await faults(page, "phone: an item")
        await page.get_by_role("button", name="申购" if language == "zh" else "Buy").click()
        await page.get_by_role("alert").wait_for()
        said += await faults(page, "phone: an order that is refused")
        await page.goto("/open/D1/id")  # where the link of a message leads
        await settled(page)
        said += await faults(page, "the way back")
    assert not said, "\n".join(said)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
async def test_the_account_opening_on_the_phone(
    chromium: Browser, demo: Shown, watched: Watched, language: str, theme: str
) -> None:
    said: list[str] = []
    async with window(chromium, demo.url, watched, size=PHONE, language=language, theme=theme) as page:
        await page.goto("/demo/app?two=0&a=young_beginner&as=opening")
        await settled(page)
        said += await faults(page, "before the opening")
        on = page.locator("button.ant-btn-primary").last
        await on.click()
        title = page.locator("h4").first
        for step in ("phone", "products", "id", "profile", "face", "risk", "agreements", "bank", "password", "video"):
            await settled(page)
            said += await faults(page, f"opening: {step}")
            for box in await page.get_by_role("checkbox").all():
                await box.check()
            for question in await page.locator("fieldset").all():
                await question.get_by_role("radio").nth(1).check()
            if step == "password":
                await page.locator("input[inputmode=numeric]").fill("194837")
            before = await title.inner_text()
            await on.click()
            if step != "video":
                await expect(title).not_to_have_text(before)
        await settled(page)
        said += await faults(page, "opening: waiting for the video")
    assert not said, "\n".join(said)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_what_stands_before_and_beside_the_pages(
    chromium: Browser, demo: Shown, watched: Watched, size: dict[str, int], language: str, theme: str
) -> None:
    said: list[str] = []
    async with window(chromium, demo.url, watched, size=size, language=language, theme=theme) as page:
        await page.goto("/")
        await settled(page)
        await page.locator(f"[aria-label='{SEATS[language]}'] li").first.wait_for()
        said += await faults(page, "sign-in")
        await page.locator("input[autocomplete=username]").fill("nobody")
        await page.locator("input[autocomplete=current-password]").fill("wrong")
        async with watched.forgiving("401"):
            await page.locator("button[type=submit]").click()
            await page.get_by_role("alert").wait_for()
        said += await faults(page, "sign-in that was refused")
        await page.get_by_role("button", name=TOUR[language]).click()
        await page.get_by_role("complementary").last.wait_for()
        said += await faults(page, "the tour's card")
        for role in ("witness", "service_agent"):
            await be(page, demo.logins[role])
            await page.goto("/home")
            await settled(page)
            said += await faults(page, f"first page of {role}, with the tour's card")
        await page.goto("/no/such/page")
        await page.locator("#main p").first.wait_for()
        said += await faults(page, "no such page")
        await page.goto("/system/keys")
        await page.locator("#main p").first.wait_for()
        said += await faults(page, "a page of others")
        for typed in ("", "a", "zzzz"):
            await page.keyboard.press("Control+k")
            await page.get_by_role("combobox").last.fill(typed)
            await page.wait_for_timeout(600)
            said += await faults(page, f"the palette: {typed!r}")
            await page.keyboard.press("Escape")
            await page.get_by_role("dialog").wait_for(state="hidden")
    assert not said, "\n".join(said)


SEATS = {"zh": "演示账号，一键进入", "en": "Demo accounts, one click"}
TOUR = {"zh": "导览", "en": "Tour"}
