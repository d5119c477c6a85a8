"""Entries are seen by those whose branch won or lost, and by nobody else."""

from datetime import timedelta

from bihuan.credit import facade
from bihuan.credit.ledger.schemas import EntryOut
from bihuan.kit import live


async def test_scope_is_won_or_lost(publish, course, browse) -> None:
    await publish(*course(staff_code="SH01A", chosen="HZ01"))
    assert (await (await browse()).get("/api/v1/credits")).status_code == 401
    assert (await (await browse("sh01.witness")).get("/api/v1/credits")).status_code == 403
    seen = {}
    for login in ("operator", "sh01.manager", "hz01.advisor", "gz01.manager", "east"):
        client = await browse(login)
        listed = (await client.get("/api/v1/credits")).json()["items"]
        seen[login] = len(listed)
    assert seen == {"operator": 1, "sh01.manager": 1, "hz01.advisor": 1, "gz01.manager": 0, "east": 1}
    (entry,) = (await (await browse("operator")).get("/api/v1/credits")).json()["items"]
    stranger = await browse("gz01.manager")
    assert (await stranger.get(f"/api/v1/credits/{entry['id']}")).status_code == 404
    detail = (await (await browse("hz01.advisor")).get(f"/api/v1/credits/{entry['id']}")).json()
    assert detail["rule"] == "staff-code"
    assert detail["holders"][0]["staff_name"] == "上顾问"
    assert [claim["why"] for claim in detail["lost"]] == ["earlier-rule"]
    assert detail["customer_name"] == "王**"
    assert [line["id"] for line in detail["history"]] == [entry["id"]]


async def test_filters_and_pages(publish, course, browse, branches, staff, clock, finished, customer_id) -> None:
    await publish(*course("o1", customer=None, staff_code="SH01A", chosen="HZ01"))
    clock.advance(timedelta(days=1))
    await publish(*course("o2", customer=None, chosen="GZ01"), finished(opening_id="o2"))
    client = await browse("operator")

    async def found(**params: object) -> list[tuple[str, str]]:
        answer = await client.get("/api/v1/credits", params=params)
        assert answer.status_code == 200, answer.text
        return [(row["opening_id"], row["kind"]) for row in answer.json()["items"]]

    hangzhou = str(branches["HZ01"])
    assert await found(branch=hangzhou, side="won") == [("o2", "assist")]
    assert ("o1", "acquisition") in await found(branch=hangzhou, side="lost")
    assert await found(advisor=str(staff["sh01.advisor"].id)) == [("o1", "acquisition")]
    assert await found(kind="assist") == [("o2", "assist")]
    assert await found(customer=str(customer_id)) == [("o2", "assist")]
    assert await found(opening="o1") == [("o1", "acquisition")]
    assert await found(to=(clock.now() - timedelta(hours=12)).isoformat()) == [("o1", "acquisition")]
    seen, cursor = [], None
    while True:
        params = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/api/v1/credits", params=params)).json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 3
    assert (await client.get("/api/v1/credits?from=yesterday")).status_code == 422


async def test_the_summary_counts_accounts_assists_and_disputes(publish, course, finished, browse, clock, firm) -> None:
    await publish(*course("o1", customer=None, staff_code="SH01A"), *course("o2", customer=None, chosen="SH01"))
    await publish(finished("sh01.advisor", opening_id="o1"), finished("hz01.advisor", opening_id="o2"))
    client = await browse("operator")
    summary = (await client.get("/api/v1/credits/summary")).json()
    rows = {row["branch_name_en"]: (float(row["accounts"]), float(row["assists"])) for row in summary["items"]}
    assert rows == {"Shanghai Jing'an": (2.0, 1.0), "Hangzhou West Lake": (0.0, 1.0)}
    assert (float(summary["accounts"]), float(summary["assists"])) == (2.0, 2.0)
    by_advisor = (await client.get("/api/v1/credits/summary?by=advisor")).json()["items"]
    assert {(row["staff_name"], float(row["accounts"])) for row in by_advisor} == {
        ("上顾问", 1.0),
        (None, 1.0),
        ("杭顾问", 0.0),
    }
    own = (await (await browse("hz01.advisor")).get("/api/v1/credits/summary")).json()
    assert [row["branch_name_en"] for row in own["items"]] == ["Hangzhou West Lake"]
    async with firm.postgres.transaction() as tx:
        totals = await facade.totals(tx)
        tallies = await facade.tallies(tx, clock.now() - timedelta(days=1), None, by_staff=True)
    assert (totals.branches, totals.entries, float(totals.accounts)) == (1, 4, 2.0)
    assert sum(float(tally.assists) for tally in tallies) == 2.0


async def test_the_live_rows_of_the_parties_are_the_entry(firm, publish, course, branches, browse) -> None:
    await publish(*course(staff_code="SH01A", chosen="HZ01"))
    async with firm.postgres.transaction() as tx:
        rows = {topic: await live.since(tx, f"credits:{topic}", 0) for topic in ("all", *map(str, branches.values()))}
    assert [len(rows[str(branches[code])]) for code in ("SH01", "HZ01", "GZ01")] == [1, 1, 0]
    (change,) = rows["all"]
    (listed,) = (await (await browse("operator")).get("/api/v1/credits")).json()["items"]
    assert EntryOut.model_validate(change.row) == EntryOut.model_validate(listed)
