"""What Prometheus reads is true of the whole product, whichever process did it."""

from datetime import timedelta

import httpx
from prometheus_client.parser import text_string_to_metric_families

from bihuan.kit import deadlines, postgres
from bihuan.kit.house import House
from bihuan.kit.time import FixedClock
from bihuan.worker import Worker

# A fact of a known name without any of its fields: no room can read it.
INDIGESTIBLE = """
INSERT INTO log (day, lane, kind, name, source, trusted, occurred_at, received_at, body)
SELECT day, 1, 'fact', 'serve:enquiry:asked', 'serve', true, %(now)s, %(now)s, '{}' FROM log_generation
"""


async def scraped(client: httpx.AsyncClient) -> dict[tuple[str, str], float]:
    """What /metrics shows, by name and lane."""
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {(sample.name, sample.labels.get("lane", "")): sample.value for f in families for sample in f.samples}


async def test_an_entry_set_aside_by_a_worker_shows_on_the_server(
    client: httpx.AsyncClient, house: House, clock: FixedClock
) -> None:
    before = await scraped(client)
    assert before["bihuan_reaction_lag_seconds", "1"] == before["bihuan_entries_unread", "1"] == 0
    async with house.postgres.transaction() as tx:
        await postgres.execute(tx, INDIGESTIBLE, now=clock.now())
    clock.advance(timedelta(seconds=30))
    unread = await scraped(client)
    assert (unread["bihuan_reaction_lag_seconds", "1"], unread["bihuan_entries_unread", "1"]) == (30, 1)
    assert (unread["bihuan_reaction_lag_seconds", "0"], unread["bihuan_entries_poisoned", ""]) == (0, 0)
    assert (unread["bihuan_entries_unshipped", ""], unread["bihuan_shipping_lag_seconds", ""]) == (1, 30)

    await Worker(house).react_once(1, 10)
    after = await scraped(client)
    assert (after["bihuan_reaction_lag_seconds", "1"], after["bihuan_entries_unread", "1"]) == (0, 0)
    assert after["bihuan_entries_poisoned", ""] == 1
    assert after["bihuan_entries_unshipped", ""] == 1


async def test_deadlines_that_are_due_show_until_they_are_fired(
    client: httpx.AsyncClient, house: House, clock: FixedClock
) -> None:
    async with house.postgres.transaction() as tx:
        await postgres.execute(tx, "DELETE FROM kit_deadline")
        await deadlines.set_deadline(tx, "measure.cockpit", "beat", clock.now() + timedelta(seconds=10))
    assert (await scraped(client))["bihuan_deadlines_due", ""] == 0
    clock.advance(timedelta(seconds=70))
    late = await scraped(client)
    assert (late["bihuan_deadlines_due", ""], late["bihuan_deadlines_overdue_seconds", ""]) == (1, 60)
    assert late["bihuan_workers_alive", ""] == 0
    await Worker(house).sweep_once()
    assert (await scraped(client))["bihuan_deadlines_due", ""] == 0


async def test_the_servers_own_counters_stand_beside_them(client: httpx.AsyncClient) -> None:
    text = (await client.get("/metrics")).text
    assert "bihuan_http_seconds" in text
    assert text.count("# TYPE bihuan_entries_poisoned gauge") == 1
    elsewhere = await client.get("/metrics", headers={"x-forwarded-for": "10.0.0.1"})
    assert elsewhere.status_code == 403
