"""Reserving contacts: caps hold when many ask at once, and the check is one that can fail."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bihuan.comply import facade as comply
from bihuan.comply.contacts import repository
from bihuan.comply.facade import Refused, Reserved
from bihuan.kit import ids, postgres
from bihuan.kit.errors import Invalid
from bihuan.kit.house import House
from bihuan.kit.postgres import Postgres, Tx
from bihuan.kit.testing import A_TRADING_MORNING
from bihuan.kit.time import EXCHANGE

CUSTOMER = ids.customer_of_user("u1")
NOW = A_TRADING_MORNING


async def reserve(
    tx: Tx,
    subject: object,
    *,
    channel: str = "sms",
    purpose: str = "service",
    now: datetime = NOW,
    customer: UUID = CUSTOMER,
) -> Reserved | Refused:
    return await comply.reserve_contact(tx, customer, channel, purpose, now, subject)


async def at_once(pool: Postgres, many: int) -> list[Reserved | Refused]:
    ready = asyncio.Barrier(many)

    async def one(n: int) -> Reserved | Refused:
        async with pool.transaction() as tx:
            await ready.wait()
            return await reserve(tx, f"occasion {n}")

    return await asyncio.gather(*(one(n) for n in range(many)))


async def test_the_cap_holds_when_many_ask_at_once(postgres: Postgres) -> None:
    answers = await at_once(postgres, 12)
    assert sum(isinstance(answer, Reserved) for answer in answers) == 5
    assert {answer.reason for answer in answers if isinstance(answer, Refused)} == {"cap-day"}


async def test_without_the_lock_the_cap_breaks(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the test above can fail."""

    async def nothing(tx: Tx, customer_id: UUID) -> None:
        return None

    added: Callable[..., Awaitable[Any]] = repository.add
    counted = asyncio.Barrier(12)

    async def slowly(*args: Any) -> Any:
        await counted.wait()
        return await added(*args)

    monkeypatch.setattr(repository, "one_by_one", nothing)
    monkeypatch.setattr(repository, "add", slowly)
    answers = await at_once(postgres, 12)
    assert sum(isinstance(answer, Reserved) for answer in answers) > 5


async def test_all_channels_count_together_advisors_calls_too(tx: Tx) -> None:
    for n, channel in enumerate(("sms", "inbox", "push", "call", "chat")):
        assert isinstance(await reserve(tx, n, channel=channel), Reserved)
    refused = await reserve(tx, 9, channel="call")
    assert refused == Refused("cap-day", datetime(2026, 3, 11, tzinfo=EXCHANGE))
    assert isinstance(await reserve(tx, 9, customer=ids.customer_of_user("u2")), Reserved)


async def test_a_cancelled_contact_does_not_count(tx: Tx) -> None:
    made = [await reserve(tx, n) for n in range(5)]
    assert isinstance(await reserve(tx, 5), Refused)
    assert isinstance(made[0], Reserved)
    await comply.cancel_contact(tx, made[0].contact_id)
    assert isinstance(await reserve(tx, 5), Reserved)


async def test_the_week_is_seven_days(tx: Tx) -> None:
    done = 0
    for hour in range(24 * 14):
        now = NOW + timedelta(hours=hour)
        if isinstance(await reserve(tx, hour, channel="inbox", now=now), Reserved):
            done += 1
    assert done == 30
    refused = await reserve(tx, "more", channel="inbox", now=NOW + timedelta(days=6, hours=23))
    assert isinstance(refused, Refused)


async def test_one_occasion_is_used_once_per_channel(tx: Tx) -> None:
    assert isinstance(await reserve(tx, "rescue:1"), Reserved)
    assert await reserve(tx, "rescue:1") == Refused("duplicate", None)
    assert isinstance(await reserve(tx, "rescue:1", channel="inbox"), Reserved)


async def test_quiet_hours(tx: Tx) -> None:
    night = datetime(2026, 3, 10, 22, 30, tzinfo=EXCHANGE)
    assert await reserve(tx, 1, now=night) == Refused("quiet-hours", datetime(2026, 3, 11, 8, tzinfo=EXCHANGE))
    assert isinstance(await reserve(tx, 1, channel="inbox", now=night), Reserved)


async def test_consent_comes_first(tx: Tx) -> None:
    assert await reserve(tx, 1, purpose="marketing") == Refused("no-consent", None)
    await comply.record_consents(
        tx,
        [
            comply.Said(CUSTOMER, "marketing", "sms", True, NOW, "customer", "x", "1"),
            comply.Said(CUSTOMER, "service", "sms", False, NOW, "customer", "x", "1"),
        ],
        NOW,
    )
    assert isinstance(await reserve(tx, 1, purpose="marketing"), Reserved)
    assert await reserve(tx, 2, purpose="marketing") == Refused("cap-day", datetime(2026, 3, 11, tzinfo=EXCHANGE))
    assert await reserve(tx, 3, purpose="service") == Refused("no-consent", None)
    assert isinstance(await reserve(tx, 3, purpose="service", channel="call"), Reserved)
    for purpose, channel in (("personalisation", "sms"), ("service", "fax"), ("service", "all")):
        with pytest.raises(Invalid):
            await reserve(tx, 4, purpose=purpose, channel=channel)


async def test_a_visitor_and_the_user_he_is_are_one_person(firm: House, send: Any) -> None:
    visitor, user = ids.customer_of_visitor("device"), ids.customer_of_user("shanghai")
    async with firm.postgres.transaction() as tx:
        for n in range(3):
            assert isinstance(await reserve(tx, n, customer=visitor), Reserved)
    await send("Signed In", {}, user="shanghai", visitor="device")
    async with firm.postgres.transaction() as tx:
        answers = [await reserve(tx, n, customer=who) for n, who in ((10, user), (11, visitor), (12, user))]
    assert [isinstance(answer, Reserved) for answer in answers] == [True, True, False]


async def test_a_changed_number_counts_from_the_next_contact(browse: Any, firm: House) -> None:
    keeper = await browse("compliance")
    changed = await keeper.patch("/api/v1/policy/cap.day.service", json={"value": 1, "source": "our own rule"})
    assert changed.json()["value"] == 1
    async with firm.postgres.transaction() as tx:
        assert isinstance(await reserve(tx, 1), Reserved)
        assert isinstance(await reserve(tx, 2), Refused)
        assert await postgres.value(tx, "SELECT count(*) FROM kit_audit WHERE action = 'comply:policy:changed'") == 1


async def test_policy_doors(browse: Any) -> None:
    change = {"value": 1, "source": "our own rule"}
    for login, status in ((None, 401), ("operator", 403), ("sh01.advisor", 403)):
        assert (await (await browse(login)).patch("/api/v1/policy/cap.day.service", json=change)).status_code == status
    keeper = await browse("compliance")
    assert (await keeper.patch("/api/v1/policy/nothing", json=change)).status_code == 404
    bad = {"value": -1, "source": "our own rule"}
    assert (await keeper.patch("/api/v1/policy/cap.day.service", json=bad)).status_code == 422
    assert len((await (await browse("operator")).get("/api/v1/policy")).json()["items"]) == 13
    assert (await (await browse("sh01.advisor")).get("/api/v1/policy")).status_code == 403
