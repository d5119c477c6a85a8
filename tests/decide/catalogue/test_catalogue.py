"""The catalogue: versions kept, edits one at a time, imports idempotent."""

import asyncio
from dataclasses import replace

import pytest
from tests.decide.conftest import Browsers

from bihuan.decide import facade
from bihuan.decide.catalogue import repository
from bihuan.decide.facade import ProductRow, product_row
from bihuan.kit.house import House

FUND = ProductRow("F1", "基金", "R3", "Fund", "fund", "equity", "growth", 0, "10.5", topics=("基金",))
NEW = {"code": "new", "kind": "content", "name_zh": "新", "name_en": "New"}


async def test_an_edit_makes_a_version_and_keeps_the_one_before(browse: Browsers, firm: House) -> None:
    operator = await browse("operator")
    made = await operator.post("/api/v1/catalogue", json={**NEW, "topics": ["a"], "risk_level": 2})
    assert (made.status_code, made.json()["version"], made.json()["edited_by"]) == (201, 1, "operator")
    async with firm.postgres.transaction() as tx:
        before = await repository.revision(tx)
    changed = await operator.patch("/api/v1/catalogue/new", json={"version": 1, "name_en": "Newer", "risk_level": None})
    assert (changed.json()["version"], changed.json()["name_en"], changed.json()["risk_level"]) == (2, "Newer", None)
    assert changed.json()["topics"] == ["a"]
    versions = (await operator.get("/api/v1/catalogue/new")).json()["items"]
    assert [(one["version"], one["risk_level"]) for one in versions] == [(2, None), (1, 2)]
    async with firm.postgres.transaction() as tx:
        then = {item.code: item.version for item in await repository.items(tx, before)}
        now = {item.code: item.version for item in await repository.items(tx, before + 1)}
    assert (then["new"], now["new"]) == (1, 2)


async def test_edits_at_once_have_one_winner(browse: Browsers) -> None:
    operator = await browse("operator")
    await operator.post("/api/v1/catalogue", json=NEW)

    async def change(n: int) -> int:
        patch = {"version": 1, "name_en": f"Name {n}"}
        return (await operator.patch("/api/v1/catalogue/new", json=patch)).status_code

    assert sorted(await asyncio.gather(*[change(n) for n in range(5)])) == [200, 409, 409, 409, 409]
    again = await operator.post("/api/v1/catalogue", json=NEW)
    assert (again.status_code, again.json()["item"]) == (409, "new")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "product"},
        {"risk_level": 6},
        {"weight": 1.5},
        {"code": "a b"},
        {"name_zh": ""},
        {"link": "javascript:alert(1)"},
        {"image": "//elsewhere"},
        {"min_age": 40, "max_age": 30},
        {"sale_from": "2026-05-01T00:00:00+08:00", "sale_until": "2026-04-01T00:00:00+08:00"},
        {"sale_from": "0001-01-01T00:00:00+12:00"},
        {"surprise": 1},
    ],
)
async def test_what_may_not_stand_is_refused(browse: Browsers, wrong: dict[str, object]) -> None:
    operator = await browse("operator")
    assert (await operator.post("/api/v1/catalogue", json={**NEW, **wrong})).status_code == 422
    assert (await operator.get("/api/v1/catalogue/new")).status_code == 404


async def test_an_import_writes_what_is_new_and_nothing_else(firm: House) -> None:
    async with firm.postgres.transaction() as tx:
        first = await facade.import_products(tx, [FUND], firm.clock.now())
        again = await facade.import_products(tx, [FUND], firm.clock.now())
        other = await facade.import_products(
            tx, [replace(FUND, name="新基金"), replace(FUND, code="")], firm.clock.now()
        )
        found = (await facade.items(tx, ["F1"]))["F1"]
    assert (first.written, again.written, again.unchanged) == (1, 0, 1)
    assert (other.written, [index for index, _ in other.rejected]) == (1, [1])
    assert (found.version, found.name_zh, str(found.minimum), found.risk_level) == (2, "新基金", "10.50", 3)


def test_a_product_from_the_texts_of_a_file() -> None:
    texts = {"code": "F1", "name": "基金", "risk": "R3", "name_en": "Fund", "kind": "fund", "asset_class": "equity",
             "goal": "growth", "term_days": "0", "minimum": "10.5", "topics": "基金| 大盘 |",
             "needs_qualified": "False", "surplus": "x", "text": None}  # fmt: skip
    row = product_row(texts)
    assert (row.term_days, row.topics, row.needs_qualified, str(row.minimum)) == (0, ("基金", "大盘"), False, "10.5")
    for wrong in ({"risk": "R9"}, {"goal": "riches"}, {"minimum": "NaN"}, {"term_days": "soon"}, {"name": " "}):
        with pytest.raises(ValueError, match=r"."):
            product_row({**texts, **wrong})


async def test_lists_and_doors(browse: Browsers) -> None:
    advisor, nobody = await browse("sh01.advisor"), await browse()
    page = (await advisor.get("/api/v1/catalogue?kind=function&limit=5")).json()
    assert [one["kind"] for one in page["items"]] == ["function"] * 5
    rest = (await advisor.get(f"/api/v1/catalogue?kind=function&limit=500&cursor={page['next']}")).json()
    assert page["items"][-1]["code"] < rest["items"][0]["code"]
    assert [one["code"] for one in (await advisor.get("/api/v1/catalogue?q=help-%25")).json()["items"]] == []
    assert len((await advisor.get("/api/v1/catalogue?q=风险")).json()["items"]) == 3
    slots = (await advisor.get("/api/v1/slots")).json()["items"]
    assert [one["page"] for one in slots] == ["home"] * 4 + ["opening"]
    assert (await advisor.post("/api/v1/catalogue", json=NEW)).status_code == 403
    for path in ("catalogue", "catalogue/quotes", "slots"):
        assert (await nobody.get(f"/api/v1/{path}")).status_code == 401
