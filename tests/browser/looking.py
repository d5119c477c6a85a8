"""What is looked for on a page: barriers, things that stick out, targets too small for a thumb."""

import re

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
}
SETTLED_MS = 20_000

# What a thumb reaches of everything that can be pressed in the topmost dialog, or on the page where there is none:
# from its middle outwards as long as the touch would still be its own. A link within a sentence is as high as its line.
SMALL = """
(least) => {
  const dialogs = [...document.querySelectorAll("[role=dialog]")].filter((one) => one.offsetWidth > 0);
  const scope = dialogs.at(-1) ?? document.body;
  const pressed = "a[href], button, input:not([type=hidden]), textarea, summary, [role=combobox], [role=switch]";
  const around = "label, .ant-select, .ant-input-affix-wrapper, .ant-picker, .ant-input-number";
  const targets = new Set();
  for (const each of scope.querySelectorAll(pressed))
    if (!each.matches(":disabled, [aria-hidden=true] *")) targets.add(each.closest(around) ?? each);
  const found = [];
  for (const target of targets) {
    const style = getComputedStyle(target);
    const inSentence = style.display === "inline" && target.matches("p a, p button");
    if (inSentence || style.visibility === "hidden" || style.opacity === "0") continue;
    target.scrollIntoView({ block: "center", inline: "center" });
    const box = target.getBoundingClientRect();
    if (box.width < 4 || box.height < 4) continue; // for screen readers only
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const own = (left, top) => target.contains(document.elementFromPoint(left, top));
    if (!own(x, y)) continue; // lies under something: folded away, or outside the window
    const reach = (right, down) => {
      let far = 0;
      while (far < least && own(x + right * (far + 1), y + down * (far + 1))) far += 1;
      return far;
    };
    const wide = reach(-1, 0) + reach(1, 0) + 1;
    const high = reach(0, -1) + reach(0, 1) + 1;
    if (Math.min(wide, high) < least - 1) // half pixels
      found.push(`${wide} x ${high}: ${target.ariaLabel ?? target.innerText}: ${target.outerHTML.slice(0, 120)}`);
  }
  return found;
}
"""
THUMB_PX = 44


async def settled(page: Page) -> None:
    """Return when the page shows what it was going to show: a title, and nothing that loads any more."""
    await expect(page.locator("h1").first).to_be_visible(timeout=SETTLED_MS)
    if not page.url.endswith("/system/design"):  # which shows what loading looks like
        busy = page.locator(".ant-skeleton-active, .ant-spin-spinning, .ant-btn-loading")
        await expect(busy).to_have_count(0, timeout=SETTLED_MS)
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


async def small_targets(page: Page, where: str) -> list[str]:
    """What a thumb would miss: narrower or lower than 44 px."""
    found: list[str] = await page.evaluate(SMALL, THUMB_PX)
    return [f"{where}: {each}" for each in found]
