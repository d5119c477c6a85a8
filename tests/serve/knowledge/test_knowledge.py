"""Approved knowledge: what the starter entries answer, and that nothing else is ever said."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.serve.conftest import Desk

from bihuan.kit.house import House
from bihuan.kit.time import FixedClock

ANSWERED = [
    ("佣金多少", "commission"),
    ("收不到验证码", "verification_code"),
    ("转不进钱", "transfer_in"),
    ("中签缴款", "ipo_payment"),
    ("忘记密码", "forgotten_password"),
    ("请问一下佣金是多少呢", "commission"),
    ("手机一直收不到验证码怎么回事", "verification_code"),
    ("视频见证什么时候可以做", "video_witness"),
    ("绑定银行卡失败", "bank_binding"),
    ("how much is the commission", "commission"),
    ("I forgot my password", "forgotten_password"),
]
LEFT = [
    ("今天天气怎么样", "below_threshold"),
    ("帮我订一张机票", "below_threshold"),
    ("基金净值为什么没更新", "below_threshold"),
    ("tell me a joke", "below_threshold"),
    ("这只股票能买吗", "advice"),
    ("should I buy this stock", "advice"),
    ("我要投诉你们", "complaint"),
    ("转人工", "person"),
]
ENTRY = {
    "topic": "stamps",
    "phrasings_zh": ["合同在哪里盖章"],
    "phrasings_en": ["where is the contract stamped"],
    "answer_zh": "合同由营业部统一用印。",
    "answer_en": "The branch stamps contracts.",
}


async def tried(desk: Desk, text: str) -> dict[str, Any]:
    return await desk.do("sh01.advisor", "knowledge/trial", text=text)


async def test_the_starter_entries_answer_what_people_ask(desk: Desk) -> None:
    for text, topic in ANSWERED:
        trial = await tried(desk, text)
        assert trial["answers"], (text, trial)
        assert trial["hits"][0]["topic"] == topic, (text, trial)
    for text, reason in LEFT:
        trial = await tried(desk, text)
        assert (trial["answers"], trial["reason"]) == (False, reason), (text, trial)
    entries = (await desk.get("sh01.advisor", "knowledge"))["items"]
    assert len(entries) >= 25
    assert all(entry["status"] == "approved" for entry in entries)


async def test_a_draft_says_nothing_until_somebody_else_has_approved_it(
    desk: Desk, react: Any, clock: FixedClock
) -> None:
    entry = await desk.do("operator", "knowledge", 201, **ENTRY)
    assert entry["status"] == "draft"
    assert not (await tried(desk, "合同在哪里盖章"))["answers"]
    (approval,) = (await desk.get("supervisor", "approvals"))["items"]
    await desk.do("supervisor", f"approvals/{approval['id']}/decide", approve=True)
    await react()
    shown = await desk.get("operator", f"knowledge/{entry['id']}")
    assert shown["status"] == "approved"
    assert shown["reviewer_id"] != shown["author_id"]
    trial = await tried(desk, "合同在哪里盖章")
    assert trial["hits"][0]["id"] == entry["id"]
    asked = await desk.ask("合同在哪里盖章")
    assert asked["messages"][-1]["text"] == ENTRY["answer_zh"]
    assert (await desk.get("operator", f"knowledge/{entry['id']}"))["used"] == 1
    await desk.do("operator", f"knowledge/{entry['id']}/retire")
    assert not (await tried(desk, "合同在哪里盖章"))["answers"]
    await desk.do("operator", f"knowledge/{entry['id']}/retire", 409)


async def test_a_successor_replaces_its_predecessor(desk: Desk, react: Any) -> None:
    (old,) = (await desk.get("operator", "knowledge?topic=commission"))["items"]
    new = await desk.do("operator", "knowledge", 201, **{**ENTRY, "topic": "commission", "replaces": old["id"]})
    (approval,) = (await desk.get("supervisor", "approvals"))["items"]
    await desk.do("supervisor", f"approvals/{approval['id']}/decide", approve=True)
    await react()
    by_id = {row["id"]: row["status"] for row in (await desk.get("operator", "knowledge?topic=commission"))["items"]}
    assert by_id == {old["id"]: "expired", new["id"]: "approved"}
    assert not (await tried(desk, "佣金多少"))["answers"]


@pytest.mark.parametrize(("first", "last", "answers"), [(0, 0, True), (1, 9, False), (-9, -1, False), (None, 0, True)])
async def test_an_entry_answers_only_while_it_is_valid(
    desk: Desk, react: Any, clock: FixedClock, first: int | None, last: int, answers: bool
) -> None:
    def day(n: int | None) -> str | None:
        return None if n is None else (date(2026, 3, 10) + timedelta(days=n)).isoformat()

    await desk.do("operator", "knowledge", 201, **ENTRY, valid_from=day(first), valid_to=day(last))
    (approval,) = (await desk.get("supervisor", "approvals"))["items"]
    await desk.do("supervisor", f"approvals/{approval['id']}/decide", approve=True)
    await react()
    assert (await tried(desk, "合同在哪里盖章"))["answers"] is answers
    clock.advance(timedelta(days=1))
    expired = [row["topic"] for row in (await desk.get("operator", "knowledge?status=expired"))["items"]]
    assert expired == ([] if last > 0 else ["stamps"])
    if last == 0:
        assert not (await tried(desk, "合同在哪里盖章"))["answers"]


async def test_bad_entries_are_refused(desk: Desk, house: House) -> None:
    await desk.do("operator", "knowledge", 422, **ENTRY, valid_from="2026-03-10", valid_to="2026-03-09")
    await desk.do("operator", "knowledge", 422, **{**ENTRY, "answer_zh": "这只股票现在可以买入"})
    await desk.do("operator", "knowledge", 404, **ENTRY, replaces="00000000-0000-7000-8000-000000000000")
    await desk.do("operator", "knowledge", 422, **{**ENTRY, "phrasings_zh": []})
    await desk.do("sh01.advisor", "knowledge", 403, **ENTRY)
    await desk.get("engineer", "knowledge", 403)
