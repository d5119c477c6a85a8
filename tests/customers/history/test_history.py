"""What was known of a customer on a day is answered within scope, and sensitive values are sealed and masked."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import httpx
import pytest

from bihuan import app as application
from bihuan.customers.facade import CustomerRow, import_customers
from bihuan.kit import ids, postgres
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.people import testing

CUSTOMER = ids.customer_of_user("u1")
PATH = f"/api/v1/customers/{CUSTOMER}/history"
OLD, NEW = "15400001234", "15499991234"  # masked they look alike


@pytest.fixture
async def application_of_firm(house: House) -> AsyncIterator[object]:
    """A firm that learned the newer record first, and the older one a day later."""
    now = house.clock.now()
    async with house.postgres.transaction() as tx:
        await testing.found_firm(tx)
        branch = await people.branch_by_code(tx, "SH01")
        assert branch is not None
        newer = CustomerRow("u1", "王小明", NEW, tier="gold", branch_id=branch.id, valid_from=date(2026, 3, 1))
        older = CustomerRow("u1", "王小明", OLD, tier="silver", branch_id=branch.id, valid_from=date(2026, 1, 1))
        await import_customers(tx, house.cipher, [newer], now)
        await import_customers(tx, house.cipher, [older], now + timedelta(days=1))
    made = application.build()
    made.state.house = house
    return made


async def tiers(client: httpx.AsyncClient, **asked: str) -> list[tuple[str, str, str | None]]:
    answer = (await client.get(PATH, params=asked)).json()
    return [(v["value"], v["valid_from"], v["valid_to"]) for v in answer["items"] if v["attribute"] == "tier"]


async def test_versions_follow_the_records_dates_and_not_the_order_of_files(
    house: House, application_of_firm: object
) -> None:
    learned = house.clock.now().date()
    async with testing.browser(application_of_firm, "sh01.advisor") as client:  # type: ignore[arg-type]
        silver, gold = ("silver", "2026-01-01", "2026-03-01"), ("gold", "2026-03-01", None)
        assert await tiers(client) == [silver, gold]
        assert await tiers(client, on="2026-02-01") == [silver]
        assert await tiers(client, on="2025-12-31") == []
        assert await tiers(client, on=(learned - timedelta(days=2)).isoformat(), view="known") == []
        page = (await client.get(f"/api/v1/customers/{CUSTOMER}")).json()
        assert page["tier"] == "gold"


async def test_two_phones_are_two_versions_and_neither_is_readable(house: House, application_of_firm: object) -> None:
    async with testing.browser(application_of_firm, "sh01.advisor") as client:  # type: ignore[arg-type]
        answer = await client.get(PATH)
    phones = [version["value"] for version in answer.json()["items"] if version["attribute"] == "phone"]
    assert phones == ["154****1234", "154****1234"]
    async with house.postgres.transaction() as tx:
        stored = str(await postgres.rows(tx, "SELECT * FROM customers_record"))
    for text in (answer.text, stored):
        assert not [secret for secret in (OLD, NEW, "王小明") if secret in text]


async def test_outside_the_scope_there_is_no_history(house: House, application_of_firm: object) -> None:
    async with testing.browser(application_of_firm, "gz01.advisor") as client:  # type: ignore[arg-type]
        assert (await client.get(PATH)).status_code == 404
