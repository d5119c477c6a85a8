"""The advisor's pages in his hand: everything he presses is as large as a thumb, from the desk to the conversation."""

import json
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.conftest import DESKTOP, KEY, PHONE, Shown, Watched, be, window
from tests.browser.looking import faults, settled, small_targets
from tests.browser.test_scene import button

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LISTS = ("/serve/openings", "/serve/enquiries", "/customers", "/credit/entries", "/credit/disputes")
STALLED_S = 17 * 60  # longer than the 15 minutes after which an ID photo counts as stuck


async def looked_at(page: Page, where: str) -> list[str]:
    """What is wrong with a page in the hand."""
    return await faults(page, where) + await small_targets(page, where)


async def test_a_target_that_is_too_small_is_found(chromium: Browser) -> None:
    page = await chromium.new_page(viewport=PHONE)
    style = "position: absolute; padding: 0; border: 0; width: 60px; height"
    await page.set_content(
        f"<button style='top: 0; {style}: 44px'>high</button><button style='top: 90px; {style}: 40px'>low</button>"
        f"<label style='top: 200px; {style}: 44px'><input type=radio style='height: 10px'></label>"
        f"<button style='top: 300px; {style}: 44px'>covered</button><div style='top: 330px; {style}: 44px'></div>"
    )
    found = await small_targets(page, "here")
    await page.close()
    assert [each.split(":")[2].strip() for each in found] == ["low", "covered"], found


@pytest.mark.timeout(600)
async def test_the_lists(chromium: Browser, demo: Shown, watched: Watched) -> None:
    said: list[str] = []
    opened = 0
    async with window(chromium, demo.url, watched, size=PHONE) as page:
        await be(page, demo.logins["advisor"])
        for path in LISTS:
            await page.goto(path)
            await settled(page)
            said += await looked_at(page, path)
            row = page.locator("#main ul > li > button[aria-label]").first
            if await row.count():
                await row.click(position={"x": 8, "y": 8})
                await settled(page)
                await page.wait_for_timeout(300)  # a drawer slides in
                opened += 1
                said += await looked_at(page, f"{path}, opened")
    assert not said, "\n".join(said)
    assert opened >= 2


@pytest.mark.timeout(600)
async def test_from_the_desk_to_the_conversation(chromium: Browser, demo: Shown, watched: Watched) -> None:
    said: list[str] = []
    async with window(chromium, demo.url, watched, size=PHONE) as page:
        await stalled(page)
        await be(page, demo.logins["advisor"])
        await page.goto("/serve/openings?show=free")
        card = page.get_by_role("listitem").filter(has_text="林")
        take = button(card.first, "领取")
        await take.wait_for(timeout=60_000)
        said += await looked_at(page, "free to take")
        await take.click()
        drawer = page.get_by_role("dialog")
        await expect(drawer.get_by_role("region", name="挽回").get_by_role("textbox").first).not_to_be_empty()
        await settled(page)
        said += await looked_at(page, "taken")
        await button(drawer, "发送").click()
        there = drawer.get_by_role("link", name="打开会话")
        await there.wait_for()
        said += await looked_at(page, "contacted")
        await there.click()
        await page.get_by_label("回复", exact=True).wait_for()
        await settled(page)
        said += await looked_at(page, "conversation")
        await page.get_by_label("回复", exact=True).fill("/")
        await page.wait_for_timeout(500)
        said += await looked_at(page, "conversation, with approved answers")
        await page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})
        await settled(page)
        said += await faults(page, "conversation at the desk")
        await page.evaluate(f"localStorage.setItem('{KEY}', '{json.dumps({'language': 'en', 'theme': 'dark'})}')")
        await page.reload()
        await settled(page)
        said += await faults(page, "conversation at the desk, in English and dark")
    assert not said, "\n".join(said)


async def stalled(page: Page) -> None:
    """Somebody opens an account at the advisor's branch and has stood still at the ID photo."""

    async def post(path: str, body: dict[str, Any], token: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = await page.context.request.post(f"/api/v1/demo/{path}", data=body, headers=headers)
        assert answer.ok, await answer.text()
        return await answer.json() if answer.status != 204 else None

    stage = await (await page.context.request.get("/api/v1/demo/stage")).json()
    played = await post("openings", {"arm": "person"})
    who = {"user_id": played["user_id"], "anonymous_id": str(uuid4())}
    token = (await post("customer-session", who))["token"]
    branch = {"branch_code": stage["seats"]["advisor"]["branch"]}
    steps = [
        {"event": "opening:visit", "channel": "search", "ago_seconds": STALLED_S + 180},
        {"event": "opening:phone:verified", **branch, "ago_seconds": STALLED_S + 120},
        {"event": "opening:products:chosen", **branch, "ago_seconds": STALLED_S},
    ]
    applicant = {"name": "林小溪", "phone": "15496000001"}
    body = {"opening_id": played["opening_id"], "steps": steps, "applicant": applicant}
    await post("opening-steps", body, token)
