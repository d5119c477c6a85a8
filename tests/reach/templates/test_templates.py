"""Templates are written by one, checked for wording, approved by another; old versions stay."""

from datetime import timedelta
from typing import Any

import pytest

from bihuan.reach.templates import repository, service
from bihuan.reach.templates.rules import faults
from bihuan.understand import facade as understand


@pytest.fixture
def draft(clock) -> dict[str, Any]:
    """A new template for the bank step."""
    return {
        "name": "bank.spring",
        "occasion": "opening-stuck",
        "step": "bank",
        "language": "zh-CN",
        "channel": "inbox",
        "title": "绑定银行卡",
        "body": "请使用本人一类卡：{link}",
        "valid_from": clock.now().isoformat(),
        "valid_to": (clock.now() + timedelta(days=30)).isoformat(),
    }


async def approved(browse, react, template: dict[str, Any], who: str = "compliance") -> Any:
    client = await browse(who)
    answer = await client.post(
        f"/api/v1/approvals/{template['approval_id']}/decide", json={"approve": True, "comment": "fine"}
    )
    await react()
    return answer


async def test_the_starters_are_fit_to_be_sent(firm) -> None:
    async with firm.postgres.transaction() as tx:
        found = await repository.listed(tx, limit=500)
        steps = [step.code for step in await understand.opening_steps(tx) if step.stuck_after is not None]
        for template in found:
            assert faults(template.body) == [], template.name
            wording = await service.wording_of(tx, template.step, f"{template.title}\n{template.body}")
            assert wording == service.Wording([], []), template.name
    for language in ("zh-CN", "en"):
        for channel in ("sms", "inbox"):
            told = {t.step for t in found if (t.language, t.channel) == (language, channel)}
            assert told >= {None, *steps}


async def test_from_draft_to_a_message_that_customers_get(browse, react, draft, publish, stall, rows) -> None:
    author = await browse("operator")
    made = (await author.post("/api/v1/templates", json=draft)).json()
    assert (made["status"], made["version"], made["variables"]) == ("draft", 1, ["link"])
    submitted = (await author.post(f"/api/v1/templates/{made['id']}/submit")).json()
    assert submitted["status"] == "submitted"
    await publish(stall(step="bank"))
    assert (await approved(browse, react, submitted)).status_code == 200
    await publish(stall(step="bank", opening_id="o2"))
    used = await rows("SELECT template FROM reach_delivery ORDER BY created_at, opening_id")
    assert [row["template"] for row in used] == ["opening-stuck.bank.zh-CN.inbox", "bank.spring"]
    (shown,) = (await author.get("/api/v1/templates?name=bank.spring")).json()["items"]
    assert shown["status"] == "approved"
    assert shown["approver_id"] != shown["author_id"]


async def test_the_author_is_never_his_own_second_person(browse, react, draft) -> None:
    author = await browse("operator")
    made = (await author.post("/api/v1/templates", json=draft)).json()
    submitted = (await author.post(f"/api/v1/templates/{made['id']}/submit")).json()
    assert (await approved(browse, react, submitted, "operator")).status_code == 403
    (shown,) = (await author.get("/api/v1/templates?name=bank.spring")).json()["items"]
    assert shown["status"] == "submitted"


@pytest.mark.parametrize("words", ["稳赚不赔", "保 本 保 收 益", "零佣金开户"])
async def test_forbidden_words_stop_a_text_before_anybody_sees_it(browse, draft, words: str) -> None:
    author = await browse("operator")
    made = (await author.post("/api/v1/templates", json={**draft, "body": f"{words}，点此：{{link}}"})).json()
    answer = await author.post(f"/api/v1/templates/{made['id']}/submit")
    assert answer.status_code == 422
    assert answer.json()["phrases"]


async def test_editing_what_was_approved_makes_the_next_version_and_keeps_the_old(browse, react, draft, clock) -> None:
    author = await browse("operator")
    made = (await author.post("/api/v1/templates", json=draft)).json()
    part = {name: draft[name] for name in ("step", "title", "valid_from", "valid_to")}
    changed = await author.patch(f"/api/v1/templates/{made['id']}", json={**part, "body": "新的：{link}"})
    assert (changed.json()["id"], changed.json()["version"]) == (made["id"], 1)
    submitted = (await author.post(f"/api/v1/templates/{made['id']}/submit")).json()
    waiting = await author.patch(f"/api/v1/templates/{made['id']}", json={**part, "body": "再改：{link}"})
    assert waiting.status_code == 409
    await approved(browse, react, submitted)
    following = await author.patch(f"/api/v1/templates/{made['id']}", json={**part, "body": "再改：{link}"})
    assert (following.json()["version"], following.json()["status"]) == (2, "draft")
    assert (await author.post("/api/v1/templates", json=draft)).status_code == 409
    versions = (await author.get("/api/v1/templates?name=bank.spring")).json()["items"]
    assert [(v["version"], v["status"], v["body"]) for v in versions] == [
        (2, "draft", "再改：{link}"),
        (1, "approved", "新的：{link}"),
    ]
    clock.advance(timedelta(days=31))
    versions = (await (await browse("operator")).get("/api/v1/templates?name=bank.spring")).json()["items"]
    assert [v["status"] for v in versions] == ["draft", "expired"]


async def test_a_withdrawn_proposal_ends_and_cannot_be_approved(browse, react, draft) -> None:
    author = await browse("operator")
    made = (await author.post("/api/v1/templates", json=draft)).json()
    submitted = (await author.post(f"/api/v1/templates/{made['id']}/submit")).json()
    withdrawn = await author.post(f"/api/v1/templates/{made['id']}/withdraw")
    assert withdrawn.json()["status"] == "rejected"
    assert (await approved(browse, react, submitted)).status_code == 409


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("body", "no way back"),
        ("body", "{link} {name}"),
        ("body", "{link} {"),
    ],
)
async def test_a_text_that_leads_nowhere_is_not_submitted(browse, draft, field: str, wrong: str) -> None:
    author = await browse("operator")
    made = (await author.post("/api/v1/templates", json={**draft, field: wrong})).json()
    answer = await author.post(f"/api/v1/templates/{made['id']}/submit")
    assert answer.status_code == 422
    assert answer.json()["faults"]


@pytest.mark.parametrize(
    "wrong", [{"valid_to": "2020-01-01T00:00:00Z"}, {"channel": "pigeon"}, {"name": "A B"}, {"body": ""}]
)
async def test_malformed_templates_are_refused(browse, draft, wrong: dict[str, str]) -> None:
    assert (await (await browse("operator")).post("/api/v1/templates", json={**draft, **wrong})).status_code == 422


async def test_only_authors_write(browse, draft) -> None:
    assert (await (await browse()).get("/api/v1/templates")).status_code == 401
    assert (await (await browse("sh01.witness")).get("/api/v1/templates")).status_code == 403
    assert (await (await browse("sh01.advisor")).post("/api/v1/templates", json=draft)).status_code == 403
    listed = (await (await browse("sh01.advisor")).get("/api/v1/templates?limit=5")).json()
    assert len(listed["items"]) == 5
    following = await (await browse("sh01.advisor")).get(
        "/api/v1/templates", params={"limit": 5, "cursor": listed["next"]}
    )
    assert not {t["id"] for t in following.json()["items"]} & {t["id"] for t in listed["items"]}
    assert (await (await browse("operator")).get("/api/v1/templates?cursor=WyJ4IiwieSJd")).status_code == 422
