"""Second-person approvals: never the author, exactly one answer."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from bihuan.kit import postgres
from bihuan.kit.errors import Conflict, Forbidden
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.people.facade import Permission, Staff

APPROVALS = "/api/v1/approvals"


async def staff_named(house: House, login: str) -> Staff:
    async with house.postgres.transaction() as tx:
        found = await people.staff_by_login(tx, login)
    assert found is not None
    return found


@pytest.fixture
async def asked(firm: House) -> UUID:
    """A template that its author wants approved."""
    author = await staff_named(firm, "operator")
    async with firm.postgres.transaction() as tx:
        made = await people.request_approval(tx, "reach:template", "t1", {"body": "您好"}, author, firm.clock.now())
    return made.id


async def facts(house: House) -> list[dict[str, Any]]:
    async with house.postgres.transaction() as tx:
        return [
            row["body"]
            for row in await postgres.rows(tx, "SELECT body FROM log WHERE name = 'people:approval:decided'")
        ]


async def test_another_person_approves_and_the_rooms_are_told(browse: Any, firm: House, asked: UUID) -> None:
    client = await browse("compliance")
    listed = (await client.get(APPROVALS, params={"state": "pending"})).json()["items"]
    assert [(row["id"], row["may_decide"], row["author_name"]) for row in listed] == [(str(asked), True, "欧运营")]
    answer = await client.post(f"{APPROVALS}/{asked}/decide", json={"approve": True, "comment": "可以"})
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["may_decide"]) == ("approved", False)
    told = await facts(firm)
    assert len(told) == 1
    assert (told[0]["kind"], told[0]["subject"], told[0]["state"]) == ("reach:template", "t1", "approved")
    assert told[0]["proposed"] == {"body": "您好"}
    again = await client.post(f"{APPROVALS}/{asked}/decide", json={"approve": False})
    assert again.status_code == 409
    assert again.json()["state"] == "approved"


async def test_the_author_cannot_decide_even_with_the_permission(browse: Any, firm: House) -> None:
    author = await staff_named(firm, "compliance")
    async with firm.postgres.transaction() as tx:
        made = await people.request_approval(tx, "x:y", "1", {}, author, firm.clock.now())
    own = await browse("compliance")
    answer = await own.post(f"{APPROVALS}/{made.id}/decide", json={"approve": True})
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:bihuan:problem:own-proposal"
    other = await browse("compliance2")
    assert (await other.post(f"{APPROVALS}/{made.id}/decide", json={"approve": False})).status_code == 200
    assert (await facts(firm))[0]["state"] == "rejected"


async def test_the_database_itself_refuses_an_author_who_decides(firm: House, asked: UUID) -> None:
    with pytest.raises(postgres.psycopg.errors.CheckViolation):
        async with firm.postgres.transaction() as tx:
            await tx.execute(
                "UPDATE people_approval SET state = 'approved', decided_by = author_id, decided_at = asked_at"
            )


async def test_who_lacks_the_permission_neither_sees_nor_decides(browse: Any, asked: UUID) -> None:
    stranger = await browse()
    assert (await stranger.get(APPROVALS)).status_code == 401
    advisor = await browse("sh01.advisor")
    assert (await advisor.get(APPROVALS)).json()["items"] == []
    assert (await advisor.get(f"{APPROVALS}/{asked}")).status_code == 404
    assert (await advisor.post(f"{APPROVALS}/{asked}/decide", json={"approve": True})).status_code == 403
    assert (await advisor.post(f"{APPROVALS}/{uuid4()}/decide", json={"approve": True})).status_code == 404


async def test_a_proposal_names_the_permission_it_needs(browse: Any, firm: House) -> None:
    author = await staff_named(firm, "sh01.manager")
    async with firm.postgres.transaction() as tx:
        made = await people.request_approval(tx, "credit:x", "1", {}, author, firm.clock.now(), Permission.CREDIT_JUDGE)
    assert (
        await (await browse("compliance")).post(f"{APPROVALS}/{made.id}/decide", json={"approve": True})
    ).status_code == 403
    assert [row["id"] for row in (await (await browse("sh01.manager")).get(APPROVALS)).json()["items"]] == [
        str(made.id)
    ]
    assert (
        await (await browse("east")).post(f"{APPROVALS}/{made.id}/decide", json={"approve": True})
    ).status_code == 200


async def test_only_the_author_withdraws_and_may_ask_again(browse: Any, firm: House, asked: UUID) -> None:
    author = await staff_named(firm, "operator")
    with pytest.raises(Conflict):
        async with firm.postgres.transaction() as tx:
            await people.request_approval(tx, "reach:template", "t1", {}, author, firm.clock.now())
    assert (await (await browse("compliance")).post(f"{APPROVALS}/{asked}/withdraw")).status_code == 403
    own = await browse("operator")
    assert (await own.post(f"{APPROVALS}/{asked}/withdraw")).json()["state"] == "withdrawn"
    assert (await own.post(f"{APPROVALS}/{asked}/withdraw")).status_code == 409
    async with firm.postgres.transaction() as tx:
        again = await people.request_approval(tx, "reach:template", "t1", {}, author, firm.clock.now())
    assert again.id != asked
    assert await facts(firm) == []


async def test_two_deciders_at_once_give_one_answer(firm: House, asked: UUID) -> None:
    deciders = [await staff_named(firm, login) for login in ("compliance", "compliance2", "supervisor")]

    async def decide(by: Staff, approve: bool) -> str:
        try:
            async with firm.postgres.transaction() as tx:
                await people.decide_approval(tx, asked, approve=approve, comment=None, by=by, now=firm.clock.now())
        except (Conflict, Forbidden) as problem:
            return problem.code
        return "won"

    answers = await asyncio.gather(*(decide(by, n % 2 == 0) for n, by in enumerate(deciders)))
    assert sorted(answers) == ["approval-decided", "approval-decided", "won"]
    assert len(await facts(firm)) == 1


async def test_pages_of_proposals(browse: Any, firm: House) -> None:
    author = await staff_named(firm, "operator")
    for n in range(5):
        async with firm.postgres.transaction() as tx:
            await people.request_approval(tx, "x:y", n, {}, author, firm.clock.now())
    client = await browse("supervisor")
    first = (await client.get(APPROVALS, params={"limit": 3})).json()
    second = (await client.get(APPROVALS, params={"limit": 3, "cursor": first["next"]})).json()
    assert [row["subject"] for row in first["items"] + second["items"]] == ["4", "3", "2", "1", "0"]
    assert second["next"] is None
