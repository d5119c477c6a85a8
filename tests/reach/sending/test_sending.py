"""Texts leave through a real HTTP gateway: once, whatever dies in between."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from psycopg.types.json import Jsonb

from bihuan.connect.sms.gateway import HttpTextGateway
from bihuan.reach import facade as reach
from bihuan.reach.facade import GatewayBusy, Text
from bihuan.reach.moments import service as moments
from bihuan.reach.sending import service

PHONE = "15400000001"


async def test_a_stuck_customer_gets_one_text_with_the_way_back(publish, stall, gateway, work, rows, told) -> None:
    await publish(stall())
    (queued,) = await rows("SELECT state, address_masked FROM reach_delivery")
    assert queued == {"state": "queued", "address_masked": "154****0001"}
    assert gateway.handed_over == []
    await work()
    (handed,) = gateway.handed_over
    assert handed["phone"] == PHONE
    assert "http://127.0.0.1:8321/open/o1/id" in handed["text"]
    assert handed["sign"] == "闭环证券"
    (sent,) = await rows("SELECT id, state, attempts, gateway_message_id FROM reach_delivery")
    assert (sent["state"], sent["attempts"]) == ("sent", 1)
    assert sent["gateway_message_id"]
    assert handed["id"] == str(sent["id"])
    assert [fact["delivery_id"] for fact in await told("reach:message:sent")] == [str(sent["id"])]
    assert await rows("SELECT 1 FROM kit_deadline WHERE kind = 'reach.resume'") == []


async def test_the_way_back_leads_to_the_firms_own_app_where_it_has_one(firm, publish, stall, gateway, work) -> None:
    firm.settings.app_url = "https://app.broker.test/"
    await publish(stall())
    await work()
    assert "https://app.broker.test/open/o1/id" in gateway.handed_over[0]["text"]


async def test_killed_between_the_call_and_its_record_the_handset_gets_one_text(
    firm, publish, stall, gateway, work, rows, clock, sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(stall())

    class Killed(BaseException):
        """The process is gone: no handler of ours runs."""

    async def dies(*_: object) -> None:
        raise Killed

    (row,) = await rows("SELECT id FROM reach_delivery")
    client = HttpTextGateway(firm.outbound, firm.settings.sms_url, firm.settings.sms_secret.get_secret_value())
    with monkeypatch.context() as patched:
        patched.setattr(service, "_end_sent", dies)
        with pytest.raises(Killed):
            await reach.send(firm, client, row["id"])
    async with firm.postgres.transaction() as tx:  # the worker's job died with it and is not run again by itself
        await tx.execute("DELETE FROM procrastinate_jobs")
    (stranded,) = await rows("SELECT state FROM reach_delivery")
    assert stranded == {"state": "sending"}
    clock.advance(timedelta(minutes=6))
    await sweep()
    await work()
    assert [message["id"] for message in gateway.handed_over] == [str(row["id"])] * 2
    assert gateway.counts.accepted == 1
    assert gateway.counts.repeated == 1
    (after,) = await rows("SELECT state, attempts FROM reach_delivery")
    assert after == {"state": "sent", "attempts": 2}


async def test_several_senders_of_one_delivery_send_one_text(firm, publish, stall, gateway, rows, told) -> None:
    await publish(stall())
    (row,) = await rows("SELECT id FROM reach_delivery")
    client = HttpTextGateway(firm.outbound, firm.settings.sms_url, firm.settings.sms_secret.get_secret_value())
    await asyncio.gather(*(reach.send(firm, client, row["id"]) for _ in range(5)))
    assert gateway.counts.accepted == 1
    (sent,) = await rows("SELECT state FROM reach_delivery")
    assert sent == {"state": "sent"}
    assert len(await told("reach:message:sent")) == 1


async def test_a_delivery_whose_job_was_lost_is_put_in_the_queue_again(
    firm, publish, stall, gateway, work, rows, clock, sweep
) -> None:
    await publish(stall())
    async with firm.postgres.transaction() as tx:
        await tx.execute("DELETE FROM procrastinate_jobs")
    await work()
    assert gateway.handed_over == []
    clock.advance(timedelta(minutes=6))
    await sweep()
    await work()
    assert gateway.counts.accepted == 1


async def test_a_transaction_that_is_rolled_back_sends_nothing(firm, stall, gateway, work, rows) -> None:
    async def batch() -> None:
        async with firm.postgres.transaction() as tx:
            await moments.assigned(tx, firm, [stall()], firm.clock.now())
            raise RuntimeError("another reaction of the batch failed")

    with pytest.raises(RuntimeError):
        await batch()
    await work()
    assert gateway.handed_over == []
    assert await rows("SELECT 1 FROM reach_delivery") == []


async def test_without_the_delivery_as_key_the_handset_would_get_two(firm, gateway) -> None:
    """The fault the test above must be able to see: a sender that makes up a new id for each try."""
    client = HttpTextGateway(firm.outbound, firm.settings.sms_url, firm.settings.sms_secret.get_secret_value())
    for _ in range(2):
        await client.send(Text(str(uuid4()), PHONE, "hello", "firm"))
    assert gateway.counts.accepted == 2


async def test_a_busy_gateway_is_asked_again(publish, stall, gateway, work, rows) -> None:
    gateway.answers = [503, 429]
    await publish(stall())
    await work()
    (waiting,) = await rows("SELECT state, reason FROM reach_delivery")
    assert waiting == {"state": "queued", "reason": "answered 503"}
    await work()
    await work()
    (sent,) = await rows("SELECT state, attempts, reason FROM reach_delivery")
    assert sent == {"state": "sent", "attempts": 3, "reason": None}
    assert len({message["id"] for message in gateway.handed_over}) == 1


async def test_after_the_last_try_it_has_failed_and_says_why(publish, stall, gateway, work, rows, told) -> None:
    gateway.answers = [500] * 10
    await publish(stall())
    for _ in range(7):
        await work()
    (failed,) = await rows("SELECT state, attempts, reason FROM reach_delivery")
    assert failed == {"state": "failed", "attempts": 5, "reason": "gave up after 5 tries: answered 500"}
    assert len(gateway.handed_over) == 5
    assert len(await told("reach:message:failed")) == 1
    assert await told("reach:message:sent") == []


async def test_a_text_that_may_have_arrived_is_not_repeated_in_the_inbox(
    publish, stall, gateway, work, rows, sweep
) -> None:
    """One answer was lost: whatever came after, the handset may have it, and the contact counts."""
    gateway.answers = [500, 503, 503, 503, 503]
    await publish(stall())
    for _ in range(6):
        await work()
    await sweep()
    assert await rows("SELECT channel, state, maybe_out FROM reach_delivery") == [
        {"channel": "sms", "state": "failed", "maybe_out": True}
    ]
    assert len(await rows("SELECT 1 FROM comply_contact")) == 1


async def test_a_gateway_that_never_took_it_leaves_it_to_the_inbox(publish, stall, gateway, work, rows, sweep) -> None:
    gateway.answers = [503] * 5
    await publish(stall())
    for _ in range(6):
        await work()
    for _ in range(2):
        await sweep()
    assert await rows("SELECT channel, state FROM reach_delivery ORDER BY created_at, id") == [
        {"channel": "sms", "state": "failed"},
        {"channel": "inbox", "state": "delivered"},
    ]
    assert await rows("SELECT channel FROM comply_contact") == [{"channel": "inbox"}]
    assert await rows("SELECT state FROM reach_moment") == [{"state": "messaged"}]


async def test_a_text_that_failed_is_not_sent_after_all_when_the_inbox_has_to_wait(
    firm, publish, stall, gateway, work, rows, sweep, clock
) -> None:
    """A firm may keep its quiet hours for the inbox too; what is put off till their end goes there and nowhere else."""
    async with firm.postgres.transaction() as tx:
        for key, value in (("quiet.channels", ["inbox"]), ("quiet.start", "09:00"), ("quiet.end", "13:00")):
            await tx.execute("UPDATE comply_policy SET value = %s WHERE key = %s", [Jsonb(value), key])
    gateway.answers = [503] * 5
    await publish(stall())
    for _ in range(6):
        await work()
    for _ in range(2):
        await sweep()
    assert await rows("SELECT state, reason FROM reach_moment") == [{"state": "deferred", "reason": "quiet-hours"}]
    tried = len(gateway.handed_over)
    clock.advance(timedelta(hours=4))
    await sweep()
    await work()
    assert await rows("SELECT channel, state FROM reach_delivery ORDER BY created_at, id") == [
        {"channel": "sms", "state": "failed"},
        {"channel": "inbox", "state": "delivered"},
    ]
    assert len(gateway.handed_over) == tried


async def test_a_refusal_for_good_is_not_repeated(publish, stall, gateway, work, rows) -> None:
    gateway.answers = [422]
    await publish(stall())
    await work()
    await work()
    (failed,) = await rows("SELECT state, reason FROM reach_delivery")
    assert failed["state"] == "failed"
    assert failed["reason"].startswith("refused with 422")
    assert await rows("SELECT 1 FROM comply_contact") == []
    assert len(gateway.handed_over) == 1


async def test_a_delivery_that_is_over_is_not_sent(firm, publish, stall, gateway, work, rows) -> None:
    await publish(stall())
    await work()
    (row,) = await rows("SELECT id FROM reach_delivery")
    client = HttpTextGateway(firm.outbound, firm.settings.sms_url, firm.settings.sms_secret.get_secret_value())
    await reach.send(firm, client, row["id"])
    await reach.send(firm, client, uuid4())
    assert len(gateway.handed_over) == 1


async def test_a_gateway_that_is_away_is_busy(firm) -> None:
    client = HttpTextGateway(firm.outbound, "http://127.0.0.1:9", "secret")
    with pytest.raises(GatewayBusy):
        await client.send(Text("1", PHONE, "hello", "firm"))


async def test_staff_see_deliveries_of_their_branches_only(publish, stall, browse, branch_id: UUID) -> None:
    await publish(stall(), stall(opening_id="o2", branch_id=None))
    nobody = await browse()
    assert (await nobody.get("/api/v1/deliveries")).status_code == 401
    advisor = await browse("sh01.advisor")
    assert (await advisor.get("/api/v1/deliveries")).status_code == 403
    own, other, all_of_them = [await browse(name) for name in ("sh01.manager", "gz01.manager", "operator")]
    listed = (await own.get("/api/v1/deliveries")).json()["items"]
    assert [row["opening_id"] for row in listed] == ["o1"]
    assert (await other.get("/api/v1/deliveries")).json()["items"] == []
    assert (await other.get("/api/v1/moments")).json()["items"] == []
    assert len((await all_of_them.get("/api/v1/deliveries")).json()["items"]) == 2
    page = (await all_of_them.get("/api/v1/moments?limit=1")).json()
    rest = (await all_of_them.get("/api/v1/moments", params={"limit": 1, "cursor": page["next"]})).json()
    assert {page["items"][0]["opening_id"], rest["items"][0]["opening_id"]} == {"o1", "o2"}
    assert (await all_of_them.get("/api/v1/moments?cursor=WyJ4IiwieSJd")).status_code == 422
