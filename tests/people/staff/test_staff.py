"""Staff and branches: imported, changed by hand, seen within the scope."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from psycopg.errors import CheckViolation

from bihuan.kit import audit, ids, postgres
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.facade import BranchRow, Role, StaffRow
from bihuan.people.rules import NEVER_WITNESS
from bihuan.people.testing import BRANCHES, PASSWORD, STAFF

API = "/api/v1"


async def ids_by_login(client: httpx.AsyncClient) -> dict[str, str]:
    return {row["login"]: row["id"] for row in (await client.get(f"{API}/staff")).json()["items"]}


async def test_an_import_twice_changes_nothing(tx: Tx) -> None:
    for _ in range(2):
        assert (await people.import_branches(tx, BRANCHES)).written == len(BRANCHES)
        assert (await people.import_staff(tx, STAFF)).written == len(STAFF)
        assert [b.code for b in await people.branches(tx)] == ["GZ01", "HZ01", "SH01"]
        assert [r.code for r in await people.regions(tx)] == ["EAST", "SOUTH"]
        assert len(await people.staff_with(tx, Role.ADVISOR)) == 4


async def test_an_import_says_why_it_rejects(tx: Tx) -> None:
    await people.import_branches(tx, BRANCHES)
    rows = [
        StaffRow("a", "甲", ("advisor",), branch_code="SH01", staff_code="X1"),
        StaffRow("b", "乙", ("advisor",), branch_code="NONE"),
        StaffRow("c", "丙", ("witness", "branch_manager"), branch_code="SH01"),
        StaffRow("d", "丁", ("advisor",)),
        StaffRow("e", "戊", ("wizard",)),
        StaffRow("f", "己", ("advisor",), branch_code="SH01", staff_code="X1"),
        StaffRow("g", "庚", ("region_manager",)),
        StaffRow("", "辛", ("engineer",)),
    ]
    done = await people.import_staff(tx, rows)
    assert done.written == 1
    reasons = dict(done.rejected)
    assert sorted(reasons) == [1, 2, 3, 4, 5, 6, 7]
    assert "no branch NONE" in reasons[1]
    assert "direct who markets" in reasons[2]
    assert "belongs to a" in reasons[5]
    assert (await people.import_branches(tx, [BranchRow("", "x", "EAST")])).rejected


@pytest.mark.parametrize("role", list(Role))
async def test_the_database_itself_refuses_a_witness_who_markets_or_directs_who_does(tx: Tx, role: Role) -> None:
    add = "INSERT INTO people_staff (id, login, name, roles) VALUES (%(id)s, 'x', 'x', %(roles)s)"
    adding = postgres.execute(tx, add, id=ids.new_id(), roles=["witness", role])
    if role in NEVER_WITNESS:
        with pytest.raises(CheckViolation):
            await adding
    else:
        assert await adding == 1


async def test_whoever_leaves_by_import_is_signed_out(browse: Any, firm: House) -> None:
    client = await browse("gz01.advisor")
    gone = StaffRow("gz01.advisor", "广顾问", ("advisor",), "", "GZ01", staff_code="GZ01A", active=False)
    async with firm.postgres.transaction() as tx:
        await people.import_staff(tx, [gone])
        found = await people.staff_by_code(tx, "GZ01A")
        assert found is not None
        assert not found.active
    assert (await client.get(f"{API}/session")).status_code == 204


async def test_each_sees_his_branches(browse: Any) -> None:
    seen = {}
    for login in ("operator", "east", "sh01.manager", "gz01.advisor", "agent"):
        answer = await (await browse(login)).get(f"{API}/branches")
        seen[login] = [row["code"] for row in answer.json()["items"]]
    assert seen == {
        "operator": ["GZ01", "HZ01", "SH01"],
        "east": ["HZ01", "SH01"],
        "sh01.manager": ["SH01"],
        "gz01.advisor": ["GZ01"],
        "agent": ["GZ01", "HZ01", "SH01"],
    }


async def test_each_sees_his_colleagues(browse: Any) -> None:
    seen = set(await ids_by_login(await browse("sh01.advisor")))
    assert seen == {"sh01.manager", "sh01.advisor", "sh01.advisor2", "sh01.witness"}
    assert len(await ids_by_login(await browse("operator"))) == len(STAFF)


async def test_a_list_goes_on_where_the_page_ended(browse: Any) -> None:
    client = await browse("operator")
    logins: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"limit": 4} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(f"{API}/staff", params=params)).json()
        logins += [row["login"] for row in page["items"]]
        cursor = page["next"]
    assert logins == sorted(row.login for row in STAFF)
    assert (await client.get(f"{API}/staff", params={"cursor": "nonsense"})).status_code == 422


async def test_a_list_is_searched_and_filtered(browse: Any) -> None:
    client = await browse("operator")

    async def logins(**params: Any) -> list[str]:
        return [row["login"] for row in (await client.get(f"{API}/staff", params=params)).json()["items"]]

    assert await logins(q="Shanghai adv") == ["sh01.advisor", "sh01.advisor2"]
    assert await logins(q="广顾") == ["gz01.advisor"]
    assert await logins(q="%") == []
    assert await logins(role="witness") == ["sh01.witness"]
    assert await logins(active="false") == []


async def test_strangers_and_others_may_not(browse: Any) -> None:
    stranger = await browse()
    advisor = await browse("sh01.advisor")
    new = {"login": "new.one", "name": "新人", "roles": ["engineer"]}
    for path in ("branches", "regions", "staff"):
        assert (await stranger.get(f"{API}/{path}")).status_code == 401
    for client, status in ((stranger, 401), (advisor, 403)):
        assert (await client.post(f"{API}/staff", json=new)).status_code == status
        assert (await client.patch(f"{API}/staff/{uuid4()}", json={})).status_code == status
        assert (await client.post(f"{API}/staff/{uuid4()}/password")).status_code == status
        assert (
            await client.post(f"{API}/branches", json={"code": "X", "name": "x", "region_id": str(uuid4())})
        ).status_code == status
        assert (await client.patch(f"{API}/branches/{uuid4()}", json={})).status_code == status


async def test_a_person_joins_signs_in_moves_and_leaves(browse: Any, firm: House) -> None:
    admin = await browse("operator")
    branches = {row["code"]: row["id"] for row in (await admin.get(f"{API}/branches")).json()["items"]}
    new = {"login": "New.One", "name": " 新人 ", "roles": ["advisor"], "branch_id": branches["SH01"]}
    made = (await admin.post(f"{API}/staff", json=new)).json()
    assert (made["login"], made["name"], made["branch_ids"]) == ("new.one", "新人", [branches["SH01"]])
    assert (await admin.post(f"{API}/staff", json=new)).status_code == 409
    password = (await admin.post(f"{API}/staff/{made['id']}/password")).json()["password"]
    client = await browse()
    signed = await client.post(f"{API}/session", json={"login": "new.one", "password": password})
    assert signed.status_code == 200
    path = f"{API}/staff/{made['id']}"
    moved = await admin.patch(path, json={"branch_id": branches["GZ01"]})
    assert moved.json()["branch_ids"] == [branches["GZ01"]]
    assert (await client.get(f"{API}/session")).json()["staff"]["branch_ids"] == [branches["GZ01"]]
    assert (await admin.patch(path, json={"active": False})).json()["active"] is False
    assert (await client.get(f"{API}/session")).status_code == 204
    again = await client.post(f"{API}/session", json={"login": "new.one", "password": password})
    assert again.status_code == 401
    async with firm.postgres.transaction() as tx:
        trail = [deed.action for deed in await audit.trail(tx, made["id"])]
    assert sorted(trail) == sorted(
        ["people:staff:added", "people:password:given", "people:staff:changed", "people:staff:changed"]
    )


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"roles": ["witness", "advisor"]}, 422),
        ({"roles": []}, 422),
        ({"roles": ["wizard"]}, 422),
        ({"branch_id": None}, 422),
        ({"branch_id": str(uuid4())}, 422),
        ({"staff_code": "GZ01A"}, 409),
        ({"name": "a\u0000b"}, 422),
        ({}, 200),
    ],
)
async def test_a_change_that_breaks_a_rule_is_refused(browse: Any, change: dict[str, Any], status: int) -> None:
    admin = await browse("operator")
    someone = (await ids_by_login(admin))["sh01.advisor"]
    answer = await admin.patch(f"{API}/staff/{someone}", json=change)
    assert answer.status_code == status, answer.text


async def test_nobody_changes_his_own_roles(browse: Any) -> None:
    admin = await browse("operator")
    me = (await ids_by_login(admin))["operator"]
    assert (await admin.patch(f"{API}/staff/{me}", json={"roles": ["operator", "compliance"]})).status_code == 403
    assert (await admin.patch(f"{API}/staff/{me}", json={"active": False})).status_code == 403
    assert (await admin.patch(f"{API}/staff/{me}", json={"name": "欧"})).status_code == 200


async def test_a_change_of_roles_ends_the_sessions(browse: Any) -> None:
    admin, agent = await browse("operator"), await browse("agent")
    one = (await ids_by_login(admin))["agent"]
    assert (await admin.patch(f"{API}/staff/{one}", json={"roles": ["engineer"]})).status_code == 200
    assert (await agent.get(f"{API}/session")).status_code == 204


async def test_a_branch_opens_and_changes(browse: Any) -> None:
    admin = await browse("operator")
    region = (await admin.get(f"{API}/regions")).json()["items"][0]["id"]
    given = {"code": "NB01", "name": "宁波营业部", "region_id": region, "opens_at": "08:30", "latitude": 29.87}
    made = (await admin.post(f"{API}/branches", json=given)).json()
    assert made["opens_at"] == "08:30"
    assert (await admin.post(f"{API}/branches", json=given)).status_code == 409
    path = f"{API}/branches/{made['id']}"
    assert (await admin.patch(path, json={"monthly_capacity": 7})).json()["monthly_capacity"] == 7
    assert (await admin.patch(path, json={"latitude": None})).json()["latitude"] is None
    assert (await admin.patch(path, json={"region_id": str(uuid4())})).status_code == 422
    assert (await admin.patch(path, json={"region_id": None})).status_code == 422
    assert (await admin.patch(path, json={"latitude": 91})).status_code == 422
    for nonsense in ("24:00", "8:30", "08:30Z", "soon", None, 30600):
        assert (await admin.patch(path, json={"opens_at": nonsense})).status_code == 422
    assert (await admin.patch(f"{API}/branches/{uuid4()}", json={"name": "x"})).status_code == 404


async def test_demo_passwords_leave_those_alone_who_have_one(tx: Tx) -> None:
    await people.import_branches(tx, BRANCHES)
    await people.import_staff(tx, STAFF)
    assert await people.set_password(tx, "engineer", "one of his own")
    assert await people.set_demo_passwords(tx, PASSWORD, ["agent"]) == 1
    assert await people.set_demo_passwords(tx, PASSWORD) == len(STAFF) - 2
    assert await people.set_demo_passwords(tx, PASSWORD) == 0
    assert not await people.set_password(tx, "nobody", "whatever it is")
