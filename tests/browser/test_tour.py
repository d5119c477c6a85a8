"""The tour of the demo, taken by somebody who presses its buttons: every story comes to its end."""

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.conftest import Shown, Watched, window
from tests.browser.test_scene import button

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE_MS = 30_000


async def scene(page: Page, title: str) -> None:
    """Wait until this scene of the story is on."""
    card = page.get_by_role("complementary", name="演示导览")
    await expect(card.locator("li[data-on=true]")).to_contain_text(title, timeout=PATIENCE_MS)


@pytest.mark.timeout(300)
async def test_the_tour_from_the_first_story_to_the_last(chromium: Browser, demo: Shown, watched: Watched) -> None:
    async with window(chromium, demo.url, watched) as page:
        await page.goto("/")
        await page.get_by_role("button", name="导览").click()
        await scene(page, "客户卡在开户途中")
        await button(page, "让它发生").click()

        # A stuck customer is rescued.
        await scene(page, "领取他")
        await page.get_by_role("button", name="的身份前往").click()
        await button(page.get_by_role("row").filter(has_text="林"), "领取").click()
        await scene(page, "联系他")
        await button(page.get_by_role("dialog"), "发送").click()
        await scene(page, "客户回到那一步")
        await button(page, "去看").click()
        await expect(page.get_by_role("button", name="回到这一步").first).to_be_visible(timeout=PATIENCE_MS)
        await button(page, "让客户走完").click()
        await expect(page.get_by_text("这个故事讲完了")).to_be_visible(timeout=PATIENCE_MS)
        await button(page, "下一个故事").click()

        # Two branches dispute an account.
        await scene(page, "扫了别家员工的二维码")
        await button(page, "让它发生").click()
        await scene(page, "提出争议")
        await page.get_by_role("button", name="的身份前往").click()
        await page.locator("table tbody tr").first.click(position={"x": 8, "y": 8})
        await button(page.get_by_role("dialog"), "提出争议").click()
        await say(page, "客户由我部接待并选择我部", "提出争议")
        await scene(page, "总部裁决")
        await page.get_by_role("button", name="的身份前往").click()
        await page.get_by_role("row").filter(has_text="周").first.click(position={"x": 8, "y": 8})
        await button(page.get_by_role("dialog"), "改判给申诉方").click()
        await say(page, "服务事实在上海，改判", "改判给申诉方")
        await expect(page.get_by_text("这个故事讲完了")).to_be_visible(timeout=PATIENCE_MS)
        await button(page, "下一个故事").click()

        # A C1 customer is refused a product he asks for himself.
        await scene(page, "两位客户，两个 App")
        await button(page, "去看").click()
        await expect(page.get_by_text("最低类别").first).to_be_visible(timeout=PATIENCE_MS)
        await button(page, "看到了").click()
        await button(page, "去看").click()
        await page.get_by_role("listitem").filter(has_text="R4").first.get_by_role("button").click()
        await button(page, "申购").click()
        await expect(page.get_by_text("不能为您办理")).to_be_visible(timeout=PATIENCE_MS)
        await button(page, "看到了").click()
        await page.get_by_role("button", name="的身份前往").click()
        await expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE_MS)
        await button(page, "看到了").click()
        await expect(page.get_by_text("这个故事讲完了")).to_be_visible()


async def say(page: Page, words: str, action: str) -> None:
    """Give one's reasons in the dialog that asks for them."""
    dialog = page.get_by_role("dialog").last
    await dialog.get_by_role("textbox").fill(words)
    await button(dialog, action).click()
