"""The whole scene, with hands and eyes: stuck, seen at the desk, taken, talked to, opened, credited, rated."""

import json

import pytest
from playwright.async_api import Browser, Locator, Page, expect
from tests.browser.conftest import Watched, sign_in, window
from tests.product import Running, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def button(where: Page | Locator, name: str) -> Locator:
    """A button by its Chinese name; Ant Design sets a space between two characters."""
    spaced = f"{name[0]} {name[1]}" if len(name) == 2 else name
    return where.get_by_role("button", name=name, exact=True).or_(where.get_by_role("button", name=spaced, exact=True))


async def pace(phone: Page, speed: str) -> None:
    """Choose how fast the demo's time runs, and wait until the product says so."""
    choice = phone.get_by_role("radio", name=speed, exact=True)
    await phone.locator("label").filter(has=choice).click()
    await expect(choice).to_be_checked()


async def next_step(phone: Page, answer: str = "下一步") -> None:
    """Press the step's button and wait until the next step is shown."""
    before = await phone.locator("h4").first.inner_text()
    await button(phone, answer).click()
    await expect(phone.locator("h4").first).not_to_have_text(before)


@pytest.mark.timeout(300)
async def test_a_stuck_customer_is_rescued_and_the_branch_is_credited(
    chromium: Browser, quiet: Running, watched: Watched
) -> None:
    seats = json.loads((quiet.house.settings.data / "simulated" / "cast.json").read_text())["seats"]
    opened_by = quiet.keys.staff_password
    async with window(chromium, quiet.url, watched) as phone, window(chromium, quiet.url, watched) as desk:
        await sign_in(desk, seats["advisor"]["login"], opened_by)
        await expect(desk.get_by_role("heading", level=1)).to_contain_text("谁卡在开户途中？")

        # A visitor begins, verifies his phone, chooses a branch, and stops where the ID card is asked for.
        await phone.goto("/demo/app?two=0&a=young_beginner&as=opening")
        await phone.get_by_role("button", name="开始开户").click()
        for _ in range(2):
            await next_step(phone)
        await expect(phone.locator("h4").first).to_have_text("身份证上传")
        await pace(phone, "60 倍速")
        stuck = "SELECT count(*) > 0 FROM understand_opening WHERE stuck_since IS NOT NULL"
        await until(lambda: quiet.value(stuck), 60)

        # The desk shows it by itself; one advisor takes it and writes.
        take = desk.get_by_role("row").filter(has=button(desk, "领取"))
        await expect(take).to_have_count(1)
        await pace(phone, "1 倍速")
        await button(take, "领取").click()
        drawer = desk.get_by_role("dialog")
        await expect(drawer.get_by_role("region", name="挽回").get_by_role("textbox").first).not_to_be_empty()
        await button(drawer, "发送").click()
        await drawer.get_by_role("link", name="打开会话").click()

        # The customer sees the words over whatever is on screen, answers, and is answered.
        await phone.get_by_role("button", name="给您发来消息").click()
        await phone.get_by_label("输入问题").fill("身份证总是拍不清楚")
        await button(phone, "发送").click()
        await expect(desk.get_by_text("身份证总是拍不清楚").last).to_be_visible()
        await desk.get_by_label("回复", exact=True).fill("请把证件平放在深色桌面上，避开反光再拍一次")
        await button(desk, "发送").click()
        await expect(phone.get_by_text("避开反光再拍一次")).to_be_visible()

        # Back at the very step he was stuck at he goes on to the end; the back office opens the account.
        await phone.get_by_role("button", name="回到这一步").first.click()
        await expect(phone.locator("h4").first).to_have_text("身份证上传")
        await finish(phone)

        # The branch's credit appears, with the assist of whoever helped; the service is rated.
        await desk.goto("/credit/entries")
        rows = desk.get_by_role("row")
        await expect(rows.filter(has_text="开户归属")).to_have_count(1)
        await expect(rows.filter(has_text="协助")).to_have_count(1)
        await phone.get_by_role("navigation", name="App 导航").get_by_role("button", name="客服").click()
        await button(phone, "结束会话").click()
        await phone.get_by_role("group", name="请评价这次服务").get_by_role("radio").nth(4).click()
        await until(lambda: quiet.value("SELECT count(*) = 1 FROM serve_enquiry WHERE stars = 5"), 20)


async def finish(phone: Page) -> None:
    """All steps from the ID card to the opened account."""
    await next_step(phone)
    await phone.get_by_role("checkbox").check()
    await next_step(phone)
    await next_step(phone, "开始识别")
    for question in await phone.locator("fieldset").all():
        await question.get_by_role("radio").nth(1).check()
    await next_step(phone)
    await phone.get_by_role("checkbox").check()
    await next_step(phone)
    await next_step(phone)
    await phone.get_by_label("6 位交易密码").fill("194837")
    await next_step(phone)
    await phone.get_by_role("button", name="进入视频排队").click()
    await next_step(phone, "见证完成")
    await next_step(phone, "是")
    await next_step(phone, "提交申请")
    await phone.get_by_role("button", name="审核通过，开立账户").click()
    await expect(phone.get_by_text("恭喜，账户已开立")).to_be_visible()
