"""What the gateway reports counts once, and only when it is signed."""

import asyncio
import json
import time
from typing import Any

import httpx
import pytest

from bihuan.sim.gateway import sign
from bihuan.understand.facts import OpeningAdvanced

SECRET = "shared with the gateway"
PHONE = "15400000001"


@pytest.fixture
def report(gateway, browse):
    """Report to the callback as the gateway does."""

    async def reported(body: Any, secret: str = SECRET, at: float | None = None) -> Any:
        client = await browse()
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        stamp = str(int(at or time.time()))
        headers = {"Content-Type": "application/json", "X-Timestamp": stamp, "X-Signature": sign(secret, stamp, text)}
        return await client.post("/api/v1/sms/receipts", content=text, headers=headers)

    return reported


@pytest.fixture
async def delivery_id(publish, stall, gateway, work, rows) -> str:
    """A text the gateway has taken."""
    await publish(stall())
    await work()
    (row,) = await rows("SELECT id FROM reach_delivery")
    return str(row["id"])


def receipt(delivery_id: str, state: str = "delivered", **more: str) -> dict[str, Any]:
    one = {"receipt_id": f"r-{state}", "id": delivery_id, "message_id": "m1", "state": state, **more}
    return {"receipts": [one]}


async def test_a_receipt_delivers_once_however_often_it_is_reported(report, delivery_id, rows, told) -> None:
    first, second = await report(receipt(delivery_id)), await report(receipt(delivery_id))
    assert (first.json()["receipts"], second.json()["receipts"]) == (1, 0)
    late = await report(receipt(delivery_id, "failed", reason="handset off"))
    assert late.status_code == 200
    (row,) = await rows("SELECT state, reason FROM reach_delivery")
    assert row == {"state": "delivered", "reason": None}
    assert len(await told("reach:message:delivered")) == 1
    assert await told("reach:message:failed") == []


async def test_a_failure_is_shown_with_its_reason(report, delivery_id, rows, told) -> None:
    await report(receipt(delivery_id, "failed", reason="handset off"))
    (row,) = await rows("SELECT state, reason FROM reach_delivery")
    assert row == {"state": "failed", "reason": "handset off"}
    assert len(await told("reach:message:failed")) == 1


async def test_what_never_arrived_lies_in_the_inbox_once_and_counts_once(
    report, delivery_id, rows, told, sweep
) -> None:
    for _ in range(2):
        await report(receipt(delivery_id, "failed", reason="no such number"))
        await sweep()
    found = await rows("SELECT channel, state FROM reach_delivery ORDER BY created_at, id")
    assert found == [{"channel": "sms", "state": "failed"}, {"channel": "inbox", "state": "delivered"}]
    assert [row["channel"] for row in await rows("SELECT channel FROM comply_contact")] == ["inbox"]
    assert len(await rows("SELECT 1 FROM reach_inbox")) == 1
    assert [fact["channel"] for fact in await told("reach:message:sent")] == ["sms", "inbox"]


async def test_what_never_arrived_is_not_repeated_for_whoever_went_on(
    report, delivery_id, rows, sweep, publish, stall, clock
) -> None:
    moved = stall()
    await publish(OpeningAdvanced(moved.customer_id, "o1", moved.branch_id, "id", "profile", clock.now()))
    await report(receipt(delivery_id, "failed", reason="no such number"))
    await sweep()
    assert await rows("SELECT channel FROM reach_delivery") == [{"channel": "sms"}]
    assert await rows("SELECT state FROM reach_moment") == [{"state": "resumed"}]
    assert await rows("SELECT 1 FROM comply_contact") == []


async def test_a_receipt_may_overtake_the_record_of_the_call(
    firm, report, publish, stall, gateway, work, rows, told
) -> None:
    await publish(stall())
    (row,) = await rows("SELECT id FROM reach_delivery")
    await report(receipt(str(row["id"])))
    await work()
    (after,) = await rows("SELECT state FROM reach_delivery")
    assert after == {"state": "delivered"}
    assert gateway.handed_over == []
    assert len(await told("reach:message:sent")) == 1


@pytest.mark.parametrize("fault", ["forged", "stale", "unsigned"])
async def test_what_cannot_be_believed_changes_nothing(report, browse, delivery_id, rows, fault: str) -> None:
    if fault == "unsigned":
        answer = await (await browse()).post("/api/v1/sms/receipts", json=receipt(delivery_id))
    else:
        wrong = {"secret": "guessed"} if fault == "forged" else {"at": time.time() - 3600}
        answer = await report(receipt(delivery_id), **wrong)
    assert answer.status_code == 401
    assert answer.json()["fault"] == fault
    (row,) = await rows("SELECT state FROM reach_delivery")
    assert row == {"state": "sent"}


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"receipts": 1}', b"\xff\xfe", b'{"receipts": [{"id": 1}]}'])
async def test_a_signed_body_that_says_nothing_is_refused(report, body: bytes) -> None:
    assert (await report(body)).status_code == 422


async def test_receipts_of_others_are_passed_over(report, delivery_id) -> None:
    answer = await report(receipt("not one of ours"))
    assert answer.json() == {"receipts": 0, "replies": 0, "opt_outs": 0}
    unknown = await report({"replies": [{"reply_id": "p1", "phone": "15499999999", "text": "T"}]})
    assert unknown.json()["replies"] == 0


async def test_a_reply_of_one_word_opts_out_once(
    firm, report, delivery_id, told, react, publish, stall, rows, gateway
) -> None:
    body = {
        "replies": [
            {"reply_id": "p1", "phone": PHONE, "text": " ｔ。"},
            {"reply_id": "p2", "phone": PHONE, "text": "谢谢"},
        ]
    }
    first, second = await report(body), await report(body)
    assert first.json() == {"receipts": 0, "replies": 2, "opt_outs": 1}
    assert second.json()["opt_outs"] == 0
    (fact,) = await told("reach:optout:received")
    assert fact["channel"] == "sms"
    await react()
    await publish(stall(opening_id="o2"))
    (other,) = await rows("SELECT channel FROM reach_delivery WHERE opening_id = 'o2'")
    assert other == {"channel": "inbox"}  # no more texts; the inbox was not refused
    assert len(gateway.handed_over) == 1


async def test_the_simulated_gateway_and_bihuan_understand_each_other(app, gateway, delivery_id, rows) -> None:
    await asyncio.sleep(0.05)
    gateway.callback = "https://bihuan.test/api/v1/sms/receipts"
    gateway.reply(PHONE, "T")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        await gateway.report_once(client)
    assert gateway.counts.reported == 2
    (row,) = await rows("SELECT state FROM reach_delivery")
    assert row == {"state": "delivered"}
