"""Segments on the real engines: written, evaluated, told of once, within the scope."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.understand.conftest import Browsers, Facts
from tests.understand.tags.test_tags import owns, send

from bihuan.kit import ids
from bihuan.kit.house import House
from bihuan.kit.time import FixedClock
from bihuan.understand.segments import archive, repository, service
from bihuan.understand.tags import service as tags

React = Callable[[], Any]

ACTIVE = {"did": "App Opened", "within_days": 7}
SENIORS = {"tag": "senior", "op": "is", "value": True}
ENTERED, LEFT = "understand:segment:entered", "understand:segment:left"


def named(name: str, rule: Any, **more: Any) -> dict[str, Any]:
    return {"name_zh": name, "name_en": name, "about": "", "rule": rule, **more}


@pytest.fixture
async def book(firm: House, react: React) -> House:
    """Two customers of Shanghai: one was in the app yesterday, the other a month ago."""
    for user in ("u1", "u2"):
        await owns(firm, user, share=1000)
    await send(firm, ("u1", "App Opened", 1, {}), ("u2", "App Opened", 30, {}), react=react)
    await tags.refresh(firm)
    return firm


async def made(browse: Browsers, name: str, rule: Any) -> UUID:
    answer = await (await browse("operator")).post("/api/v1/segments", json=named(name, rule))
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


async def test_who_enters_and_leaves_is_told_once_and_the_first_members_are_not(
    browse: Browsers, book: House, react: React, clock: FixedClock, facts: Facts
) -> None:
    segment = await made(browse, "近期活跃", ACTIVE)
    assert (await service.evaluate(book, segment)).members == 1
    assert await facts(ENTERED) == []
    clock.advance(timedelta(days=3))
    await send(book, ("u2", "App Opened", 0, {}), react=react)
    assert (await service.evaluate(book, segment)).members == 2
    assert (await service.evaluate(book, segment)).members == 2
    clock.advance(timedelta(days=5))
    assert (await service.evaluate(book, segment)).members == 1
    (entered,), (left,) = await facts(ENTERED), await facts(LEFT)
    assert (entered["customer_id"], left["customer_id"]) == tuple(map(ids.customer_of_user, ("u2", "u1")))
    page = (await (await browse("operator")).get(f"/api/v1/segments/{segment}")).json()
    assert [(day["members"], day["entered"], day["left"]) for day in page["trend"]] == [(1, 0, 0), (2, 1, 0), (1, 0, 1)]
    assert page["segment"]["reads_zh"] == "近 7 天「App Opened」不低于 1 次"


async def test_an_evaluation_that_died_between_the_engines_tells_of_nobody_twice(
    browse: Browsers, book: House, react: React, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = await made(browse, "近期活跃", ACTIVE)
    await service.evaluate(book, segment)
    await send(book, ("u2", "App Opened", 0, {}), react=react)
    put = archive.put

    async def dies(*given: Any) -> None:
        if given[-1]:
            raise OSError("killed")
        await put(*given)

    with monkeypatch.context() as broken:
        broken.setattr(archive, "put", dies)
        with pytest.raises(OSError, match="killed"):
            await service.evaluate(book, segment)
    assert len(await facts(ENTERED)) == 1
    assert (await service.evaluate(book, segment)).members == 2
    assert len(await facts(ENTERED)) == 1


async def test_a_segment_over_another_follows_it_and_one_that_fails_says_why(
    browse: Browsers, book: House, react: React, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = await made(browse, "近期活跃", ACTIVE)
    outer = await made(browse, "甲：活跃的老年客户", {"all": [SENIORS, {"segment": str(inner)}]})
    broken = await made(browse, "乙：会失败的", SENIORS)
    sizes = archive.size

    async def fails(clickhouse: Any, segment_id: UUID) -> int:
        if segment_id == broken:
            raise RuntimeError("too costly")
        return await sizes(clickhouse, segment_id)

    monkeypatch.setattr(archive, "size", fails)
    assert await service.evaluate_all(book) == 3
    async with book.postgres.transaction() as tx:
        found = {one.id: one for one in await repository.segments(tx)}
    assert (found[inner].members, found[outer].members) == (1, 1)
    assert (found[broken].error, found[outer].error) == ("RuntimeError: too costly", None)


async def test_rules_that_ask_for_themselves_are_refused_and_what_is_used_stays(browse: Browsers, book: House) -> None:
    operator = await browse("operator")
    a = await made(browse, "甲", SENIORS)
    b = await made(browse, "乙", {"not": {"segment": str(a)}})
    circle = await operator.put(f"/api/v1/segments/{a}", json=named("甲", {"segment": str(b)}, version=1))
    assert circle.status_code == 422
    assert "甲 > 乙 > 甲" in circle.json()["detail"]
    itself = await operator.put(f"/api/v1/segments/{a}", json=named("甲", {"segment": str(a)}, version=1))
    assert itself.status_code == 422
    assert (await operator.delete(f"/api/v1/segments/{a}")).status_code == 409
    unknown = await operator.post("/api/v1/segments", json=named("丙", {"segment": str(UUID(int=5))}))
    assert unknown.status_code == 422
    assert (await operator.post("/api/v1/segments", json=named("甲", SENIORS))).status_code == 409
    edited = await operator.put(f"/api/v1/segments/{a}", json=named("甲", ACTIVE, version=1))
    assert edited.json()["version"] == 2
    assert (await operator.put(f"/api/v1/segments/{a}", json=named("甲", ACTIVE, version=1))).status_code == 409
    assert (await operator.delete(f"/api/v1/segments/{b}")).status_code == 204
    assert (await operator.delete(f"/api/v1/segments/{a}")).status_code == 204
    assert (await operator.get(f"/api/v1/segments/{a}")).status_code == 404


async def test_of_two_editors_at_once_no_circle_comes(browse: Browsers, book: House) -> None:
    a, b = await made(browse, "甲", SENIORS), await made(browse, "乙", SENIORS)
    operator, other = await browse("operator"), await browse("operator")
    answers = await asyncio.gather(
        operator.put(f"/api/v1/segments/{a}", json=named("甲", {"segment": str(b)}, version=1)),
        other.put(f"/api/v1/segments/{b}", json=named("乙", {"segment": str(a)}, version=1)),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_a_preview_counts_whom_the_scope_holds_and_shows_some_of_them(browse: Browsers, book: House) -> None:
    rule = {"any": [ACTIVE, {"tag": "asset_band", "op": "is", "value": "b1"}]}
    for login, seen in (("operator", 2), ("sh01.manager", 2), ("gz01.manager", 0)):
        answer = await (await browse(login)).post("/api/v1/segments/preview", json={"rule": rule})
        told = answer.json()
        assert (told["fits"], told["everybody"], len(told["sample"])) == (seen, seen, seen), login
    assert told["reads_en"] == '"App Opened" at least 1 times in 7 days or Asset band is Under 10k'
    nonsense = await (await browse("operator")).post("/api/v1/segments/preview", json={"rule": {"tag": "senior"}})
    assert nonsense.status_code == 422
    assert (await (await browse()).post("/api/v1/segments/preview", json={"rule": rule})).status_code == 401
    assert (await (await browse("sh01.manager")).post("/api/v1/segments", json=named("x", rule))).status_code == 403
