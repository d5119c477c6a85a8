"""What it costs to know everybody: tags of a million customers, whole and by what changed.

`python -m benchmarks.understand --customers 1000000 --events 20000000 --json` starts the whole product on a fresh
folder, puts a book of customers with accounts and holdings into PostgreSQL and their events into the archive (by the
engines' own generators: intake is measured elsewhere), and refreshes all tags: whole, then after 10,000 new events of
as many customers; then it reads single customers as their page does. Whole and delta refreshes are repeated, and their
medians reported, with the peak memory of the analytics process and the load of the machine beside. The last line is
one JSON object.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from string import Template
from typing import Any

import httpx

from benchmarks._product import Running, machine, running
from bihuan.commands.running import house_of, settings_for
from bihuan.kit.errors import Conflict
from bihuan.kit.house import House
from bihuan.people import facade as people
from bihuan.understand import facade as understand

NEW_EVENTS = 10_000
READS = 200
PASSWORD = "of this measurement only"

RULES: list[dict[str, Any]] = [
    {"tag": "age_band", "op": "in", "value": ["b3", "b4"]},
    {"tag": "stage", "op": "is", "value": "silent"},
    {"tag": "asset_band", "op": "in", "value": ["b3", "b4", "b5"]},
    {"tag": "cash_share", "op": ">", "value": 0.3},
    {"tag": "order_habit", "op": "is", "value": "news"},
    {"not": {"tag": "app_activity", "op": "is", "value": "none"}},
    {"tag": "favoured_items", "op": "has", "value": "7"},
    {"tag": "net_inflow_30", "op": ">=", "value": 50_000},
    {"did": "App Opened", "within_days": 7},
    {"did": "App Opened", "within_days": 30, "op": ">=", "value": 3},
    {"did": "trade:filled", "within_days": 30, "op": "=", "value": 0},
    {"did": "flow:in", "within_days": 90, "op": ">=", "value": 100_000, "sum": "amount"},
    {"did": "News Read", "within_days": 14, "where": [{"property": "topic", "op": "=", "value": "3"}]},
    {"did": "Screen Viewed", "within_days": 3, "where": [{"property": "screen", "op": "=", "value": "wealth"}]},
    {"first": "App Opened", "then": "Order Placed", "within_hours": 72, "happened": False, "within_days": 7},
    {"first": "flow:in", "then": "trade:filled", "within_hours": 48, "within_days": 30},
    {"all": [{"tag": "senior", "op": "is", "value": True}, {"did": "Order Placed", "within_days": 30}]},
    {"any": [{"tag": "silent", "op": "is", "value": True}, {"did": "flow:out", "within_days": 7}]},
    {"all": [{"tag": "grade", "op": "is", "value": "b3"}, {"not": {"did": "Signed In", "within_days": 30}}]},
    {
        "all": [
            {"tag": "risk_level", "op": "in", "value": ["C3", "C4"]},
            {"tag": "asset_trend", "op": "is", "value": "up"},
        ]
    },
]

# The same ids in both engines: version and variant bits as of a UUID 5, the rest spread evenly.
PG_ID = "(overlay(overlay(md5('u' || n) placing '5' from 13) placing substr('89ab', n %% 4 + 1, 1) from 17))::uuid"
CH_ID = """toUUID(concat(substring(h, 1, 8), '-', substring(h, 9, 4), '-5', substring(h, 14, 3), '-',
  substring('89ab', n % 4 + 1, 1), substring(h, 18, 3), '-', substring(h, 21, 12)))"""

CUSTOMERS = f"""
INSERT INTO customers_customer
  (id, user_id, birth_year, gender, city, channel, first_seen, last_seen, opened_on)
SELECT {PG_ID}, 'u' || n, 1940 + n %% 65, (ARRAY['male', 'female'])[n %% 2 + 1],
       'city ' || n %% 40, (ARRAY['search', 'staff_qr', 'branch'])[n %% 3 + 1],
       now() - interval '400 days', now(), current_date - n %% 3000
  FROM generate_series(%(low)s::int, %(high)s::int - 1) n
"""
ACCOUNTS = f"""
INSERT INTO customers_account (account_id, customer_id, kind, status, opened_on)
SELECT 'A' || n, {PG_ID}, 'fund', 'normal', current_date - n %% 3000
  FROM generate_series(%(low)s::int, %(high)s::int - 1) n
"""
HOLDINGS = """
INSERT INTO customers_holding (account_id, product, kind, quantity, value, as_of)
SELECT 'A' || n, 'p' || (n * 7 + k) %% 50, (ARRAY['share', 'fund', 'cash_management'])[k], 1,
       round((exp(8 + (hashint4(n * 3 + k) %% 400) / 100.0))::numeric, 2), current_date
  FROM generate_series(%(low)s::int, %(high)s::int - 1) n, generate_series(1, 3) k WHERE (n + k) %% 3 > 0
"""
ASSESSMENTS = f"""
INSERT INTO comply_assessment (customer_id, assessed_at, source, level, valid_until, recorded_at)
SELECT {PG_ID}, now() - interval '100 days', 'assessed', n %% 5 + 1, current_date + n %% 700, now()
  FROM generate_series(%(low)s::int, %(high)s::int - 1) n
"""

# A tenth of the customers do half of it; the last two hundred days.
EVENTS = Template("""
INSERT INTO log (customer_id, occurred_at, message_id, name, kind, source, trusted, user_id, anonymous_id,
                 received_at, xid, seq, lane, body)
SELECT $id, at, toString(e), name, 'tracked', 'app', 1, concat('u', toString(n)), '', $received, 0, e, 0, body
  FROM (
SELECT number + $first AS e, cityHash64(e) AS r,
       toUInt64(if(r % 2 = 0, intDiv(r, 256) % intDiv($customers, 10), intDiv(r, 256) % $customers)) AS n,
       lower(hex(MD5(concat('u', toString(n))))) AS h,
       now64(6) - toIntervalSecond(intDiv(r, 1048576) % (200 * 86400)) AS at,
       multiIf(r % 100 < 60, 'Screen Viewed', r % 100 < 72, 'App Opened', r % 100 < 80, 'News Read',
               r % 100 < 85, 'Signed In', r % 100 < 90, 'Order Placed', r % 100 < 96, 'trade:filled',
               r % 100 < 98, 'flow:in', 'flow:out') AS name,
       concat('{"type":"track","event":"', name, '","properties":{"screen":"',
              ['news', 'watchlist', 'search', 'holdings', 'me', 'wealth'][r % 6 + 1],
              '","item":"', toString(r % 50), '","topic":"', toString(r % 10),
              '","kind":"share","side":"buy","device":"iOS","amount":', toString(r % 100000), ',"fee":5}}') AS body
  FROM numbers($count))
""")


def main() -> None:
    """Measure, and print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="only the JSON object")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-understand-") as temporary:
        found = asyncio.run(measured(args, Path(temporary)))
    print(json.dumps(found))


async def measured(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Fill, refresh, read."""
    async with running(folder) as product, house_of(settings_for(folder)) as house:
        began = time.monotonic()
        await fill(house, args.customers, args.events)
        filled = time.monotonic() - began
        before = machine()
        whole, delta = [], []
        sent = args.events + 1
        for _ in range(args.repeat):
            whole.append(await refreshed(house, whole=True))
            await events(house, args.customers, sent, NEW_EVENTS)
            sent += NEW_EVENTS
            delta.append(await refreshed(house, whole=False))
        pages = await read(product, house, args.customers)
        return {
            "customers": args.customers,
            "events": args.events,
            "filled_s": round(filled, 1),
            "full_refresh_s": statistics.median(one.seconds for one in whole),
            "delta_refresh_s": statistics.median(one.seconds for one in delta),
            "delta_customers": [one.customers for one in delta],
            "delta_kinds": [one.kind for one in delta],
            **pages,
            "peak_rss_mb": peak(product),
            "machine_before": before,
            "machine_after": machine(),
        }


async def refreshed(house: House, *, whole: bool) -> understand.Refreshed:
    """One refresh; the product's own of the hour is waited for."""
    while True:
        try:
            return await understand.refresh(house, whole=whole)
        except Conflict:
            await asyncio.sleep(1)


async def fill(house: House, customers: int, count: int) -> None:
    """The book into PostgreSQL in portions, the events into the archive."""
    step = 50_000
    for statement in (CUSTOMERS, ACCOUNTS, HOLDINGS, ASSESSMENTS):
        for low in range(0, customers, step):
            async with house.postgres.transaction() as tx:
                await tx.execute(statement, {"low": low, "high": min(low + step, customers)})
    for first in range(0, count, 1_000_000):
        await events(house, customers, first, min(1_000_000, count - first), "now64(6) - toIntervalDay(2)")
    await events(house, customers, count, 1, "now64(6) - toIntervalDay(1)")  # what a delta reads again is not the whole


async def events(house: House, customers: int, first: int, count: int, received: str = "now64(6)") -> None:
    """So many events more, as if they had been shipped."""
    sql = EVENTS.substitute(id=CH_ID, customers=customers, first=first, count=count, received=received)
    await house.clickhouse.command(sql, {"max_execution_time": 600})


async def read(product: Running, house: House, customers: int) -> dict[str, Any]:
    """What staff wait for: the preview of twenty rules, and the calls of a customer's page."""
    async with house.postgres.transaction() as tx:
        await people.import_staff(tx, [people.StaffRow("measuring", "measuring", ("operator",))])
        await people.set_password(tx, "measuring", PASSWORD)
        found = await tx.execute(
            f"SELECT {PG_ID} AS id FROM generate_series(0, %s, %s) n", [customers - 1, customers // READS]
        )
        chosen = [row["id"] for row in await found.fetchall()]
    previews, pages = [], []
    async with httpx.AsyncClient(base_url=product.url, trust_env=False, timeout=60) as client:
        signed = await client.post("/api/v1/session", json={"login": "measuring", "password": PASSWORD})
        client.headers["X-CSRF-Token"] = signed.json()["csrf"]
        for _ in range(5):
            for rule in RULES:
                previews.append(await timed(client.post("/api/v1/segments/preview", json={"rule": rule})))
        for one in chosen:
            both = asyncio.gather(client.get(f"/api/v1/customers/{one}"), client.get(f"/api/v1/customers/{one}/tags"))
            pages.append(await timed(both))
    return {
        "segment_preview_median_ms": round(statistics.median(previews), 1),
        "segment_preview_p95_ms": round(statistics.quantiles(previews, n=20)[18], 1),
        "customer_page_median_ms": round(statistics.median(pages), 1),
        "customer_page_p95_ms": round(statistics.quantiles(pages, n=20)[18], 1),
    }


async def timed(asked: Awaitable[Any]) -> float:
    """Milliseconds until it is answered. Raises when it is refused."""
    began = time.perf_counter()
    answers = await asked
    taken = (time.perf_counter() - began) * 1000
    for answer in answers if isinstance(answers, list) else [answers]:
        answer.raise_for_status()
    return taken


def peak(product: Running) -> int:
    """The most memory the analytics process ever held, in MB."""
    status = Path(f"/proc/{product.pid('analytics')}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
