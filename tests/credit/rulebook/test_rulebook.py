"""The rule book changes as a whole, by two people; what was credited stays as it was."""

from typing import Any

BOOK: dict[str, Any] = {
    "rules": [
        {"claim_kind": "branch_chosen"},
        {"claim_kind": "staff_code", "before": "submitted", "window_days": 10},
        {"claim_kind": "nearest_branch"},
    ],
    "assist_weight": "0.5",
    "dispute_days": 10,
    "decide_days": 2,
}


async def test_a_new_order_takes_effect_with_the_second_person_and_only_from_then_on(
    publish, course, browse, ledger, react
) -> None:
    await publish(*course("o1", customer=None, staff_code="SH01A", chosen="HZ01"))
    author = await browse("operator")
    proposed = await author.put("/api/v1/credit-rules", json=BOOK)
    assert proposed.status_code == 202
    assert (proposed.json()["version"], proposed.json()["status"]) == (2, "submitted")
    assert (await author.put("/api/v1/credit-rules", json=BOOK)).status_code == 409
    await publish(*course("o2", customer=None, staff_code="SH01A", chosen="HZ01"))
    path = f"/api/v1/approvals/{proposed.json()['approval_id']}/decide"
    assert (await author.post(path, json={"approve": True})).status_code == 403
    second = await browse("compliance")
    assert (await second.post(path, json={"approve": True})).status_code == 200
    await react()
    await publish(*course("o3", customer=None, staff_code="SH01A", chosen="HZ01"))
    assert [line[1:3] for line in await ledger()] == [
        ("staff-code", "SH01"),
        ("staff-code", "SH01"),
        ("branch-chosen", "HZ01"),
    ]
    versions = (await author.get("/api/v1/credit-rules")).json()["items"]
    assert [(v["version"], v["status"]) for v in versions] == [(2, "active"), (1, "retired")]
    entries = (await author.get("/api/v1/credits")).json()["items"]
    assert {row["opening_id"]: row["rule_version"] for row in entries} == {"o1": 1, "o2": 1, "o3": 2}


async def test_the_first_book_is_the_order_of_the_trade(browse) -> None:
    (book,) = (await (await browse("sh01.advisor")).get("/api/v1/credit-rules")).json()["items"]
    assert [rule["key"] for rule in book["rules"]] == [
        "staff-code",
        "relation",
        "enquiry",
        "branch-chosen",
        "nearest-branch",
    ]


async def test_a_book_that_leaves_accounts_without_an_owner_is_refused(browse) -> None:
    author = await browse("operator")
    for rules in ([{"claim_kind": "enquiry"}], [{"claim_kind": "nearest_branch", "window_days": 3}]):
        answer = await author.put("/api/v1/credit-rules", json={**BOOK, "rules": rules})
        assert answer.status_code == 422
        assert answer.json()["faults"]
    twice = [{"claim_kind": "enquiry"}, {"claim_kind": "enquiry"}, {"claim_kind": "nearest_branch"}]
    assert (await author.put("/api/v1/credit-rules", json={**BOOK, "rules": twice})).status_code == 422
    assert (await (await browse("sh01.manager")).put("/api/v1/credit-rules", json=BOOK)).status_code == 403


async def test_a_rejected_book_never_counts_and_makes_room_for_another(browse, react) -> None:
    author, second = await browse("operator"), await browse("compliance")
    proposed = (await author.put("/api/v1/credit-rules", json=BOOK)).json()
    await second.post(f"/api/v1/approvals/{proposed['approval_id']}/decide", json={"approve": False})
    await react()
    versions = (await author.get("/api/v1/credit-rules")).json()["items"]
    assert [(v["version"], v["status"]) for v in versions] == [(2, "rejected"), (1, "active")]
    assert (await author.put("/api/v1/credit-rules", json=BOOK)).json()["version"] == 3
