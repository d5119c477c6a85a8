"""The ledger of consent: append-only, within the scope, over HTTP and from events."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from bihuan.comply import facade as comply
from bihuan.comply.consent.repository import Said
from bihuan.kit import audit, ids, postgres
from bihuan.kit.errors import Invalid
from bihuan.kit.house import House

SHANGHAI = ids.customer_of_user("shanghai")
ONE_MINUTE = timedelta(minutes=1)
REFUSE = {"changes": [{"purpose": "marketing", "channel": "all", "granted": False}]}
GRANT = {"changes": [{"purpose": "marketing", "channel": "sms", "granted": True}], "evidence": "recording 4711"}


def path(customer: UUID = SHANGHAI) -> str:
    return f"/api/v1/customers/{customer}/consent"


def held(answer: Any) -> set[tuple[str, str]]:
    return {(row["purpose"], row["channel"]) for row in answer.json()["items"] if row["granted"]}


async def stands(house: House, customer: UUID, purpose: str = "marketing", channel: str = "sms") -> bool:
    async with house.postgres.transaction() as tx:
        return await comply.consented(tx, customer, purpose, channel)


async def test_a_customer_grants_and_refuses_himself(phone: Any) -> None:
    me = await phone("shanghai")
    before = held(await me.get("/api/v1/me/consent"))
    assert ("marketing", "sms") not in before
    granted = {"changes": [{"purpose": "marketing", "channel": "sms", "granted": True}]}
    assert ("marketing", "sms") in held(await me.put("/api/v1/me/consent", json=granted))
    assert ("marketing", "sms") not in held(await me.put("/api/v1/me/consent", json=REFUSE))
    switch = {"changes": [{"purpose": "personalisation", "channel": "all", "granted": False}]}
    assert not any(purpose == "personalisation" for purpose, _ in held(await me.put("/api/v1/me/consent", json=switch)))


async def test_one_customer_does_not_speak_for_another(phone: Any, firm: House) -> None:
    await (await phone("guangzhou")).put("/api/v1/me/consent", json={"changes": GRANT["changes"]})
    assert not await stands(firm, SHANGHAI)
    assert await stands(firm, ids.customer_of_user("guangzhou"))


async def test_staff_write_down_what_they_are_told(browse: Any, firm: House) -> None:
    advisor = await browse("sh01.advisor")
    assert ("marketing", "sms") in held(await advisor.put(path(), json=GRANT))
    lines = (await advisor.get(f"{path()}/ledger")).json()["items"]
    assert [(line["granted"], line["evidence"], line["source"]) for line in lines] == [
        (True, "recording 4711", "staff")
    ]
    async with firm.postgres.transaction() as tx:
        assert [deed.action for deed in await audit.trail(tx, str(SHANGHAI))] == ["comply:consent:recorded"]


@pytest.mark.parametrize(
    "body",
    [
        {"changes": GRANT["changes"]},
        {"changes": []},
        {"changes": GRANT["changes"] * 2, "evidence": "recording"},
        {"changes": [{"purpose": "spam", "granted": True}], "evidence": "recording"},
        {"changes": [{"purpose": "marketing", "channel": "fax", "granted": False}]},
        {"changes": [{"purpose": "marketing", "granted": "perhaps"}]},
    ],
)
async def test_what_is_no_word_is_refused(browse: Any, body: dict[str, Any]) -> None:
    assert (await (await browse("sh01.advisor")).put(path(), json=body)).status_code == 422


async def test_doors(browse: Any, phone: Any) -> None:
    stranger, engineer, other = await browse(), await browse("engineer"), await browse("gz01.advisor")
    for client, status in ((stranger, 401), (engineer, 403), (other, 404)):
        assert (await client.get(path())).status_code == status
        assert (await client.put(path(), json=REFUSE)).status_code == status
        assert (await client.get(f"{path()}/ledger")).status_code == status
    for login in ("agent", "compliance", "sh01.manager"):
        assert (await (await browse(login)).get(path())).status_code == 200
    assert (await (await browse("east")).get(path())).status_code == 200
    assert (await (await browse("sh01.advisor")).get(path(uuid4()))).status_code == 404
    customer = await phone("shanghai")
    assert (await customer.get(path())).status_code == 401
    assert (await stranger.get("/api/v1/me/consent")).status_code == 401
    assert (await stranger.put("/api/v1/me/consent", json=REFUSE)).status_code == 401
    unprotected = await browse("sh01.advisor")
    del unprotected.headers["X-CSRF-Token"]
    assert (await unprotected.put(path(), json=REFUSE)).status_code == 403


async def test_the_ledger_is_never_rewritten(browse: Any, firm: House) -> None:
    await (await browse("agent")).put(path(), json=GRANT)
    for statement in ("UPDATE comply_consent SET granted = false", "DELETE FROM comply_consent"):
        with pytest.raises(psycopg.errors.RaiseException):
            async with firm.postgres.transaction() as tx:
                await tx.execute(statement)


async def test_an_event_of_the_firm_grants_and_anybody_refuses(firm: House, send: Any) -> None:
    grant = {"purpose": "marketing", "channel": "sms", "granted": True}
    await send("Consent Changed", grant, trusted=False)
    assert not await stands(firm, SHANGHAI)
    await send("Consent Changed", grant)
    assert await stands(firm, SHANGHAI)
    firm.clock.advance(ONE_MINUTE)  # type: ignore[attr-defined]
    await send("Consent Changed", {"purpose": "marketing", "granted": False}, trusted=False)
    assert not await stands(firm, SHANGHAI)


async def test_the_same_message_counts_once_and_tells_once(firm: House, send: Any) -> None:
    word = {"purpose": "marketing", "channel": "sms", "granted": True}
    await send("Consent Changed", word, message_id="m1")
    async with firm.postgres.transaction() as tx:
        said = Said(SHANGHAI, "marketing", "sms", True, firm.clock.now(), "event", "x", "message:test:m1")
        await comply.record_consents(tx, [said], firm.clock.now())
    async with firm.postgres.transaction() as tx:
        assert await postgres.value(tx, "SELECT count(*) FROM comply_consent") == 1
        told = await postgres.value(tx, "SELECT count(*) FROM log WHERE name = 'comply:consent:changed'")
    assert told == 1


async def test_a_malformed_event_of_the_firm_is_set_aside_and_a_strangers_is_not(firm: House, send: Any) -> None:
    await send("Consent Changed", {"purpose": "marketing", "granted": "yes"}, trusted=False)
    with pytest.raises(Invalid):
        await send("Consent Changed", {"purpose": "marketing", "granted": "yes"})


async def test_what_a_visitor_said_counts_for_the_user_he_is(firm: House, send: Any, phone: Any) -> None:
    visitor = await phone(None, "device")
    await visitor.put("/api/v1/me/consent", json={"changes": GRANT["changes"]})
    assert not await stands(firm, SHANGHAI)
    await send("Signed In", {}, user="shanghai", visitor="device")
    assert await stands(firm, SHANGHAI)
    assert await stands(firm, ids.customer_of_visitor("device"))


async def test_a_bulk_file_never_turns_a_refusal_into_a_grant(phone: Any, firm: House) -> None:
    async def imported(granted: bool, n: int) -> int:
        now = firm.clock.now()
        said = Said(SHANGHAI, "marketing", "sms", granted, now, "import", "import", f"import:{n}")
        async with firm.postgres.transaction() as tx:
            return await comply.import_consents(tx, [said])

    assert [await imported(True, 1), await imported(True, 2)] == [1, 0]
    assert await stands(firm, SHANGHAI)
    firm.clock.advance(ONE_MINUTE)  # type: ignore[attr-defined]
    await (await phone("shanghai")).put("/api/v1/me/consent", json=REFUSE)
    firm.clock.advance(ONE_MINUTE)  # type: ignore[attr-defined]
    assert await imported(True, 3) == 0
    assert not await stands(firm, SHANGHAI)


async def test_asking_about_nothing_raises(tx: Any) -> None:
    for purpose, channel in (("marketing", "all"), ("spam", "sms"), ("marketing", "fax")):
        with pytest.raises(Invalid):
            await comply.consented(tx, SHANGHAI, purpose, channel)
