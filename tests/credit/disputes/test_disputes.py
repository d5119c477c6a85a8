"""A dispute between two branches: opened once by a loser, judged by neither, corrected by new lines."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bihuan.credit.disputes import showing
from bihuan.customers import facade as customers
from bihuan.kit import live

REASON = {"reason": "他是我们在活动上接待的客户。"}


@pytest.fixture
async def entry(publish, course, browse) -> dict[str, Any]:
    """An account that Shanghai got by its code and Hangzhou was chosen for."""
    await publish(*course(staff_code="SH01A", chosen="HZ01"))
    (found,) = (await (await browse("operator")).get("/api/v1/credits")).json()["items"]
    return found


async def dispute(browse, entry: dict[str, Any], login: str = "hz01.advisor") -> Any:
    return await (await browse(login)).post(f"/api/v1/credits/{entry['id']}/disputes", json=REASON)


async def decide(browse, dispute_id: str, login: str, verdict: str) -> Any:
    client = await browse(login)
    body = {"verdict": verdict, "ruling": "活动签到表可以证明。"}
    return await client.post(f"/api/v1/disputes/{dispute_id}/decide", json=body)


async def test_moved_takes_back_and_credits_anew_and_keeps_the_history(
    firm, browse, entry, ledger, told, react, customer_id, branches, staff
) -> None:
    opened = (await dispute(browse, entry)).json()
    assert (opened["state"], opened["overdue"]) == ("open", False)
    assert opened["due_at"] > opened["opened_at"]
    decided = await decide(browse, opened["id"], "east", "moved")
    assert decided.json()["state"] == "moved"
    await react()
    lines = await ledger()
    assert sorted(lines) == [
        ("acquisition", "staff-code", "SH01", "sh01.advisor", 1.0),
        ("correction", "dispute", "HZ01", None, 1.0),
        ("reversal", "dispute", "SH01", "sh01.advisor", -1.0),
    ]
    assert sum(line[4] for line in lines) == 1.0
    first, corrected = await told("credit:account:credited")
    assert corrected["corrects"] == first["entry_id"] == entry["id"]
    async with firm.postgres.transaction() as tx:
        held = await customers.relations(tx, customer_id, firm.clock.now() + timedelta(seconds=1))
    assert {r.branch_id for r in held if r.kind == "acquisition"} == {branches["HZ01"]}
    detail = (await (await browse("sh01.manager")).get(f"/api/v1/credits/{entry['id']}")).json()
    assert detail["reversed"] is True
    assert detail["may_dispute_until"] is None
    assert sorted(line["kind"] for line in detail["history"]) == ["acquisition", "correction", "reversal"]
    assert [d["state"] for d in detail["disputes"]] == ["moved"]


async def test_upheld_leaves_the_entry(browse, entry, ledger, told) -> None:
    opened = (await dispute(browse, entry)).json()
    await decide(browse, opened["id"], "operator", "upheld")
    assert len(await ledger()) == 1
    (fact,) = await told("credit:dispute:decided")
    assert fact["verdict"] == "upheld"
    assert (await dispute(browse, entry)).status_code == 409
    assert (await decide(browse, opened["id"], "east", "moved")).status_code == 409


async def test_nobody_judges_his_own_branch_or_half_of_a_case(browse, entry, firm) -> None:
    opened = (await dispute(browse, entry)).json()
    assert (await decide(browse, opened["id"], "sh01.manager", "upheld")).status_code == 403
    assert (await decide(browse, opened["id"], "hz01.advisor", "moved")).status_code == 403
    async with firm.postgres.transaction() as tx:  # the region manager belongs to one of the branches
        await tx.execute(
            "UPDATE people_staff SET branch_id = (SELECT id FROM people_branch WHERE code = 'SH01')"
            " WHERE login = 'east'"
        )
    own = await decide(browse, opened["id"], "east", "upheld")
    assert own.status_code == 403
    assert own.json()["type"].endswith("own-branch")


async def test_a_region_manager_of_one_side_only_leaves_it_to_an_operator(publish, course, browse) -> None:
    await publish(*course(staff_code="SH01A", chosen="GZ01"))
    (found,) = (await (await browse("operator")).get("/api/v1/credits")).json()["items"]
    opened = (await dispute(browse, found, "gz01.manager")).json()
    half = await decide(browse, opened["id"], "east", "upheld")
    assert half.status_code == 403
    assert half.json()["type"].endswith("outside-scope")
    (row,) = (await (await browse("east")).get("/api/v1/disputes")).json()["items"]
    assert row["may_decide"] is False
    (row,) = (await (await browse("operator")).get("/api/v1/disputes")).json()["items"]
    assert row["may_decide"] is True
    assert (await decide(browse, opened["id"], "operator", "moved")).status_code == 200


async def test_who_may_object(browse, entry, clock, firm) -> None:
    assert (await dispute(browse, entry, "gz01.manager")).status_code == 404
    winner = await dispute(browse, entry, "sh01.advisor")
    assert winner.status_code == 403
    assert winner.json()["type"].endswith("not-a-loser")
    assert (await dispute(browse, entry, "operator")).status_code == 403
    short = await (await browse("hz01.advisor")).post(f"/api/v1/credits/{entry['id']}/disputes", json={"reason": "no"})
    assert short.status_code == 422
    clock.advance(timedelta(days=31))
    late = await dispute(browse, entry)
    assert late.json()["type"].endswith("too-late")


async def test_a_correction_is_final_and_settles_the_others(publish, course, enquiry, browse, clock, ledger) -> None:
    asked = enquiry("gz01.advisor", clock.now() - timedelta(hours=2))
    await publish(asked, *course(staff_code="SH01A", chosen="HZ01"))
    (found,) = (await (await browse("operator")).get("/api/v1/credits")).json()["items"]
    first = (await dispute(browse, found, "hz01.advisor")).json()
    second = (await dispute(browse, found, "gz01.advisor")).json()
    await decide(browse, second["id"], "operator", "moved")
    assert ("correction", "dispute", "GZ01", "gz01.advisor", 1.0) in await ledger()
    assert (await decide(browse, first["id"], "operator", "moved")).status_code == 409
    states = {d["id"]: d["state"] for d in (await (await browse("operator")).get("/api/v1/disputes")).json()["items"]}
    assert states == {first["id"]: "superseded", second["id"]: "moved"}
    entries = (await (await browse("operator")).get("/api/v1/credits?kind=correction")).json()["items"]
    again = await dispute(browse, entries[0], "hz01.advisor")
    assert again.status_code == 403
    assert again.json()["type"].endswith("final")


async def test_a_late_claim_may_be_disputed(publish, course, enquiry, browse, clock) -> None:
    await publish(*course(chosen="SH01"))
    await publish(enquiry("gz01.advisor", clock.now() - timedelta(hours=1)))
    (found,) = (await (await browse("gz01.advisor")).get("/api/v1/credits")).json()["items"]
    assert [claim["late"] for claim in found["lost"] if claim["kind"] == "enquiry"] == [True]
    assert (await dispute(browse, found, "gz01.advisor")).status_code == 201


async def test_what_nobody_decides_in_time_is_marked(browse, entry, clock, sweep) -> None:
    await dispute(browse, entry)
    clock.advance(timedelta(days=5))
    await sweep()
    (row,) = (await (await browse("sh01.manager")).get("/api/v1/disputes?state=open")).json()["items"]
    assert row["overdue"] is True
    assert (await (await browse("gz01.manager")).get("/api/v1/disputes")).json()["items"] == []
    assert (await (await browse()).get("/api/v1/disputes")).status_code == 401


async def test_of_judges_who_decide_at_once_one_does(browse, entry, ledger, firm) -> None:
    opened = (await dispute(browse, entry)).json()
    east, operator = await browse("east"), await browse("operator")
    body = {"verdict": "moved", "ruling": "活动签到表可以证明。"}
    path = f"/api/v1/disputes/{opened['id']}/decide"
    answers = await asyncio.gather(*(client.post(path, json=body) for client in (east, operator, east, operator)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert sum(line[4] for line in await ledger()) == 1.0
    assert len(await ledger()) == 3


async def test_a_branch_objects_once_even_if_two_of_it_do_at_once(browse, entry, firm) -> None:
    async with firm.postgres.transaction() as tx:
        await tx.execute(
            "UPDATE people_staff SET branch_id = (SELECT id FROM people_branch WHERE code = 'HZ01')"
            " WHERE login = 'gz01.advisor'"
        )
    clients = [await browse("hz01.advisor"), await browse("gz01.advisor")]
    path = f"/api/v1/credits/{entry['id']}/disputes"
    answers = await asyncio.gather(*(client.post(path, json=REASON) for client in clients))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_the_live_list_of_disputes_follows(browse, entry, firm, branches, staff) -> None:
    opened = (await dispute(browse, entry)).json()
    await decide(browse, opened["id"], "east", "upheld")
    topic = f"disputes:{branches['SH01']}"
    async with firm.postgres.transaction() as tx:
        changes = await live.since(tx, topic, 0)
        rows = await showing.snapshot(tx, staff["sh01.manager"], str(branches["SH01"]))
    assert [change.row["state"] for change in changes if change.row] == ["open", "upheld"]
    last = {change.key: change.row for change in changes}
    assert {key: row and (row["state"], row["ruling"]) for key, row in last.items()} == {
        key: (row["state"], row["ruling"]) for key, row in rows.items()
    }
