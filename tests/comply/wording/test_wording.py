"""Wording over HTTP, with the phrases a fresh installation has."""

from typing import Any
from uuid import uuid4

from bihuan.comply import facade as comply
from bihuan.kit.postgres import Tx

CHECK = "/api/v1/wording/check"
PHRASES = "/api/v1/wording/phrases"


async def hits(client: Any, text: str, context: str = "any") -> list[str]:
    answer = await client.post(CHECK, json={"text": text, "context": context})
    assert answer.status_code == 200
    return [hit["phrase"] for hit in answer.json()["items"]]


async def test_a_fresh_installation_knows_its_phrases(tx: Tx) -> None:
    found = await comply.check_text(tx, "本产品稳赚，risk-free")
    assert [(hit.found, hit.severity) for hit in found] == [("稳赚", "block"), ("risk-free", "block")]
    assert await comply.check_text(tx, "建议买入") != []
    assert await comply.check_text(tx, "建议买入", licensed=True) == []
    assert await comply.check_text(tx, "选C", context="questionnaire") != []
    assert await comply.check_text(tx, "选C") == []


async def test_licence_is_the_authors_own(browse: Any) -> None:
    assert await hits(await browse("sh01.advisor"), "建议买入") == []
    assert await hits(await browse("sh01.advisor2"), "建议买入") == ["建议买入"]


async def test_compliance_keeps_the_list(browse: Any) -> None:
    keeper, advisor = await browse("compliance"), await browse("sh01.advisor")
    new = {"phrase": "躺赚", "severity": "block", "category": "promise", "reason": "承诺收益", "reason_en": "Promise",
           "source": "our own rule"}  # fmt: skip
    assert await hits(advisor, "跟着我躺赚") == []
    made = await keeper.post(PHRASES, json=new)
    assert made.status_code == 201
    assert await hits(advisor, "跟着我躺　賺") == ["躺赚"]
    assert (await keeper.post(PHRASES, json=new)).status_code == 409
    path = f"{PHRASES}/{made.json()['id']}"
    assert (await keeper.patch(path, json={"unless": ["平躺赚"]})).json()["unless"] == ["平躺赚"]
    assert await hits(advisor, "平躺赚不到") == []
    assert (await keeper.patch(path, json={"active": False})).json()["active"] is False
    assert await hits(advisor, "跟着我躺赚") == []
    assert (await keeper.patch(f"{PHRASES}/{uuid4()}", json={"active": False})).status_code == 404
    assert (await keeper.post(PHRASES, json=new | {"phrase": "!?"})).status_code == 422


async def test_doors(browse: Any) -> None:
    stranger, advisor, operator = await browse(), await browse("sh01.advisor"), await browse("operator")
    assert (await stranger.post(CHECK, json={"text": "x"})).status_code == 401
    assert (await stranger.get(PHRASES)).status_code == 401
    assert (await advisor.get(PHRASES)).status_code == 403
    assert (await operator.get(PHRASES)).status_code == 200
    assert (await operator.patch(f"{PHRASES}/{uuid4()}", json={"active": False})).status_code == 403
    assert (await (await browse("engineer")).post(CHECK, json={"text": "x"})).status_code == 403
